package text

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed catalogue/*.toml
var files embed.FS

// catalogue holds the sentences of both languages, and what was wrong with the
// files they came from.
type catalogue struct {
	entries  map[Language]map[string]entry
	problems []error
}

// catalogues reads the embedded files once. A file that is wrong is left out
// and noted: one area's slip must not silence the whole program.
var catalogues = sync.OnceValue(func() *catalogue { return load(files) })

// Check returns what is wrong with the embedded files themselves: unreadable
// TOML, a key in two files, an unknown plural form. Nil in every release.
func Check() error { return errors.Join(catalogues().problems...) }

// Keys returns every message key of a language, sorted.
func Keys(language Language) []string {
	entries := catalogues().of(language)
	keys := make([]string, 0, len(entries))
	for key := range entries {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Has reports whether a key has a sentence in both languages.
func Has(key string) bool {
	_, arabic := catalogues().of(Arabic)[key]
	_, english := catalogues().of(English)[key]
	return arabic && english
}

// of returns the sentences of a language; an unknown language reads Arabic.
func (c *catalogue) of(language Language) map[string]entry {
	if language == English {
		return c.entries[English]
	}
	return c.entries[Arabic]
}

func load(from fs.FS) *catalogue {
	c := &catalogue{entries: map[Language]map[string]entry{Arabic: {}, English: {}}}
	names, err := fs.Glob(from, "catalogue/*.toml")
	if err != nil {
		c.problems = append(c.problems, err)
	}
	origin := map[string]string{}
	for _, name := range names {
		c.add(from, name, origin)
	}
	return c
}

// add reads one file; origin remembers which file a key of a language came from.
func (c *catalogue) add(from fs.FS, name string, origin map[string]string) {
	var language Language
	for _, l := range Languages {
		if strings.HasSuffix(name, "."+string(l)+".toml") {
			language = l
		}
	}
	var read map[string]any
	if _, err := toml.DecodeFS(from, name, &read); err != nil || language == "" {
		c.problem("%s: not readable as area.ar.toml or area.en.toml: %v", name, err)
		return
	}
	for key, value := range read {
		if other, twice := origin[string(language)+key]; twice {
			c.problem("%s: %q is already in %s", name, key, other)
			continue
		}
		origin[string(language)+key] = name
		c.addEntry(language, name, key, value)
	}
}

func (c *catalogue) addEntry(language Language, name, key string, value any) {
	entry := entry{}
	switch value := value.(type) {
	case string:
		entry[pluralOther] = compile(value)
	case map[string]any:
		for form, sentence := range value {
			plural := slices.Index(pluralNames[:], form)
			text, isText := sentence.(string)
			if plural < 0 || !isText {
				c.problem("%s: %q.%q: expected plural forms; a key with dots needs quotes", name, key, form)
				return
			}
			entry[plural] = compile(text)
		}
	default:
		c.problem("%s: %q is neither a sentence nor a table of plural forms", name, key)
		return
	}
	c.entries[language][key] = entry
}

func (c *catalogue) problem(format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf(format, args...))
}

package registry

import (
	"slices"

	"sanad/platform/fault"
)

// sourceWords are the kinds of source as programs write them, least first.
var sourceWords = []string{"", "stated", "documented", "confirmed"}

// MarshalText writes stated, documented or confirmed; nothing for none.
func (k SourceKind) MarshalText() ([]byte, error) {
	if int(k) >= len(sourceWords) {
		return nil, fault.Invalid("registry.source_unknown")
	}
	return []byte(sourceWords[k]), nil
}

// UnmarshalText reads what MarshalText writes; another word is the fault
// "registry.source_unknown".
func (k *SourceKind) UnmarshalText(word []byte) error {
	at := slices.Index(sourceWords, string(word))
	if at < 0 {
		return fault.Invalid("registry.source_unknown")
	}
	*k = SourceKind(at)
	return nil
}

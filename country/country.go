// Package country carries the country packs that are built into the program:
// everything a ministry writes itself (areas, bodies, column mappings,
// programmes) and no code. A folder on disk can stand in for a pack.
package country

import (
	"embed"
	"io/fs"
	"os"

	"sanad/platform/fault"
)

//go:embed libya
var packs embed.FS

// Libya is the pack of the first country.
const Libya = "libya"

// Pack returns a built-in pack by its name.
func Pack(name string) (fs.FS, error) {
	pack, err := fs.Sub(packs, name)
	if err == nil {
		_, err = fs.Stat(pack, ".")
	}
	if err != nil {
		return nil, fault.NotFound("country.unknown", "name", name)
	}
	return pack, nil
}

// Folder returns a pack that lies on disk.
func Folder(path string) (fs.FS, error) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return nil, fault.NotFound("country.unknown", "name", path)
	}
	return os.DirFS(path), nil
}

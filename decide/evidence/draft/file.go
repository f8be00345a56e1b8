package draft

import (
	"strings"
)

// Ending is how the names of manifests end.
const Ending = ".waitornot.yaml"

// FileName returns the name of a file for the manifest of a service: nothing in a name
// from outside leads into another folder, or hides the file. Two services may share one.
func FileName(service string) string {
	const most = 100
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '-'
	}, service)
	name = strings.Trim(name, ".-")
	if len(name) > most {
		name = name[:most]
	}
	if name == "" {
		name = "service"
	}
	return name + Ending
}

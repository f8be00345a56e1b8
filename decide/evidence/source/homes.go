package source

import (
	"path"
	"slices"

	"waitornot/decide/evidence"
)

// Homes has services by the folders that may hold what they are made of.
type homes struct {
	built  map[string][]*unit // by the folder that they are built in
	called map[string][]*unit // by what a folder of theirs may be called, as evidence.Alike writes it

	above    map[string]bool       // folders above those that services are built in
	programs map[string][][]string // the words of the names of programs, by each of them
}

// homesOf indexes services, which must all have been read.
func homesOf(units []*unit) homes {
	h := homes{built: map[string][]*unit{}, called: map[string][]*unit{}, above: map[string]bool{}, programs: map[string][][]string{}}
	for _, u := range units {
		for _, folder := range u.folders {
			h.built[folder] = append(h.built[folder], u)
			for at := path.Dir(folder); !h.above[at]; at = path.Dir(at) {
				h.above[at] = true
			}
		}
		if u.Role == evidence.Program {
			w := words(u.Name)
			for _, word := range w {
				h.programs[word] = append(h.programs[word], w)
			}
		}
		names := []string{evidence.Alike(u.Name)}
		for _, image := range u.images {
			if base, _ := imageName(image); !slices.Contains(runtimes, base) && !slices.Contains(names, evidence.Alike(base)) {
				names = append(names, evidence.Alike(base))
			}
		}
		for _, name := range names {
			h.called[name] = append(h.called[name], u)
		}
	}
	return h
}

// holderOf returns the service that has a file which nobody mounts: the one that is built
// around it, or the only one that a folder of it is called like.
func (h homes) holderOf(file string) *unit {
	if u := h.builtAround(file); u != nil {
		return u
	}
	for at := path.Dir(file); at != "." && at != "/"; at = path.Dir(at) {
		if found := h.called[evidence.Alike(path.Base(at))]; len(found) > 0 {
			return only(found)
		}
	}
	return nil
}

// builtAround returns the service that is built in the nearest folder above a file in
// which any is, where that is one alone.
func (h homes) builtAround(file string) *unit {
	for at := path.Dir(file); ; at = path.Dir(at) {
		if found := h.built[at]; len(found) > 0 {
			return only(found)
		}
		if at == "." || at == "/" {
			return nil
		}
	}
}

func only(units []*unit) *unit {
	if len(units) != 1 {
		return nil
	}
	return units[0]
}

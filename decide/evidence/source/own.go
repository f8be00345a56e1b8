package source

import (
	"path"
	"slices"
	"strings"

	"waitornot/decide/evidence"
)

// IsSettings reports whether a file is one that programs take their settings from in their own
// folder where the system runs, by its path: appsettings.docker.json, .env, config/production.json.
func IsSettings(name string) bool {
	folders := strings.Split(strings.ToLower(path.Dir(name)), "/")
	if anyOf(folders, []string{"examples", "example", "samples", "docs", "fixtures", "mocks", "benchmarks", "templates", "bin", "obj", "dist", "build", "publish"}) {
		return false
	}
	base := strings.ToLower(path.Base(name))
	w := words(base)
	if len(w) < 2 && base != ".env" || anyOf(w, []string{"test", "tests", "dev", "development", "local", "localhost", "staging", "e2e", "ci", "schema", "debug"}) {
		return false
	}
	if strings.HasPrefix(base, ".env") || w[len(w)-1] == "env" {
		return true
	}
	if !slices.Contains([]string{".json", ".yaml", ".yml", ".toml", ".properties"}, path.Ext(base)) || anyOf(w, samples) {
		return false
	}
	return slices.Contains([]string{"appsettings", "application", "bootstrap", "config", "settings"}, w[0]) ||
		slices.Contains([]string{"default", "production", "prod", "docker"}, w[0]) && len(w) == 2 && slices.Contains([]string{"config", "configs", "conf"}, folders[len(folders)-1])
}

// samples are words of files that people copy.
var samples = []string{"example", "sample", "template", "dist"}

// An ownFile is a file of settings that lies where a program may take it from.
type ownFile struct {
	configFile
	home string // the folder of the program
}

// own keeps a file of settings for the service in whose folder it lies.
func (r *reader) own(f *File) {
	if len(f.Data) <= maxConfigBytes {
		r.owned = append(r.owned, ownFile{configFile{base: path.Base(f.Name), name: f.Name, data: f.Data}, homeOf(f.Name)})
	}
}

// layers are names of folders inside that of a program.
var layers = []string{"src", "main", "resources", "config", "configs", "configuration", "conf", "settings", "app", "env", "etc", "cmd", "internal", "pkg", "api", "server", "wwwroot"}

// homeOf returns the folder of the program whose settings a file holds: the nearest that isn't
// called like a part of one. Booking.Api in Booking is Booking.
func homeOf(file string) string {
	inside := func(at string) bool { return slices.Contains(layers, strings.ToLower(path.Base(at))) }
	at := path.Dir(file)
	for inside(at) {
		at = path.Dir(at)
	}
	outer := path.Dir(at)
	for inside(outer) {
		outer = path.Dir(outer)
	}
	if is, of := evidence.Alike(path.Base(at)), evidence.Alike(path.Base(outer)); of != "" && strings.HasSuffix(is, of) {
		return outer
	}
	return at
}

// settleOwned gives files of settings to the services in whose folders they lie. Where what
// runs is declared elsewhere, or nowhere, folders whose settings lead to each other or to what
// is declared stand for the services.
func (r *reader) settleOwned(dir *directory) {
	r.withoutSamples()
	r.nameApplications(dir)
	had := map[string]bool{}
	for _, u := range r.units {
		for _, f := range u.files {
			had[f.name] = true
		}
	}
	r.declares = len(r.units) > 0
	var left []ownFile
	held := false
	for _, f := range r.owned {
		u := r.homes.holderOfOwn(&f)
		switch {
		case had[f.name]:
			held = true
		case u == nil:
			left = append(left, f)
		case u.Role == evidence.Program:
			held = true
			r.hold(u, &f)
		}
	}
	r.nameApplications(dir)
	if !held && !slices.ContainsFunc(r.units, func(u *unit) bool { return u.Role == evidence.Program && (len(u.folders) > 0 || u.namespace != "") }) {
		r.standAlone(dir, left)
	}
}

// withoutSamples leaves out the files that people copy where the copy is there, and those
// that a compose file beside them takes its variables from.
func (r *reader) withoutSamples() {
	there := map[string]bool{}
	for _, f := range r.owned {
		if !anyOf(words(f.base), samples) {
			there[path.Dir(f.name)] = true
		}
	}
	r.owned = slices.DeleteFunc(r.owned, func(f ownFile) bool {
		env := strings.Contains(f.base, "env")
		return anyOf(words(f.base), samples) && there[path.Dir(f.name)] || env && r.composed[path.Dir(f.name)]
	})
}

// holderOfOwn returns the service in whose folder a file of settings lies: the one that is built
// there, or the only one that is called like it.
func (h homes) holderOfOwn(f *ownFile) *unit {
	for at := path.Dir(f.name); at != "." && at != "/" && at != ".."; at = path.Dir(at) {
		if found := h.built[at]; len(found) > 0 {
			if h.above[at] {
				break // others are built deeper inside
			}
			return only(found)
		}
	}
	for at := path.Dir(f.name); at != "." && at != "/" && at != ".."; at = path.Dir(at) {
		if found := h.called[evidence.Alike(path.Base(at))]; len(found) > 0 && (at == f.home || !slices.Contains(layers, strings.ToLower(path.Base(at)))) {
			return only(found)
		}
	}
	return nil
}

// hold adds a file of settings to those of a service.
func (r *reader) hold(u *unit, f *ownFile) {
	if len(u.files) < mostConfigs {
		u.files = append(u.files, f.configFile)
		r.used[f.name], r.holders[f.name] = true, u
	}
}

// nameApplications makes services known by the names that their own settings give them, as
// registries have them: Spring.Application.Name.
func (r *reader) nameApplications(dir *directory) {
	for _, u := range r.units {
		if u.Role != evidence.Program {
			continue
		}
		for _, f := range u.files {
			if first := words(f.base); len(first) == 0 || first[0] != "appsettings" && first[0] != "application" || path.Ext(f.base) == ".properties" || len(f.data) > maxConfigBytes {
				continue
			}
			for _, doc := range documentsOf(f.base, f.data) {
				if doc.err != nil {
					continue
				}
				for _, name := range []string{doc.root.get("Spring", "Application", "Name").text(), doc.root.get("spring", "application", "name").text(), doc.root.get("micronaut", "application", "name").text()} {
					if name != "" && dir.units[name] == nil {
						dir.units[name] = u
					}
				}
			}
		}
	}
}

// sharedCode are folders of code that services share, and that runs nowhere by itself.
var sharedCode = []string{"buildingblocks", "building-blocks", "shared", "common", "lib", "libs", "library", "libraries", "packages"}

// A stand is a folder with settings of its own that may stand for a service.
type stand struct {
	name  string
	files []ownFile
	unit  *unit // once it does
}

// standAlone makes services of folders whose settings name others, or that others name.
func (r *reader) standAlone(dir *directory, files []ownFile) {
	stands, called := r.standsOf(files)
	for _, s := range stands {
		for _, f := range s.files {
			list := settingsOf(&f.configFile, nil)
			for i := range list {
				for _, ref := range list[i].hosts() {
					r.leads(dir, s, &list[i], &ref, list, called)
				}
			}
		}
	}
}

// leads makes a service of a folder, where one of its settings leads to another, and of that.
func (r *reader) leads(dir *directory, s *stand, from *setting, ref *reference, list []setting, called map[string]*stand) {
	host, _, _ := strings.Cut(ref.host, ".")
	if dir.at(ref) != nil || dir.onMachine(from, ref, list) != nil {
		r.stand(dir, s)
		return
	}
	if other := called[evidence.Alike(host)]; other != nil && other != s && !isLocal(ref.host) {
		r.stand(dir, s)
		r.stand(dir, other)
		if dir.units[ref.host] == nil {
			dir.units[ref.host] = other.unit
		}
	}
}

// standsOf returns the folders that may stand for services, and each by what it is called like.
// Where two are called alike, nobody knows which one is meant.
func (r *reader) standsOf(files []ownFile) (list []*stand, called map[string]*stand) {
	byHome, called := map[string]*stand{}, map[string]*stand{}
	for _, f := range files {
		base := path.Base(f.home)
		key := evidence.Alike(base)
		if key == "" || r.homes.knows(base) || anyOf(strings.Split(strings.ToLower(f.name), "/"), sharedCode) {
			continue
		}
		s := byHome[f.home]
		if s == nil {
			s = &stand{name: evidence.OperationName(base)}
			byHome[f.home] = s
			if other, taken := called[key]; taken {
				list = slices.DeleteFunc(list, func(s *stand) bool { return s == other })
				called[key] = nil
			} else {
				called[key] = s
				list = append(list, s)
			}
		}
		s.files = append(s.files, f)
	}
	return list, called
}

// stand makes a service of a folder.
func (r *reader) stand(dir *directory, s *stand) {
	if s.unit != nil {
		return
	}
	if dir.units[s.name] != nil || r.byName[s.name] != nil {
		s.name += "-service"
	}
	r.name = s.files[0].name
	s.unit = r.unit(s.name, 0)
	s.unit.Described, s.unit.onMachine = true, true
	for i := range s.files {
		r.hold(s.unit, &s.files[i])
	}
	dir.units[s.name] = s.unit
}

// knows reports whether a service has all words of a folder in its name: it may be the one
// that lies there.
func (h homes) knows(folder string) bool {
	w := words(folder)
	return len(w) > 0 && slices.ContainsFunc(h.programs[w[0]], func(name []string) bool {
		return !slices.ContainsFunc(w, func(word string) bool { return !slices.Contains(name, word) })
	})
}

// onMachine returns the service that a port of the machine leads to, for what runs there itself.
// The port may stand beside the host, in a setting of its own.
func (d *directory) onMachine(s *setting, ref *reference, list []setting) *unit {
	if host := strings.ToLower(ref.host); host != "localhost" && host != "127.0.0.1" {
		return nil
	}
	if ref.port != "" || !ref.bare {
		return d.ports[ref.port]
	}
	at := strings.LastIndexAny(s.key, "._")
	for i := range list {
		if other := &list[i]; other.file == s.file && strings.LastIndexAny(other.key, "._") == at && strings.EqualFold(other.key[:at+1], s.key[:at+1]) && strings.EqualFold(other.key[at+1:], "port") {
			return d.ports[other.value]
		}
	}
	return nil
}

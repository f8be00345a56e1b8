package source

import (
	"slices"
	"strings"

	"waitornot/decide/evidence"
)

// A sharing says which services have each setting from one place: through an anchor, a
// config map that they take as a whole, or a file. Not all of them need all of it.
type sharing struct {
	settings map[*unit][]setting
	takers   map[spot][]*unit
	passed   map[string]int   // how many take a variable from whoever starts the system
	books    map[string]*book // by the names of those who share
	bookAt   map[spot]*book
	awaited  map[string]map[string]bool // by image: the names that its roles wait for
	own      map[*unit]map[*unit]bool   // the stores and brokers in settings that nobody else has
	dir      *directory
}

// A spot is where a setting stands.
type spot struct {
	file, key string
	line      int
}

// sharing finds what callers share.
func (r *reader) sharing(dir *directory, callers []*unit) *sharing {
	sh := &sharing{settings: map[*unit][]setting{}, takers: map[spot][]*unit{}, passed: map[string]int{}, books: map[string]*book{}, bookAt: map[spot]*book{}, awaited: map[string]map[string]bool{}, own: map[*unit]map[*unit]bool{}, dir: dir}
	for _, u := range callers {
		sh.settings[u], sh.own[u] = r.settings(u), map[*unit]bool{}
		sh.await(u)
		for i := range sh.settings[u] {
			s := &sh.settings[u][i]
			if s.passed {
				sh.passed[s.key]++
			}
			at := s.spot()
			if list := sh.takers[at]; !s.chosen && s.line > 0 && (len(list) == 0 || list[len(list)-1] != u) {
				sh.takers[at] = append(list, u)
			}
		}
	}
	for _, u := range callers {
		for i := range sh.settings[u] {
			s := &sh.settings[u][i]
			takers := sh.with(s)
			for _, ref := range s.hosts() {
				callee := dir.at(&ref)
				switch {
				case callee == nil:
				case len(takers) > 1:
					sh.book(s).add(callee)
				case callee.Role != evidence.Program:
					sh.own[u][callee] = true
				}
			}
		}
	}
	return sh
}

func (s *setting) spot() spot { return spot{s.file, s.key, s.line} }

// with returns the services that have a setting, in the order in which they are declared.
func (sh *sharing) with(s *setting) []*unit {
	if s.chosen {
		return nil
	}
	return sh.takers[s.spot()]
}

// book returns what those share who have a setting.
func (sh *sharing) book(s *setting) *book {
	at := s.spot()
	if b := sh.bookAt[at]; b != nil {
		return b
	}
	var names strings.Builder
	for _, u := range sh.takers[at] {
		names.WriteString(u.Name)
		names.WriteByte(0)
	}
	b := sh.books[names.String()]
	if b == nil {
		b = newBook(sh.takers[at])
		sh.books[names.String()] = b
	}
	sh.bookAt[at] = b
	return b
}

// takes reports whether a service is likely to use a callee that it finds in what it shares.
// A program isn't called by itself in another role. Of the roles of one program the main one
// stands for all. A file in a folder that is named after one belongs to that one, and so do
// stores, where several have one that bears their name. One that names its own stores leaves
// out the others. A list of addresses that names some of those who have it was made for those
// that it doesn't name: they are in front.
func (sh *sharing) takes(u *unit, s *setting, callee *unit) bool {
	takers := sh.with(s)
	if callee.Role != evidence.Store && callee.Role != evidence.Broker && sh.forAnother(u, callee) {
		return false
	}
	if len(takers) < 2 {
		return !s.passed || sh.passed[s.key] < 2 || !u.sameProgram(callee)
	}
	if u.sameProgram(callee) || sh.leftOut(u, s, callee) {
		return false
	}
	b := sh.book(s)
	if s.inFile {
		if callee.Role != evidence.Program && slices.ContainsFunc(callee.files, func(f configFile) bool { return f.name == s.file }) {
			return false // it is what the callee is configured with
		}
		if owners := b.ownersOf(s.file); len(owners) > 0 && !owners[u] {
			return false
		}
	}
	if callee.Role != evidence.Program {
		return u.worksWith(callee, s.key, b.crew) && (len(b.owners) < 2 || namedAfter(callee.Name, u.Name) || !b.owned[callee])
	}
	if u.waitsFor(callee) {
		return true
	}
	front, inFront := b.fronts()
	if len(b.programs) > 1 && inFront > 2 && !anyOf(words(s.key), identityWords) {
		return false
	}
	return b.leads(u) && (len(b.programs) < 2 || front[u] || inFront == 0)
}

// identityWords are words of keys of what all services ask alike.
var identityWords = []string{"authority", "issuer", "oauth", "oauth2", "oidc", "sso", "jwks", "jwt"}

// waitsFor reports whether a service waits for another, and not only for the end of its work.
func (u *unit) waitsFor(other *unit) bool {
	return slices.ContainsFunc(u.after, func(d dependency) bool { return d.on == other.Name && !d.ends })
}

// forAnother reports whether an address that roles of a program have is for another of them:
// for one that waits for who answers there, where this one waits for others.
func (sh *sharing) forAnother(u, callee *unit) bool {
	awaited := slices.ContainsFunc(u.programs(), func(image string) bool { return sh.awaited[image][callee.Name] })
	return awaited && len(u.after) > 0 && !sh.reaches(u, callee.Name, map[string]bool{})
}

// await remembers what a role of a program waits for.
func (sh *sharing) await(u *unit) {
	for _, image := range u.programs() {
		if sh.awaited[image] == nil {
			sh.awaited[image] = map[string]bool{}
		}
		for _, d := range u.after {
			if !d.ends {
				sh.awaited[image][d.on] = true
			}
		}
	}
}

// What the roles of a program do, by their names.
var (
	taskMakers = []string{"scheduler", "beat", "cron", "clock"}
	taskTakers = []string{"worker", "workers", "celery", "sidekiq", "queue", "consumer", "jobs", "flower"}
)

// caches are products that keep what can be lost, and tasks that wait.
var caches = []string{"redis", "valkey", "keydb", "dragonfly"}

// worksWith reports whether the work of a role of a program, by its name and by its command,
// is some with a store or a broker that several roles are told of by a key, or wait for. A
// proxy hands on requests. Who watches the tasks looks at their broker alone, and who keeps
// copies at the databases. A broker of tasks is for those who run them and those who plan
// them; where nobody plans them, for all others, too.
func (u *unit) worksWith(callee *unit, key string, crew crew) bool {
	if !crew.others(u) {
		return true
	}
	w := u.task()
	ofTasks := anyOf(words(key), []string{"broker", "celery"})
	switch {
	case u.Role == evidence.Proxy:
		return false
	case slices.Contains(w, "flower"):
		return ofTasks || callee.Role == evidence.Broker || key == "" && slices.Contains(caches, callee.Product)
	case anyOf(w, []string{"backup", "backups", "dump"}):
		return callee.Role == evidence.Store && callee.Product != "memcached" && !slices.Contains(caches, callee.Product)
	case ofTasks:
		return anyOf(w, taskTakers) || anyOf(w, taskMakers) || !crew.any(u, func(t *unit) bool { return slices.Contains(words(t.Name), "scheduler") })
	}
	return true
}

// task returns the words of a service's name and of its command.
func (u *unit) task() []string {
	list := words(u.Name)
	for _, s := range u.settings {
		if s.key == "command" || s.key == "args" {
			list = append(list, words(s.value)...)
		}
	}
	return list
}

// leftOut reports whether a service that says itself which stores it uses, in its own
// settings and in what it waits for, says nothing of one that it only has from a file it
// shares, while another of those who share the file does. One that waits for such another,
// and not for the store itself, asks that one, unless it works off tasks.
func (sh *sharing) leftOut(u *unit, s *setting, callee *unit) bool {
	if callee.Role == evidence.Program || len(u.after) == 0 || s.inline {
		return false
	}
	waits := func(t *unit) bool { return t.waitsFor(callee) }
	if !u.waitsFor(callee) && !u.onTasks() && slices.ContainsFunc(u.after, func(d dependency) bool {
		t := sh.dir.units[d.on]
		return t != nil && t.Role == evidence.Program && waits(t) && !t.sameProgram(u)
	}) {
		return true
	}
	return len(sh.own[u]) > 0 && !sh.own[u][callee] && sh.book(s).anyWaits(callee) && !sh.reaches(u, callee.Name, map[string]bool{})
}

// mostAwaited is how many services are followed from one to those that it waits for: more than
// stand behind each other in any system that people start.
const mostAwaited = 200

// reaches reports whether a service waits for another, or for one that does.
func (sh *sharing) reaches(u *unit, name string, seen map[string]bool) bool {
	for _, d := range u.after {
		if d.ends {
			continue
		}
		if d.on == name {
			return true
		}
		if seen[d.on] || len(seen) >= mostAwaited {
			continue
		}
		seen[d.on] = true
		if next := sh.dir.units[d.on]; next != nil && sh.reaches(next, name, seen) {
			return true
		}
	}
	return false
}

// first reports whether a service is the main role of its program among those who have a
// setting.
func (sh *sharing) first(u *unit, s *setting) bool {
	return len(sh.with(s)) == 0 || sh.book(s).leads(u)
}

// namedAfter reports whether a store is called after a service: mongodb-rate after rate,
// memcached-reserve after reservation.
func namedAfter(store, service string) bool {
	for _, part := range words(store) {
		if _, product := products()[part]; product || len(part) < 3 || part == "database" || part == "cache" || part == "data" {
			continue
		}
		for _, word := range words(service) {
			if slices.Contains(workers, word) {
				continue
			}
			same := 0
			for same < min(len(part), len(word)) && part[same] == word[same] {
				same++
			}
			if part == word || same >= 5 && same >= len(part)-1 {
				return true
			}
		}
	}
	return false
}

// ownersOf returns those after whom a folder of a file's path is named. What all names
// begin or end with doesn't count.
func ownersOf(file string, takers []*unit) []*unit {
	folders := strings.Split(strings.ToLower(file), "/")
	folders = folders[:len(folders)-1]
	names := make([]string, len(takers))
	for i, u := range takers {
		names[i] = strings.ToLower(u.Name)
	}
	head, tail := commonEnds(names)
	var owners []*unit
	for i, u := range takers {
		if slices.Contains(folders, names[i]) || slices.Contains(folders, names[i][head:len(names[i])-tail]) {
			owners = append(owners, u)
		}
	}
	return owners
}

// commonEnds returns how many bytes all names have in common in front and behind, up to a
// hyphen, an underscore or a dot, so that something is left of each.
func commonEnds(names []string) (head, tail int) {
	first, shortest := names[0], len(names[0])
	for _, n := range names {
		shortest = min(shortest, len(n))
	}
	all := func(at func(n string) byte) bool {
		return !slices.ContainsFunc(names, func(n string) bool { return at(n) != at(first) })
	}
	for i := range shortest - 1 {
		if !all(func(n string) byte { return n[i] }) {
			break
		}
		if strings.IndexByte("-_.", first[i]) >= 0 {
			head = i + 1
		}
	}
	for i := 1; i < shortest-head; i++ {
		if !all(func(n string) byte { return n[len(n)-i] }) {
			break
		}
		if strings.IndexByte("-_.", first[len(first)-i]) >= 0 {
			tail = i
		}
	}
	return head, tail
}

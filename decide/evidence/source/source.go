// Package source reads the files that say who calls whom: what runs a system, and what
// describes its interfaces. A part that can't be read is named and left out; the rest
// is read.
package source

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"waitornot/decide/evidence"
)

// MaxBytes is the largest file that is read.
const MaxBytes = 16 << 20

// mostSightings is how many sightings are kept: more are of no system that people run.
const mostSightings = 200_000

// A File is a source as it is given.
type File struct {
	Name string // as the user knows it, with slashes
	Data []byte
	Kind string // the name of a Kind; "" when the content shall tell

	// Beside returns a file that this one refers to, by its path from it: an env_file.
	// It reports false where the file isn't there or may not be read. Nil knows none.
	Beside func(path string) ([]byte, bool)

	// Inside returns the names of the files in a folder beside this one, sorted; none where
	// it is no folder or may not be read. Nil knows none.
	Inside func(path string) []string
}

// A Kind is one kind of source.
type Kind struct {
	Name string
	Doc  string // what it gives, for the help

	is   func(name string, doc value) bool
	read func(r *reader, f *File, doc value)
	text func(r *reader, f *File)            // in place of read, for what is not YAML
	like func(name string, data []byte) bool // in place of is
}

// Kinds are all kinds of files, in the order of the help.
func Kinds() []Kind {
	return []Kind{
		{Name: "compose", Doc: "services, environment, and depends_on of Docker Compose", is: isCompose, read: readCompose},
		{Name: "kubernetes", Doc: "workloads, services, config maps, and ingresses; rendered charts", is: isKubernetes, read: readKubernetes},
		{Name: "envoy", Doc: "Envoy routes and clusters: timeouts, retries, circuit breakers", is: isEnvoy, read: readEnvoy},
		{Name: "mesh", Doc: "Istio and Gateway API timeouts, retries, circuit breakers", is: isMesh, read: readMesh},
		{Name: "dapr", Doc: "Dapr components, subscriptions, and resiliency policies", is: isDapr, read: readDapr},
		{Name: "spring", Doc: "Spring gateway routes, Feign clients, and Resilience4j", is: isSpring, read: readSpring},
		{Name: "dotnet", Doc: "YARP and Ocelot routes, resilient clients in appsettings.json", is: isDotnet, read: readDotnet},
		{Name: "connect", Doc: "connectors of Kafka Connect: the hosts that they work with", is: isConnector, read: readConnector},
		{Name: "openapi", Doc: "OpenAPI 3 and Swagger 2 operations: 202s, callbacks, keys", is: isOpenAPI, read: readOpenAPI},
		{Name: "asyncapi", Doc: "AsyncAPI 2 and 3 messages, from senders to receivers", is: isAsyncAPI, read: readAsyncAPI},
		{Name: "proto", Doc: "Protocol Buffers services and rpcs", like: isProto, text: readProto},
		{Name: "backstage", Doc: "components, owners, and dependencies of a Backstage catalog", is: isBackstage, read: readBackstage},
		{Name: "structurizr", Doc: "relationships of a Structurizr workspace in JSON", is: isStructurizr, read: readStructurizr},
	}
}

// A Fault is a part of a source that could not be read.
type Fault struct {
	File string
	Line int // from 1; 0 for the file as a whole
	Why  string
}

// A Reading is what sources show.
type Reading struct {
	Services  []evidence.Service
	Sightings []evidence.Sighting
	Faults    []Fault
	Used      []string // the names of files that are a source, in the order given
}

// Read reads sources. What one of them names, another may declare.
func Read(files []File) *Reading {
	r := newReader()
	for i := range files {
		r.used[files[i].Name] = r.file(&files[i])
	}
	r.resolve()
	for i := range files {
		if name := files[i].Name; r.used[name] {
			r.used[name] = false // once each
			r.out.Used = append(r.out.Used, name)
		}
	}
	if r.seen > mostSightings {
		r.name = files[0].Name
		r.fault(0, "the sources show more than %d calls; the rest is left out", mostSightings)
	}
	slices.SortStableFunc(r.out.Faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	r.out.Faults = slices.Compact(r.out.Faults) // of files that are included, too
	return r.out
}

// A reader is a reading while it is made.
type reader struct {
	out  *Reading
	name string // of the file at hand
	seen int    // sightings, those left out included

	units      []*unit
	byName     map[string]*unit
	configs    map[string][]setting // config maps by namespace/name
	fronts     []front              // services of Kubernetes
	doors      []door
	listed     []listing
	scopes     []scope
	allowed    []allowance
	intended   []dependency
	connectors []setting
	policies   []policy
	charts     map[string]bool // folders of templates that were named

	messages  []message
	consumers []consumer
	providers map[string][]string // of interfaces
	routes    []route
	springs   map[string]*application // by folder
	folders   []string                // of springs, in the order given
	owned     []ownFile
	holders   map[string]*unit // of files of settings, by name
	declares  bool             // services are declared, not only known by their folders
	composed  map[string]bool  // folders with compose files
	used      map[string]bool  // files that turned out to be sources once all were read

	applications map[string]bool   // names of springs, once all files are read
	labels       map[label][]*unit // once all files are read
	homes        homes             // once all files are read
}

func newReader() *reader {
	return &reader{out: &Reading{}, byName: map[string]*unit{}, configs: map[string][]setting{}, charts: map[string]bool{}, providers: map[string][]string{}, springs: map[string]*application{}, composed: map[string]bool{}, used: map[string]bool{}, holders: map[string]*unit{}, applications: map[string]bool{}}
}

func (r *reader) fault(line int, format string, args ...any) {
	r.out.Faults = append(r.out.Faults, Fault{r.name, line, fmt.Sprintf(format, args...)})
}

func (r *reader) see(s evidence.Sighting) {
	s.Source = cmp.Or(s.Source, r.name)
	r.keep(s)
}

// keep adds a sighting, while there is room: a few names that many share make many of them.
func (r *reader) keep(s evidence.Sighting) {
	if r.seen++; r.seen <= mostSightings {
		r.out.Sightings = append(r.out.Sightings, s)
	}
}

// declare adds a service that a source other than a configuration declares.
func (r *reader) declare(s evidence.Service) {
	s.Source = r.name
	r.out.Services = append(r.out.Services, s)
}

// file reads one file and reports whether it is a source.
func (r *reader) file(f *File) bool {
	r.name = f.Name
	if len(f.Data) > MaxBytes {
		r.fault(0, "the file is larger than %d MiB", MaxBytes>>20)
		return false
	}
	for _, k := range Kinds() {
		if k.text != nil && (f.Kind == k.Name || f.Kind == "" && k.like(f.Name, f.Data)) {
			k.text(r, f)
			return true
		}
	}
	if isTemplate(f.Data) {
		r.template(f)
		return false
	}
	found, spring := false, false
	docs := documentsOf(f.Name, f.Data)
	for _, doc := range docs {
		if doc.err != nil {
			if bytes.Contains(f.Data, []byte("{{")) && promising(f.Data) {
				r.template(f)
				return found
			}
			if f.Kind != "" || found || promising(f.Data) {
				r.fault(doc.line, "%s", doc.err)
			}
			continue
		}
		if k := kindOf(f, doc.root); k != nil {
			k.read(r, f, doc.root)
			found, spring = true, spring || k.Name == "spring"
			if doc.root.left.steps < 0 {
				r.fault(doc.line, "the document stands for more than %d values; the rest is left out", maxSteps)
			}
		}
	}
	if f.Kind == "" && IsSettings(f.Name) && !spring && (len(docs) == 0 || docs[0].err != nil || !describes(docs[0].root)) {
		r.own(f)
	}
	return found
}

// kindOf returns the kind of a document, or nil.
func kindOf(f *File, doc value) *Kind {
	kinds := Kinds()
	i := slices.IndexFunc(kinds, func(k Kind) bool {
		return k.read != nil && (f.Kind == k.Name || f.Kind == "" && k.is(f.Name, doc) && !(k.Name == "kubernetes" && extends(doc)))
	})
	if i < 0 {
		return nil
	}
	return &kinds[i]
}

// extends reports whether an object of Kubernetes is of a kind of its own.
func extends(doc value) bool { return isMesh("", doc) || isDapr("", doc) || isBackstage("", doc) }

// promising reports whether a text that does not parse looks like a source, so that it
// is worth a word.
func promising(data []byte) bool {
	for _, key := range []string{"apiVersion:", "services:", "openapi:", "asyncapi:"} {
		quoted := `"` + strings.TrimSuffix(key, ":") + `":` // as JSON has it
		if bytes.HasPrefix(data, []byte(key)) || bytes.Contains(data, []byte("\n"+key)) || bytes.Contains(data, []byte(quoted)) {
			return true
		}
	}
	return false
}

// isTemplate reports whether a text has values of a chart in it.
func isTemplate(data []byte) bool {
	for _, mark := range []string{".Values.", ".Release.", ".Chart.", "{{- include", "{{ include", "{{ template", "{{- define", "{{- if"} {
		if bytes.Contains(data, []byte(mark)) && bytes.Contains(data, []byte("{{")) {
			return true
		}
	}
	return false
}

// template names a folder with templates of a chart, once.
func (r *reader) template(f *File) {
	folder, _, nested := cutLast(f.Name, "/")
	if !nested {
		folder = f.Name
	}
	if !promising(f.Data) && f.Kind == "" || r.charts[folder] {
		return
	}
	r.charts[folder] = true
	r.out.Faults = append(r.out.Faults, Fault{folder, 0, "it's an unrendered chart template: render the chart with helm template first, and import the result"})
}

func cutLast(text, sep string) (before, after string, found bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(sep):], true
}

// short returns a text for a message or a comment: one line, not too long, without
// characters that can't be seen.
func short(text string) string {
	const most = 120
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return text
}

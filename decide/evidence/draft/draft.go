// Package draft makes manifests of what evidence shows: new ones for services without,
// and what is missing for those that have one.
package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"waitornot/decide"
	"waitornot/decide/evidence"
	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
)

// Client is the caller of an interface whose callers no source knows.
const Client = "client"

// A Service is what a manifest of one service is drafted from.
type Service struct {
	Name       string
	Owner      string
	Operations []evidence.Operation // by callee and name
	Brokers    []evidence.Service   // that the service is configured with, by name
	Stores     []evidence.Service   // by name
	Doors      []string             // where it is reached from outside
}

// Services sorts a system by the manifests that its operations belong to: those of
// their callers. A service that calls nobody has none. They come by name.
func Services(sys *evidence.System) []Service {
	byName := map[string]*Service{}
	var names []string
	at := func(name string) *Service {
		s := byName[name]
		if s == nil {
			s = &Service{Name: name}
			if known := sys.Find(name); known != nil {
				s.Owner, s.Doors = known.Owner, known.Doors
			}
			byName[name] = s
			names = append(names, name)
		}
		return s
	}
	for i := range sys.Operations {
		op := sys.Operations[i]
		s := at(cmp.Or(op.Caller, op.Callee))
		callee := sys.Find(op.Callee)
		switch {
		case callee != nil && callee.Role == evidence.Store && op.Edge():
			s.Stores = append(s.Stores, *callee)
		case callee != nil && callee.Role == evidence.Broker && op.Edge():
			s.Brokers = append(s.Brokers, *callee)
		default:
			s.Operations = append(s.Operations, op)
		}
	}
	slices.Sort(names)
	var list []Service
	for _, name := range names {
		if s := byName[name]; len(s.Operations) > 0 {
			list = append(list, *s)
		}
	}
	return list
}

// Senders returns the services that are known to use a broker and nothing else that an
// operation could be made of, by name.
func Senders(sys *evidence.System) []string {
	uses, has := map[string]bool{}, map[string]bool{}
	for i := range sys.Operations {
		op := &sys.Operations[i]
		callee := sys.Find(op.Callee)
		switch {
		case callee != nil && callee.Role == evidence.Broker && op.Edge():
			uses[op.Caller] = true
		case callee == nil || callee.Role != evidence.Store || !op.Edge():
			has[op.Caller] = true
		}
	}
	var names []string
	for name := range uses {
		if name != "" && !has[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Manifest returns a new manifest of the service. Sources are the files that it was
// made from.
func (s *Service) Manifest(sources []string) []byte {
	head := edit.Head{Service: visible(s.Name), Owner: visible(s.Owner), Comments: s.comments(s.sources(sources))}
	for _, b := range s.Brokers {
		if visible(b.Name) == "" {
			continue // nothing of its name can be shown, so no operation can name it
		}
		head.Brokers = append(head.Brokers, manifest.Broker{
			Name: manifest.Field[string]{Value: visible(b.Name)}, Kind: manifest.Field[string]{Value: visible(b.Product)},
		})
	}
	return edit.Draft(head, s.Entries())
}

// sources returns the files that show the service's operations, by name: hints only where
// there is nothing better.
func (s *Service) sources(all []string) []string {
	var list, hints []string
	for i := range s.Operations {
		for _, x := range s.Operations[i].Seen {
			if x.Weak {
				hints = append(hints, x.Source)
			} else {
				list = append(list, x.Source)
			}
		}
	}
	if len(list) == 0 {
		list = hints
	}
	if len(list) == 0 {
		return all
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Entries returns the operations as manifests take them.
func (s *Service) Entries() []edit.Entry {
	var list []edit.Entry
	taken := map[string]bool{}
	for i := range s.Operations {
		e := entryOf(&s.Operations[i])
		if taken[e.Name] { // two callees offer an operation of one name
			e.Name = freeName(e.Name+"-"+evidence.OperationName(e.Callee), taken)
		}
		taken[e.Name] = true
		list = append(list, e)
	}
	return list
}

func freeName(name string, taken map[string]bool) string {
	if !taken[name] {
		return name
	}
	for n := 2; ; n++ {
		if next := name + "-" + strconv.Itoa(n); !taken[next] {
			return next
		}
	}
}

func (s *Service) comments(sources []string) []string {
	from := strings.Join(sources, ", ")
	if len(sources) > 3 {
		from = fmt.Sprintf("%s, and %d more files", strings.Join(sources[:2], ", "), len(sources)-2)
	}
	list := []string{"Drafted by waitornot import from " + from + ".", "Answer the unknown questions: waitornot ask goes through them one at a time."}
	if len(s.Stores) > 0 {
		list = append(list, "Data stores, which need no decision: "+products(s.Stores)+".")
	}
	if len(s.Brokers) > 0 {
		list = append(list, "It's configured with a broker, "+products(s.Brokers)+": add an operation for each message it sends.")
	}
	if len(s.Doors) > 0 {
		list = append(list, "Reachable from outside at "+strings.Join(firsts(s.Doors, 3), ", ")+".")
	}
	return list
}

func firsts(list []string, most int) []string {
	if len(list) <= most {
		return list
	}
	return append(slices.Clone(list[:most]), fmt.Sprintf("%d more", len(list)-most))
}

func products(list []evidence.Service) string {
	var parts []string
	for _, s := range list {
		if s.Product != "" && s.Product != s.Name {
			parts = append(parts, s.Name+" ("+s.Product+")")
		} else {
			parts = append(parts, s.Name)
		}
	}
	return strings.Join(parts, ", ")
}

// NameOf returns the name that an operation gets in a manifest.
func NameOf(op *evidence.Operation) string {
	if op.Name != "" {
		return op.Name
	}
	return cmp.Or(evidence.OperationName("call "+op.Callee), "call")
}

// entryOf writes an operation down: facts that a source states, and what is open.
func entryOf(op *evidence.Operation) edit.Entry {
	e := edit.Entry{Name: NameOf(op), Caller: visible(op.Caller), Callee: visible(op.Callee), Remarks: map[string]string{}}
	if op.Text != e.Name {
		e.Description = visible(op.Text)
	}
	if op.Caller == "" {
		e.Caller = Client
		e.Remarks["caller"] = "the API description doesn't say who calls: fill in the caller"
	}
	e.Remarks["callee"] = places(op)
	switch {
	case op.Weak:
		e.Remarks["name"] = "only a hint, from " + hint(op) + ": delete it if " + op.Caller + " doesn't call " + op.Callee
	case op.Offered:
		e.Remarks["name"] = "offered by " + op.Callee + ": delete it if " + op.Caller + " doesn't call it"
	}
	if op.Boundary == "third-party" {
		e.Remarks["boundary"] = "matched by its host name: please confirm"
	}
	add := func(path string, words ...string) {
		if len(words) > 0 && words[0] != "" {
			e.Facts = append(e.Facts, edit.Fact{Path: path, Words: words})
		}
	}
	add("kind", op.Kind)
	if op.Timeout > 0 {
		add("timeout", manifest.FormatDuration(op.Timeout))
	}
	if op.Attempts > 0 {
		add("retry.attempts", strconv.Itoa(op.Attempts))
		if op.Backoff > 0 {
			add("retry.backoff", manifest.FormatDuration(op.Backoff))
		}
		if op.Jitter {
			add("retry.jitter", "yes")
		}
	}
	if op.Within > 0 {
		add("retry.within", manifest.FormatDuration(op.Within))
	}
	add("guards", op.Guards...)
	add("boundary", op.Boundary)
	add("delivery.broker", visible(op.Broker))
	add("delivery.channel", visible(op.Channel))
	add("delivery.dead_letter", visible(op.DeadLetter))
	add("reply.notify", op.Notify)
	if op.Idempotent {
		add("idempotent", "yes")
		e.Remarks["idempotent"] = "it takes an idempotency key"
	}
	for q, why := range open() {
		e.Remarks["answers."+decide.Question(q).String()] = why
	}
	// A mode obliges to facts that sources seldom have, a timeout or a dead-letter queue: it
	// is proposed, and a person declares it with them.
	switch immediacy := "answers." + decide.Immediacy.String(); op.Mode {
	case decide.Sync:
		if op.Timeout > 0 {
			e.Mode = decide.Sync
		}
	case decide.Async:
		e.Remarks[immediacy] = "no or later: it travels as a message; declare mode: async with its delivery if you agree"
	case decide.Hybrid:
		e.Remarks[immediacy] = "later: it's acknowledged before it's done; declare mode: hybrid with its reply if you agree"
	}
	settle(&e, op.Measured)
	return e
}

// hint says what a hint rests on.
func hint(op *evidence.Operation) string {
	words := "the startup order"
	for _, s := range op.Seen {
		switch {
		case !s.Weak || s.Shows == "depends_on" || s.Shows == "initContainers":
		case s.Shows == "links":
			words = "a link between containers"
		case s.Shows == "NetworkPolicy":
			words = "a network policy"
		case s.Shows == "ServiceIntentions":
			words = "Consul's intentions"
		case s.Shows == "scopes":
			words = "the scopes of a Dapr component"
		default:
			return "a setting that several services share"
		}
	}
	return words
}

// open says what would settle each question.
func open() [decide.QuestionCount]string {
	return [decide.QuestionCount]string{
		decide.Immediacy:    "yes, later, or no: can the caller's next step begin before the outcome is known?",
		decide.Retryability: "yes, too-late, or unsafe: may a machine repeat it an hour later?",
		decide.Latency:      "the p99 of the whole work, or import traces",
		decide.Coupling:     "yes or no: would the callee's outage become the caller's problem?",
	}
}

// visible returns a name without what a manifest refuses in one: characters that nobody
// sees, blanks around it, and more of them than anybody reads.
func visible(name string) string {
	const most = 200
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, "?")))
	if runes := []rune(name); len(runes) > most {
		name = strings.TrimSpace(string(runes[:most]))
	}
	return name
}

// places says where an operation was seen: hints only where there is nothing better.
func places(op *evidence.Operation) string {
	var list []string
	listed := map[string]bool{}
	certain := slices.ContainsFunc(op.Seen, func(s evidence.Sighting) bool { return !s.Weak })
	for _, s := range op.Seen {
		if s.Weak && certain {
			continue
		}
		text := s.Source
		if s.Line > 0 {
			text += ":" + strconv.Itoa(s.Line)
		}
		if s.Shows != "" && s.Measured == nil { // figures stand in the evidence, which is kept up to date
			text += " " + s.Shows
		}
		if !listed[text] {
			listed[text] = true
			list = append(list, text)
		}
	}
	return strings.Join(firsts(list, 2), "; ")
}

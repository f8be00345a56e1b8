package edit_test

import (
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/manifest/edit"
)

func answers(i, r, l, c decide.Answer) decide.Answers { return decide.Answers{i, r, l, c} }

// entry is what the tests below add.
func entry() edit.Entry {
	return edit.Entry{
		Name: "charge", Caller: "shop", Callee: "bank",
		Answers: answers(decide.Yes, decide.No, decide.Yes, decide.Unknown), Latency: 900 * time.Millisecond,
	}
}

const flowAnswers = "{immediacy: yes, retryability: no, latency: 900ms}"

// dedent takes the tabs off a text that is indented as the code around it is.
func dedent(text string) string {
	return strings.TrimPrefix(strings.ReplaceAll(text, "\n\t\t\t", "\n"), "\n")
}

var insertions = []struct{ name, before, after string }{
	{"no file", "", `
			version: 1
			service: shop
			operations:
			  - name: charge
			    callee: bank
			    answers: ` + flowAnswers + `
			`},
	{"nothing but comments", `
			# to be filled
			`, `
			# to be filled
			version: 1
			service: shop
			operations:
			  - name: charge
			    callee: bank
			    answers: ` + flowAnswers + `
			`},
	{"the usual", `
			version: 1
			service: shop
			operations:
			  - name: a   # first
			    answers: {immediacy: no}
			journeys: []
			`, `
			version: 1
			service: shop
			operations:
			  - name: a   # first
			    answers: {immediacy: no}
			  - name: charge
			    callee: bank
			    answers: ` + flowAnswers + `
			journeys: []
			`},
	{"another caller", `
			operations:
			  - name: a
			`, `
			operations:
			  - name: a
			  - name: charge
			    caller: shop
			    callee: bank
			    answers: ` + flowAnswers + `
			`},
	{"a list without indentation, comments after it", `
			service: shop
			operations:
			- name: a
			# - name: b

			# the end
			`, `
			service: shop
			operations:
			- name: a
			- name: charge
			  callee: bank
			  answers: ` + flowAnswers + `
			# - name: b

			# the end
			`},
	{"wide indentation, answers line by line, items apart", `
			service: shop
			operations:

			    -   name: a
			        answers:
			            immediacy: no

			    # b
			    -   name: b
			        answers:
			            immediacy: no

			journeys: []
			`, `
			service: shop
			operations:

			    -   name: a
			        answers:
			            immediacy: no

			    # b
			    -   name: b
			        answers:
			            immediacy: no

			    -   name: charge
			        callee: bank
			        answers:
			            immediacy: yes
			            retryability: no
			            latency: 900ms

			journeys: []
			`},
	{"items in braces", `
			service: shop
			operations:
			  - {name: a}
			`, `
			service: shop
			operations:
			  - {name: a}
			  - {name: charge, callee: bank, answers: ` + flowAnswers + `}
			`},
	{"a list in brackets", `
			service: shop
			operations: [{name: "a]"}, {name: it's}]   # two
			`, `
			service: shop
			operations: [{name: "a]"}, {name: it's}, {name: charge, callee: bank, answers: ` + flowAnswers + `}]   # two
			`},
	{"a list in brackets, a line each", `
			service: shop
			operations: [
			  {name: a}, # first
			  {name: b}  # second
			]
			`, `
			service: shop
			operations: [
			  {name: a}, # first
			  {name: b},  # second
			  {name: charge, callee: bank, answers: ` + flowAnswers + `}
			]
			`},
	{"an empty list in brackets", `
			service: shop
			operations: []  # none yet
			journeys: []
			`, `
			service: shop
			operations:  # none yet
			  - name: charge
			    callee: bank
			    answers: ` + flowAnswers + `
			journeys: []
			`},
	{"no list yet", `
			service: shop
			operations:
			# soon
			journeys: []
			`, `
			service: shop
			operations:
			  - name: charge
			    callee: bank
			    answers: ` + flowAnswers + `
			# soon
			journeys: []
			`},
	{"a null", `
			service: shop
			operations: ~ # soon
			`, `
			service: shop
			operations: # soon
			  - name: charge
			    callee: bank
			    answers: ` + flowAnswers + `
			`},
	{"no operations at all", `
			service: shop
			brokers:
			- name: rabbit
			# the end`, `
			service: shop
			brokers:
			- name: rabbit
			# the end
			operations:
			- name: charge
			  callee: bank
			  answers: ` + flowAnswers},
	{"a text that looks like comments", `
			service: shop
			operations:
			  - name: a
			    description: |
			      one
			      # two

			  # three
			`, `
			service: shop
			operations:
			  - name: a
			    description: |
			      one
			      # two
			  - name: charge
			    callee: bank
			    answers: ` + flowAnswers + `

			  # three
			`},
	{"a text that keeps its empty lines", `
			service: shop
			operations:
			  - name: a
			    description: |+
			      one


			journeys: []
			`, `
			service: shop
			operations:
			  - name: a
			    description: |+
			      one


			  - name: charge
			    callee: bank
			    answers: ` + flowAnswers + `
			journeys: []
			`},
	{"a text that keeps its empty lines, items apart", `
			service: shop
			operations:
			  - name: a

			  - name: b
			    description: |+
			      one
			journeys: []
			`, `
			service: shop
			operations:
			  - name: a

			  - name: b
			    description: |+
			      one
			  - name: charge
			    callee: bank
			    answers: ` + flowAnswers + `
			journeys: []
			`},
	{"JSON", `
			{"service": "shop", "operations": [{"name": "a"}]}
			`, `
			{"service": "shop", "operations": [{"name": "a"}, {"name": "charge", "callee": "bank", "answers": {"immediacy": "yes", "retryability": "no", "latency": "900ms"}}]}
			`},
	{"JSON without operations", `
			{
			  "service": "shop"
			}
			`, `
			{
			  "service": "shop",
			  "operations": [{"name": "charge", "callee": "bank", "answers": {"immediacy": "yes", "retryability": "no", "latency": "900ms"}}]
			}
			`},
	{"an end marker", `
			---
			service: shop
			operations:
			  - name: a
			...
			`, `
			---
			service: shop
			operations:
			  - name: a
			  - name: charge
			    callee: bank
			    answers: ` + flowAnswers + `
			...
			`},
}

func insert(t *testing.T, src string, doc int, e edit.Entry) string {
	t.Helper()
	m, err := edit.Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	out, err := m.Add(doc, e)
	if err != nil {
		t.Fatalf("Add to\n%s\n%v", src, err)
	}
	return string(out.Bytes())
}

func TestAdd(t *testing.T) {
	for _, test := range insertions {
		t.Run(test.name, func(t *testing.T) {
			if got := insert(t, dedent(test.before), 0, entry()); got != dedent(test.after) {
				t.Errorf("got\n%s\nwant\n%s", got, dedent(test.after))
			}
		})
	}
}

// Windows line ends, old Macintosh ones, a byte order mark and a missing last
// line break are kept, in what is added too.
func TestAddKeepsLineEnds(t *testing.T) {
	const before, after = "service: shop\noperations:\n  - name: a\n", "service: shop\noperations:\n  - name: a\n" +
		"  - name: charge\n    callee: bank\n    answers: " + flowAnswers + "\n"
	for name, form := range map[string]func(string) string{
		"CRLF":               func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"CR":                 func(s string) string { return strings.ReplaceAll(s, "\n", "\r") },
		"byte order mark":    func(s string) string { return "\ufeff" + s },
		"no last line break": func(s string) string { return strings.TrimSuffix(s, "\n") },
	} {
		if got := insert(t, form(before), 0, entry()); got != form(after) {
			t.Errorf("%s: got %q, want %q", name, got, form(after))
		}
	}
}

func TestAddIntoOneOfSeveralDocuments(t *testing.T) {
	const first, second, third = "service: a\noperations:\n  - name: x\n", "service: b\n", "service: c\noperations: []\n"
	src := "---\n" + first + "--- # two\n" + second + "---\n" + third
	added := "  - name: charge\n    caller: shop\n    callee: bank\n    answers: " + flowAnswers + "\n"
	for doc, want := range []string{
		"---\n" + first + added + "--- # two\n" + second + "---\n" + third,
		"---\n" + first + "--- # two\n" + second + "operations:\n" + added + "---\n" + third,
		"---\n" + first + "--- # two\n" + second + "---\nservice: c\noperations:\n" + added,
	} {
		if got := insert(t, src, doc, entry()); got != want {
			t.Errorf("document %d: got\n%s\nwant\n%s", doc, got, want)
		}
	}
	m, err := edit.Parse([]byte(src))
	if err != nil || strings.Join(m.Services(), " ") != "a b c" {
		t.Errorf("Services() = %q, %v", m.Services(), err)
	}
}

// What cannot be changed safely is refused, and never changed wrongly.
func TestRefuses(t *testing.T) {
	for name, src := range map[string]string{
		"not YAML":              "operations: [",
		"not a mapping":         "- a\n- b\n",
		"operations is a text":  "operations: later\n",
		"operations is a alias": "x: &x []\noperations: *x\n",
		"there already":         "operations:\n  - name: charge\n",
		"there already, quoted": "operations:\n  - \"name\": 'charge'\n",
		"UTF-16":                "\xff\xfea\x00:\x00",
	} {
		m, err := edit.Parse([]byte(src))
		if err != nil {
			continue
		}
		if out, err := m.Add(0, entry()); err == nil {
			t.Errorf("%s: Add gave %q, want an error", name, out.Bytes())
		}
	}
	m, _ := edit.Parse([]byte("operations:\n  - name: a\n"))
	if out, err := m.Update(0, entry()); err == nil {
		t.Errorf("Update of an operation that is not there gave %q", out.Bytes())
	}
}

package mcp

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"

	"waitornot/decide"
	"waitornot/decide/diag"
)

// A manifests says which manifests a tool reads.
type manifests struct {
	Paths []string `json:"paths,omitempty" jsonschema:"manifests below the roots: files, folders (every waitornot.yaml and *.waitornot.yaml below them) or globs; without paths and text, the roots"`
	Text  string   `json:"text,omitempty" jsonschema:"a manifest as YAML or JSON text instead of paths"`
}

// arguments returns the paths as a command line takes them, and standard input.
func (m *manifests) arguments(r *roots) (paths []string, in string, err error) {
	switch {
	case m.Text != "" && len(m.Paths) > 0:
		return nil, "", errors.New("give either text or paths, not both")
	case len(m.Text) > maxText:
		return nil, "", fmt.Errorf("text has %d bytes, but the limit is %d: save it as a file and give its path", len(m.Text), maxText)
	case m.Text != "":
		return []string{"--", "-"}, m.Text, nil
	case len(m.Paths) == 0:
		return append([]string{"--"}, r.all()...), "", nil
	}
	paths = []string{"--"}
	for _, p := range m.Paths {
		at, err := r.inside(p)
		if err != nil {
			return nil, "", err
		}
		paths = append(paths, at)
	}
	return paths, "", nil
}

// The words that answer the questions, each a type of its own so that the schema of
// the input lists them.
type (
	immediacy    string
	retryability string
	coupling     string
	mode         string
)

// answers are the answers to the four questions. An absent one is unknown.
type answers struct {
	Immediacy    immediacy    `json:"immediacy,omitempty" jsonschema:"yes: the caller's next step can't begin before the outcome is known; later: an acknowledgment is enough now, but whoever asked wants the outcome; no: nobody who asked looks for it"`
	Retryability retryability `json:"retryability,omitempty" jsonschema:"may a machine do it an hour later, unattended? yes: harmless and still useful; too-late: harmless, but nobody wants it then; unsafe: a repeat can do harm that an idempotency key can't prevent"`
	Latency      string       `json:"latency,omitempty" jsonschema:"the p99 of the whole work as a duration such as 900ms, or no (500 ms at most), yes (above), beyond (above 30 s)"`
	Coupling     coupling     `json:"coupling,omitempty" jsonschema:"would the callee's outage, slowness, or change become the caller's?"`
}

// flags returns the answers as flags of ask.
func (a *answers) flags() []string {
	var list []string
	for q, word := range a.words() {
		if word == "" {
			word = decide.Unknown.String()
		}
		list = append(list, fmt.Sprintf("--%s=%s", decide.Question(q), word))
	}
	return list
}

// words returns the answers by question.
func (a *answers) words() [decide.QuestionCount]string {
	return [decide.QuestionCount]string{string(a.Immediacy), string(a.Retryability), a.Latency, string(a.Coupling)}
}

// An operation is one as an agent gives it. The fields are those of a manifest.
type operation struct {
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Caller      string         `json:"caller,omitempty" jsonschema:"the service that starts it"`
	Callee      string         `json:"callee,omitempty" jsonschema:"the service that does it"`
	Mode        mode           `json:"mode,omitempty" jsonschema:"how it works today"`
	Answers     answers        `json:"answers"`
	Facts       map[string]any `json:"facts,omitempty" jsonschema:"any other key of an operation in a manifest, such as kind, boundary, timeout, retry, delivery, reply: see the resource waitornot://schema/manifest"`
}

// fields returns the operation as a manifest has it.
func (o *operation) fields() (map[string]any, error) {
	m := map[string]any{}
	for key, value := range o.Facts {
		m[key] = value
	}
	given := map[string]string{}
	for q, word := range o.Answers.words() {
		if word != "" {
			given[decide.Question(q).String()] = word
		}
	}
	for key, value := range map[string]any{
		"name": o.Name, "description": o.Description, "caller": o.Caller, "callee": o.Callee, "mode": string(o.Mode), "answers": given,
	} {
		if _, twice := o.Facts[key]; twice {
			return nil, fmt.Errorf("operation %q: %s is a separate field: take it out of facts", o.Name, key)
		}
		if value != "" {
			m[key] = value
		}
	}
	return m, nil
}

// manifestOf returns operations as the text of a manifest.
func manifestOf(list []operation) (string, error) {
	if len(list) > maxOperations {
		return "", fmt.Errorf("there are %d operations, but the limit is %d: split them over several calls", len(list), maxOperations)
	}
	var items []map[string]any
	for i := range list {
		fields, err := list[i].fields()
		if err != nil {
			return "", err
		}
		items = append(items, fields)
	}
	data, err := json.Marshal(map[string]any{"version": 1, "operations": items})
	return string(data), err
}

// words are the types of input that take one of a few words.
func words() map[reflect.Type]*jsonschema.Schema {
	of := func(q decide.Question) *jsonschema.Schema {
		s := &jsonschema.Schema{Type: "string"}
		for _, a := range append(q.Choices(), decide.Unknown) {
			s.Enum = append(s.Enum, a.String())
		}
		return s
	}
	verdicts := decide.Verdicts()
	return map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[immediacy]():    of(decide.Immediacy),
		reflect.TypeFor[retryability](): of(decide.Retryability),
		reflect.TypeFor[coupling]():     of(decide.Coupling),
		reflect.TypeFor[mode]():         {Type: "string", Enum: enum(verdicts[:])},
		reflect.TypeFor[severity]():     {Type: "string", Enum: enum(diag.Severities())},
	}
}

// enum returns the names of values, as a schema lists them.
func enum[T fmt.Stringer](list []T) []any {
	var names []any
	for _, v := range list {
		names = append(names, v.String())
	}
	return names
}

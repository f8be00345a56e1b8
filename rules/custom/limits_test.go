package custom

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expr-lang/expr"

	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

func ruleOf(when string) config.CustomRule {
	text := func(s string) manifest.Field[string] {
		at := diag.Pos{Line: 1, Column: 1}
		return manifest.Field[string]{Value: s, Range: diag.Range{Start: at, End: diag.Pos{Line: 1, Column: 1 + uint32(len(s))}}}
	}
	return config.CustomRule{Code: text("ACME001"), Name: text("own-rule"), When: text(when), Message: text("no"),
		Severity: manifest.Field[diag.Severity]{Value: diag.Info, Range: text("x").Range}}
}

// Predicates may be nested twice, and no deeper: each multiplies the work.
func TestNestedPredicates(t *testing.T) {
	t.Parallel()
	for when, wanted := range map[string]bool{
		`any(tags, # == "z")`:              true,
		`any(tags, any(guards, # == "z"))`: true,
		`any(tags, # == "a") and any(tags, # == "b") and any(guards, any(tags, # == "c"))`: true,
		`any(tags, any(guards, any(tags, # == "z")))`:                                      false,
		`any(tags, any(guards, # == "a") or any(guards, any(tags, # == "z")))`:             false,
	} {
		c := ruleOf(when)
		r, findings := Compile(c)
		if (r != nil) != wanted {
			t.Errorf("%s: accepted %t, want %t: %v", when, r != nil, wanted, findings)
		}
		if r == nil && !strings.Contains(findings[0].Message, "more than 2 predicates are nested") {
			t.Errorf("%s: %s", when, findings[0].Message)
		}
	}
}

// slow returns an evaluator whose evaluations take as long as is said.
func slow(t *testing.T, took *time.Duration) (*evaluator, map[string]any) {
	t.Helper()
	env := map[string]any{"wait": func() bool { time.Sleep(*took); return true }}
	p, err := expr.Compile("wait()", expr.Env(env))
	if err != nil {
		t.Fatal(err)
	}
	return &evaluator{program: p}, env
}

// An evaluation may take a second. A longer one is given up, and no further one of the rule is
// begun.
func TestDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		took := Deadline - time.Millisecond
		e, env := slow(t, &took) // it is read by other goroutines, so it changes only once they have ended
		if hit, err := e.run(env); !hit || err != nil {
			t.Errorf("within the limit: %t, %v", hit, err)
		}
		took = Deadline + time.Millisecond
		if _, err := e.run(env); err == nil || err.Error() != "no result within 1s" {
			t.Errorf("above the limit: %v", err)
		}
		time.Sleep(Deadline) // what was given up ends by itself
		if _, err := e.run(env); !errors.Is(err, errGivenUp) {
			t.Errorf("the next evaluation: %v", err)
		}
	})
}

// All evaluations of a rule together have a budget.
func TestBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		took := Deadline / 2
		for more, want := range map[time.Duration]string{0: "<nil>", 1: "it took more than 10s in all"} {
			e, env := slow(t, &took)
			e.spent.Store(int64(Budget - took + more))
			if _, err := e.run(env); fmt.Sprint(err) != want {
				t.Errorf("%s above the budget: %v, want %s", more, err, want)
			}
		}
	})
}

// The most that an evaluation holds at a time is the longest text that an expression can build:
// no function builds lists. It has as many parts as the expression may, each as long as a text
// may be; one more part is refused.
func TestMemory(t *testing.T) {
	const names = (MaxNodes - 2) / 2 // of the nodes, all but two are a name or a plus
	for more, wanted := range map[int]bool{0: true, 1: false} {
		c := ruleOf("(" + strings.Repeat("name+", names-1+more) + "name)>id")
		if r, findings := Compile(c); (r != nil) != wanted {
			t.Errorf("%d names above the limit: %v", more, findings)
		}
	}
	c := ruleOf("(" + strings.Repeat("name+", names-1) + "name)>id")
	p, f := program(&c, operation{}, nil)
	if f != nil {
		t.Fatal(f.message)
	}
	long := manifest.Field[string]{Value: strings.Repeat("x", 100*MaxText)}
	env := environment(&lint.Subject{Operation: &manifest.Operation{Name: long}, Document: manifest.NewDocument("m.yaml", 0)}, facts())
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if _, err := (&evaluator{program: p}).run(env); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	// All texts on the way together: half of the longest one for each name.
	if most := uint64(names * names / 2 * MaxText * 5 / 4); after.TotalAlloc-before.TotalAlloc > most {
		t.Errorf("%d bytes, and at most %d", after.TotalAlloc-before.TotalAlloc, most)
	}
}

// What an expression sees of long lists and texts is cut.
func TestCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", MaxText)
	op := &manifest.Operation{Name: manifest.Field[string]{Value: long}, Tags: make([]manifest.Field[string], 3*MaxItems)}
	env := environment(&lint.Subject{Operation: op, Document: manifest.NewDocument("m.yaml", 0)}, facts())
	if len(env.Name) > MaxText || len(env.Tags) != MaxItems || !strings.HasPrefix(long, env.Name) {
		t.Errorf("a name of %d bytes, %d tags", len(env.Name), len(env.Tags))
	}
}

// Every key of an operation that holds a value is known to given, so that a rule
// can ask for it; these are not facts, or have another name.
func TestFactsAreTheKeys(t *testing.T) {
	t.Parallel()
	elsewhere := map[string]string{
		"name": "", "description": "", "waivers": "", "retry": "", "retry.attempts": "attempts", "retry.backoff": "backoff", "retry.jitter": "jitter", "retry.on": "retry_on", "retry.within": "retry_within",
		"answers": "", "answers.immediacy": "immediacy", "answers.retryability": "retryability", "answers.latency": "latency", "answers.coupling": "coupling",
	}
	known := facts()
	var check func(prefix string, keys []manifest.Key)
	check = func(prefix string, keys []manifest.Key) {
		for _, k := range keys {
			path := prefix + k.Name
			name, special := elsewhere[path]
			if !special {
				name = path
			}
			if name != "" && known[name] == nil {
				t.Errorf("given(%q) knows nothing of %s", name, path)
			}
			check(path+".", k.Keys)
		}
	}
	operations := manifest.Schema().Keys[slices.IndexFunc(manifest.Schema().Keys, func(k manifest.Key) bool { return k.Name == "operations" })]
	check("", operations.Items.Keys)
}

// filled gives every field of what manifests say of an operation a value.
func filled(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filled(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				filled(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		filled(v.Index(0))
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8, reflect.Uint32:
		v.SetUint(1)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1)
	}
}

// unseen lists the fields of what an expression sees that have no value.
func unseen(prefix string, v reflect.Value) []string {
	var list []string
	for i := range v.NumField() {
		name := prefix + v.Type().Field(i).Tag.Get("expr")
		if v.Field(i).Kind() == reflect.Struct {
			list = append(list, unseen(name+".", v.Field(i))...)
		} else if v.Field(i).IsZero() {
			list = append(list, name)
		}
	}
	return list
}

// What a manifest says of an operation is what an expression sees: no field is left
// empty when every fact is given.
func TestEveryFactIsSeen(t *testing.T) {
	t.Parallel()
	var op manifest.Operation
	doc := manifest.NewDocument("m.yaml", 0)
	filled(reflect.ValueOf(&op).Elem())
	filled(reflect.ValueOf(&doc.Owner).Elem())
	filled(reflect.ValueOf(&doc.Stack).Elem())
	env := environment(&lint.Subject{Operation: &op, Document: doc}, facts())
	for _, name := range unseen("", reflect.ValueOf(env)) {
		t.Errorf("%s is empty, though the manifest gives it", name)
	}
}

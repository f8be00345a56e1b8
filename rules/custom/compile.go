// Package custom turns the rules that a team writes in its configuration into
// rules of the linter: a typed expression over an operation or a journey, with
// few built-in functions, evaluated under a deadline.
package custom

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// The limits on an expression. A person reads these expressions: one that needs
// more is two rules.
const (
	MaxLength     = 2000 // characters
	MaxNodes      = 500
	MaxPredicates = 2                // one within the other: each multiplies the work by the length of a list
	Deadline      = time.Second      // for one evaluation
	Budget        = 10 * time.Second // for all evaluations of a rule in a run
)

// What an expression sees of lists and texts is cut, so that no manifest makes it slow.
const (
	MaxItems = 100
	MaxText  = 2000 // bytes
)

// functions are the built-in functions of expressions. None reads a clock and
// none builds a list.
func functions() []string {
	return []string{"all", "any", "none", "one", "count", "len", "duration", "lower", "upper", "trim", "abs", "int", "float", "min", "max"}
}

// codeForm keeps the codes of teams apart from the built-in ones.
const (
	codeForm = `^[A-Z][A-Z0-9]*[0-9]+$`
	nameForm = `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`
)

// Compile makes a rule of what a team wrote. A rule that cannot be used is nil,
// and the findings about the configuration say why. That code and name belong
// to no other rule is for the caller to see to.
func Compile(c config.CustomRule) (*lint.Rule, []diag.Finding) {
	r := &lint.Rule{
		Code: c.Code.Value, Name: c.Name.Value, Severity: c.Severity.Value, Since: "0.1.0", Custom: true,
		Summary: c.Message.Value,
		Doc: lint.Doc{
			Why: c.Why.Or("A custom rule of this team."), Fix: c.Fix.Or("Change what the finding names."),
			Bad: c.Bad.Value, Good: c.Good.Value,
		},
	}
	f := wellFormed(&c)
	switch {
	case f != nil:
	case c.Over.Value == "journey":
		f = overJourneys(r, &c)
	default:
		f = overOperations(r, &c)
	}
	if f != nil {
		return nil, []diag.Finding{config.Fault(c, f.at, f.message, f.fix)}
	}
	return r, nil
}

// A fault is why a custom rule cannot be used.
type fault struct {
	at           diag.Range
	message, fix string
}

// wellFormed checks everything about a custom rule but its expression.
func wellFormed(c *config.CustomRule) *fault {
	switch code := c.Code.Value; {
	case !regexp.MustCompile(codeForm).MatchString(code) || strings.HasPrefix(code, "WN"):
		return &fault{c.Code.Range, fmt.Sprintf("%q isn't a valid code for a custom rule", code), "use capital letters and digits that don't start with WN: ACME001"}
	case !regexp.MustCompile(nameForm).MatchString(c.Name.Value):
		return &fault{c.Name.Range, fmt.Sprintf("%q is not the name of a rule", c.Name.Value), "write lower-case words joined by hyphens: slow-audit"}
	case len(c.When.Value) > MaxLength:
		return &fault{c.When.Range, fmt.Sprintf("the expression has more than %d characters", MaxLength), "split it into two rules"}
	}
	return nil
}

// program compiles an expression over env. Names that given does not know are
// refused, so that a misspelt fact is not simply never given.
func program(c *config.CustomRule, env any, given []string) (*vm.Program, *fault) {
	check := &checker{given: given}
	options := []expr.Option{expr.Env(env), expr.AsBool(), expr.MaxNodes(MaxNodes), expr.DisableAllBuiltins(), expr.Patch(check)}
	for _, f := range functions() {
		options = append(options, expr.EnableBuiltin(f))
	}
	p, err := expr.Compile(c.When.Value, options...)
	var at *file.Error
	switch {
	case errors.As(err, &at):
		fix := "correct it"
		if name, ok := strings.CutPrefix(at.Message, "unknown name "); ok {
			names := namesOf(reflect.TypeOf(env), "")
			fix = "write the name of a fact, as 'waitornot explain' lists them"
			if near := diag.Nearest(name, names); near != "" {
				fix = "write " + near
			} else if _, rest, _ := strings.Cut(c.When.Value, name+"."); slices.Contains(names, firstWord(rest)) {
				fix = fmt.Sprintf("write %s without %s.", firstWord(rest), name)
			}
		}
		if strings.Contains(at.Message, "EOF") {
			fix = "complete it; unless it's quoted, YAML reads what follows a space and # as a comment"
		}
		return nil, &fault{within(c.When, at.Line, at.Column), "the expression is wrong: " + oneLine(at.Message), fix}
	case err != nil:
		return nil, &fault{c.When.Range, "the expression is wrong: " + oneLine(err.Error()), "correct it"}
	case predicates(p.Node()) > MaxPredicates:
		return nil, &fault{c.When.Range, fmt.Sprintf("more than %d predicates are nested one in another", MaxPredicates), "split it into two rules"}
	case check.fault != "":
		at := (&file.Error{Location: check.at}).Bind(file.NewSource(c.When.Value))
		return nil, &fault{within(c.When, at.Line, at.Column), check.fault, check.fix}
	}
	return p, nil
}

// firstWord returns the name that a text begins with.
func firstWord(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if end < 0 {
		return text
	}
	return text[:end]
}

// A checker walks an expression for what the type checker does not see.
type checker struct {
	given      []string
	at         file.Location
	fault, fix string
}

// Visit implements ast.Visitor.
func (c *checker) Visit(node *ast.Node) {
	if c.fault != "" {
		return
	}
	switch n := (*node).(type) {
	case *ast.CallNode:
		name, ok := n.Callee.(*ast.IdentifierNode)
		if !ok || name.Value != "given" || len(n.Arguments) != 1 {
			return
		}
		fact, ok := n.Arguments[0].(*ast.StringNode)
		switch {
		case !ok:
			c.refuse(n, "given takes the name of a fact in quotes", `write given("timeout")`)
		case !slices.Contains(c.given, fact.Value):
			c.refuse(fact, fmt.Sprintf("%q is not a fact", fact.Value), "write one of the facts that a manifest gives"+nearest(fact.Value, c.given))
		}
	case *ast.BuiltinNode:
		// Those that take a predicate cannot be disabled.
		if !slices.Contains(functions(), n.Name) {
			c.refuse(n, fmt.Sprintf("unknown function %s", n.Name), "use one of "+strings.Join(functions(), ", "))
		}
	case *ast.BinaryNode:
		if n.Operator == ".." {
			c.refuse(n, "ranges of numbers are not allowed", "compare with < and >")
		}
	}
}

func (c *checker) refuse(n ast.Node, fault, fix string) {
	c.at, c.fault, c.fix = n.Location(), fault, fix
}

// namesOf returns the names of a type of the environment, those inside others with theirs.
func namesOf(of reflect.Type, prefix string) []string {
	var names []string
	for i := range of.NumField() {
		f := of.Field(i)
		name := prefix + f.Tag.Get("expr")
		if f.Type.Kind() == reflect.Struct {
			names = append(names, namesOf(f.Type, name+".")...)
			continue
		}
		names = append(names, name)
	}
	return names
}

func nearest(word string, words []string) string {
	if near := diag.Nearest(word, words); near != "" {
		return ", perhaps " + near
	}
	return ""
}

func oneLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return strings.TrimSuffix(first, ".")
}

// within returns the place of a line and a column of an expression in the
// configuration. It is exact for an expression on one line; elsewhere it is the
// whole expression.
func within(when manifest.Field[string], line, column int) diag.Range {
	whole := when.Range
	length := len([]rune(when.Value))
	written := int(whole.End.Column) - int(whole.Start.Column)
	quotes := written - length
	if line != 1 || whole.Start.Line != whole.End.Line || quotes != 0 && quotes != 2 {
		return whole
	}
	start := whole.Start
	start.Column += uint32(column + quotes/2)
	end := start
	end.Column++
	return diag.Range{Start: start, End: end}
}

// predicates returns how deep predicates are nested: 1 for any(tags, # == "z").
func predicates(node ast.Node) int {
	d := &depths{}
	ast.Walk(&node, d)
	return d.deepest
}

// depths measures the nesting of predicates. Nodes are visited after those in them, so
// the predicates in one are the last ones that were seen and are not in any yet.
type depths struct {
	open    []*ast.PredicateNode // in no other so far
	depth   []int                // of those
	deepest int
}

// Visit implements ast.Visitor.
func (d *depths) Visit(node *ast.Node) {
	p, ok := (*node).(*ast.PredicateNode)
	if !ok {
		return
	}
	inner := 0
	kept := 0
	for i, q := range d.open {
		if contains(p.Node, q) {
			inner = max(inner, d.depth[i])
			continue
		}
		d.open[kept], d.depth[kept] = q, d.depth[i]
		kept++
	}
	d.open, d.depth = append(d.open[:kept], p), append(d.depth[:kept], inner+1)
	d.deepest = max(d.deepest, inner+1)
}

// contains reports whether a node is in another.
func contains(outer ast.Node, inner *ast.PredicateNode) bool {
	f := &finder{wanted: inner}
	ast.Walk(&outer, f)
	return f.found
}

type finder struct {
	wanted *ast.PredicateNode
	found  bool
}

// Visit implements ast.Visitor.
func (f *finder) Visit(node *ast.Node) {
	if p, ok := (*node).(*ast.PredicateNode); ok && p == f.wanted {
		f.found = true
	}
}

// An evaluator runs the program of a rule within its deadline and its budget. It may be
// used by several goroutines at a time.
type evaluator struct {
	program *vm.Program
	spent   atomic.Int64 // nanoseconds, of all evaluations
	failed  atomic.Bool  // one was given up, and all further ones are
}

// errGivenUp says that the rule failed before.
var errGivenUp = errors.New("given up")

// run evaluates the program. The virtual machine cannot be interrupted: an evaluation
// that is given up goes on until it ends by itself, so there is at most one of a rule
// for each goroutine.
func (e *evaluator) run(env any) (bool, error) {
	if e.failed.Load() {
		return false, errGivenUp
	}
	type outcome struct {
		value any
		err   error
	}
	done := make(chan outcome, 1)
	start := time.Now()
	go func() {
		value, err := expr.Run(e.program, env)
		done <- outcome{value, err}
	}()
	timer := time.NewTimer(Deadline)
	defer timer.Stop()
	select {
	case out := <-done:
		if spent := time.Duration(e.spent.Add(int64(time.Since(start)))); spent > Budget {
			e.failed.Store(true)
			return false, fmt.Errorf("it took more than %s in all", Budget)
		}
		if out.err != nil {
			return false, out.err
		}
		hit, _ := out.value.(bool)
		return hit, nil
	case <-timer.C:
		e.failed.Store(true)
		return false, fmt.Errorf("no result within %s", Deadline)
	}
}

// overOperations makes r look at single operations.
func overOperations(r *lint.Rule, c *config.CustomRule) *fault {
	known := facts()
	p, f := program(c, operation{}, slices.Sorted(maps.Keys(known)))
	if f != nil {
		return f
	}
	e := &evaluator{program: p}
	r.Operation = func(pass *lint.Pass, s *lint.Subject) {
		hit, err := e.run(environment(s, known))
		switch {
		case errors.Is(err, errGivenUp):
		case err != nil:
			pass.Fail("", diag.Range{}, "", failure(c, err), "fix the expression")
		case hit:
			pass.Report(diag.Range{}, fmt.Sprintf("%q: %s", s.Name.Value, c.Message.Value), c.Fix.Value)
		}
	}
	return nil
}

// failure says that an expression could not be evaluated.
func failure(c *config.CustomRule, err error) string {
	return fmt.Sprintf("the expression of %s (%s:%d) fails here: %s", c.Name.Value, c.File, c.When.Range.Start.Line, oneLine(err.Error()))
}

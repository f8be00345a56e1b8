package prompt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// lines asks with plain numbered lines.
type lines struct {
	err io.Writer
	in  *dialog.Lines
}

func newLines(s term.Streams) *lines {
	return &lines{err: s.Err, in: dialog.NewLines(s.In, s.Err, !term.IsTerminal(s.In))}
}

func (l *lines) say(format string, args ...any) { fmt.Fprintf(l.err, format+"\n", args...) }

// offer lists options by their numbers.
func (l *lines) offer(options []dialog.Option) {
	for _, line := range dialog.Numbered(options) {
		l.say("%s", line)
	}
}

// next reads one line; what names the question in the error when there is none.
func (l *lines) next(ctx context.Context, what string) (string, error) {
	text, err := l.in.Next(ctx, nil)
	if errors.Is(err, io.EOF) {
		return "", &EndError{Question: what}
	}
	return text, err
}

// errBack says that the user wants the question before.
var errBack = errors.New("back")

// ask asks until take accepts a line. Back and explain answer "<" and "?" when
// they are not nil; take says what is wrong with a line, "" when it accepts it.
func (l *lines) ask(ctx context.Context, what, hint string, explain func(), take func(string) string) error {
	for {
		fmt.Fprintf(l.err, "%s: ", hint)
		text, err := l.next(ctx, what)
		if err != nil {
			return err
		}
		switch text := term.Clean(text); {
		case text == "<":
			return errBack
		case text == "?" && explain != nil:
			explain()
		default:
			wrong := take(text)
			if wrong == "" {
				return nil
			}
			l.say("%s", wrong)
		}
	}
}

// A step asks for one thing. One that isn't needed after the answers so far is passed over.
type step struct {
	ask    func(ctx context.Context) error
	needed func() bool // nil when it always is
}

func (s *step) isNeeded() bool { return s.needed == nil || s.needed() }

// walk takes the steps in order, back to the one before when the user says so.
func (l *lines) walk(ctx context.Context, steps []step) error {
	for i := 0; i < len(steps); {
		if !steps[i].isNeeded() {
			i++
			continue
		}
		err := steps[i].ask(ctx)
		switch {
		case err == nil:
			i++
			continue
		case !errors.Is(err, errBack):
			return err
		}
		before := i - 1
		for before >= 0 && !steps[before].isNeeded() {
			before--
		}
		if before < 0 {
			l.say("This is the first question.")
			continue
		}
		i = before
	}
	return nil
}

// Interview asks for what of the operation is not given yet.
func (l *lines) Interview(ctx context.Context, i Interview, given Replies) (Replies, error) {
	r := given
	l.say("Type < to go back and ? for an explanation.")
	var steps []step
	for _, d := range []Detail{Name, Caller, Callee} {
		if !given.Detailed[d] {
			steps = append(steps, step{ask: func(ctx context.Context) error { return l.detail(ctx, &i, &r, d) }})
		}
	}
	missing := given.Missing()
	for n, q := range missing {
		steps = append(steps, step{ask: func(ctx context.Context) error {
			of := len(missing) + len(i.factsAfter(&given, &r))
			l.say("\nQuestion %d of %d, %s: %s", n+1, of, q, i.Questions[q].Ask)
			return l.question(ctx, &i, &r, q, "")
		}})
	}
	for _, f := range advice.AskedFacts() {
		steps = append(steps, step{
			needed: func() bool { return slices.Contains(i.factsAfter(&given, &r), f) },
			ask: func(ctx context.Context) error {
				facts := i.factsAfter(&given, &r)
				l.say("\nQuestion %d of %d, %s: %s", len(missing)+1+slices.Index(facts, f), len(missing)+len(facts), f.Flag(), i.Facts[f].Ask)
				return l.fact(ctx, &i, &r, f, "")
			},
		})
	}
	if !given.Moded {
		steps = append(steps, step{ask: func(ctx context.Context) error { return l.mode(ctx, &r) }})
	}
	if !given.Detailed[Description] {
		steps = append(steps, step{ask: func(ctx context.Context) error { return l.detail(ctx, &i, &r, Description) }})
	}
	err := l.walk(ctx, steps)
	if end := (*EndError)(nil); errors.As(err, &end) {
		if end.Open = r.Missing(); len(end.Open) == 0 && !i.factIsOpen(&given, &r) {
			return r, nil // what comes after the questions may stay open: no verdict depends on it
		}
	}
	if err != nil {
		return given, err
	}
	return r, nil
}

// detail asks for a name, a caller or a callee.
func (l *lines) detail(ctx context.Context, i *Interview, r *Replies, d Detail) error {
	optional, needed := ", or an empty line for none", d == Name && i.NeedsName
	if needed {
		optional = ""
	}
	explain := func() { l.say("The %s is %s.", d, d.means()) }
	return l.ask(ctx, "the "+d.String(), d.title()+optional, explain, func(text string) string {
		if text == "" && needed {
			return "A name is needed to add the operation to a manifest."
		}
		r.Details[d], r.Detailed[d] = text, true
		return ""
	})
}

// mode asks how the operation works today.
func (l *lines) mode(ctx context.Context, r *Replies) error {
	l.say("\n%s", modeQuestion)
	options := modeOptions()
	l.offer(options)
	explain := func() { l.say("%s", explainMode) }
	return l.ask(ctx, "the mode", fmt.Sprintf("Answer, 1 to %d", len(options)), explain, func(typed string) string {
		if n, only := dialog.Match(options, typed); only {
			r.Mode, r.Moded = modes()[n], true
			return ""
		}
		mode, err := ParseMode(typed)
		if err != nil {
			return text.Sentence(err.Error() + fmt.Sprintf(", or a number from 1 to %d", len(options)))
		}
		r.Mode, r.Moded = mode, true
		return ""
	})
}

// question puts one of the four questions. An empty line takes the answer to start with,
// when there is one.
func (l *lines) question(ctx context.Context, i *Interview, r *Replies, q decide.Question, start string) error {
	text := &i.Questions[q]
	for _, e := range text.Examples {
		l.say("For example, %s", e)
	}
	offered := append(q.Choices(), decide.Unknown)
	l.offer(answerOptions(text, offered))
	hint := fmt.Sprintf("Answer, 1 to %d", len(offered))
	if q == decide.Latency {
		hint += ", or a duration such as 900ms"
	}
	err := l.ask(ctx, "the question "+q.String(), startingWith(hint, start), func() { l.explain(i, q) }, func(typed string) string {
		typed = cmp.Or(typed, start)
		if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= len(offered) {
			r.answer(q, offered[n-1])
			return ""
		}
		if err := r.Answer(q, typed, i.Limits); typed == "" || err != nil {
			return l.refusal(q, typed, len(offered), err)
		}
		return ""
	})
	if err == nil {
		l.say("%s", i.standing(r, AboutQuestion(q)))
	}
	return err
}

// fact puts the question for a fact. An empty line takes the answer to start with, when there
// is one.
func (l *lines) fact(ctx context.Context, i *Interview, r *Replies, f advice.Fact, start string) error {
	words := &i.Facts[f]
	for _, e := range words.Examples {
		l.say("For example, %s", e)
	}
	options := factOptions(words)
	for n, o := range options {
		l.say("%d. %s: %s", n+1, o.Label, o.Means)
	}
	explain := func() {
		for _, line := range factExplanation(words, f) {
			l.say("%s", line)
		}
	}
	hint := startingWith(fmt.Sprintf("Answer, 1 to %d", len(options)), start)
	err := l.ask(ctx, "the question "+f.Flag(), hint, explain, func(typed string) string {
		typed = cmp.Or(typed, start)
		if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= len(options) {
			r.tell(f, factAnswers()[n-1])
			return ""
		}
		if err := r.Tell(f, typed); typed == "" {
			return fmt.Sprintf("Enter a number from 1 to %d, or one of yes, no, or unknown.", len(options))
		} else if err != nil {
			return text.Sentence(err.Error() + fmt.Sprintf(", or a number from 1 to %d", len(options)))
		}
		return ""
	})
	if err == nil {
		l.say("%s", i.standing(r, AboutFact(f)))
	}
	return err
}

// refusal says what a question accepts.
func (l *lines) refusal(q decide.Question, typed string, options int, err error) string {
	if typed == "" {
		return fmt.Sprintf("Enter a number from 1 to %d, or one of %s.", options, accepted(q))
	}
	return text.Sentence(err.Error() + fmt.Sprintf(", or a number from 1 to %d", options))
}

// explain says what a question is for and what its answers argue for.
func (l *lines) explain(i *Interview, q decide.Question) {
	for _, line := range explanation(&i.Questions[q], q) {
		l.say("%s", line)
	}
}

// confirm asks a question whose answer is yes or no.
func (l *lines) confirm(ctx context.Context, question string) (yes bool, err error) {
	err = l.ask(ctx, "the last question", question+" yes or no", nil, func(text string) string {
		switch a, ok := words[strings.ToLower(text)]; {
		case strings.EqualFold(text, "yes"), ok && a == decide.Yes, text == "1":
			yes = true
		case strings.EqualFold(text, "no"), ok && a == decide.No, text == "2":
			yes = false
		default:
			return "Please answer yes or no."
		}
		return ""
	})
	return yes, l.noBack(err)
}

// noBack is for questions that have none before them.
func (l *lines) noBack(err error) error {
	if errors.Is(err, errBack) {
		return nil
	}
	return err
}

// Choose asks for one of several options and returns its position.
func (l *lines) Choose(ctx context.Context, question string, options []dialog.Option) (chosen int, err error) {
	l.say("\n%s", question)
	l.offer(options)
	err = l.ask(ctx, "the question what to do", fmt.Sprintf("Answer, 1 to %d", len(options)), nil, func(text string) string {
		var only bool
		if chosen, only = dialog.Match(options, text); only {
			return ""
		}
		return fmt.Sprintf("Please answer with a number from 1 to %d.", len(options))
	})
	return chosen, err
}

// Line asks for a line of text.
func (l *lines) Line(ctx context.Context, question, start string, check func(string) string) (text string, err error) {
	hint := question
	if start != "" {
		hint += fmt.Sprintf(" (an empty line means %s)", term.Safe(start))
	}
	err = l.ask(ctx, "the question for a line of text", hint, nil, func(typed string) string {
		if text = typed; text == "" {
			text = start
		}
		return check(text)
	})
	return text, err
}

package quiz

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/practice"
)

// An End says how a game came to its end. The zero value: it was played to the
// end.
type End uint8

// The ends.
const (
	Finished    End = iota
	Stopped         // the person left it, or the input ended
	Interrupted     // a signal or ctrl+c
)

// Lines plays a game with plain lines: numbered options, one answer a line. The
// end of the input stops it; nothing is answered in the person's place.
func Lines(ctx context.Context, g *Game, in *dialog.Lines, out io.Writer) (End, error) {
	l := &lines{g: g, out: out, in: in}
	fmt.Fprintln(l.out, "Type a number or a word. ? gives a hint, u undoes, > skips, q stops; everything is saved.")
	fmt.Fprint(l.out, g.Lead())
	for {
		if _, ok := g.Session.Step(); !ok {
			return Finished, nil
		}
		if end, err := l.step(ctx); err != nil || end != Finished {
			return end, err
		}
	}
}

// Choose asks for one of several options with plain lines and returns its word.
func Choose(ctx context.Context, ask Ask, p Writer, in *dialog.Lines, out io.Writer) (string, End, error) {
	l := &lines{out: out, in: in}
	l.put(p, ask, "")
	for {
		fmt.Fprint(out, "> ")
		got, end, err := l.next(ctx)
		if err != nil || end != Finished {
			return "", end, err
		}
		if got == "q" {
			return "", Stopped, nil
		}
		if move, ok := parse(ask, got); ok && move.Kind == Say {
			return move.Word, Finished, nil
		}
		fmt.Fprintf(out, "\"%s\" is not one of the options. ", term.Safe(got))
	}
}

type lines struct {
	g     *Game // nil while there is none
	out   io.Writer
	in    *dialog.Lines
	shown practice.Step // the question that stands above
}

// step asks until a move was made. A question that stands there already, above
// a hint, is not put again.
func (l *lines) step(ctx context.Context) (End, error) {
	step, _ := l.g.Session.Step()
	ask := l.g.Wording.Ask(step)
	if step.Card != l.shown.Card || step.Part != l.shown.Part {
		l.show(ask)
	}
	l.shown = step
	for {
		fmt.Fprint(l.out, "> ")
		got, end, err := l.next(ctx)
		if err != nil || end != Finished {
			return end, err
		}
		if got == "q" {
			return Stopped, nil
		}
		move, ok := parse(ask, got)
		if !ok {
			fmt.Fprintf(l.out, "\"%s\" is not one of the options. ", term.Safe(got))
			continue
		}
		told, err := l.g.Play(move)
		if err == nil {
			fmt.Fprint(l.out, told.Text(l.g.Writer)+l.g.Lead())
		}
		return Finished, err
	}
}

// show writes the question at hand.
func (l *lines) show(ask Ask) { l.put(l.g.Writer, ask, l.g.Clock()) }

// put writes a question with numbered options.
func (l *lines) put(p Writer, ask Ask, clock string) {
	head := ask.Title
	if clock != "" {
		head += " (" + clock + ")"
	}
	fmt.Fprint(l.out, "\n"+p.para(0, head))
	if ask.Help != "" {
		fmt.Fprint(l.out, p.para(0, ask.Help))
	}
	for _, line := range dialog.Numbered(ask.Options) {
		fmt.Fprint(l.out, p.para(0, line))
	}
}

// timeUp is a line that nobody can type.
const timeUp = "\n\n"

// next reads a line, or says how the game ended. The clock is looked at while
// nothing is typed.
func (l *lines) next(ctx context.Context) (string, End, error) {
	got, err := l.in.Next(ctx, func() bool { return l.g != nil && l.g.timeOver() })
	switch {
	case errors.Is(err, dialog.ErrInterrupted):
		return "", Interrupted, nil
	case errors.Is(err, dialog.ErrTimeOver):
		return timeUp, Finished, nil
	case errors.Is(err, io.EOF):
		return "", Stopped, nil
	case err != nil:
		return "", Stopped, err
	}
	return strings.TrimSpace(got), Finished, nil
}

// saysNo reports whether a text is a plain no to the question whose options are the
// reasons for one.
func saysNo(ask Ask, text string) bool {
	return ask.Name == decide.Retryability.String() && (text == "n" || text == "no")
}

// timeOver reports whether the next move will find that the time is over.
func (g *Game) timeOver() bool {
	left, limited := g.Session.Left(g.Now())
	return limited && left == 0 && g.cutOff()
}

// parse understands a line: a sign, a number, a key, a word or the beginning of
// only one word.
func parse(ask Ask, text string) (Move, bool) {
	switch text {
	case "?", "u", "<", ">", timeUp:
	default:
		if ask.Text {
			return Move{Word: text}, true
		}
	}
	switch text {
	case timeUp:
		return Move{Kind: Tick}, true
	case "?":
		return Move{Kind: Hint}, true
	case ">":
		return Move{Kind: Skip}, true
	case "u", "<":
		return Move{Kind: Back}, true
	}
	text = strings.ToLower(text)
	if saysNo(ask, text) {
		return Move{Word: decide.No.String()}, true
	}
	if i, only := dialog.Match(ask.Options, text); only {
		return Move{Word: ask.Options[i].Word}, true
	}
	if d, err := time.ParseDuration(text); err == nil && ask.Name == decide.Latency.String() {
		return Move{Word: decide.DefaultLimits().Latency(d).String()}, true
	}
	return Move{}, false
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waitornot/testdata/bench/input"
)

// A workspace is a folder of services: the first has a thousand operations, the others
// ten each.
type workspace struct {
	dir      string
	services int
}

func (b *bench) workspace(services int) (workspace, error) {
	w := workspace{b.path(fmt.Sprintf("workspace-%d", services)), services}
	for i := range services {
		size := 10
		if i == 0 {
			size = 1000
		}
		at := filepath.Join(filepath.Base(w.dir), fmt.Sprintf("s%04d", i))
		if err := os.MkdirAll(b.path(at), 0o755); err != nil {
			return w, err
		}
		if err := b.write(filepath.Join(at, "waitornot.yaml"), func(out *writer) { input.Member(out, i, services, size) }); err != nil {
			return w, err
		}
	}
	return w, nil
}

func (w workspace) large() string { return filepath.Join(w.dir, "s0000", "waitornot.yaml") }
func (w workspace) small() string { return filepath.Join(w.dir, "s0001", "waitornot.yaml") }

// An editing is what an editor waits for.
type editing struct {
	keystroke, hover, completion []time.Duration
	typed, checked               [2]sample // after keystrokes and of check, of a tenth of the services and of all
	opening, check               []sample  // of all services, in turn
	services                     int
	letters                      int
	computing                    time.Duration // of the server for a letter, in a tenth of the services
}

// editing measures keystrokes in a tenth of the services, and opening all of them.
func (b *bench) editing(services, keystrokes int) (*editing, error) {
	f := &editing{services: services, letters: keystrokes}
	for i, n := range []int{max(services/10, 2), services} {
		w, err := b.workspace(n)
		if err != nil {
			return nil, err
		}
		if f.checked[i], err = b.checking(w).run(); err != nil {
			return nil, err
		}
		if i == 0 {
			f.typed[i], err = b.few(w, f)
		} else if f.typed[i], err = b.typing(w, new(editing), keystrokes); err == nil {
			err = b.all(w, f)
		}
		if err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (b *bench) checking(w workspace) command {
	return command{"2", []string{b.program("waitornot"), "check", "--format", "json", w.dir}}
}

// few measures what somebody waits for while typing.
func (b *bench) few(w workspace, f *editing) (typed sample, err error) {
	if err := b.looking(w, f, f.letters); err != nil {
		return sample{}, err
	}
	if typed, err = b.typing(w, f, f.letters); err != nil {
		return sample{}, err
	}
	opened, err := b.opening(w, w.large())
	f.computing = max(0, typed.cpu-opened.cpu) / time.Duration(f.letters)
	return typed, err
}

// all measures opening a folder, and checking it, in turn.
func (b *bench) all(w workspace, f *editing) error {
	for k := range b.runs {
		fmt.Fprintf(b.progress, "\ropening %d services, %d of %d ", w.services, k+1, b.runs)
		opened, err := b.opening(w, w.small())
		if err != nil {
			return err
		}
		checked, err := b.checking(w).run()
		if err != nil {
			return err
		}
		f.opening, f.check = append(f.opening, opened), append(f.check, checked)
	}
	fmt.Fprintln(b.progress)
	return nil
}

// opening opens a folder and a file of it, up to the last finding of the last file.
func (b *bench) opening(w workspace, file string) (sample, error) {
	e, err := b.edit(w.dir)
	if err != nil {
		return sample{}, err
	}
	if _, err := e.open(file); err != nil {
		return sample{}, err
	}
	return e.close()
}

// typing types a letter and takes it back, again and again.
func (b *bench) typing(w workspace, into *editing, keystrokes int) (sample, error) {
	fmt.Fprintf(b.progress, "typing in %d services\n", w.services)
	e, err := b.edit(w.dir)
	if err != nil {
		return sample{}, err
	}
	text, err := e.open(w.large())
	if err != nil {
		return sample{}, err
	}
	middle := strings.Index(text, "-500\n")
	end := middle
	for i := range keystrokes {
		key, start := "x", time.Now()
		if i%2 == 1 {
			key, end = "", middle+1
		} else {
			end = middle
		}
		if err := e.notify("textDocument/didChange", map[string]any{
			"textDocument": map[string]any{"uri": uriOf(w.large()), "version": i + 2},
			"contentChanges": []any{map[string]any{
				"range": map[string]any{"start": positionIn(text, middle), "end": positionIn(text, end)}, "text": key,
			}},
		}); err != nil {
			return sample{}, err
		}
		if err := e.findings(w.large(), i+2); err != nil {
			return sample{}, err
		}
		into.keystroke = append(into.keystroke, time.Since(start))
		if err := e.settle(); err != nil {
			return sample{}, err
		}
	}
	return e.close()
}

// looking asks what an editor asks where the cursor stands, again and again.
func (b *bench) looking(w workspace, into *editing, times int) error {
	e, err := b.edit(w.dir)
	if err != nil {
		return err
	}
	text, err := e.open(w.large())
	if err != nil {
		return err
	}
	for _, ask := range []struct {
		method, before string
		times          *[]time.Duration
	}{{"hover", "-400\n", &into.hover}, {"completion", "    callee", &into.completion}} {
		at := map[string]any{"textDocument": map[string]string{"uri": uriOf(w.large())}, "position": positionIn(text, strings.Index(text, ask.before))}
		for range times {
			start := time.Now()
			result, err := e.request("textDocument/"+ask.method, at)
			if err != nil {
				return err
			}
			if string(result) == "null" {
				return fmt.Errorf("nothing to say about %s", ask.method)
			}
			*ask.times = append(*ask.times, time.Since(start))
		}
	}
	_, err = e.close()
	return err
}

// positionIn returns where an offset of an ASCII line stands.
func positionIn(text string, offset int) map[string]int {
	line := strings.Count(text[:offset], "\n")
	return map[string]int{"line": line, "character": utf8.RuneCountInString(text[strings.LastIndexByte(text[:offset], '\n')+1 : offset])}
}

// markdown shows the figures against their bars.
func (f *editing) markdown() string {
	var b strings.Builder
	row := func(what string, measured float64, bar float64, format string) {
		shown := fmt.Sprintf(format, measured)
		limit := ""
		if bar > 0 {
			limit = fmt.Sprintf(format, bar)
			if measured > bar {
				shown = "**" + shown + "**"
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", what, shown, limit)
	}
	fmt.Fprintf(&b, "| what | measured | bar |\n| --- | --- | --- |\n")
	row("a keystroke, median", milliseconds(f.keystroke, .5), 0, "%.1f ms")
	row("the same, 95th percentile", milliseconds(f.keystroke, .95), 15, "%.1f ms")
	row("computing for a keystroke", float64(f.computing)/1e6, 0, "%.1f ms")
	row("hover, 95th percentile", milliseconds(f.hover, .95), 5, "%.2f ms")
	row("completion, 95th percentile", milliseconds(f.completion, .95), 5, "%.2f ms")
	all := thousands(f.services)
	row("opening "+all+" services up to the last finding, against one `check` of them: time", ratioOf(f.opening, f.check, wallOf), 1, "%.2f")
	row("the same: computing", ratioOf(f.opening, f.check, cpuOf), 1, "%.2f")
	for i, n := range []string{thousands(max(f.services/10, 2)), all} {
		row(fmt.Sprintf("peak memory after %d keystrokes in %s services, against `check`", f.letters, n), share(f.typed[i].memory, f.checked[i].memory), 2, "%.2f")
	}
	opened, checked := median(f.opening), median(f.check)
	fmt.Fprintf(&b, "\nOpening took %s and %s of computing, `check` %s and %s: medians of %d pairs of runs on two cores.\n",
		seconds(opened.wall), seconds(opened.cpu), seconds(checked.wall), seconds(checked.cpu), len(f.opening))
	return b.String()
}

// milliseconds returns the time that a share of times doesn't exceed.
func milliseconds(times []time.Duration, share float64) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return float64(sorted[min(len(sorted)-1, int(float64(len(sorted))*share))]) / 1e6
}

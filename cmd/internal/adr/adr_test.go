package adr

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waitornot/cmd/internal/disk"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/rules/embedded"
)

// hostile draws texts with what could break out of where it is put.
func hostile() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringMatching("[-#:\"'`|<>!&\\[\\](){} \n\r\t%@a-z請/.]{0,40}"))
}

// What is written into the front matter and into the line of decisions is read
// back as it was, whatever it is.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := hostile().Draw(t, "id")
		front := setField(setField("x\n", "operation", id), "status", "accepted")
		if got, ok := fieldOf(fieldsOf(front[:len(front)-2]), "operation"); !ok || got.value != strings.ToValidUTF8(id, "\ufffd") {
			t.Errorf("%q is read back as %q", front, got.value)
		}
		if strings.ContainsAny(quoted(id), "\n\r") {
			t.Errorf("quoted(%q) takes several lines", id)
		}
		want := []choice{{id, decide.Hybrid}, {id + "x", decide.Sync}}
		line := decidedLine(Service, id, want)
		if kind, about, got := decidedIn(line); kind != Service || about != id || !cmp.Equal(got, want, cmp.AllowUnexported(choice{})) {
			t.Errorf("decidedIn(%q) = %v, want %v", line, got, want)
		}
		if strings.Contains(strings.TrimSuffix(line, " -->\n"), "--") && strings.Count(line, "--") > 2 {
			t.Errorf("the comment %q can be left early", line)
		}
	})
}

// A slug is a safe part of a file name, and keeps apart what only differs in
// letters that it drops.
func TestSlug(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := hostile().Draw(t, "id")
		s := slug(id, "async")
		if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(s) > 100 || strings.HasPrefix(s, "-") || !strings.HasSuffix(s, "-async") {
			t.Errorf("slug(%q) = %q", id, s)
		}
	})
	if a, b := slug("shop/請求", "sync"), slug("shop/支払", "sync"); a == b {
		t.Errorf("both are %q", a)
	}
	long := strings.Repeat("a", 90)
	if a, b := slug(long+"1", "sync"), slug(long+"2", "sync"); a == b {
		t.Errorf("both are %q", a)
	}
}

func TestNaming(t *testing.T) {
	day := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name  string
		there []string
		style style
		want  []string
	}{
		{"empty", nil, madr, []string{"0001-x.md", "0002-x.md"}},
		{"goes on", []string{"0000-use-adr.md", "0041-y.md", "template.md", "README.md"}, madr, []string{"0042-x.md"}},
		{"gaps stay", []string{"0001-a.md", "0007-b.md"}, adrTools, []string{"0008-x.md"}},
		{"narrow", []string{"001-a.md"}, madr, []string{"002-x.md"}},
		{"full", []string{"9999-a.md"}, madr, []string{"10000-x.md"}},
		{"dates", []string{"20240101-a.md"}, madr, []string{"20260304-x.md", "20260304-x-2.md"}},
		{"dates and a name that is taken", []string{"20260304-X.md"}, log4brains, []string{"20260304-x-2.md"}},
		{"numbers beside dates", []string{"20240101-a.md", "0003-b.md"}, log4brains, []string{"0004-x.md"}},
		{"no records yet", nil, log4brains, []string{"20260304-x.md"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := namingOf(tt.there, tt.style)
			for _, want := range tt.want {
				if got := n.name("x", day); got != want {
					t.Errorf("name = %s, want %s", got, want)
				}
			}
		})
	}
}

// writer returns what writes records into dir, and a subject with one answer
// that can be set.
func writer(t *testing.T) (*Writer, func(immediacy decide.Answer) []*Subject) {
	t.Helper()
	adviser, err := embedded.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := &Writer{Adviser: adviser, Rule: "WN101 mode-disagrees", Today: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), Path: func(string) string { return "" }}
	return w, func(immediacy decide.Answer) []*Subject {
		a := adviser.Advise(&advice.Operation{Service: "shop", Name: "pay", Caller: "shop",
			Answers: decide.Answers{immediacy, decide.No, decide.Yes, decide.Yes}})
		return Subjects(Operation, []*advice.Advice{&a})
	}
}

// Whatever people write around the generated part survives every kind of
// change, and so do their line ends.
func TestHandWrittenStays(t *testing.T) {
	w, subjects := writer(t)
	for _, end := range []string{"\n", "\r\n"} {
		f := Folder{Dir: t.TempDir()}
		run := func(immediacy decide.Answer) *Plan {
			t.Helper()
			plan, err := Write(disk.Disk{}, f, w, subjects(immediacy), true)
			if err != nil {
				t.Fatal(err)
			}
			return plan
		}
		run(decide.Yes)
		path := filepath.Join(f.Dir, "0001-shop-pay-sync.md")
		text := read(t, path)
		text = strings.Replace(text, "---\n\n# shop/pay is sync\n", "decision-makers: [Ada, \"Bo\"]\n---\n\n# How | we pay\n\nAbove.\n", 1) + "\nBelow, with a * and a <!-- comment -->.\n"
		text = strings.ReplaceAll(text, "\n", end)
		write(t, path, text)

		if plan := run(decide.Yes); len(plan.Remain) > 0 {
			t.Errorf("%q: hand-written text led to %v", end, plan.Remain)
		}
		if got := read(t, path); got != text {
			t.Errorf("%q: an unchanged decision wrote:\n%s", end, cmp.Diff(text, got))
		}
		if list := read(t, filepath.Join(f.Dir, "README.md")); !strings.Contains(list, "| How &#124; we pay |") {
			t.Errorf("the list has no row for the title:\n%s", list)
		}
		w.Rule = "WN999 another" // the rationale changes
		run(decide.Yes)
		w.Rule = "WN101 mode-disagrees"
		run(decide.No)
		got := read(t, path)
		for _, want := range []string{"decision-makers: [Ada, \"Bo\"]" + end, "# How | we pay" + end + end + "Above." + end, end + "Below, with a * and a <!-- comment -->." + end, "superseded by [ADR-0002]", "WN999"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q: %q is lost:\n%s", end, want, got)
			}
		}
		if n, m := strings.Count(got, "\n"), strings.Count(got, "\r\n"); end == "\r\n" && n != m {
			t.Errorf("%d of %d lines lost their ends", n-m, n)
		}
	}
}

// A generated part is known to be edited when any of it is, and when a marker
// is lost.
func TestEdited(t *testing.T) {
	text := "a\n" + generated("b\nc\n") + "d\n"
	tests := []struct {
		name, text string
		want       state
	}{
		{"as written", text, whole},
		{"inside", strings.Replace(text, "b\n", "b \n", 1), edited},
		{"line removed", strings.Replace(text, "b\n", "", 1), edited},
		{"end lost", strings.Replace(text, endMarker+"\n", "", 1), edited},
		{"begin lost", text[strings.Index(text, "b\nc"):], edited},
		{"twice", text + text, edited},
		{"outside", "x\n" + text + "y\n", whole},
		{"none", "a\n", absent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := cut(tt.text).state; got != tt.want {
				t.Errorf("state = %d, want %d", got, tt.want)
			}
		})
	}
}

// Records and pages that cannot be written are named, and one that changes
// while it is worked on is left alone.
func TestMoved(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "0001-x.md"), "somebody was faster\n")
	c := Change{File: "0001-x.md", Action: Updated, before: "old\n", after: "new\n"}
	if err := c.write(disk.Disk{}, dir); err != errMoved {
		t.Errorf("write = %v, want %v", err, errMoved)
	}
	c.Action, c.before = Created, ""
	if err := c.write(disk.Disk{}, dir); err != errMoved {
		t.Errorf("write of a new record = %v, want %v", err, errMoved)
	}
	if got := read(t, filepath.Join(dir, "0001-x.md")); got != "somebody was faster\n" {
		t.Errorf("the file holds %q", got)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// A record holds while its status says that it does, or nothing.
func TestLive(t *testing.T) {
	for status, want := range map[string]bool{
		"": true, "accepted": true, "Proposed": true, " draft": true, "draft, for review": true,
		"superseded by ADR-0002": false, "deprecated": false, "rejected": false,
	} {
		if got := (&Record{Status: status}).Live(); got != want {
			t.Errorf("Live of %q = %v", status, got)
		}
	}
}

// A record of a service names the safeguards of every operation that has some.
func TestServiceNeeds(t *testing.T) {
	w, subjects := writer(t)
	s := *subjects(decide.No)[0]
	s.Kind, s.ID = Service, "shop"
	none := *s.Advice[0]
	none.Safeguards = nil
	quiet := *none.Operation
	quiet.Name = "quiet"
	none.Operation = &quiet
	s.Advice = append(s.Advice, &none)
	body := w.body(&s, &Record{File: "0001-shop.md"}, nil)
	if !strings.Contains(body, "* `pay` needs: "+s.Advice[0].Safeguards[0].Name) {
		t.Errorf("no safeguards of pay in:\n%s", body)
	}
	if strings.Contains(body, "`quiet` needs") {
		t.Error("an operation without safeguards needs some")
	}
}

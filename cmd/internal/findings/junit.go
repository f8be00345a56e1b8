package findings

import (
	"strconv"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// A suite is what JUnit shows of one file.
type suite struct {
	name       string // the path
	findings   []diag.Finding
	waived     []lint.Waived
	unreadable *lint.Unreadable
}

// junit writes JUnit XML: a suite a file, a case a finding. Errors and warnings
// fail, infos pass, what is waived is skipped, and a file without any of them
// is a case that passes.
func junit(w *markup.Writer, r *Report, _ term.Layout) {
	c := r.Tally()
	suites := r.suites()
	tests := 0
	for i := range suites {
		tests += suites[i].cases()
	}
	e := markup.XMLWriter{Writer: w}
	w.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	e.Comment(c.String())
	e.Open("testsuites", "name", markup.ToolName, "tests", strconv.Itoa(tests),
		"failures", strconv.Itoa(c.Errors+c.Warnings), "errors", strconv.Itoa(c.Unreadable))
	w.WriteByte('\n')
	for i := range suites {
		junitSuite(e, &suites[i])
	}
	e.Close("testsuites")
}

// suites returns the suites of a run: a file's findings follow one another, in
// the order of the names.
func (r *Report) suites() []suite {
	var list []suite
	at := map[string]int{}
	of := func(file string) *suite {
		name := r.Path(file)
		i, ok := at[name]
		if !ok {
			i = len(list)
			at[name] = i
			list = append(list, suite{name: name})
		}
		return &list[i]
	}
	if !r.Halted {
		for _, name := range r.Names {
			of(name)
		}
	}
	for i := 0; i < len(r.Findings); {
		j := i
		for j < len(r.Findings) && r.Findings[j].File == r.Findings[i].File {
			j++
		}
		of(r.Findings[i].File).findings = r.Findings[i:j]
		i = j
	}
	for _, x := range r.Waived {
		s := of(x.Finding.File)
		s.waived = append(s.waived, x)
	}
	for i := range r.Unreadable {
		of(r.Unreadable[i].File).unreadable = &r.Unreadable[i]
	}
	return list
}

func (s *suite) cases() int {
	n := len(s.findings) + len(s.waived)
	if s.unreadable != nil || n == 0 {
		n++
	}
	return n
}

func junitSuite(e markup.XMLWriter, s *suite) {
	failures, errors := 0, 0
	for i := range s.findings {
		if s.findings[i].Severity > diag.Info {
			failures++
		}
	}
	if s.unreadable != nil {
		errors = 1
	}
	e.Open("testsuite", "name", s.name, "tests", strconv.Itoa(s.cases()), "failures", strconv.Itoa(failures),
		"errors", strconv.Itoa(errors), "skipped", strconv.Itoa(len(s.waived)))
	e.WriteByte('\n')
	e.Each(len(s.findings), func(w *markup.Writer) func(int) {
		return func(i int) { junitFinding(markup.XMLWriter{Writer: w}, s.name, &s.findings[i]) }
	})
	for i := range s.waived {
		e.Open("testcase", "name", caseName(&s.waived[i].Finding), "classname", s.name)
		e.Empty("skipped", "message", term.Safe(WaiverText(&s.waived[i])))
		e.Close("testcase")
	}
	switch {
	case s.unreadable != nil:
		e.Open("testcase", "name", "can be opened", "classname", s.name)
		e.Empty("error", "type", "unreadable", "message", term.Safe(s.unreadable.Err.Error()))
		e.Close("testcase")
	case len(s.findings)+len(s.waived) == 0:
		e.Empty("testcase", "name", "no findings", "classname", s.name)
	}
	e.Close("testsuite")
}

func junitFinding(e markup.XMLWriter, name string, f *diag.Finding) {
	e.Open("testcase", "name", caseName(f), "classname", name)
	body := term.Safe(place(name, f.Range)+": "+f.Message) + "\n"
	if f.Fix != "" {
		body += term.Safe("fix: "+f.Fix) + "\n"
	}
	if f.Severity == diag.Info {
		e.Open("system-out")
		e.Escape(body)
		e.Close("system-out")
	} else {
		e.Open("failure", "type", f.Severity.String(), "message", term.Safe(f.Message))
		e.Escape(body)
		e.Close("failure")
	}
	e.Close("testcase")
}

// caseName names a finding as test reports track it from run to run.
func caseName(f *diag.Finding) string {
	name := label(f)
	if f.Operation != "" {
		name += ": " + f.Operation
	}
	if f.Key != "" {
		name += " (" + f.Key + ")"
	}
	return term.Safe(name)
}

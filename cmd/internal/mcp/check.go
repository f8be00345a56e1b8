package mcp

import (
	"context"
	"errors"
	"waitornot/decide/diag"
)

// A severity is how grave a finding is.
type severity string

// checkInput is what check takes.
type checkInput struct {
	manifests
	Severity severity `json:"severity,omitempty" jsonschema:"the minimum severity of findings to return: info by default"`
	Since    string   `json:"since,omitempty" jsonschema:"leave out findings where nothing changed since the merge base with this git revision"`
	page
}

// checkResult is what check returns.
type checkResult struct {
	Summary  summary   `json:"summary"`
	Findings []problem `json:"findings"`
	rest
	Unread []string `json:"unread,omitempty" jsonschema:"files that couldn't be opened or fully parsed"`
}

type summary struct {
	Files      int `json:"files"`
	Operations int `json:"operations"`
	Errors     int `json:"errors"`
	Warnings   int `json:"warnings"`
	Infos      int `json:"infos"`
	Waived     int `json:"waived"`
}

func (s *Server) check(ctx context.Context, in checkInput) (checkResult, error) {
	paths, text, err := in.arguments(&s.roots)
	if err != nil {
		return checkResult{}, err
	}
	args := []string{"check", "--quiet", "--fail-on=never", "--format=json", "--root=" + s.settings.Dir}
	if in.Since != "" {
		if text != "" {
			return checkResult{}, errors.New("since compares files with a revision: give paths instead of text")
		}
		args = append(args, "--since="+in.Since)
	}
	var report struct {
		Summary    summary
		Findings   []finding
		Broken     []string
		Unreadable []struct{ File, Error string }
	}
	if err := s.run(ctx, &report, text, append(args, paths...)...); err != nil {
		return checkResult{}, err
	}
	out := checkResult{Summary: report.Summary}
	for _, file := range report.Broken {
		out.Unread = append(out.Unread, place(file, nil)+": could not be fully parsed")
	}
	for _, u := range report.Unreadable {
		out.Unread = append(out.Unread, place(u.File, nil)+": "+u.Error)
	}
	out.Unread = out.Unread[:min(len(out.Unread), maxProblems)]
	var list []problem
	for i := range report.Findings {
		if f := &report.Findings[i]; in.Severity == "" || in.Severity.reaches(f.Severity) {
			list = append(list, f.problem())
		}
	}
	out.Findings, out.rest = take(in.page, list)
	return out, nil
}

// reaches reports whether a severity is as grave as this one.
func (s severity) reaches(other string) bool {
	least, _ := diag.ParseSeverity(string(s))
	is, ok := diag.ParseSeverity(other)
	return ok && is >= least
}

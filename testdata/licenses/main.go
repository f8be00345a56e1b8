// Licenses lists the modules that the program links, each with its license, and
// fails when one has none that is allowed. With -text it writes the license texts
// as well, which a release must carry.
//
//	go run ./testdata/licenses
//	go run ./testdata/licenses -text > dist/THIRD_PARTY_LICENSES
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A module is a linked module as go list describes it.
type module struct {
	Path, Version, Dir string
	Main               bool
}

// allowed are the licenses that a static binary under MIT may carry, each with
// words that no other has. MPL-2.0 asks for the source of its own files only, which
// the module proxy keeps.
var allowed = []struct{ name, words string }{
	{"Apache-2.0", "Apache License Version 2.0"},
	{"MPL-2.0", "Mozilla Public License Version 2.0"},
	{"BSD-3-Clause", "Neither the name"},
	{"BSD-2-Clause", "Redistribution and use in source and binary forms"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software"},
	{"MIT", "Permission is hereby granted, free of charge"},
}

func main() {
	text := flag.Bool("text", false, "write the license texts, too")
	flag.Parse()
	if err := run(os.Stdout, *text); err != nil {
		fmt.Fprintln(os.Stderr, "licenses:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, text bool) error {
	modules, err := linked()
	if err != nil {
		return err
	}
	var faults []error
	for _, m := range modules {
		path, body, err := license(m.Dir)
		name := classify(body)
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("%s: %w", m.Path, err))
		case name == "":
			faults = append(faults, fmt.Errorf("%s: %s is not a license that is allowed", m.Path, path))
		default:
			fmt.Fprintf(out, "%s %s %s\n", m.Path, m.Version, name)
			if text {
				fmt.Fprintf(out, "\n%s\n\n", body)
			}
		}
	}
	return errors.Join(faults...)
}

// linked returns the modules that the program is built from for any of the
// systems that it is released for, in the order of their paths.
func linked() ([]module, error) {
	found := map[string]module{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		list := exec.Command("go", "list", "-deps", "-json=Module", ".")
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		list.Stderr = os.Stderr
		out, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("go list for %s: %w", system, err)
		}
		for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
			var p struct{ Module *module }
			if err := d.Decode(&p); err != nil {
				return nil, err
			}
			if p.Module != nil && !p.Module.Main {
				found[p.Module.Path] = *p.Module
			}
		}
	}
	var modules []module
	for _, m := range found {
		modules = append(modules, m)
	}
	slices.SortFunc(modules, func(a, b module) int { return cmp.Compare(a.Path, b.Path) })
	return modules, nil
}

var (
	licenseName = regexp.MustCompile(`(?i)^(licen[cs]e|copying)(\.|-|$)`)
	readmeName  = regexp.MustCompile(`(?i)^readme(\.|$)`)
	// stated is how a module without a license text names its license.
	stated = regexp.MustCompile(`(?i)\n#+ licen[cs]e\s+MIT\b`)
)

// license returns the path and the text of a module's license.
func license(dir string) (path, text string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", "", err
	}
	for _, name := range []*regexp.Regexp{licenseName, readmeName} {
		for _, e := range entries {
			if name.MatchString(e.Name()) && e.Type().IsRegular() {
				path := filepath.Join(dir, e.Name())
				body, err := os.ReadFile(path)
				return path, string(body), err
			}
		}
	}
	return "", "", errors.New("it has no license")
}

// classify names a license text, "" when it is none of those allowed.
func classify(text string) string {
	folded := strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, l := range allowed {
		if strings.Contains(folded, strings.ToLower(l.words)) {
			return l.name
		}
	}
	if stated.MatchString(text) {
		return "MIT"
	}
	return ""
}

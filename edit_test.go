package main

import (
	"bytes"
	"os"

	"github.com/rogpeppe/go-internal/testscript"
)

// edit changes a file as a person would:
//
//	edit FILE LINE     adds a line at the end
//	edit FILE OLD NEW  puts NEW in the place of OLD, which must be there once
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: edit file line, or edit file old new")
	}
	path := ts.MkAbs(args[0])
	text, err := os.ReadFile(path)
	ts.Check(err)
	if len(args) == 2 {
		text = append(text, args[1]+"\n"...)
	} else {
		if n := bytes.Count(text, []byte(args[1])); n != 1 {
			ts.Fatalf("%s holds %q %d times", args[0], args[1], n)
		}
		text = bytes.Replace(text, []byte(args[1]), []byte(args[2]), 1)
	}
	ts.Check(os.WriteFile(path, text, 0o666))
}

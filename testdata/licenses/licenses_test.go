package main

import "testing"

func TestClassify(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Permission is hereby granted,\n  free of charge, to any person": "MIT",
		"   Apache License\n   Version 2.0, January 2004":                "Apache-2.0",
		"GNU GENERAL PUBLIC LICENSE\nVersion 3":                          "",
		"":                                                               "",
	} {
		if got := classify(text); got != want {
			t.Errorf("classify(%q) = %q, want %q", text, got, want)
		}
	}
}

package manifest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

// checkQuick holds the quick reader to the library: what it reads, the library
// reads too, and to the same nodes. What is not read in pieces does not count.
func checkQuick(t fataler, text string) bool {
	if !cuttable([]byte(text)) {
		return false
	}
	got, ok := quickItems([]byte(text))
	if !ok {
		return false
	}
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatalf("read quickly, but %v, in %q", err, text)
	}
	comments := cmpopts.IgnoreFields(yaml.Node{}, "HeadComment", "LineComment", "FootComment")
	if diff := cmp.Diff(root.Content[0], got, comments, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("nodes differ (-library +quick)\n%s\nin %q", diff, text)
	}
	return true
}

// aList draws items that the quick reader may know, with now and then a place
// changed.
func aList(t *rapid.T) string {
	text := rapid.Custom(plainItems).Draw(t, "items")
	for range rapid.IntRange(0, 2).Draw(t, "mutations") {
		from := rapid.IntRange(0, len(text)).Draw(t, "from")
		to := min(from+rapid.SampledFrom([]int{0, 0, 1, 1, 2, 9}).Draw(t, "cut"), len(text))
		text = text[:from] + rapid.SampledFrom(fragments).Draw(t, "fragment") + text[to:]
	}
	return text
}

func TestQuick(t *testing.T) {
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		if checkQuick(t, aList(t)) {
			read++
		}
	})
	if read == 0 {
		t.Error("nothing was read quickly")
	}
}

func FuzzQuick(f *testing.F) {
	for i := range 60 {
		f.Add(rapid.Custom(aList).Example(i))
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkQuick(t, text)
	})
}

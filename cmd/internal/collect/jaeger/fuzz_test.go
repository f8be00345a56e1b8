package jaeger

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Whatever Jaeger answers, reading its services ends: in names, or in an error.
func FuzzServices(f *testing.F) {
	for _, seed := range []string{`{"data":["shop","jaeger-query","cart","cart",""],"total":4}`, `{"data":null,"errors":[{"msg":"x"}]}`, `{"data":[1]}`, "[[[[", "<html>", `{"data":["\ud800\u001b[2J"]}`, `{"Data":["a"],"data":["b"]}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		list, err := servicesOf(strings.NewReader(answer))
		if err != nil && (list != nil || err.Error() == "") {
			t.Fatalf("%q: %v beside %q", answer, list, err)
		}
		if !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) || slices.Contains(list, "") || slices.Contains(list, "jaeger-query") {
			t.Fatalf("%q: %q", answer, list)
		}
	})
}

// A list without end is refused, not kept, and so is one that is too long to ask for.
func TestMostServices(t *testing.T) {
	t.Parallel()
	if _, err := servicesOf(strings.NewReader(`{"data":["` + strings.Repeat("x", mostList) + `"]}`)); err == nil || !strings.Contains(err.Error(), "longer than 8 MiB") {
		t.Error(err)
	}
	list := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"s%d",`, i)
		}
		return `{"data":[` + strings.TrimSuffix(b.String(), ",") + "]}"
	}
	if got, err := servicesOf(strings.NewReader(list(mostServices))); err != nil || len(got) != mostServices {
		t.Errorf("%d, %v", len(got), err)
	}
	if _, err := servicesOf(strings.NewReader(list(mostServices + 1))); err == nil || !strings.Contains(err.Error(), "import queries at most 2000 one by one") {
		t.Error(err)
	}
}

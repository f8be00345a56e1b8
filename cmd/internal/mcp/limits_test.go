package mcp

import (
	"fmt"
	"strings"
	"testing"
)

// What a server takes and gives ends at its limits, and not before.
func TestLimits(t *testing.T) {
	t.Parallel()
	p := &stub{out: "{}"}
	session := connect(t, p, Settings{})
	operations := func(n int) []object {
		list := make([]object, n)
		for i := range list {
			list[i] = object{"name": fmt.Sprint(i), "answers": object{}}
		}
		return list
	}
	for more, refused := range map[int]bool{0: false, 1: true} {
		for what, arguments := range map[string]object{
			"operations": {"operations": operations(maxOperations + more)},
			"text":       {"text": strings.Repeat("#", maxText+more)},
		} {
			if text, wrong := call(t, session, "advise", arguments); wrong != refused {
				t.Errorf("%s, %d above the limit: %s", what, more, text)
			}
		}
		p.out = "{}" + strings.Repeat(" ", maxOutput+more-len("{}"))
		if text, wrong := call(t, session, "advise", object{}); wrong != refused {
			t.Errorf("output, %d above the limit: %s", more, text)
		}
		p.out = "{}"
		if part, _ := pageOf(page{Limit: maxItems + more}, make([]int, 2*maxItems)); len(part) != maxItems {
			t.Errorf("%d items, %d above the limit", len(part), more)
		}
		half := strings.Repeat("x", maxResult/2-len(`""`))
		if n := fit([]string{half, half + strings.Repeat("x", more)}); n != 2-more {
			t.Errorf("%d items fit, %d above the limit", n, more)
		}
	}
}

package trace

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 120 {
		many = append(many, "GET /users/"+string(rune('a'+i%26))+strings.Repeat("y", i/26))
	}
	for _, tt := range []struct{ names, want []string }{
		{[]string{"GET /stock/sku-1", "GET /stock/sku-22", "GET /stock/sku-3", "GET /stock/{id}"}, []string{"GET /stock/{id}"}},
		{[]string{"GET /stock/sku-1", "GET /stock/sku-2"}, []string{"GET /stock/sku-1", "GET /stock/sku-2"}},
		{[]string{"GET /v1/a", "GET /v2/a", "GET /v3/a"}, []string{"GET /v1/a", "GET /v2/a", "GET /v3/a"}},
		{[]string{"GET /a/s1/b/t1", "GET /a/s2/b/t2", "GET /a/s3/b/t3"}, []string{"GET /a/s1/b/t1", "GET /a/s2/b/t2", "GET /a/s3/b/t3"}},
		{[]string{"GET /a/s1/b", "GET /a/s2/b", "GET /a/s3/b", "PUT /a/s1/b"}, []string{"GET /a/{id}/b", "PUT /a/s1/b"}},
		{[]string{"orders-1", "orders-2", "orders-3", "GET"}, []string{"GET", "orders-1", "orders-2", "orders-3"}},
		{many, []string{"GET /users/{id}"}},
		{many[:40], slices.Sorted(slices.Values(many[:40]))},
	} {
		groups := map[named]*operation{}
		for i, name := range tt.names {
			groups[named{caller: "a", callee: "b", text: name}] = &operation{calls: int64(i + 1)}
		}
		fold(groups)
		var got []string
		calls := int64(0)
		for n, o := range groups {
			got, calls = append(got, n.text), calls+o.calls
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) || calls != int64(len(tt.names)*(len(tt.names)+1)/2) {
			t.Errorf("%.80s: %q with %d calls, want %q", fmt.Sprint(tt.names), got, calls, tt.want)
		}
	}
}

package endpoint

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// An answer that is kept in memory has so many bytes, so many rows, and rows of such a length: one
// more is an error that names the limit.
func TestRows(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, row string
		times     int
		want      string
	}{
		{"as many rows", "{}", mostRows, "EOF"},
		{"a row more", "{}", mostRows + 1, "it has more than 100000 rows: a shorter --since may give fewer"},
		{"as long a row", `"` + strings.Repeat("x", mostRow-2) + `"`, 1, "EOF"},
		{"a longer row", `"` + strings.Repeat("x", mostRow-1) + `"`, 1, "row 1 is longer than 1 MiB"},
		{"as many bytes", "1" + strings.Repeat(" ", 1<<20-1), mostKept >> 20, "EOF"},
		{"more bytes", "1" + strings.Repeat(" ", 1<<20-1), mostKept>>20 + 1, "its response is longer than 64 MiB"},
		{"one long row", `"` + strings.Repeat("x", mostKept), 1, "its response is longer than 64 MiB"},
	} {
		rows := ReadRows(&repeated{test.row, test.times, nil})
		var err error
		for n := 0; err == nil; n++ {
			var row any
			err = rows.Next(&row)
		}
		if fmt.Sprint(err) != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}

// repeated is a text that stands so many times.
type repeated struct {
	text string
	left int
	rest io.Reader
}

func (r *repeated) Read(p []byte) (int, error) {
	for {
		if r.rest != nil {
			if n, err := r.rest.Read(p); n > 0 || err != nil && !errors.Is(err, io.EOF) {
				return n, err
			}
		}
		if r.left == 0 {
			return 0, io.EOF
		}
		r.left--
		r.rest = strings.NewReader(r.text)
	}
}

// What isn't of the shape that is read is an error; null is nothing.
func TestShapes(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"a":[1,2],"b":null}`: "a[1 2] b[] <nil>",
		`null`:                 "<nil>",
		`[1]`:                  `"[" stands where an object should`,
		`{"a":{"b":1}}`:        `a[] "{" stands where a list should`,
		`{"a":[1`:              "a[1] EOF",
		`{"a":[1],`:            "a[1] EOF",
		``:                     "EOF",
	} {
		var b strings.Builder
		rows := ReadRows(strings.NewReader(answer))
		err := rows.Object(func(key string) error {
			var list []any
			err := rows.List(func() error {
				var v any
				err := rows.Next(&v)
				if err == nil {
					list = append(list, v)
				}
				return err
			})
			fmt.Fprintf(&b, "%s%v ", key, list)
			return err
		})
		if got := b.String() + fmt.Sprint(err); got != want {
			t.Errorf("%s: %s, want %s", answer, got, want)
		}
	}
}

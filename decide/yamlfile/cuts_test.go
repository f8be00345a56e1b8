package yamlfile

import (
	"fmt"
	"strings"
	"testing"
)

// showPieces shows the documents of a text.
func showPieces(data []byte) string {
	var b strings.Builder
	for p := range documents(data) {
		fmt.Fprintf(&b, "%d-%d under %d: %d at %d; ", p.from, p.to, p.above, p.count, p.index)
	}
	return b.String()
}

// showList shows a list that is found, nothing for nil.
func showList(l *list) string {
	if l == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d:%d under %d, to %d over %d", l.key, l.colon, l.keyLine, l.to, l.lines)
	if l.flow {
		fmt.Fprintf(&b, ", from column %d, %d wide", l.column, l.shift)
	}
	for _, p := range l.pieces {
		fmt.Fprintf(&b, "; %d-%d under %d", p.from, p.to, p.above)
		if l.flow {
			fmt.Fprintf(&b, " at %d", p.column)
		}
	}
	return b.String()
}

// Documents are cut at the lines that start one; what stands in front of the first is none,
// but for directives, which belong to it.
func TestDocuments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"", "0-0 under 0: 0 at 0; "},
		{"a", "0-1 under 0: 1 at 0; "},
		{"---", "0-3 under 0: 1 at 0; "},
		{"---\na\n---\nb", "0-6 under 0: 1 at 0; 6-11 under 2: 1 at 1; "},
		{"# a\n---\nb", "0-4 under 0: 0 at 0; 4-9 under 1: 1 at 0; "},
		{"\n\n---x\n--- a\n", "0-7 under 0: 1 at 0; 7-13 under 3: 1 at 1; "},
		{"%YAML 1.1\n---\na\n---\nb\n", "0-16 under 0: 1 at 0; 16-22 under 3: 1 at 1; "},
		{"# %\n---\na\n", "0-10 under 0: 1 at 0; "},
		{"%YAML 1.1\n", "0-10 under 0: 0 at 0; "},
		{"%YAML 1.1\n---\na", "0-15 under 0: 1 at 0; "},
		{"\ufeff---\na\n", "0-9 under 0: 1 at 0; "},
		{"a\n\ufeff---\nb\n---\n", "0-2 under 0: 1 at 0; 2-11 under 1: 1 at 1; 11-15 under 3: 1 at 2; "},
		{"a\n --- \n---\t\n", "0-8 under 0: 1 at 0; 8-13 under 2: 1 at 1; "},
		{"\n%TAG\n---\na\n---\nb\n---\nc", "0-12 under 0: 1 at 0; 12-18 under 4: 1 at 1; 18-23 under 6: 1 at 2; "},
	} {
		if got := showPieces([]byte(tt.text)); got != tt.want {
			t.Errorf("%q is cut into %s, want %s", tt.text, got, tt.want)
		}
	}
}

// The list of a JSON text is cut behind the commas between its items, and what isn't quite
// JSON is left alone.
func TestFindFlowList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		size int
		want string
	}{
		{"{\"list\":[1,2]}", 1, "1:9 under 1, to 12 over 0, from column 9, 3 wide; 9-11 under 0 at 9; 11-12 under 0 at 11"},
		{"{\"list\":[1,2]}", 3, "1:9 under 1, to 12 over 0, from column 9, 3 wide; 9-12 under 0 at 9"},
		{"\ufeff{\n\"é\": [\"list\"],\n  \"list\" : [ 1,\n22, {\"a\":[2,3]},4] , \"b\": {}} \n", 1, "23:33 under 3, to 54 over 1, from column 12, 5 wide; 33-36 under 2 at 12; 36-40 under 2 at 15; 40-53 under 3 at 3; 53-54 under 3 at 16"},
		{"\ufeff{\n\"é\": [\"list\"],\n  \"list\" : [ 1,\n22, {\"a\":[2,3]},4] , \"b\": {}} \n", 3, "23:33 under 3, to 54 over 1, from column 12, 5 wide; 33-36 under 2 at 12; 36-40 under 2 at 15; 40-53 under 3 at 3; 53-54 under 3 at 16"},
		{"{\"list\":[]}", 1, "1:9 under 1, to 9 over 0, from column 9, 0 wide; 9-9 under 0 at 9"},
		{"{\"list\":[]}", 3, "1:9 under 1, to 9 over 0, from column 9, 0 wide; 9-9 under 0 at 9"},
		{"{\"list\":[1],\"list\":[2]}", 1, ""},
		{"{\"list\":{\"a\":1}}", 1, ""},
		{"{\"a\":{\"list\":[1]}}", 1, ""},
		{"[{\"list\":[1]}]", 1, ""},
		{"{\"list\" [1]}", 1, ""},
		{"{\"a\":\"list\"}", 1, ""},
		{"{\"list\":[1]}x", 1, ""},
		{"{\"list\":[1]", 1, ""},
		{"{\"list\":[1]}}", 1, ""},
		{"{\"a\":\"list\",\"list\":[3,4]}", 1, "12:20 under 1, to 23 over 0, from column 20, 3 wide; 20-22 under 0 at 20; 22-23 under 0 at 22"},
		{"{\"a\":\"list\",\"list\":[3,4]}", 3, "12:20 under 1, to 23 over 0, from column 20, 3 wide; 20-23 under 0 at 20"},
		{"{\"list\":[\"a\\\"\",'b']}", 1, ""},
		{"{\"list\":[\"a\nb\"]}", 1, ""},
		{"{\"list\":[\"a\"b]}", 1, ""},
		{"{\"list\":[[1]b]}", 1, ""},
		{"{\"list\":[1\"b\"]}", 1, ""},
		{"{\"list\":[1[2]]}", 1, ""},
		{"{\"list\":[\"a\"[2]]}", 1, ""},
		{"{\"list\":[[1][2]]}", 1, ""},
		{"{\"list\":[[1]\"b\"]}", 1, ""},
		{"{\"list\":[1]\n---\n}", 1, ""},
		{"{\"list\":[1]}\n...\n", 1, ""},
		{"{\"list\":[1]\r}", 1, ""},
		{" ", 1, ""},
		{"[\"list\":[1]]", 1, ""},
		{"{\"list\":[+1.5,-_]}", 1, "1:9 under 1, to 16 over 0, from column 9, 7 wide; 9-14 under 0 at 9; 14-16 under 0 at 14"},
		{"{\"list\":[+1.5,-_]}", 3, "1:9 under 1, to 16 over 0, from column 9, 7 wide; 9-14 under 0 at 9; 14-16 under 0 at 14"},
		{"{\"list\":[1,]}", 1, "1:9 under 1, to 11 over 0, from column 9, 2 wide; 9-11 under 0 at 9; 11-11 under 0 at 11"},
		{"{\"list\":[1,]}", 3, "1:9 under 1, to 11 over 0, from column 9, 2 wide; 9-11 under 0 at 9"},
		{"{\"list\":1,\"a\":[2]}", 1, ""},
		{"{\"list\":{},\"a\":[2]}", 1, ""},
	} {
		if got := showList(findFlowList([]byte(tt.text), tt.size, "list")); got != tt.want {
			t.Errorf("%q is cut as\n%s\nwant\n%s", tt.text, got, tt.want)
		}
	}
	for depth, want := range map[int]bool{maxFlowDepth - 2: true, maxFlowDepth - 1: false} {
		text := `{"list":[` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + "]}"
		if got := findFlowList([]byte(text), 1, "list") != nil; got != want {
			t.Errorf("a list with values %d deep is found: %t", depth, got)
		}
	}
}

// The list of a block is cut before the dashes of its items, and what might be something
// else is left alone.
func TestFindList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		size int
		want string
	}{
		{"list:\n- a\n- b\n", 1, "0:4 under 1, to 14 over 2; 6-10 under 1; 10-14 under 2"},
		{"list:\n- a\n- b\n", 5, "0:4 under 1, to 14 over 2; 6-14 under 1"},
		{"s: a\nlist: # b\n\n# c\n  - d\n  -\n    e\n\n  -\tf\n# g\n\ns: h\n", 1, "5:9 under 2, to 48 over 9; 15-26 under 2; 26-37 under 5; 37-48 under 8"},
		{"s: a\nlist: # b\n\n# c\n  - d\n  -\n    e\n\n  -\tf\n# g\n\ns: h\n", 5, "5:9 under 2, to 48 over 9; 15-26 under 2; 26-37 under 5; 37-48 under 8"},
		{"list:\n", 1, ""},
		{"list:\ns: a\n", 1, ""},
		{"list:\n - a\n- b\n", 1, ""},
		{"list:\n  - a\n b\n", 1, ""},
		{"list:\n- a\nlist:\n- b\n", 1, ""},
		{"list:\n- a\n\tb\n", 1, ""},
		{"list:\n- a\n? b\n", 1, ""},
		{"list:\n- a\n:\n", 1, ""},
		{"list:\n- a\n--- \n", 1, "0:4 under 1, to 10 over 1; 6-10 under 1"},
		{"list:\n- a\n--- \n", 5, "0:4 under 1, to 10 over 1; 6-10 under 1"},
		{"? a\nlist:\n- a\n", 1, ""},
		{"- a\nlist:\n- b\n", 1, ""},
		{"\tlist:\nlist:\n- a\n", 1, ""},
		{"list:\n- a\n-", 1, "0:4 under 1, to 11 over 2; 6-10 under 1; 10-11 under 2"},
		{"list:\n- a\n-", 5, "0:4 under 1, to 11 over 2; 6-11 under 1"},
		{"list:\n-b\n", 1, ""},
		{"list:\n- a\n  ? b\n", 1, "0:4 under 1, to 16 over 2; 6-16 under 1"},
		{"list:\n- a\n  ? b\n", 5, "0:4 under 1, to 16 over 2; 6-16 under 1"},
		{"list:\n  - a\n  b\n", 1, ""},
		{"list:\n- a\n- bc\n- d\n", 1, "0:4 under 1, to 19 over 3; 6-10 under 1; 10-15 under 2; 15-19 under 3"},
		{"list:\n- a\n- bc\n- d\n", 5, "0:4 under 1, to 19 over 3; 6-15 under 1; 15-19 under 3"},
		{"--- \nlist:\n- a", 1, "5:9 under 2, to 14 over 1; 11-14 under 2"},
		{"--- \nlist:\n- a", 5, "5:9 under 2, to 14 over 1; 11-14 under 2"},
		{"", 1, ""},
		{"a: b\n", 1, ""},
		{"list:\n- a\ns: b", 1, "0:4 under 1, to 10 over 1; 6-10 under 1"},
		{"list:\n- a\ns: b", 5, "0:4 under 1, to 10 over 1; 6-10 under 1"},
	} {
		if got := showList(findList([]byte(tt.text), tt.size, "list")); got != tt.want {
			t.Errorf("%q is cut as\n%s\nwant\n%s", tt.text, got, tt.want)
		}
	}
}

// What lines are is told by their first characters.
func TestLines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		row    string
		indent int
		first  byte
	}{
		{"", 0, '\n'}, {"a", 0, 'a'}, {"  ", 2, '\n'}, {" a", 1, 'a'}, {" \t\r\n", 1, '\n'}, {"\ta", 0, '\t'}, {"  # b\n", 2, '#'},
	} {
		if indent, first := lead([]byte(tt.row)); indent != tt.indent || first != tt.first {
			t.Errorf("%q leads with %d and %q", tt.row, indent, first)
		}
	}
	for text, want := range map[string]bool{
		"": false, "\n": false, "a": true, "# a\n\n%b\n": false, "# a\n %b\n": true, "# a\nb": true, "# a\n": false, "\n\n#": false,
	} {
		if got := hasContent([]byte(text)); got != want {
			t.Errorf("%q has content: %t", text, got)
		}
	}
	for text, want := range map[string]bool{"---": true, "--- a": true, "---\n": true, "---a": false, "--": false, "": false, "\ufeff---": true, " ---": false} {
		if got := startsDocument([]byte(text)); got != want {
			t.Errorf("%q starts a document: %t", text, got)
		}
	}
	for text, want := range map[string]int{
		"": -1, "...": 0, "... a": 0, "...a": -1, "a\n...": 2, "a\n...\n": 2, "a...\n": -1, " ...\n": -1, "......\n...\n": 7, ". ..": -1,
	} {
		if got := nextEnd([]byte(text)); got != want || hasEnd([]byte(text)) != (want >= 0) {
			t.Errorf("%q ends at %d, want %d", text, got, want)
		}
	}
	for text, want := range map[string]int{"---": -1, "a\n---": 2, "a\n---b\n---\n": 7, "a\n\ufeff--- ": 2, "a ---\n": -1, "\n---": 1, "a\n\ufeff\ufeff---": -1} {
		if got := nextDocument([]byte(text), 0); got != want {
			t.Errorf("%q: the next document starts at %d, want %d", text, got, want)
		}
	}
	type end struct {
		at    int
		alone bool
	}
	for text, want := range map[string]end{
		"": {0, true}, "a\n": {2, true}, "a\n...": {2, true}, "a\n... \n": {2, true}, "a\n... b": {2, false}, "a\n... # b\n": {2, false}, "a\n...\n# b\n\n": {2, true},
		"a\n...\nb\n": {2, false}, "...": {0, true}, "a\n... b\n": {2, false},
	} {
		if at, alone := documentEnd([]byte(text)); at != want.at || alone != want.alone {
			t.Errorf("%q ends at %d, %t", text, at, alone)
		}
	}
	for text, want := range map[string]bool{"": false, "\r": true, "\r\n": false, "a\r\nb\r": true, "\r\r\n": true, "a\rb\r\n": true} {
		if got, odd := hasLoneReturn([]byte(text)), newText([]byte(text), 0).hasOddBreaks(); got != want || odd != want {
			t.Errorf("%q has a return alone: %t, %t", text, got, odd)
		}
	}
}

// How large a text must be is what it says, and of pieces of a size there are so many.
func TestPieceSizes(t *testing.T) {
	t.Parallel()
	list := "list:\n" + strings.Repeat("- abcdefg\n", 200)
	for _, tt := range []struct{ bytes, size, pieces int }{
		{399, 200, 0}, {400, 200, 3}, {400, -1, 0}, {2_000, 1_000, 3}, {2_000, 500, 5}, {1_023, 0, 0}, {1_024, 0, 1},
	} {
		if got := readList(list[:tt.bytes], tt.size); got.pieces != tt.pieces {
			t.Errorf("%d bytes in pieces of %d are %d pieces, want %d", tt.bytes, tt.size, got.pieces, tt.pieces)
		}
	}
}

// A mapping holds the list when its key stands there once, with brackets and nothing in them.
func TestHoldsList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		at   int
		want bool
	}{
		{"list: []\n", 0, true}, {"list: []\n", 1, false}, {"a: b\nlist: []\nc: d\n", 5, true}, {"a: b\nlist: [c]\n", 5, false}, {"list: b\n", 0, false},
		{"list:\n", 0, false}, {"a: b\n", 0, false}, {"list: []\nlist: []\n", 0, false}, {"list: []\nlist: []\n", 9, false}, {"list:\n- a\n", 0, false},
	} {
		root, _ := parsed(t, tt.text)
		if got := holdsList(root, "list", tt.at); got != tt.want {
			t.Errorf("%q holds the list at %d: %t", tt.text, tt.at, got)
		}
	}
}

// Items in brackets are read from their own text alone.
func TestFlowItems(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"a, b": 2, " a ,\n[b],": 2, "{a: b}": 1, "a": 1, "": 0, " ": 0, ",": 0, "a,,b": 0, "a]": 0, "[a": 0, "a b, c": 2, "a\n,b": 2, "#": 0, "a, #b": 1, "a b: c": 0, "a} ": 0,
	} {
		in := newText([]byte(text), 0)
		p := new(parser)
		x := p.begin(in, true)
		p.walk("", in).Items(Value{node: listToRead, items: x}, func(v Value) bool { return v.hand == nil })
		switch last := strings.TrimRight(strings.TrimSuffix(strings.TrimRight(text, " "), ","), " "); {
		case x.failed && want > 0:
			t.Errorf("%q isn't read", text)
		case want == 0 && !x.failed && x.read > 0:
			t.Errorf("%q is read", text)
		case want > 0 && (x.read != want || p.direct.last != in.pos(len(last)) && !strings.Contains(text, "#")):
			t.Errorf("%q is read as %d items up to %v, want %d", text, x.read, p.direct.last, want)
		}
	}
}

// Only what starts like a number is one, and a number with a unit is none.
func TestResolvedTag(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "!!null", "a": "!!str", "1": "!!int", "+1": "!!int", "-1": "!!int", ".5": "!!float", "2s": "!!str", "1/s": "!!str", "2027-01-02": "!!timestamp", "1e3": "!!float", "1m2": "!!str", "-": "!!str", "12": "!!int",
	} {
		if got := resolvedTag(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]bool{"2s": true, "250ms": true, "1h30m": true, "1/s": true, "5%": true, "": false, "s": false, "12": false, "1e3": false, "0x1f": false} {
		if got := isUnit(text); got != want {
			t.Errorf("%q has a unit: %t", text, got)
		}
	}
}

package yamlfile

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// What does not parse is named in our own words, with the place of the fault and not of what
// it broke, and with what to do.
func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"\t\nx: [\n", "1:1-1:1 no value can start with this character [quote the value]"},
		{"a: [\n  \n\n", "1:1-1:5 a value is missing, or a bracket doesn't match [add the value, and close what's open here]"},
		{"\ufeff@a: 1\n", "1:1-1:2 a value can't start with @ [quote it]"},
		{"\ufeff  @a: 1\n", "1:3-1:4 a value can't start with @ [quote it]"},
		{"a:\n\tb: 1\n", "2:1-2:2 tabs aren't allowed in indentation [indent with spaces]"},
		{"a:\n  b: \n \t c: 1\n", "3:2-3:3 tabs aren't allowed in indentation [indent with spaces]"},
		{"a: b\tc: d\n", "1:7-1:8 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: \"b\n\tc: d\n", "1:1-1:6 the closing quote is missing [close the quote]"},
		{"<<<<<<< a\nb: c\n=======\nb: d\n>>>>>>> e\n", "1:1-1:10 unresolved merge conflict [keep one of the versions, and delete the lines that git added]"},
		{"b: c\n=======\nb: d\n>>>>>>> e\n", "2:1-2:8 unresolved merge conflict [keep one of the versions, and delete the lines that git added]"},
		{"b: c\n>>>>>>> e\nx", "2:1-2:10 unresolved merge conflict [keep one of the versions, and delete the lines that git added]"},
		{"a: [<<<<<<< b\n", "1:1-1:14 a bracket isn't closed, or a comma is missing [close the list or mapping that's open here]"},
		{"a:\u00a0b\nc: d\n", "1:3-1:4 U+00A0 looks like a space, but YAML doesn't treat it as one [write a normal space]"},
		{"a:\n  - b\n  -\u3000c\n  d\n", "3:4-3:5 U+3000 looks like a space, but YAML doesn't treat it as one [write a normal space]"},
		{"a: b\u200bc: d: e\n", "1:7-1:8 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: b\u2028 c: d\n x: y: z\n", "1:8-1:9 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"\ufeff\u00a0a: b\n- c\n", "1:1-1:2 U+00A0 looks like a space, but YAML doesn't treat it as one [write a normal space]"},
		{"a:\n\ufeffb: c: d\n", "2:6-2:7 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a:b\nc: d\n", "1:2-1:3 a space is missing after the colon [write a: b]"},
		{"  - a:b\n  - c: d\n e: f", "3:2-3:6 there's more text after the value has ended [check the indentation, or start another document with ---]"},
		{"a:b:c\nd: e\n", "1:2-1:3 a space is missing after the colon [write a: b:c]"},
		{"a:/b\nd: e\n", "2:1-2:5 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: b\nc:d\ne:f\n", "2:2-2:3 a space is missing after the colon [write c: d]"},
		{"a_b-2:1\nc: d\n", "1:6-1:7 a space is missing after the colon [write a_b-2: 1]"},
		{":b\nc: d\n", "2:1-2:5 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"é:b\nc: d\n", "2:1-2:5 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"{a:b\nc: d}\n", "1:1-1:5 a bracket isn't closed, or a comma is missing [close the list or mapping that's open here]"},
		{"a: *b\n", "1:4-1:6 alias *b has no anchor [define &b before it, or write out the value]"},
		{"a: *b\nc: *b\n", "1:4-1:6 alias *b has no anchor [define &b before it, or write out the value]"},
		{"a: [*b, *b]\n", "1:9-1:11 alias *b has no anchor [define &b before it, or write out the value]"},
		{"a: *bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n", "1:4-1:75 alias *bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb... has no anchor [define &bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb... before it, or write out the value]"},
		{"*b : a\n", "1:1-1:3 alias *b has no anchor [define &b before it, or write out the value]"},
		{"a: b: c\n", "1:5-1:6 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: b: c: d\n", "1:5-1:6 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: b:\n", "1:5-1:6 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: \"b\" :\nc: d\n", "1:8-1:9 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: b\n  c: d\n", "2:3-2:7 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"- a: b: \n", "1:7-1:8 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: b\n c:\n", "2:2-2:4 the line would start a mapping inside an unfinished value [check the indentation, or quote the value above]"},
		{"a: @b\n", "1:4-1:5 a value can't start with @ [quote it]"},
		{"a: `b\n", "1:4-1:5 a value can't start with ` [quote it]"},
		{"a: %b\n", "1:4-1:5 a value can't start with % [quote it]"},
		{"a: [@b]\n", "1:5-1:6 a value can't start with @ [quote it]"},
		{"a: {@b: c}\n", "1:5-1:6 a value can't start with @ [quote it]"},
		{"a: [b,@c]\n", "1:7-1:8 a value can't start with @ [quote it]"},
		{"@\n", "1:1-1:2 a value can't start with @ [quote it]"},
		{"a: b\n@c: d\n", "2:1-2:2 a value can't start with @ [quote it]"},
		{"a: \t@b\n", "1:4-1:5 a tab isn't allowed here [use spaces]"},
		{"a:\t- b\n", "1:1-1:7 block sequence entries are not allowed in this context [fix what's here, or quote it]"},
		{"- \t- b\n", "1:3-1:4 a tab isn't allowed here [use spaces]"},
		{"a:\n -\t@\n", "2:4-2:5 a value can't start with @ [quote it]"},
		{"a: |x\n", "1:1-1:6 did not find expected comment or line break [fix what's here, or quote it]"},
		{"a: &\n", "1:1-1:5 did not find expected alphabetic or numeric character [fix what's here, or quote it]"},
		{"a: !<x\n", "1:1-1:7 did not find the expected '>' [fix what's here, or quote it]"},
		{"a: b\n- c\n", "2:1-2:4 the indentation of this line doesn't match the lines above [check the indentation, and the quotes and brackets before it]"},
		{"- a\nb: c\n", "2:1-2:5 the indentation of this line doesn't match the lines above [check the indentation, and the quotes and brackets before it]"},
		{"a:\n  b: c\n d: e\n", "3:2-3:6 the indentation of this line doesn't match the lines above [check the indentation, and the quotes and brackets before it]"},
		{"- a\n b: c\n", "2:2-2:6 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: ]\n", "1:1-1:5 a value is missing, or a bracket doesn't match [add the value, and close what's open here]"},
		{"a: [b\nc: d\n", "1:1-1:6 a bracket isn't closed, or a comma is missing [close the list or mapping that's open here]"},
		{"a: [b, c\n", "1:1-1:9 a bracket isn't closed, or a comma is missing [close the list or mapping that's open here]"},
		{"a: {b: c\n", "1:1-1:9 a bracket isn't closed, or a comma is missing [close the list or mapping that's open here]"},
		{"a: {b: c]\n", "1:1-1:10 a bracket isn't closed, or a comma is missing [close the list or mapping that's open here]"},
		{"? a\nb\n: c\n", "2:1-2:2 a key has no colon after it [write key: value]"},
		{"a\nb: c\n", "2:1-2:5 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: b\nc\n", "2:1-2:2 a key has no colon after it [write key: value]"},
		{"a: b\nc\nd: e\n", "2:1-2:2 a key has no colon after it [write key: value]"},
		{"a: \"b\n", "1:1-1:6 the closing quote is missing [close the quote]"},
		{"a: 'b\nc: d\n", "1:1-1:6 the closing quote is missing [close the quote]"},
		{"a: b\nc: [\"d\n", "2:5-2:6 the closing quote is missing [close the quote]"},
		{"a:\n  b: 'it's'\n", "2:3-2:12 the indentation of this line doesn't match the lines above [check the indentation, and the quotes and brackets before it]"},
		{"\"a\n", "1:1-1:3 the closing quote is missing [close the quote]"},
		{"a: \"\\q\"\n", "1:1-1:8 unknown escape after a backslash in double quotes [double the backslash, or use single quotes]"},
		{"a: \"b\\\n", "1:1-1:7 the closing quote is missing [close the quote]"},
		{"a: \"\\xZZ\"\n", "1:1-1:10 did not find expected hexdecimal number [fix what's here, or quote it]"},
		{"a: b\n---\nc: @\n", "3:4-3:5 a value can't start with @ [quote it]"},
		{"\n\n\na: @\n\n\n", "4:4-4:5 a value can't start with @ [quote it]"},
		{"a: @\n# b\n", "1:4-1:5 a value can't start with @ [quote it]"},
		{"a: é @\nb: `", "2:4-2:5 a value can't start with ` [quote it]"},
		{"é: @b\n", "1:4-1:5 a value can't start with @ [quote it]"},
		{"a:b\n\nc: d\n", "3:1-3:5 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a:b\nc\nd: e\n", "3:1-3:5 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a\u00a0b: c: d\n", "1:7-1:8 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: \"b", "1:1-1:6 the closing quote is missing [close the quote]"},
		{"\u00a0b\nc\nd: e\n", "3:1-3:5 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"\u00a0b\n\nd: e\n: f: g", "3:1-3:5 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"x: y\n'a\nb\n", "2:1-2:2 the closing quote is missing [close the quote]"},
		{"x: y\na: \"b\n\n\n", "2:4-2:5 the closing quote is missing [close the quote]"},
		{"a: |\n\tb\n c\nd: e: f\n", "2:1-2:2 tabs aren't allowed in indentation [indent with spaces]"},
		{"a: b: \"c: d\"\n", "1:5-1:6 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: b:c: d\n", "1:7-1:8 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"-\u00a0a: b\n  c: d\n", "1:2-1:3 U+00A0 looks like a space, but YAML doesn't treat it as one [write a normal space]"},
		{"a: b\n -\u00a0c: d: e\n", "2:3-2:4 U+00A0 looks like a space, but YAML doesn't treat it as one [write a normal space]"},
		{"x: *a\ny: \"*a\n\"\n", "1:4-1:6 alias *a has no anchor [define &a before it, or write out the value]"},
		{"a : b : c\n", "1:7-1:8 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"- - a:b\n    c: d\n", "1:6-1:7 a space is missing after the colon [write a: b]"},
		{"a::b\nc: d\n", "2:1-2:5 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a:\tb\nc:d\n e: f\n", "2:2-2:3 a space is missing after the colon [write c: d]"},
		{"ab:c\nd: e\nf: g\n", "1:3-1:4 a space is missing after the colon [write ab: c]"},
		{"  ab:c\n  d: e\n", "1:5-1:6 a space is missing after the colon [write ab: c]"},
		{"a: b\n\u2007\n", "2:1-2:2 U+2007 looks like a space, but YAML doesn't treat it as one [write a normal space]"},
		{"%YAML 3.0\n---\na: b\n", "1:1-1:10 found incompatible YAML document [fix what's here, or quote it]"},
		{"a: b\n--- c\nd: e\n", "3:1-3:5 a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"a: b c\n%d\n", "2:1-2:3 found unknown directive name [fix what's here, or quote it]"},
		{"a: [b]]\n", "1:1-1:8 the indentation of this line doesn't match the lines above [check the indentation, and the quotes and brackets before it]"},
		{"a: {b}}\n", "1:1-1:8 the indentation of this line doesn't match the lines above [check the indentation, and the quotes and brackets before it]"},
		{"[a]\nb: c\n", "2:1-2:5 there's more text after the value has ended [check the indentation, or start another document with ---]"},
		{"a: \"b\" c\n", "1:1-1:9 the indentation of this line doesn't match the lines above [check the indentation, and the quotes and brackets before it]"},
		{"a: 'b' 'c'\n", "1:1-1:11 the indentation of this line doesn't match the lines above [check the indentation, and the quotes and brackets before it]"},
	} {
		_, findings := readText(tt.text)
		got := "nothing"
		for _, f := range findings {
			if f.Rule == Syntax.Name || f.Rule == BadAlias.Name {
				from, to := f.Range.Start, f.Range.End
				got = fmt.Sprintf("%d:%d-%d:%d %s [%s]", from.Line, from.Column, to.Line, to.Column, f.Message, f.Fix)
			}
		}
		if got != tt.want {
			t.Errorf("%q:\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

// What is not UTF-8, and what YAML doesn't allow, is listed up to ten places, and replaced.
func TestReadable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, clean, found string
	}{
		{"a\n", "a\n", ""},
		{"\xffa", "\ufffda", "1:1-1:2 byte 0xFF isn't UTF-8; "},
		{"a\x01\nb\xc3", "a\ufffd\nb\ufffd", "1:2-1:3 character U+0001 isn't allowed in YAML; 2:2-2:3 byte 0xC3 isn't UTF-8; "},
		{"a\ufffd\u0085\u00a0b\u009f", "a\ufffd\u0085\u00a0b\ufffd", "1:6-1:7 character U+009F isn't allowed in YAML; "},
		{"\ufeffa\ufeff", "\ufeffa\ufffd", "1:2-1:3 character U+FEFF isn't allowed in YAML; "},
		{"\ufffe\uffff\ufffc", "\ufffd\ufffd\ufffc", "1:1-1:2 character U+FFFE isn't allowed in YAML; 1:2-1:3 character U+FFFF isn't allowed in YAML; "},
		{"a\n\ufeff---\n\ufeffb\n\ufeffc", "a\n\ufeff---\n\ufeffb\n\ufffdc", "4:1-4:2 character U+FEFF isn't allowed in YAML; "},
		{"a\n---\n\r\n\ufeffb", "a\n---\n\r\n\ufeffb", ""},
		{strings.Repeat("\x00", 10), strings.Repeat("\ufffd", 10), places(10)},
		{strings.Repeat("\x00", 12), strings.Repeat("\ufffd", 12), places(10) + "1:11-1:12 and more like those above; "},
	} {
		var r report
		clean := r.readable([]byte(tt.text))
		found := ""
		for _, f := range r.findings {
			found += fmt.Sprintf("%d:%d-%d:%d %s; ", f.Range.Start.Line, f.Range.Start.Column, f.Range.End.Line, f.Range.End.Column, f.Message)
		}
		if string(clean) != tt.clean || found != tt.found || r.broken != (found != "") {
			t.Errorf("%q is cleaned to %q:\n got %s\nwant %s", tt.text, clean, found, tt.found)
		}
	}
	for text, want := range map[string]bool{"\xff\xfea": true, "\xfe\xffa": true, "a\x00": true, "\x00a": true, "\x00\x00": false, "a": false, "\x00": false, "": false, "ab": false, "a\x00b": true} {
		if got := isUTF16([]byte(text)); got != want {
			t.Errorf("%q is UTF-16: %t", text, got)
		}
	}
	for eight, want := range map[string]bool{"abcdefgh": true, " ~ ~ ~ ~": true, "abcdefg\x7f": false, "\x1fbcdefgh": false, "abc\x80defg": false, "abcdefg\n": false} {
		if got := isPrintable(binary.LittleEndian.Uint64([]byte(eight))); got != want {
			t.Errorf("%q is printable: %t", eight, got)
		}
	}
}

// places are those of so many characters in a row.
func places(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "1:%d-1:%d character U+0000 isn't allowed in YAML; ", i, i+1)
	}
	return b.String()
}

// A line is handed out at a time, and a long one in parts.
func TestLineReader(t *testing.T) {
	t.Parallel()
	l := &lineReader{data: []byte("\nab\ncdefg\nh")}
	var got []string
	for p := make([]byte, 4); ; {
		n, err := l.Read(p)
		if err != nil {
			if n != 0 || err != io.EOF {
				t.Errorf("the end is %d, %v", n, err)
			}
			break
		}
		got = append(got, string(p[:n]))
	}
	if want := []string{"\n", "ab\n", "cdef", "g\n", "h"}; !slices.Equal(got, want) {
		t.Errorf("handed out %q", got)
	}
	for text, want := range map[string]int{
		"a: @\nb: c\n": 5, "a: b\nc: @\nd": 10, "a: @": 4, "a: b\n# " + strings.Repeat("x", 5_000) + "\n\t@: d\n": 5_014, "\n\n@" + strings.Repeat("x", 5_000) + "\nb\n": 5_004,
	} {
		in := newText([]byte(text), 0)
		_, problem, _ := strings.Cut(drain(yaml.NewDecoder(strings.NewReader(text))).Error(), "found")
		if got := in.locate("found" + problem); got != want {
			t.Errorf("%.20q breaks off at %d, want %d", text, got, want)
		}
	}
}

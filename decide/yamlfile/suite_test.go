package yamlfile

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// The cases of yaml-test-suite, when YAML_TEST_SUITE names the folder src of it
// (https://github.com/yaml/yaml-test-suite): what the parser reads, it reads as the suite
// says, and what the suite says is wrong it doesn't read. It may give up: the library then
// reads the text.
func TestSuite(t *testing.T) {
	dir := os.Getenv("YAML_TEST_SUITE")
	if dir == "" {
		t.Skip("YAML_TEST_SUITE names no folder")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s: %v", dir, err)
	}
	counts := map[string]int{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var cases []suiteCase
		if err := yaml.Unmarshal(data, &cases); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for i, c := range cases {
			if c.YAML == "" && i > 0 {
				continue
			}
			id := strings.TrimSuffix(filepath.Base(file), ".yaml")
			if len(cases) > 1 {
				id += "/" + strconv.Itoa(i)
			}
			outcome := c.outcome()
			counts[outcome]++
			if known := suiteDepartures[id]; known != "" || strings.HasPrefix(outcome, "departs") {
				if outcome != known {
					t.Errorf("%s (%s): %s; want %q", id, c.Name, outcome, known)
				}
			}
		}
	}
	t.Logf("%v", counts)
}

// suiteDepartures are the cases that are known to be read otherwise than the suite says.
var suiteDepartures = map[string]string{
	"9C9N":   "departs: reads what is wrong", // brackets that go on at the column of their key
	"QB6E":   "departs: reads what is wrong", // quotes that go on at the column of their key
	"DK95/1": "departs: reads what is wrong", // quotes that go on after a tab alone
	"Y79Y/3": "departs: reads what is wrong", // brackets after a tab on a line of their own
	"SF5V":   "departs: reads what is wrong", // two %YAML directives
	"L24T/1": "departs: other values",        // a literal text whose last line is blanks without a line break
}

// A suiteCase is one case of the suite.
type suiteCase struct {
	Name, YAML string
	JSON       *string
	Fail       bool
}

// suiteMarks are how the suite writes characters that can't be seen.
var suiteMarks = strings.NewReplacer("␣", " ", "————»", "\t", "———»", "\t", "——»", "\t", "—»", "\t", "»", "\t", "←", "\r", "⇔", "\ufeff", "↵", "", "∎\n", "")

func (c *suiteCase) outcome() string {
	text := suiteMarks.Replace(c.YAML)
	data := []byte(text)
	docs := slices.Collect(documents(data))
	end, alone := documentEnd(data)
	if len(docs) != 1 || !alone || hasLoneReturn(data) {
		return "several documents: cut before they are read"
	}
	p := new(parser)
	p.start(text, 0, end, 1)
	p.bom()
	root := p.document()
	switch {
	case p.failed && c.Fail:
		return "wrong, and given up"
	case p.failed:
		return "right, and left to the library"
	case c.Fail:
		return "departs: reads what is wrong"
	case c.JSON == nil:
		return "read; the suite gives no values"
	}
	var want any
	if err := json.NewDecoder(strings.NewReader(*c.JSON)).Decode(&want); err != nil && err != io.EOF {
		return "read; the suite gives no values"
	}
	if got := suiteValue(root); !reflect.DeepEqual(got, want) {
		return "departs: other values"
	}
	return "read as the suite says"
}

// suiteValue returns a node as JSON would hold it.
func suiteValue(n *node) any {
	switch {
	case n == nil:
		return nil
	case n.kind == aliasNode:
		return suiteValue(n.props.target)
	case n.kind == listNode:
		list := []any{}
		for c := n.first; c != nil; c = c.next {
			list = append(list, suiteValue(c))
		}
		return list
	case n.kind == mappingNode:
		all := map[string]any{}
		for k := n.first; k != nil; k = k.next.next {
			all[keyNode(k).value] = suiteValue(k.next)
		}
		return all
	case n.isNull():
		return nil
	case !n.isPlain() || n.tag() == "!" || n.tag() == "!!str":
		return n.value
	}
	switch n.value {
	case "true", "True", "TRUE":
		return true
	case "false", "False", "FALSE":
		return false
	}
	if number, err := strconv.ParseFloat(n.value, 64); err == nil && resolvedTag(n.value) != "!!str" {
		return number
	}
	if number, err := strconv.ParseInt(n.value, 0, 64); err == nil && resolvedTag(n.value) == "!!int" {
		return float64(number)
	}
	return n.value
}

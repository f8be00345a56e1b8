package cmd

import (
	"html"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// nothing is what no page says: the samples promise nothing that takes no time, or that never
// fails, so such a number stands for a fact that isn't known.
var (
	nothing     = regexp.MustCompile(`(^|[^\d.,])(100(\.0+)? ?%|0(\.0+)? ?(ns|µs|ms|s|m|h|min)\b)|NaN|Inf|"(ms|seconds)": ?0\b|"(availability|share|value)": ?1\b`)
	unseenParts = regexp.MustCompile(`(?s)<style.*?</style>|<script.*?</script>|<[^>]*>`)
)

// forgetful takes facts out of manifests: numbers, modes and answers, each with a chance.
type forgetful struct {
	*rand.Rand
	chance float64
	gone   int
}

// forgotten are the facts that a number of a page may rest on.
var forgotten = regexp.MustCompile(`^(availability|latency|typical|timeout|retry|mode|accept_within|traffic|mean|peak|capacity|burst|processing|workers|delivery|reply|callee|slo|budget|brokers|evidence|calls|pool)$`)

func (f *forgetful) take(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		for _, c := range n.Content {
			f.take(c)
		}
		return
	}
	var kept []*yaml.Node
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if forgotten.MatchString(key.Value) && f.Float64() < f.chance {
			f.gone++
			continue
		}
		f.take(value)
		kept = append(kept, key, value)
	}
	n.Content = kept
}

// without writes a sample with facts taken out.
func (f *forgetful) without(t *testing.T, sample, to string) {
	t.Helper()
	data, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	encoder := yaml.NewEncoder(&out)
	for decoder := yaml.NewDecoder(strings.NewReader(string(data))); ; {
		var n yaml.Node
		if decoder.Decode(&n) != nil {
			break
		}
		f.take(&n)
		if err := encoder.Encode(&n); err != nil {
			t.Fatal(err)
		}
	}
	writeText(t, to, out.String())
}

// Whatever facts are missing, no page, comment or graph shows one as 0 s or 100 %.
func TestUnknownIsNeverShownAsGood(t *testing.T) {
	t.Parallel()
	f := &forgetful{Rand: rand.New(rand.NewPCG(14, 4))}
	path := filepath.Join(t.TempDir(), "m.yaml")
	unknown := 0
	for n := range 60 {
		sample := filepath.Join("..", "testdata", "manifests", []string{"shop.yaml", "payments.yaml", "chat.yaml"}[n%3])
		f.chance = []float64{.05, .3, .9, 1}[n/3%4]
		f.without(t, sample, path)
		for _, args := range [][]string{
			{"report", "--no-config"}, {"report", "--no-config", "--format", "markdown"},
			{"graph", "--no-config"}, {"graph", "--no-config", "--format", "json"}, {"plan", "--no-config"}, {"advise", "--no-config"},
		} {
			code, out, errs := runMain(t, nil, append(args, path)...)
			if code > exitFindings {
				t.Fatalf("%v of %s ends with %d: %s", args, sample, code, errs)
			}
			out = html.UnescapeString(unseenParts.ReplaceAllString(out, " "))
			unknown += strings.Count(out, "not known")
			if at := nothing.FindStringIndex(out); at != nil {
				text, _ := os.ReadFile(path)
				t.Errorf("%v of %s: %q\n%s", args, sample, out[max(0, at[0]-120):min(len(out), at[1]+60)], text)
				return
			}
		}
	}
	if f.gone < 300 || unknown < 100 {
		t.Errorf("%d facts taken out, %d said to be unknown: nothing is held", f.gone, unknown)
	}
}

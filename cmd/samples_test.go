package cmd

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/manifest"
	"waitornot/rules/embedded"
)

// labelled are the operations of the sample systems, with the verdict that the
// framework's text gives to each of its examples. Those without an example are
// there because the system needs them.
var labelled = []struct {
	id      string
	verdict decide.Verdict
	example string
}{
	{"storefront/sign-in", decide.Sync, "user login"},
	{"storefront/show-product", decide.Sync, "user-facing API response"},
	{"storefront/welcome-email", decide.Async, "e-mail notification after sign-up"},
	{"storefront/track-click", decide.Async, "analytics events"},
	{"storefront/update-recommendations", decide.Async, "recommendation update"},
	{"checkout/authorize-payment", decide.Sync, "payment authorization at checkout"},
	{"checkout/take-order", decide.Sync, "taking an order"},
	{"checkout/void-payment", decide.Async, ""},
	{"orders/fulfil-order", decide.Async, "order fulfilment"},
	{"orders/send-receipt", decide.Async, "receipt e-mail"},
	{"orders/update-inventory", decide.Async, "inventory update"},
	{"orders/notify-shipping", decide.Async, "shipping notification"},
	{"orders/export-orders", decide.Hybrid, "an export the user asked for and will fetch"},
	{"merchant-api/log-in", decide.Sync, "user login"},
	{"merchant-api/charge-card", decide.Sync, "payment authorization at checkout"},
	{"merchant-api/get-payment", decide.Sync, "database query behind a REST read"},
	{"merchant-api/notify-merchant", decide.Async, ""},
	{"merchant-api/settlement-report", decide.Async, "report generation"},
	{"merchant-api/export-transactions", decide.Hybrid, "an export the user asked for and will fetch"},
	{"chat/deliver-message", decide.Sync, "delivering a chat message over a WebSocket"},
	{"chat/load-channel", decide.Sync, "database query behind a REST read"},
	{"chat/index-message", decide.Async, "search indexing"},
	{"chat/make-thumbnails", decide.Async, "thumbnails after an image upload"},
	{"chat/mention-email", decide.Async, "e-mail notification"},
	{"chat/usage-report", decide.Async, "report generation"},
	{"chat/export-workspace", decide.Hybrid, "an export the user asked for and will fetch"},
}

const samplesDir = "../testdata/manifests"

// Every operation of the sample systems gets the verdict of its label, whole
// and from all four answers, and is declared to work so.
func TestSamplesHaveTheirLabels(t *testing.T) {
	table, err := embedded.Table()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*manifest.Operation{}
	for _, name := range []string{"shop.yaml", "payments.yaml", "chat.yaml"} {
		data, err := os.ReadFile(filepath.Join(samplesDir, name))
		if err != nil {
			t.Fatal(err)
		}
		file, ops := manifest.Read(manifest.Source{Name: name, Data: data}, manifest.Options{})
		for _, f := range file.Findings {
			t.Errorf("%s:%d: %s", name, f.Range.Start.Line, f.Message)
		}
		for i := range ops {
			found[ops[i].ID()] = &ops[i]
		}
	}
	if len(found) != len(labelled) {
		t.Errorf("%d operations in the samples, %d labels", len(found), len(labelled))
	}
	for _, want := range labelled {
		op := found[want.id]
		if op == nil {
			t.Errorf("%s is in no sample", want.id)
			continue
		}
		answers := op.Answers.Under(decide.DefaultLimits())
		if answers.Known() != 4 {
			t.Errorf("%s does not answer all four questions: %s", want.id, answers)
		}
		if got := table.Decide(answers).Verdict; got != want.verdict {
			t.Errorf("%s (%s) is %s, want %s: %s", want.id, want.example, got, want.verdict, answers)
		}
		if op.Mode.Value != want.verdict {
			t.Errorf("%s is declared %s, want %s", want.id, op.Mode.Value, want.verdict)
		}
	}
}

// Check has nothing to say about the sample systems, not even by the way.
func TestSamplesPassCheck(t *testing.T) {
	for _, name := range []string{"shop.yaml", "payments.yaml", "chat.yaml"} {
		code, out, errs := runMain(t, nil, "check", "--fail-on", "info", filepath.Join(samplesDir, name))
		if code != exitOK {
			t.Errorf("check %s ends with %d:\n%s%s", name, code, out, errs)
		}
	}
}

// The broken samples show everything that reading can find fault with, but for a
// file that is too large to keep; each shows its own fault, all in one run, and
// advise says the same as check.
func TestBrokenSamplesShowEveryFault(t *testing.T) {
	dir := filepath.Join(samplesDir, "broken")
	code, checked, _ := runMain(t, nil, "check", "--brief", dir)
	if code != exitFailed {
		t.Errorf("check ends with %d, want %d", code, exitFailed)
	}
	code, _, advised := runMain(t, nil, "advise", "--brief", dir)
	if code != exitFailed {
		t.Errorf("advise ends with %d, want %d", code, exitFailed)
	}
	for _, r := range manifest.Rules() {
		label := "(" + r.Code + " " + r.Name + ")"
		if r.Name == "too-large" {
			continue
		}
		if n, m := strings.Count(checked, label), strings.Count(advised, label); n == 0 || n != m {
			t.Errorf("%s is reported %d times by check and %d times by advise", label, n, m)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) < 15 {
		t.Fatalf("%d broken samples, error %v", len(files), err)
	}
	for _, f := range files {
		if !strings.Contains(checked, filepath.Base(f)+":") {
			t.Errorf("%s shows no fault", f)
		}
	}
}

// runMain runs the command line with its own streams and a fixed day.
func runMain(t *testing.T, in *strings.Reader, args ...string) (code int, out, errs string) {
	t.Helper()
	if in == nil {
		in = strings.NewReader("")
	}
	var o, e strings.Builder
	code = Main(context.Background(), args, Streams{
		In: in, Out: &o, Err: &e, Env: func(string) string { return "" },
		Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	})
	return code, o.String(), e.String()
}

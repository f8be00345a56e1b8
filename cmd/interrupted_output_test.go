package cmd

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/config"
	"waitornot/decide/project"
)

// An interrupt ends a command whatever it is doing: here, while whoever reads its output doesn't.
func TestInterruptedOutput(t *testing.T) {
	t.Parallel()
	lines := []string{
		"check --diff --unsafe-fixes off.yaml", "import --write new --dry-run compose.yaml", "import --check --manifests off.yaml compose.yaml", "import compose.yaml",
		"import --format edges compose.yaml", "import --format json compose.yaml", "report good.yaml", "report --format markdown good.yaml", "adr good.yaml",
	}
	all := runnable()
	for command, rest := range map[string]string{"advise": "good.yaml", "graph": "good.yaml", "plan": "good.yaml", "simulate": "good.yaml --runs 1", "waivers": "good.yaml", "diff": "good.yaml off.yaml", "adr check": "good.yaml"} {
		for _, format := range formatsOf(all[command]) {
			lines = append(lines, command+" --format "+format+" "+rest)
		}
	}
	for _, format := range formatsOf(all["check"]) {
		lines = append(lines, "check --output "+format+" off.yaml")
	}
	good, err := os.ReadFile(filepath.Join(samplesDir, "shop.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			b := &bench{t: t, dir: t.TempDir()}
			b.write("good.yaml", string(good))
			b.write("off.yaml", "service: shop\noperations:\n- {name: ship, callee: bank, mode: async, answers: {immediacy: yes, retryability: no, latency: 1s, coupling: no}}\n")
			b.write("compose.yaml", "services: {shop: {image: shop, depends_on: [mailer]}, mailer: {image: mailer}}")
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			out := &unread{interrupt, make(chan struct{})}
			defer close(out.end)
			code := make(chan int, 1)
			go func() {
				code <- Main(ctx, strings.Fields(line), Streams{
					In: strings.NewReader(""), Out: out, Err: io.Discard, Dir: b.dir, Env: func(string) string { return "" }, Now: time.Now,
				})
			}()
			select {
			case got := <-code:
				if got != exitInterrupted || ctx.Err() == nil {
					t.Errorf("it ends with %d; interrupted: %v", got, ctx.Err())
				}
			case <-time.After(3 * time.Minute):
				t.Error("it doesn't end")
			}
		})
	}
}

// An unread is an output that nobody reads; at the first write, somebody interrupts the program.
type unread struct {
	interrupt func()
	end       chan struct{}
}

func (u *unread) Write(p []byte) (int, error) {
	u.interrupt()
	<-u.end
	return len(p), nil
}

// An interrupt is heard while files are read and judged, however long that takes.
func TestReadUntilDone(t *testing.T) {
	t.Parallel()
	table, err := new(globals).table()
	if err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	file := project.File{Name: "m.yaml", Path: "/m.yaml", Open: func() ([]byte, error) { interrupt(); <-release; return nil, nil }}
	s := project.Settings{Configurations: &config.Loader{Table: table, Limits: decide.DefaultLimits(), None: true}}
	if p, kept, err := readUntilDone[struct{}](ctx, []project.File{file}, s, nil); p != nil || kept != nil || exitCode(err) != exitInterrupted {
		t.Errorf("%v, %v, %v", p, kept, err)
	}
}

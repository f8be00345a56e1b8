package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"waitornot/testdata/rpc"
)

// Each breach fits the program as it is.
func TestBreaches(t *testing.T) {
	t.Parallel()
	for _, b := range breaches() {
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(b.file)))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), b.old); n != 1 {
			t.Errorf("%s: %s holds what is to be broken %d times", b.what, b.file, n)
		}
	}
}

// The page has a row for each attack, and no attack found anything.
func TestPage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../cmd/docs/threat-model.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), begin)
	shown, _, _ := strings.Cut(rest, end)
	rows := strings.Split(strings.TrimSpace(shown), "\n")
	if len(rows) != 2+len(attacks()) {
		t.Fatalf("the page has %d rows: go run ./testdata/soak -for 10m -write cmd/docs/threat-model.md", len(rows))
	}
	for i, a := range attacks() {
		if row := rows[2+i]; !strings.HasPrefix(row, "| "+a.name+" | ") || !strings.HasSuffix(row, " | 0 | 0 | 0 |") {
			t.Errorf("%s: the page says %s", a.name, row)
		}
	}
}

// A program that does everything wrong is found by every attack.
func TestStub(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // it has no shell to write the program for
	}
	dir := t.TempDir()
	x := &target{ctx: context.Background(), bin: filepath.Join(dir, "stub"), patience: time.Minute, random: rand.New(rand.NewPCG(1, 0)), out: io.Discard}
	stub := "#!/bin/sh\nprintf '\\033[31m::error::%s\\n' \"$SECRET_TOKEN\"\necho 'panic: x' >&2\necho torn > waitornot.yaml\nexit 7\n"
	if err := os.WriteFile(x.bin, []byte(stub), 0o777); err != nil {
		t.Fatal(err)
	}
	for path := range prints() {
		c := command{path: path}
		for key := range ownJobs() {
			if flag, is := strings.CutPrefix(key, path+" "); is && !strings.Contains(flag, " ") {
				c.flags = append(c.flags, flag)
			}
		}
		x.tree = append(x.tree, c)
	}
	tallies := make([]tally, len(attacks()))
	if err := x.round(filepath.Join(dir, "work"), tallies); err != nil {
		t.Fatal(err)
	}
	if got := found(tallies); len(got) != len(attacks()) {
		t.Errorf("found by %q alone", got)
	}
	if verdict(tallies) == nil {
		t.Error("the soak command ends well")
	}
}

// Two times through the deck, each trap is met as it must be to be found.
func TestDeck(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		var d deck
		random := rand.New(rand.NewPCG(seed, 0))
		settings, others := shuffled(random)
		met := map[string]int{} // by name, whether outside is a repository
		for range rounds {
			h := d.deal(random)
			laid, configured := map[string]bool{}, false
			for _, x := range h.traps {
				if laid[x.name] {
					t.Fatalf("seed %d: a repository has two traps %s", seed, x.name)
				}
				laid[x.name], configured = true, configured || path.Base(x.name) == ".waitornot.yaml"
			}
			for _, x := range h.traps {
				switch {
				case path.Base(x.name) == ".waitornot.yaml":
					met[fmt.Sprint(x.name, h.at)]++
				case !configured && h.at == path.Dir(x.name):
					met[fmt.Sprint(x.name, h.outside)]++
				}
			}
		}
		for _, x := range others {
			if met[x.name+"true"] == 0 || met[x.name+"false"] == 0 {
				t.Errorf("seed %d: in %d repositories %s is not met with and without a repository outside", seed, rounds, x.name)
			}
		}
		for _, x := range settings {
			if met[x.name+path.Dir(x.name)] == 0 || met[x.name+"svc"] == 0 {
				t.Errorf("seed %d: in %d repositories %s is not met from its folder and from below", seed, rounds, x.name)
			}
		}
	}
}

// What an agent asks for is answered before its input ends, where a server would stop.
func TestGive(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // it has no shell to write the server for
	}
	dir := t.TempDir()
	x := &target{ctx: context.Background(), bin: filepath.Join(dir, "stub"), patience: time.Minute, out: io.Discard}
	stub := "#!/bin/sh\nread -r request\n(sleep 0.2; echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}') &\ncat >/dev/null\nkill $! 2>/dev/null\nexit 0\n"
	if err := os.WriteFile(x.bin, []byte(stub), 0o777); err != nil {
		t.Fatal(err)
	}
	if r := x.feed(dir, new(tally), rpc.Message(1, "ping", nil)+"\n", "mcp"); !strings.Contains(r.out, `"id":1,`) {
		t.Errorf("the server ends with %d and has answered %q", r.code, r.both())
	}
}

package cmd

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const editorsDir = "../testdata/editors"

// runSession runs the session of a client, which says what held.
func runSession(t *testing.T, least int, c *exec.Cmd) {
	t.Helper()
	out, err := c.CombinedOutput()
	held := 0
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "ok: ") {
			held++
		}
	}
	if err != nil || held < least {
		t.Errorf("%v; %d things held, want %d:\n%s", err, held, least, out)
		return
	}
	t.Logf("%d things held", held)
}

// Neovim's own client works with the server: testdata/editors/neovim.lua says how. It
// needs nvim, which .ci/run provides.
func TestLSPInNeovim(t *testing.T) {
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip("EDITOR TESTS SKIPPED: no nvim")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	script, err := filepath.Abs(filepath.Join(editorsDir, "neovim.lua"))
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(ctx, nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", "luafile "+script)
	c.Env = append(os.Environ(), "WAITORNOT="+program(t), "FOLDER="+sampleProject(t), "HOME="+t.TempDir(), "XDG_CACHE_HOME="+t.TempDir())
	runSession(t, 8, c)
}

// The protocol's own client, which Visual Studio Code is built on, works with the server in
// each encoding: testdata/editors/client.mjs says how. It needs node, and the modules of
// testdata/editors/package.json in the folder that EDITOR_MODULES names, or beside
// package.json; .ci/run provides them.
func TestLSPInProtocolClient(t *testing.T) {
	node, _ := exec.LookPath("node")
	modules := ""
	for _, dir := range []string{os.Getenv("EDITOR_MODULES"), editorsDir} {
		if _, err := os.Stat(filepath.Join(dir, "node_modules", "vscode-languageserver-protocol")); dir != "" && err == nil && modules == "" {
			modules, _ = filepath.Abs(dir)
		}
	}
	if node == "" || modules == "" {
		t.Skipf("EDITOR TESTS SKIPPED: node %q, modules %q", node, modules)
	}
	built := program(t)
	for _, encoding := range []string{"utf-8", "utf-16", "utf-32"} {
		t.Run(encoding, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			runSession(t, 16, exec.CommandContext(ctx, node, filepath.Join(editorsDir, "client.mjs"), modules, built, sampleProject(t), encoding))
		})
	}
}

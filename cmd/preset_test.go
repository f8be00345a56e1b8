package cmd

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waitornot/cmd/internal/git"
	"waitornot/cmd/internal/preset"
	"waitornot/decide/config"
)

// A presetServer serves repositories over https on this machine, as a forge does.
type presetServer struct {
	url, root, ca string
	requests      atomic.Int64
}

// servePresets starts a server and makes one repository, platform, in it.
func servePresets(t *testing.T) *presetServer {
	t.Helper()
	path, err := exec.Command("git", "--exec-path").Output()
	backend := filepath.Join(strings.TrimSpace(string(path)), "git-http-backend")
	if err == nil {
		_, err = os.Stat(backend)
	}
	if err != nil {
		t.Skipf("SKIPPED: no server of git here: %v", err)
	}
	s := &presetServer{root: t.TempDir()}
	handler := &cgi.Handler{Path: backend, Stderr: io.Discard, Env: []string{"GIT_PROJECT_ROOT=" + s.root, "GIT_HTTP_EXPORT_ALL=1"}}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	s.ca = filepath.Join(t.TempDir(), "ca.pem")
	writeFile(t, s.ca, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	work := t.TempDir()
	writeFile(t, filepath.Join(work, "strict.yaml"), "extends: common/base.yaml\nlocked: [WN101]\nrules: {WN301: off}\noverrides:\n  - {paths: [legacy/**], rules: {WN101: error}}\n")
	writeFile(t, filepath.Join(work, "common/base.yaml"), "latency_threshold: 300ms\n")
	writeFile(t, filepath.Join(work, "wrong.yaml"), "latency: 300ms\n")
	writeFile(t, filepath.Join(work, "out.yaml"), "extends: ../../../etc/passwd\n")
	writeFile(t, filepath.Join(work, "large.yaml"), strings.Repeat("# nothing\n", 1<<17))
	sh(t, work, nil, `git init -q -b main && git add . && git -c user.name=a -c user.email=a@example.org commit -q -m one && git tag v1 && git clone -q --bare . "$0"/platform.git`, s.root)
	return s
}

// head returns the commit of the preset repository.
func (s *presetServer) head(t *testing.T) string {
	return strings.TrimSpace(sh(t, s.root, nil, "git --git-dir platform.git rev-parse main"))
}

// A configuration extends one of another repository: it is fetched when the command line
// or the environment allows the address, and from then on read from the cache, offline.
func TestPreset(t *testing.T) {
	t.Parallel()
	s := servePresets(t)
	binary := program(t)
	dir, cache := t.TempDir(), t.TempDir()
	writeFile(t, filepath.Join(dir, "waitornot.yaml"), "service: a\noperations:\n  - {name: x, callee: b, mode: sync, answers: {immediacy: no, retryability: yes, latency: 400ms, coupling: yes}}\n")
	run := func(extends string, more []string, args ...string) (string, int) {
		t.Helper()
		writeFile(t, filepath.Join(dir, ".waitornot.yaml"), "extends: "+extends+"\n")
		c := exec.Command(binary, args...)
		c.Dir = dir
		c.Env = append(append(os.Environ(), "GIT_SSL_CAINFO="+s.ca, "WAITORNOT_CACHE="+cache, "HOME="+cache), more...)
		out, err := c.CombinedOutput()
		if err != nil && c.ProcessState == nil {
			t.Fatal(err)
		}
		return string(out), c.ProcessState.ExitCode()
	}
	wants := func(out string, code, want int, parts ...string) {
		t.Helper()
		if code != want {
			t.Errorf("exit code %d, want %d:\n%s", code, want, out)
		}
		for _, p := range parts {
			if !strings.Contains(out, p) {
				t.Errorf("%q is missing in:\n%s", p, out)
			}
		}
	}
	repository := s.url + "/platform.git"
	tag := "git+" + repository + "//strict.yaml@v1"

	// Nothing allows it: no request leaves, whatever the configuration says.
	out, code := run(tag, nil, "check")
	wants(out, code, exitFailed, "isn't in the cache, and fetching it isn't allowed", "--allow-presets "+repository)
	out, code = run(tag, nil, "check", "--allow-presets", repository+"x", "--config", ".waitornot.yaml")
	wants(out, code, exitFailed, "fetching it isn't allowed")
	if n := s.requests.Load(); n != 0 {
		t.Fatalf("%d requests without an allowance", n)
	}

	// Allowed by the flag, and by the environment for a commit; its own parent comes with it.
	out, code = run(tag, nil, "config", "show", "--allow-presets", s.url)
	wants(out, code, 0, "fetched "+tag, "latency_threshold", "300ms", "common/base.yaml@v1:1", "strict.yaml@v1:3")
	commit := "git+" + repository + "//strict.yaml@" + s.head(t)
	out, code = run(commit, []string{"WAITORNOT_PRESETS=https://elsewhere.example " + repository}, "config", "verify")
	wants(out, code, 0, ": ok")

	// Offline from now on.
	before := s.requests.Load()
	for _, extends := range []string{tag, commit} {
		out, code = run(extends, []string{"https_proxy=http://127.0.0.1:1"}, "check", "--brief")
		wants(out, code, exitFindings, "WN101")
		if strings.Contains(out, "WN301") {
			t.Errorf("the preset turned WN301 off, and it's reported:\n%s", out)
		}
	}
	out, code = run(tag+"\nrules: {WN101: off}", nil, "check")
	wants(out, code, exitFailed, "locked")
	if n := s.requests.Load(); n != before {
		t.Errorf("%d requests for what the cache holds", n-before)
	}

	// What can't be read says why, and the way out.
	allowed := []string{"WAITORNOT_PRESETS=" + s.url}
	for extends, want := range map[string][]string{
		"git+" + repository + "//strict.yaml@main":                       {"main is a branch of " + repository, "pin a tag, or the commit:", "git+" + repository + "//strict.yaml@" + s.head(t)},
		"git+" + repository + "//strict.yaml@v2":                         {"has no tag v2"},
		"git+" + repository + "//strict.yaml":                            {"the revision is missing"},
		"git+" + repository + "//other.yaml@v1":                          {"has no file other.yaml at v1"},
		"git+" + repository + "//common@v1":                              {"it's a folder"},
		"git+" + repository + "//large.yaml@v1":                          {"larger than 1024 KiB"},
		"git+" + repository + "//wrong.yaml@v1":                          {"wrong.yaml@v1:1:1", `unknown key "latency" in the configuration`},
		"git+" + repository + "//out.yaml@v1":                            {"invalid preset address"},
		"git+" + s.url + "/nothing.git//strict.yaml@v1":                  {"can't fetch the preset", "check the address"},
		"git+https://ada:secret@127.0.0.1/p.git//strict.yaml@v1":         {"extends on line 1 contains credentials"},
		"git+" + repository + "//strict.yaml@" + strings.Repeat("0", 40): {"can't fetch the preset"},
	} {
		out, code = run(extends, allowed, "check")
		wants(out, code, exitFailed, want...)
		if strings.Contains(out, "secret") {
			t.Errorf("a password is shown:\n%s", out)
		}
	}
	out, code = run(strings.Replace(tag, "v1", "v9", 1), append(allowed, "GIT_SSL_CAINFO=/dev/null"), "check")
	wants(out, code, exitFailed, "can't fetch the preset")

	// What the repository says of git is not followed: neither hooks, nor helpers, nor addresses.
	sh(t, dir, nil, `git init -q && git config core.sshCommand 'touch ran' && git config "url.file:///tmp/.insteadOf" "$0" && git config credential.helper '!touch '"$PWD"'/ran'`, s.url)
	if err := os.RemoveAll(filepath.Join(cache, "presets")); err != nil {
		t.Fatal(err)
	}
	out, code = run(tag, allowed, "config", "verify")
	wants(out, code, 0, "fetched "+tag, ": ok")
	if _, err := os.Stat(filepath.Join(dir, "ran")); err == nil {
		t.Error("a program of the repository ran")
	}
	if left, _ := filepath.Glob(filepath.Join(cache, "presets", "fetching-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// largePreset makes a repository large.git whose only file has so many bytes that nothing packs.
func largePreset(t *testing.T, s *presetServer, size int) {
	t.Helper()
	data := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{}).Read(data)
	work := t.TempDir()
	writeFile(t, filepath.Join(work, "large.bin"), string(data))
	writeFile(t, filepath.Join(work, "strict.yaml"), "locked: [WN101]\n")
	sh(t, work, nil, `git init -q -b main && git -c core.compression=0 add . && git -c user.name=a -c user.email=a@example.org commit -q -m one && git tag v1 && rm -rf "$0"/large.git && git clone -q --bare . "$0"/large.git`, s.root)
}

// A fetch ends when the repository is too large, or the server too slow.
func TestPresetBounds(t *testing.T) {
	s := servePresets(t)
	t.Setenv("GIT_SSL_CAINFO", s.ca)
	fetch := func(url string, b git.Bounds) (size int64, err error) {
		dir := t.TempDir()
		_, err = git.Fetch(t.Context(), dir, git.Remote{URL: url, Tag: "v1"}, b)
		for _, text := range files(t, dir) {
			size += int64(len(text))
		}
		return size, err
	}
	size, err := fetch(s.url+"/platform.git", git.Bounds{Bytes: 1 << 20, Time: time.Minute})
	if err != nil || size == 0 {
		t.Fatalf("within its bounds: %d bytes, %v", size, err)
	}
	const locks = 1 << 10 // files of git's that are gone at the end
	if _, err := fetch(s.url+"/platform.git", git.Bounds{Bytes: size + locks, Time: time.Minute}); err != nil {
		t.Errorf("just within its bounds: %v", err)
	}
	if _, err := fetch(s.url+"/platform.git", git.Bounds{Bytes: size - 1, Time: time.Minute}); !errors.Is(err, git.ErrTooLarge) {
		t.Errorf("a byte too large: %v", err)
	}
	if !testing.Short() {
		const besides = 64 << 10 // what a repository has besides its files
		for bytes, want := range map[int]string{preset.MaxBytes - besides: "<nil>", preset.MaxBytes + 1: "keep presets in a repository of at most 32 MiB"} {
			largePreset(t, s, bytes)
			store := preset.Store{Dir: t.TempDir(), Allowed: []string{s.url}}
			if _, err := store.Read(t.Context(), config.Preset{URL: s.url + "/large.git", File: "strict.yaml", Revision: "v1"}); !strings.Contains(fmt.Sprint(err), want) {
				t.Errorf("of %d bytes: %v, want %s", bytes, err, want)
			}
		}
	}
	mute, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	if _, err := fetch("https://"+mute.Addr().String()+"/platform.git", git.Bounds{Bytes: 1 << 20, Time: time.Second}); !errors.Is(err, git.ErrTooSlow) {
		t.Errorf("too slow: %v", err)
	}
	store := preset.Store{Dir: t.TempDir(), Allowed: []string{"https://127.0.0.1:1"}} // where nobody listens
	for n := range preset.MostFetches + 1 {
		_, err := store.Read(t.Context(), config.Preset{URL: "https://127.0.0.1:1/p", File: "a.yaml", Revision: fmt.Sprintf("v%d", n)})
		if refused := strings.Contains(fmt.Sprint(err), "at most"); refused != (n == preset.MostFetches) {
			t.Errorf("preset %d: %v", n+1, err)
		}
	}
}

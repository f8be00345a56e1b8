package cmd

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// A presetVictim runs the program in a folder that extends presets, with a home and a cache
// of its own.
type presetVictim struct {
	t                        *testing.T
	binary, dir, cache, home string
	server                   *presetServer
	env                      []string
}

func newVictim(t *testing.T) *presetVictim {
	t.Helper()
	v := &presetVictim{t: t, server: servePresets(t), binary: program(t), dir: t.TempDir(), cache: t.TempDir(), home: t.TempDir()}
	writeFile(t, filepath.Join(v.dir, "waitornot.yaml"), "service: a\noperations:\n  - {name: x, callee: b, mode: sync, answers: {immediacy: no, retryability: yes, latency: 400ms, coupling: yes}}\n")
	return v
}

// check checks with a configuration that extends an address; everything is allowed.
func (v *presetVictim) check(extends string) (out string, code int) {
	v.t.Helper()
	writeFile(v.t, filepath.Join(v.dir, ".waitornot.yaml"), "extends: "+quoteYAML(extends)+"\n")
	c := exec.Command(v.binary, "check", "--brief")
	c.Dir = v.dir
	c.Env = append(append(os.Environ(), "GIT_SSL_CAINFO="+v.server.ca, "WAITORNOT_CACHE="+v.cache, "HOME="+v.home, "XDG_CONFIG_HOME="+v.home, "GIT_CONFIG_NOSYSTEM=1",
		"WAITORNOT_PRESETS=https:// ssh:// file:// ext:: http:// git:// "+v.server.url), v.env...)
	text, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		v.t.Fatal(err)
	}
	return string(text), c.ProcessState.ExitCode()
}

// quiet fails when a program of the attacker ran.
func (v *presetVictim) quiet(what string) {
	v.t.Helper()
	for _, dir := range []string{v.dir, v.home, v.cache} {
		ran, err := exec.Command("find", dir, "-name", "RAN*").Output()
		if err != nil || len(ran) > 0 {
			v.t.Errorf("%s: a program ran: %s%v", what, ran, err)
		}
	}
}

// No address makes git take a part of it for an option, or speak anything but https and
// ssh: nothing runs, and nothing is asked.
func TestPresetAddresses(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	ran := filepath.Join(v.dir, "RAN")
	local := v.server.root + "/platform.git"
	for _, address := range []string{
		"git+--upload-pack=touch " + ran + "//x.yaml@v1", "git+https://--upload-pack=touch${IFS}" + ran + "//x.yaml@v1", "git+https://x/--upload-pack=touch//x.yaml@v1 ",
		"git+ext::sh -c 'touch " + ran + "'//x.yaml@v1", "git+ext::sh://c/touch//x.yaml@v1", "git+https://ext::sh/x//x.yaml@v1",
		"git+file://" + local + "//strict.yaml@v1", "git+" + local + "//strict.yaml@v1", "git+http://127.0.0.1:1/p//strict.yaml@v1", "git+git://127.0.0.1/p//strict.yaml@v1", "git+ftp://127.0.0.1/p//strict.yaml@v1",
		"git+ssh://-oProxyCommand=touch " + ran + "/p//strict.yaml@v1", "git+ssh://-oProxyCommand=x/p//strict.yaml@v1", "git+ssh://git@-oProxyCommand=x/p//strict.yaml@v1", "git+ssh://git:pass@127.0.0.1/p//strict.yaml@v1",
		"git+" + v.server.url + "/platform.git//strict.yaml@--upload-pack=touch", "git+" + v.server.url + "/platform.git//strict.yaml@-x", "git+" + v.server.url + "/platform.git//strict.yaml@v1:refs/heads/x",
		"git+" + v.server.url + "/platform.git//strict.yaml@v1..v2", "git+" + v.server.url + "/platform.git//strict.yaml@+refs/heads/*", "git+" + v.server.url + "/platform.git//../../../etc/passwd@v1",
		"git+" + v.server.url + "/../platform.git//strict.yaml@v1", "git+" + v.server.url + "/platform.git//.git/config@v1", "git+" + v.server.url + "/platform.git//strict.yaml@v1\n--x", "git+" + v.server.url + "/platform.git?x=y//strict.yaml@v1",
		"git+" + v.server.url + "/platform.git#x//strict.yaml@v1", "git+" + v.server.url + "/%2e%2e/platform.git//strict.yaml@v1", "git+HTTPS://127.0.0.1/p//strict.yaml@v1", "git+https:///platform.git//strict.yaml@v1",
	} {
		before := v.server.requests.Load()
		out, code := v.check(address)
		if code != exitFailed || v.server.requests.Load() != before {
			t.Errorf("%s: ends with %d after %d requests: %s", address, code, v.server.requests.Load()-before, out)
		}
		if strings.Contains(out, "pass@") || strings.Contains(out, "goroutine") {
			t.Errorf("%s: %s", address, out)
		}
		v.quiet(address)
	}
}

// A server that sends elsewhere is not followed: who answers there sees no request.
func TestPresetRedirected(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, to := range []string{other.URL + "/platform.git", v.server.url + "/platform.git", "file://" + v.server.root + "/platform.git", "ext::touch RAN"} {
		server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", to+strings.TrimPrefix(r.URL.RequestURI(), "/p.git"))
			w.WriteHeader(http.StatusFound)
		}))
		ca := filepath.Join(t.TempDir(), "ca.pem")
		writeFile(t, ca, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
		v.env = []string{"GIT_SSL_CAINFO=" + ca, "WAITORNOT_PRESETS=" + server.URL}
		before := v.server.requests.Load()
		out, code := v.check("git+" + server.URL + "/p.git//strict.yaml@v1")
		if code != exitFailed || !strings.Contains(out, "can't fetch the preset") {
			t.Errorf("to %s: ends with %d: %s", to, code, out)
		}
		if n := v.server.requests.Load() - before + elsewhere.Load(); n > 0 {
			t.Errorf("to %s: %d requests where it led", to, n)
		}
		server.Close()
	}
	v.quiet("a redirection")
}

// What a repository holds runs nothing and reaches no other: filters, as of large files,
// submodules, hooks, attributes.
func TestPresetRepositoryRunsNothing(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	work := t.TempDir()
	writeFile(t, filepath.Join(work, ".gitattributes"), "*.yaml filter=lfs diff=x merge=x export-subst ident\n")
	writeFile(t, filepath.Join(work, ".gitmodules"), "[submodule \"s\"]\n\tpath = s\n\turl = file://"+v.server.root+"/platform.git\n")
	writeFile(t, filepath.Join(work, ".lfsconfig"), "[lfs]\n\turl = "+v.server.url+"/lfs\n")
	writeFile(t, filepath.Join(work, "hooks/post-checkout"), "#!/bin/sh\ntouch RAN\n")
	writeFile(t, filepath.Join(work, "strict.yaml"), "rules: {WN101: off}\n")
	writeFile(t, filepath.Join(work, "large.yaml"), "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n")
	sh(t, work, nil, `git init -q -b main && git add . && git update-index --add --cacheinfo 160000,`+v.server.head(t)+`,s && ln -s /etc/passwd link.yaml && git add link.yaml &&
		git -c user.name=a -c user.email=a@example.org commit -q -m one && git tag v1 && git clone -q --bare . "$0"/evil.git`, v.server.root)
	// The user's own settings have the filters that the attributes name, as with large files.
	writeFile(t, filepath.Join(v.home, ".gitconfig"), "[filter \"lfs\"]\n\tsmudge = touch RAN; cat\n\tprocess = touch RAN; cat\n\trequired = true\n[diff \"x\"]\n\ttextconv = touch RAN; cat\n[submodule]\n\trecurse = true\n[fetch]\n\trecurseSubmodules = true\n")
	address := "git+" + v.server.url + "/evil.git//"
	if out, code := v.check(address + "strict.yaml@v1"); code == exitFailed || strings.Contains(out, "WN101") || !strings.Contains(out, "fetched") {
		t.Errorf("ends with %d: %s", code, out)
	}
	for _, file := range []string{"large.yaml", "link.yaml", "s"} { // a pointer, a link and a submodule are no configurations
		if out, code := v.check(address + file + "@v1"); code != exitFailed || strings.Contains(out, "root:") {
			t.Errorf("%s: ends with %d: %s", file, code, out)
		}
	}
	v.quiet("a repository")
}

// Whoever can write the cache, as a restored cache of CI, runs nothing and reaches nothing
// by it: settings, hooks, and objects that must be fetched first.
func TestPresetPoisonedCache(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	var asked atomic.Int64
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("WWW-Authenticate", "Basic realm=x")
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	writeFile(t, ca, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	address := "git+" + v.server.url + "/platform.git//strict.yaml@v1"
	if out, code := v.check(address); code != exitFindings {
		t.Fatalf("ends with %d: %s", code, out)
	}
	v.env = []string{"GIT_SSL_CAINFO=" + ca}
	dirs, err := filepath.Glob(filepath.Join(v.cache, "presets", "*", "HEAD"))
	if err != nil || len(dirs) != 1 {
		t.Fatalf("the cache holds %q, %v", dirs, err)
	}
	dir := filepath.Dir(dirs[0])
	ran := filepath.Join(v.dir, "RAN")
	for i, url := range []string{server.URL + "/p", "ext::touch " + ran, "ssh://127.0.0.1:1/p"} {
		writeFile(t, filepath.Join(dir, "config"), fmt.Sprintf("[core]\n\trepositoryformatversion = 1\n\tbare = true\n\tfsmonitor = touch %[1]s1\n\tsshCommand = touch %[1]s2\n\tpager = touch %[1]s3\n\thooksPath = hooks\n\tgitProxy = touch %[1]s4\n\talternateRefsCommand = touch %[1]s5\n"+
			"[extensions]\n\tpartialClone = origin\n[remote \"origin\"]\n\turl = %[2]s\n\tpromisor = true\n\tpartialclonefilter = blob:none\n\tuploadpack = touch %[1]s6\n[credential]\n\thelper = !touch %[1]s7\n[protocol]\n\tallow = always\n[filter \"x\"]\n\tsmudge = touch %[1]s8\n[uploadpack]\n\tpackObjectsHook = touch %[1]s9\n", ran, url))
		for _, hook := range []string{"post-checkout", "reference-transaction", "pre-auto-gc", "post-index-change", "fsmonitor-watchman"} {
			writeFile(t, filepath.Join(dir, "hooks", hook), "#!/bin/sh\ntouch "+ran+"\n")
			if err := os.Chmod(filepath.Join(dir, "hooks", hook), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if out, code := v.check(address); i == 0 && code != exitFindings {
			t.Errorf("with settings alone it ends with %d: %s", code, out)
		}
		v.quiet("settings of the cache")
		packs, _ := filepath.Glob(filepath.Join(dir, "objects", "*"))
		for _, p := range packs { // what is missing would have to be fetched
			if err := os.RemoveAll(p); err != nil {
				t.Fatal(err)
			}
		}
		if out, code := v.check(address); code != exitFailed || strings.Contains(out, "goroutine") {
			t.Errorf("without objects it ends with %d: %s", code, out)
		}
		v.quiet("a cache that must be completed from " + url)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("%d requests for what the cache lacks", n)
	}
}

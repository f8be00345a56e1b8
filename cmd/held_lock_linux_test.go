package cmd

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A told is what a run has said so far.
type told struct {
	mu   sync.Mutex
	text strings.Builder
}

func (w *told) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *told) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// Every command that writes says that it waits for a lock that another holds, hears an
// interrupt, and writes nothing.
func TestHeldLocks(t *testing.T) {
	t.Parallel()
	for args, file := range map[string]string{
		"init": "waitornot.yaml", "man .": "waitornot.1", "practice import in/history.jsonl --state .": "practice.jsonl", "graph -o g.txt in/waitornot.yaml": "g.txt", "check --format json=c.json in/waitornot.yaml": "c.json",
		"ask --name x --immediacy no --retryability no --latency 1s --coupling no --save asked.yaml": "asked.yaml",
		"import in/compose.yaml --write .": "shop.waitornot.yaml", "adr --dir . in/waitornot.yaml": "README.md", "check --baseline b.json --write-baseline in/waitornot.yaml": "b.json",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "in/waitornot.yaml"), "operations: [{name: pay, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}]\n")
			writeFile(t, filepath.Join(dir, "in/compose.yaml"), "services:\n  shop: {environment: {BANK_URL: 'http://bank:80'}}\n  bank: {image: bank}\n")
			writeFile(t, filepath.Join(dir, "in/history.jsonl"), `{"v":1,"id":"a-00001","at":"2026-11-20T08:00:00Z","kind":"answer","card":"bank-transfer/initiate","print":"000000000000","answers":{"latency":{"said":"yes","want":"yes"}},"verdict":{"said":"sync","want":"sync"},"rating":"good"}`+"\n")
			lock, err := os.Create(filepath.Join(dir, "."+file+".lock"))
			if err != nil {
				t.Fatal(err)
			}
			defer lock.Close()
			if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
				t.Fatal(err)
			}
			ctx, interrupt := context.WithCancel(t.Context())
			var errs told
			ended := make(chan int, 1)
			go func() {
				ended <- Main(ctx, strings.Fields(args), Streams{In: strings.NewReader(""), Out: new(strings.Builder), Err: &errs, Dir: dir, Now: time.Now, Env: func(string) string { return "" }})
			}()
			for end := time.Now().Add(3 * time.Minute); !strings.Contains(errs.String(), "waiting for another waitornot that has locked ."+file+".lock"); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("it waits in silence: %s", errs.String())
				}
			}
			interrupt()
			select {
			case code := <-ended:
				if _, err := os.Stat(filepath.Join(dir, file)); code != exitInterrupted || !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("after an interrupt it ends with %d, and the file: %v", code, err)
				}
			case <-time.After(3 * time.Minute):
				t.Error("it does not hear an interrupt")
			}
			// Who has given up gives back the lock that it's given after all.
			lock.Close()
			for end := time.Now().Add(3 * time.Minute); ; time.Sleep(time.Millisecond) {
				if _, err := os.Lstat(lock.Name()); errors.Is(err, fs.ErrNotExist) {
					break
				}
				if time.Now().After(end) {
					t.Fatal("the lock is left behind")
				}
			}
		})
	}
}

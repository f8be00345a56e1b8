package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// much gives the program more than one worker can do at a time, in one file and in many,
// on one core and on eight: each operation is there once, and the bytes are the same.
func (t *target) much(dir string, n *tally) error {
	const size, files, each = 4000, 40, 50
	if err := write(filepath.Join(dir, "big.waitornot.yaml"), manifest(size, "no")); err != nil {
		return err
	}
	for f := range files {
		text := strings.ReplaceAll(manifest(each, "no"), "op-", fmt.Sprintf("f%d-", f))
		if err := write(filepath.Join(dir, fmt.Sprintf("%02d.waitornot.yaml", f)), text); err != nil {
			return err
		}
	}
	for _, args := range [][]string{{"advise", "--format", "json"}, {"check", "--fail-on", "never", "--output", "json"}, {"graph", "--format", "json"}} {
		var outs []string
		for _, cores := range []string{"1", "8"} {
			ctx, cancel := context.WithTimeout(t.ctx, t.patience)
			c := t.command(ctx, dir, args...)
			c.Env = append(c.Env, "GOMAXPROCS="+cores)
			r := t.finish(ctx, c, dir, n)
			cancel()
			if r.code != 0 && t.ctx.Err() == nil {
				t.say(&n.wrong, dir, args, fmt.Sprintf("it ends with %d: %.300s", r.code, r.errs))
			}
			outs = append(outs, r.out)
		}
		if t.ctx.Err() != nil {
			return nil
		}
		if outs[0] != outs[1] {
			t.say(&n.wrong, dir, args, "on one core and on eight it says different things")
		}
		missing := 0
		for i := range size {
			if !strings.Contains(outs[1], fmt.Sprintf("op-%d\"", i)) && args[0] != "check" {
				missing++
			}
		}
		if want := fmt.Sprintf(`"operations":%d`, size+files*each); args[0] == "check" && !strings.Contains(strings.ReplaceAll(outs[1], " ", ""), want) {
			missing++
		}
		if missing > 0 {
			t.say(&n.lost, dir, args, fmt.Sprintf("%d operations are missing", missing))
		}
	}
	return nil
}

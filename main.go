// Waitornot answers, for each operation between a caller and a callee,
// whether the caller should wait.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"waitornot/cmd"
)

func main() {
	streams := cmd.System()
	cmd.AbortOnCrash()
	cmd.LimitMemory(streams)
	ctx, stop := signal.NotifyContext(context.Background(), ending()...)
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	code := cmd.Main(ctx, os.Args[1:], streams)
	stop()
	os.Exit(code)
}

// ending are the signals that end a run in order: files whole, the terminal as it was.
// A hangup counts unless whoever started the program has it ignored, as nohup does.
func ending() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

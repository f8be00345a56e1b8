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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	code := cmd.Main(ctx, os.Args[1:], streams)
	stop()
	os.Exit(code)
}

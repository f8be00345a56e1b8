//go:build !windows

package cmd

import "syscall"

// leaveNoCore keeps the system from writing the memory of a crashed process, and so what
// was read and the environment, into a file.
func leaveNoCore() {
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) // without it, what the system is set to do
}

package cmd

import "runtime/debug"

// AbortOnCrash has a crash that no code can recover from (memory that runs out, a stack
// that overflows, a panic of a goroutine of its own) end the process by SIGABRT, which a
// shell shows as 134. Go would end it with 2, which says here that the command line was
// wrong. Nothing of the process's memory is left in a core file.
func AbortOnCrash() {
	debug.SetTraceback("crash")
	leaveNoCore()
}

// Package quiet keeps the program from talking to the terminal before main
// runs. The form library's terminal layer asks the terminal for its background
// color while it is initialized, in every command, and waits seconds for a
// terminal that does not answer. It asks nothing where CI is set; so CI is set
// until Restore.
//
// Packages that are ready are initialized first. This one imports os alone, so
// it is ready long before the form library, and it must stay that way.
package quiet

import "os"

var muted = mute()

// mute sets CI when it is unset, and reports whether it did.
func mute() bool {
	if _, set := os.LookupEnv("CI"); set {
		return false
	}
	return os.Setenv("CI", "1") == nil
}

// Restore puts the environment back as it was. It is called first in main.
func Restore() {
	if muted {
		_ = os.Unsetenv("CI")
	}
}

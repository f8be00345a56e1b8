package term

import (
	"strings"
	"testing"
)

// Where the output is no terminal, the environment may ask for color: NO_COLOR weighs
// most, and the flag more than all of it.
func TestColorByEnvironment(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		mode ColorMode
		want bool
	}{
		{nil, ColorAuto, false},
		{map[string]string{"FORCE_COLOR": "1"}, ColorAuto, true},
		{map[string]string{"FORCE_COLOR": "1", "TERM": "dumb"}, ColorAuto, true},
		{map[string]string{"FORCE_COLOR": "0", "CLICOLOR_FORCE": "1"}, ColorAuto, false},
		{map[string]string{"FORCE_COLOR": "false"}, ColorAuto, false},
		{map[string]string{"CLICOLOR_FORCE": "1"}, ColorAuto, true},
		{map[string]string{"CLICOLOR_FORCE": "0"}, ColorAuto, false},
		{map[string]string{"NO_COLOR": "1", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, ColorAuto, false},
		{map[string]string{"NO_COLOR": "1"}, ColorAlways, true},
		{map[string]string{"FORCE_COLOR": "1"}, ColorNever, false},
	} {
		s := Streams{Env: func(name string) string { return tt.env[name] }}
		if got := s.Color(&strings.Builder{}, tt.mode); got != tt.want {
			t.Errorf("%v, %s: %v, want %v", tt.env, tt.mode, got, tt.want)
		}
	}
}

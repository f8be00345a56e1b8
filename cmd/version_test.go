package cmd

import (
	"runtime/debug"
	"testing"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	vcs := func(revision, time, modified string) []debug.BuildSetting {
		return []debug.BuildSetting{{Key: "vcs.revision", Value: revision}, {Key: "vcs.time", Value: time}, {Key: "vcs.modified", Value: modified}}
	}
	const commit = "0cba2fe51f0a77aa0cba2fe51f0a77aa0cba2fe5"
	tests := []struct {
		version  string
		settings []debug.BuildSetting
		want     string
	}{
		{"", nil, "devel"},
		{"(devel)", nil, "devel"},
		{"v1.2.0", nil, "v1.2.0"}, // go install of a release
		{"v1.2.0", vcs(commit, "2026-11-26T08:00:00Z", "false"), "v1.2.0 (commit 0cba2fe51f0a, 2026-11-26)"},
		{"v1.2.0-rc.1", vcs(commit, "2026-11-26T08:00:00Z", "false"), "v1.2.0-rc.1 (commit 0cba2fe51f0a, 2026-11-26)"},
		{"v1.2.1-0.20261126080000-0cba2fe51f0a", vcs(commit, "2026-11-26T08:00:00Z", "false"), "devel (commit 0cba2fe51f0a, 2026-11-26)"},
		{"v1.2.0+dirty", vcs(commit, "2026-11-26T08:00:00Z", "true"), "devel (commit 0cba2fe51f0a, 2026-11-26, modified)"},
	}
	for _, tt := range tests {
		info := debug.BuildInfo{Settings: tt.settings}
		info.Main.Version = tt.version
		if got := buildOf(&info).String(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.version, got, tt.want)
		}
	}
}

package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// faults are what an attack on an early version found, in the order of its report, each with
// what holds it since: a test of Go, a part of a script, or a line of a file.
var faults = [...]struct{ what, file, test string }{
	{"a link in the repository shows any file of the machine", "../testdata/script/hostile_reading.txtar", "# a link in a repository shows nothing of what lies outside"},
	{"extends reads any file of the machine", "../testdata/script/hostile_reading.txtar", "# a configuration builds on nothing outside of the repository"},
	{"reading has no limit", "limits_held_test.go", "func TestLimitsHold("},
	{"a pattern of a configuration hangs the run", "../testdata/script/hostile_rules.txtar", "# so is a pattern with too many combinations"},
	{"a custom rule takes a second for each operation", "../rules/custom/limits_test.go", "func TestBudget("},
	{"a pipe in the place of a file can't be interrupted", "../testdata/script/hostile_pipes.txtar", "# A pipe that nobody writes to ends with an interrupt"},
	{"settings of a repository run a program", "../testdata/script/hostile_git.txtar", "# no filter, hook or driver that a repository configures runs"},
	{"outputs are written through links", "../testdata/script/hostile_reading.txtar", "# outputs are not written through a link that leads out"},
	{".adr-dir leads out of the repository", "../testdata/script/hostile_reading.txtar", "# .adr-dir may not lead out either"},
	{"text of a manifest is a command of a CI runner", "everywhere_test.go", "func TestHostileEverywhere("},
	{"an output overwrites the manifest that is read", "../testdata/script/hostile_reading.txtar", "# no output overwrites a manifest that is read"},
	{"adr changes what people wrote outside its markers", "../testdata/script/hostile_truth.txtar", "ask Ann before March"},
	{"a baseline that changes while a run shrinks it loses the change", "attacked_test.go", "func TestBaselineChangedMeanwhile("},
	{"a number that isn't finite leaves a document empty", "../testdata/script/hostile_truth.txtar", "# a number that no system has is refused"},
	{"a full disk on standard output ends with 0", "../testdata/script/full_disk.txtar", "# a result that can't be written is a failure in every command"},
	{"a record is never up to date when a name holds the end marker", "internal/adr/part_test.go", "func TestMarkersAgainstPatterns("},
	{"files change hands", "internal/disk/owner_test.go", "func TestOwner("},
	{"ask saves what check refuses", "attacked_test.go", "func TestAskSavesWhatCheckAccepts("},
	{"JSON that is YAML 1.2 is refused", "../decide/yamlfile/dialect_test.go", "func TestDialects("},
	{"another user sees other manifests", "../testdata/script/hostile_truth.txtar", "# a repository of another user is refused"},
	{"what is locked can be lifted below", "../testdata/script/locks_below.txtar", "# what a configuration has locked holds for all folders below"},
	{"the work grows with the square of the steps of a journey", "growth_test.go", "func TestGrowth("},
	{"a link makes one manifest two", "../testdata/script/hostile_truth.txtar", "# one manifest by two names is one"},
	{"control characters of a name stand raw in its record", "hostile_test.go", "func TestHostileRecords("},
	{"an operation without a name spoils the picture", "../testdata/script/hostile_truth.txtar", "# an operation without a name doesn't spoil the picture"},
	{"a held lock: silent, deaf, and then it saves", "internal/disk/held_test.go", "func TestHeldLock("},
	{"exit codes", "../testdata/script/exit_codes.txtar", "# A run that has nothing to check is most likely in the wrong place"},
	{"a fault names the wrong file", "../testdata/script/hostile_reading.txtar", "is a folder where a lock belongs"},
	{"a byte order mark makes the message about the first line worse", "attacked_test.go", "func TestByteOrderMarkAndFirstLine("},
	{"a long name in a custom rule takes a hundred times its size", "../rules/custom/limits_test.go", "MaxText"},
	{"the work grows with the square of the records", "growth_test.go", "func TestGrowth("},
	{"a data race in the reader", "../.ci/run", "tested -race -short ./..."},
	{"the program links libc", "../.goreleaser.yaml", "CGO_ENABLED=0"},
}

// Whatever was found once has something that holds it.
func TestFaults(t *testing.T) {
	t.Parallel()
	for i, f := range faults {
		text, err := os.ReadFile(filepath.FromSlash(f.file))
		if f.test == "" || err != nil || !strings.Contains(string(text), f.test) {
			t.Errorf("fault %d, %s: nothing holds it: %v", i+1, f.what, err)
		}
	}
}

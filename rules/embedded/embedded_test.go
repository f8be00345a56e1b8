package embedded_test

import (
	"os"
	"reflect"
	"testing"

	"waitornot/rules/embedded"
	"waitornot/rules/knowledge"
)

// What the tables give is what the files give, values and all.
func TestSame(t *testing.T) {
	if os.Getenv("UPDATE") != "" {
		t.Skip("the tables that this program was built with may be older than the files")
	}
	same := func(what string, files, tables any, errs ...error) {
		t.Helper()
		for _, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(files, tables) {
			t.Errorf("%s of the tables differ from those of the files", what)
		}
	}
	framework, err := knowledge.LoadFramework()
	table, err2 := embedded.Table()
	framework2, err3 := embedded.Framework()
	same("the table", framework.Table, table, err, err2, err3)
	same("the framework", framework, framework2)
	files, err := knowledge.Load()
	tables, err2 := embedded.Load()
	same("safeguards and patterns", files.Knowledge, tables.Knowledge, err, err2)
	sources, err := knowledge.LoadSources()
	same("the sources", sources, embedded.Sources(), err)
	limits, err := knowledge.LoadLimits()
	same("the limits", limits, embedded.Limits(), err)
	words, err := knowledge.LoadWords()
	same("the words", words, embedded.Words(), err)
	stacks, err := knowledge.LoadStacks()
	same("the stacks", stacks, embedded.Stacks(), err)
	same("the ids of stacks", knowledge.StackIDs(), embedded.StackIDs())
	deck, err := knowledge.LoadScenarios()
	same("the scenarios", deck, embedded.Scenarios(), err)
	coach, err := knowledge.LoadCoach()
	same("the coach", coach, embedded.Coach(), err)
}

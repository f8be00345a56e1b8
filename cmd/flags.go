package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// enumVar adds a flag that takes one of a few values; the first is the default.
// The same list feeds the help, the completion and the error for another value.
func enumVar(c *cobra.Command, flags *pflag.FlagSet, to *string, name string, values []string, usage string) {
	*to = values[0]
	flags.Var(&enum{to, values}, name, usage+": "+strings.Join(values, "|"))
	_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// nonEmptyVar adds a flag whose value may not be empty: an empty one is most
// likely a variable that is not set.
func nonEmptyVar(flags *pflag.FlagSet, to *string, name, usage string) {
	flags.Var((*nonEmptyValue)(to), name, usage)
}

type nonEmptyValue string

// String returns the value; with Type and Set, nonEmptyValue is a pflag.Value.
func (f *nonEmptyValue) String() string { return string(*f) }

// Type returns what help calls the value.
func (f *nonEmptyValue) Type() string { return "string" }

// Set takes any value but an empty one.
func (f *nonEmptyValue) Set(s string) error {
	if s == "" {
		return errors.New("the value is empty")
	}
	*f = nonEmptyValue(s)
	return nil
}

type enum struct {
	value  *string
	values []string
}

// String returns the value; with Type and Set, enum is a pflag.Value.
func (e *enum) String() string { return *e.value }

// Type returns what help calls the value.
func (e *enum) Type() string { return "word" }

// Set takes one of the words; the error lists them.
func (e *enum) Set(s string) error {
	if !slices.Contains(e.values, s) {
		return fmt.Errorf("must be one of %s", strings.Join(e.values, ", "))
	}
	*e.value = s
	return nil
}

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

// filledVar adds a flag whose value may not be empty: an empty one is most
// likely a variable that is not set.
func filledVar(flags *pflag.FlagSet, to *string, name, usage string) {
	flags.Var((*filled)(to), name, usage)
}

type filled string

func (f *filled) String() string { return string(*f) }
func (f *filled) Type() string   { return "string" }

func (f *filled) Set(s string) error {
	if s == "" {
		return errors.New("the value is empty")
	}
	*f = filled(s)
	return nil
}

type enum struct {
	value  *string
	values []string
}

func (e *enum) String() string { return *e.value }
func (e *enum) Type() string   { return "word" }

func (e *enum) Set(s string) error {
	if !slices.Contains(e.values, s) {
		return fmt.Errorf("must be one of %s", strings.Join(e.values, ", "))
	}
	*e.value = s
	return nil
}

// Package schematest holds documents to JSON Schemas, for tests.
package schematest

import (
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Compile returns the schema at a location, with formats asserted.
func Compile(t *testing.T, location string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(location)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Parse returns a document as schemas validate it.
func Parse(t *testing.T, document string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	if err != nil {
		t.Fatalf("%v in %.200q", err, document)
	}
	return v
}

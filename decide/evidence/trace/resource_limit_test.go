package trace

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// The length of a resource is taken up to the limit, and refused above before anything of
// it is read.
func TestLongestResource(t *testing.T) {
	t.Parallel()
	read := func(n uint64) error {
		_, err := field(bufio.NewReader(bytes.NewReader(append(binary.AppendUvarint(nil, n), "short"...))), 1<<3|2)
		return err
	}
	if err := read(longestResource); !errors.Is(err, errShort) {
		t.Errorf("at the limit: %v", err)
	}
	if err := read(longestResource + 1); err == nil || !strings.Contains(err.Error(), "longer than 64 MiB") {
		t.Errorf("above the limit: %v", err)
	}
}

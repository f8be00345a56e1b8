package disk_test

import (
	"errors"
	"testing"

	"waitornot/cmd/internal/disk"
)

// A source without an end gives zeros, and counts them.
type source int64

func (s *source) Read(p []byte) (int, error) {
	if *s += source(len(p)); *s > 4*disk.MaxBytes {
		return 0, errors.New("it was read on and on")
	}
	clear(p)
	return len(p), nil
}

// What has no end is given up after the limit.
func TestReadAtMostOfWhatHasNoEnd(t *testing.T) {
	t.Parallel()
	var s source
	if data, err := disk.ReadAtMost(&s); !errors.Is(err, disk.ErrTooLarge) || data != nil {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if s > disk.MaxBytes+1<<20 {
		t.Errorf("%d bytes were read of at most %d", s, disk.MaxBytes)
	}
}

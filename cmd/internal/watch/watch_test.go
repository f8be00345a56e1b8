package watch

import (
	"strings"
	"testing"
)

// The last folder of the limit is watched; one more is not, and that is said.
func TestMostFolders(t *testing.T) {
	w, err := New([]Root{{Dir: t.TempDir()}}, nil)
	if err != nil {
		t.Skip("folders can't be watched here: ", err)
	}
	defer w.Close()
	w.count = MostFolders - 1
	if err := w.add(t.TempDir()); err != nil {
		t.Errorf("folder %d of %d: %v", w.count, MostFolders, err)
	}
	if err := w.add(t.TempDir()); err == nil || !strings.Contains(err.Error(), "more than 50000") {
		t.Errorf("folder %d: %v", w.count, err)
	}
}

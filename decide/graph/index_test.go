package graph

import (
	"hash/fnv"
	"testing"
)

// Without a service the hash is FNV-1a, its upper half mixed into the lower; another
// service gives another.
func TestHash(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "a", "pay", "authorize-payment", "\x00\xff"} {
		h := fnv.New32a()
		h.Write([]byte(name))
		want := h.Sum32() ^ h.Sum32()>>15
		if got := hash(0, name); got != want {
			t.Errorf("hash(0, %q) = %d, want %d", name, got, want)
		}
		seen := map[uint32]bool{}
		for service := range ServiceID(1000) {
			seen[hash(service, name)] = true
		}
		if len(seen) != 1000 {
			t.Errorf("%q has %d hashes in 1,000 services", name, len(seen))
		}
	}
}

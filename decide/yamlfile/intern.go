package yamlfile

import "strings"

// An interner keeps texts that come again: services, callees, words.
type interner struct {
	slots [512]string
}

// keep returns a copy of a text that holds on to nothing else.
func (x *interner) keep(s string) string {
	if s == "" {
		return ""
	}
	if len(s) > 64 {
		return strings.Clone(s)
	}
	hash := uint32(2166136261)
	for i := range len(s) {
		hash = (hash ^ uint32(s[i])) * 16777619
	}
	slot := &x.slots[hash%uint32(len(x.slots))]
	if *slot != s {
		*slot = strings.Clone(s)
	}
	return *slot
}

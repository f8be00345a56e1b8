package diag

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// A Fingerprint knows a finding again in another run, after the text around it
// has moved: it depends on the rule, the service and the operation, never on
// the line or the wording. The zero value is no fingerprint.
type Fingerprint [16]byte

// String returns the fingerprint as 32 hexadecimal digits.
func (f Fingerprint) String() string { return hex.EncodeToString(f[:]) }

// ParseFingerprint returns the fingerprint that String wrote as s.
func ParseFingerprint(s string) (f Fingerprint, ok bool) {
	if hex.DecodedLen(len(s)) != len(f) {
		return f, false
	}
	_, err := hex.Decode(f[:], []byte(s))
	return f, err == nil
}

// Identify gives each finding its fingerprint, in place. The findings are all
// those of a run, sorted, before any is waived or taken from a baseline: two
// that are alike in rule, operation and Key are told apart by their order.
//
// Where says how a file is known whatever name the run has for it; nil takes the name.
func Identify(findings []Finding, where func(file string) string) {
	alike := make(map[Fingerprint]uint32, len(findings))
	var text []byte
	for i := range findings {
		f := &findings[i]
		text = text[:0]
		for _, part := range [...]string{f.Code, f.subject(where), f.Operation, f.Key} {
			text = binary.AppendUvarint(text, uint64(len(part)))
			text = append(text, part...)
		}
		f.Fingerprint = fingerprint(text)
		alike[f.Fingerprint]++
		if n := alike[f.Fingerprint]; n > 1 {
			f.Fingerprint = fingerprint(binary.AppendUvarint(text, uint64(n)))
		}
	}
}

// subject returns what the operation's name needs beside it to be unique: an
// operation of a named service needs nothing, all else needs its file.
func (f *Finding) subject(where func(string) string) string {
	switch {
	case strings.Contains(f.Operation, "/"):
		return ""
	case where == nil:
		return f.File
	}
	return where(f.File)
}

func fingerprint(text []byte) Fingerprint {
	sum := sha256.Sum256(text)
	return Fingerprint(sum[:16])
}

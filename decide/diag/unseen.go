package diag

import "unicode"

// Unseen reports whether a character cannot be seen: controls, formatting such as
// marks that turn the direction of text, separators and spaces but the plain one, and what
// stands for no character. One that this version of Unicode does not know yet, such as a
// new emoji, can be seen.
func Unseen(r rune) bool {
	switch {
	case r >= ' ' && r <= '~', unicode.IsPrint(r):
		return false
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Z), r == unicode.ReplacementChar:
		return true // controls, formatting, surrogates and private use; separators and spaces
	}
	nonCharacter := r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
	tags := r >= 0xe0000 && r <= 0xe0fff // ignored when shown, assigned or not
	return nonCharacter || tags
}

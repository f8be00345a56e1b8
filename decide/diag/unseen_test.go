package diag

import "testing"

func TestUnseen(t *testing.T) {
	t.Parallel()
	for _, r := range "aé漢🫩\U0001fae9\u0301\ufe0f~ " { // the last emoji is of Unicode 16
		if Unseen(r) {
			t.Errorf("%U can be seen", r)
		}
	}
	for _, r := range "\x00\x1b\x7f\u0085\u00a0\u200b\u200e\u202e\u2028\u2029\ufeff\ufffe\U000e0041\U000e0099\ufdd0" {
		if !Unseen(r) {
			t.Errorf("%U cannot be seen", r)
		}
	}
}

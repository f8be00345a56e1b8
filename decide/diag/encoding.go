package diag

import "bytes"

// Unmark returns a text without the byte order mark that some editors put before it,
// and reports whether it is UTF-16, which some shells write: its bytes are no text here.
func Unmark(data []byte) (text []byte, utf16 bool) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return data, true
	}
	if len(data) >= 2 && (data[0] == 0) != (data[1] == 0) {
		return data, true
	}
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), false
}

package yamlfile

import "unsafe"

// view returns a text as a string without a copy, which would be a third of what reading
// takes. The text must not change as long as the string is in use: what a reader keeps of
// it is a copy, so that is until it has been read.
func view(data []byte) string { return unsafe.String(unsafe.SliceData(data), len(data)) }

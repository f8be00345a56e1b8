package evidence

import (
	"strings"
	"unicode"
)

// OperationName returns the name of an operation as manifests write it, from what a
// source calls it: GetCart, oteldemo.CartService/GetCart and getCart are get-cart,
// "GET /carts/{id}" is get-carts-id. It is empty when nothing of the text is left.
func OperationName(text string) string {
	if method, path, ok := strings.Cut(text, " "); ok && strings.HasPrefix(path, "/") {
		return strings.Trim(kebab(method)+"-"+kebab(path), "-")
	}
	if !strings.HasPrefix(text, "/") {
		if i := strings.LastIndexByte(text, '/'); i >= 0 && i+1 < len(text) {
			text = text[i+1:]
		}
		if _, method, ok := strings.Cut(text, "Service_"); ok { // as gateways of gRPC call it
			text = method
		}
	}
	return kebab(text)
}

// longestName is how many letters of a name are kept.
const longestName = 80

// kebab writes words in lower case with hyphens between them.
func kebab(text string) string {
	var b strings.Builder
	runes := []rune(text)
	gap := false
	for i, r := range runes {
		switch {
		case b.Len() >= longestName:
			return strings.TrimRight(b.String(), "-")
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			gap = b.Len() > 0
			continue
		case unicode.IsUpper(r) && i > 0 && startsWord(runes, i):
			gap = b.Len() > 0
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// startsWord reports whether a capital begins a word: after a small letter or a digit,
// or as the last of several capitals, as in HTTPServer.
func startsWord(runes []rune, i int) bool {
	before := runes[i-1]
	if unicode.IsLower(before) || unicode.IsDigit(before) {
		return true
	}
	return unicode.IsUpper(before) && i+1 < len(runes) && unicode.IsLower(runes[i+1])
}

// Alike returns what is left of a service's name when spelling is left out: CartService,
// cart-service, cartservice and cart have one. Two services of one system may have it,
// too, so it is for names of different sources only.
func Alike(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	bare := b.String()
	for _, end := range []string{"service", "svc", "server", "api"} {
		if cut := strings.TrimSuffix(bare, end); cut != bare && len(cut) > 1 {
			return cut
		}
	}
	return bare
}

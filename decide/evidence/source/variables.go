package source

import "strings"

// longestExpansion bounds what interpolation can make of a value.
const longestExpansion = 64 << 10

// interpolate puts the values of variables, or the defaults that stand beside them, into
// a text: ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:?error}, $NAME; $$ is a dollar.
func interpolate(text string, vars map[string]string) string {
	return expand(text, vars, 0)
}

func expand(text string, vars map[string]string, depth int) string {
	if !strings.Contains(text, "$") || depth > 10 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text) && b.Len() < longestExpansion; {
		if text[i] != '$' || i+1 == len(text) {
			b.WriteByte(text[i])
			i++
			continue
		}
		switch next := text[i+1]; {
		case next == '$':
			b.WriteByte('$')
			i += 2
		case next == '{':
			end := closing(text, i+2)
			b.WriteString(variable(text[i+2:end], vars, depth))
			i = min(end+1, len(text))
		case isNameByte(next):
			end := i + 1
			for end < len(text) && isNameByte(text[end]) {
				end++
			}
			b.WriteString(vars[text[i+1:end]])
			i = end
		default:
			b.WriteByte('$')
			i++
		}
	}
	return b.String()
}

// closing returns the offset of the brace that ends what begins at an offset.
func closing(text string, from int) int {
	depth := 1
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

func variable(inside string, vars map[string]string, depth int) string {
	end := 0
	for end < len(inside) && isNameByte(inside[end]) {
		end++
	}
	name, rest := inside[:end], inside[end:]
	if v, ok := vars[name]; ok && v != "" {
		return v
	}
	for _, op := range []string{":-", "-"} {
		if other, ok := strings.CutPrefix(rest, op); ok {
			return expand(other, vars, depth+1)
		}
	}
	return ""
}

func isNameByte(b byte) bool {
	return b == '_' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

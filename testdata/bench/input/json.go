package input

import (
	"strconv"
	"strings"
)

// jsonDocument writes a document as JSON.
func (w *writer) jsonDocument(from, to int) {
	gap, end := " ", "\n"
	if w.json == 3 {
		gap, end = "", ""
	}
	w.WriteString(`{"version":` + gap + "1," + gap + `"service":` + gap + `"checkout",` + end + `"operations":` + gap + "[" + end)
	for i := from; i < to; i++ {
		w.WriteString(w.jsonOf(value{mapping: operation(w.r, i, w.careless)}, 2))
		if i+1 < to {
			w.WriteByte(',')
		}
		w.WriteString(end)
	}
	w.WriteString("]," + end + `"journeys":` + gap + `[{"name":` + gap + `"place-order-0",` + gap + `"steps":` + gap + `["` +
		strings.Join(steps(from, to), `","`) + `"],` + gap + `"slo":` + gap + `"99.9%",` + gap + `"budget":` + gap + `"30s"}]}` + end)
}

// jsonOf writes a value.
func (w *writer) jsonOf(v value, indent int) string {
	var parts []string
	open, closing := "[", "]"
	switch {
	case v.mapping != nil:
		open, closing = "{", "}"
		for _, p := range v.mapping {
			colon := `": `
			if w.json == 3 {
				colon = `":`
			}
			parts = append(parts, `"`+p.key+colon+w.jsonOf(p.value, indent+2))
		}
	case v.items != nil:
		for _, x := range v.items {
			parts = append(parts, w.jsonOf(x, indent+2))
		}
	case v.list != nil:
		for _, x := range v.list {
			parts = append(parts, strconv.Quote(x))
		}
	case v.word == "yes" || v.word == "true":
		return "true"
	case v.word == "no":
		return "false"
	case v.text == "" && isNumber(v.word):
		return v.word
	default:
		return strconv.Quote(v.text + v.word)
	}
	switch w.json {
	case 1:
		return open + strings.Join(parts, ", ") + closing
	case 2:
		pad := "\n" + strings.Repeat(" ", indent)
		return open + pad + "  " + strings.Join(parts, ","+pad+"  ") + pad + closing
	}
	return open + strings.Join(parts, ",") + closing
}

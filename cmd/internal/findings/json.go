package findings

import (
	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// The shapes of the JSON formats. check.schema.json describes them.
type (
	jsonHeader struct {
		Version int             `json:"version"`
		Tool    markup.JSONTool `json:"tool"`
		Summary Counts          `json:"summary"`
	}
	jsonFinding struct {
		File        string            `json:"file"`
		Range       *markup.JSONRange `json:"range"` // null when the finding is about the file as a whole
		Code        string            `json:"code"`
		Rule        string            `json:"rule"`
		Severity    string            `json:"severity"`
		Message     string            `json:"message"`
		Fix         string            `json:"fix,omitempty"`
		Operation   string            `json:"operation,omitempty"`
		Fingerprint string            `json:"fingerprint"`
		Related     []jsonRelated     `json:"related,omitempty"`
		Waiver      *jsonWaiver       `json:"waiver,omitempty"`
	}
	jsonRelated struct {
		File    string            `json:"file"`
		Range   *markup.JSONRange `json:"range"`
		Message string            `json:"message"`
	}
	jsonWaiver struct {
		Reason string `json:"reason"`
		Owner  string `json:"owner"`
		Until  string `json:"until"`
	}
	jsonUnreadable struct {
		File  string `json:"file"`
		Error string `json:"error"`
	}
	jsonRule struct {
		Code     string `json:"code"`
		Name     string `json:"name"`
		Severity string `json:"severity"`
		Summary  string `json:"summary"`
	}
)

func (r *Report) jsonHeader() jsonHeader {
	return jsonHeader{markup.JSONVersion, markup.JSONTool{Name: markup.ToolName, Version: r.Version}, r.Tally()}
}

func (r *Report) jsonFinding(f *diag.Finding) jsonFinding {
	j := jsonFinding{
		File: r.Path(f.File), Range: markup.JSONRangeOf(f.Range), Code: f.Code, Rule: f.Rule, Severity: f.Severity.String(),
		Message: f.Message, Fix: f.Fix, Operation: f.Operation, Fingerprint: f.Fingerprint.String(),
	}
	for _, also := range f.Related {
		j.Related = append(j.Related, jsonRelated{r.Path(also.File), markup.JSONRangeOf(also.Range), also.Message})
	}
	return j
}

func (r *Report) jsonWaived(w *lint.Waived) jsonFinding {
	j := r.jsonFinding(&w.Finding)
	j.Waiver = &jsonWaiver{w.Waiver.Reason.Value, w.Waiver.Owner.Value, text.Day(w.Waiver.Until.Value)}
	return j
}

// asJSON writes one document, a finding a line.
func asJSON(w *markup.Writer, r *Report, _ term.Layout) {
	e := markup.NewJSONEncoder(w)
	h := r.jsonHeader()
	w.WriteString("{\n\"version\": ")
	e.Value(h.Version)
	w.WriteString(",\n\"tool\": ")
	e.Value(h.Tool)
	w.WriteString(",\n\"summary\": ")
	e.Value(h.Summary)
	w.WriteString(",\n\"findings\": ")
	markup.JSONList(e, r.Findings, r.jsonFinding)
	w.WriteString(",\n\"waived\": ")
	markup.JSONList(e, r.Waived, r.jsonWaived)
	w.WriteString(",\n\"broken\": ")
	markup.JSONList(e, r.Broken, func(file *string) string { return r.Path(*file) })
	w.WriteString(",\n\"unreadable\": ")
	markup.JSONList(e, r.Unreadable, r.jsonUnreadable)
	w.WriteString(",\n\"rules\": ")
	markup.JSONList(e, r.Rules, func(x *Rule) jsonRule { return jsonRule{x.Code, x.Name, x.Severity.String(), x.Summary} })
	w.WriteString("\n}\n")
}

func (r *Report) jsonUnreadable(u *lint.Unreadable) jsonUnreadable {
	return jsonUnreadable{r.Path(u.File), u.Err.Error()}
}

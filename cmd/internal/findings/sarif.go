package findings

import (
	"cmp"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// The parts of SARIF 2.1.0 that are written.
type (
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifRule struct {
		ID            string      `json:"id"`
		Name          string      `json:"name"`
		Short         sarifText   `json:"shortDescription"`
		Full          sarifText   `json:"fullDescription"`
		Help          sarifText   `json:"help"`
		Configuration sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    *int               `json:"ruleIndex,omitempty"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Related      []sarifLocation    `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions"`
	}
	sarifLocation struct {
		ID       int            `json:"id,omitempty"`
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   uint32 `json:"startLine"`
		StartColumn uint32 `json:"startColumn,omitempty"`
		EndLine     uint32 `json:"endLine,omitempty"`
		EndColumn   uint32 `json:"endColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	sarifSuppression struct {
		Kind          string         `json:"kind"`
		Status        string         `json:"status"`
		Justification string         `json:"justification"`
		Location      *sarifLocation `json:"location,omitempty"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
)

// sourceRoot is the base that code scanning resolves against the repository.
const sourceRoot = "%SRCROOT%"

// sarif writes SARIF 2.1.0, a result a line.
func sarif(w *markup.Writer, r *Report, _ term.Layout) {
	e := markup.NewJSONEncoder(w)
	rules, index := r.sarifRules()
	w.WriteString(`{
"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
"version": "2.1.0",
"runs": [{
"tool": {"driver": {"name": `)
	e.Value(markup.ToolName)
	w.WriteString(`, "version": `)
	e.Value(numeric(r.Version))
	if r.Address != "" {
		w.WriteString(`, "informationUri": `)
		e.Value(r.Address)
	}
	w.WriteString(`, "rules": `)
	markup.JSONList(e, rules, func(x *sarifRule) *sarifRule { return x })
	w.WriteString("}},\n\"columnKind\": \"unicodeCodePoints\",\n\"originalUriBaseIds\": ")
	e.Value(map[string]any{sourceRoot: map[string]any{"description": sarifText{Text: "The top of the repository, or the folder given with --root."}}})
	w.WriteString(",\n\"invocations\": [")
	e.Value(r.sarifInvocation())
	w.WriteString("],\n\"properties\": ")
	e.Value(map[string]Counts{"summary": r.Tally()})
	w.WriteString(",\n\"results\": ")
	results := e.Array()
	results.AddEach(len(r.Findings)+len(r.Waived), func() func(int) any {
		return func(i int) any {
			if i < len(r.Findings) {
				return r.sarifResult(&r.Findings[i], index, []sarifSuppression{})
			}
			x := &r.Waived[i-len(r.Findings)]
			return r.sarifResult(&x.Finding, index, []sarifSuppression{r.sarifSuppression(x)})
		}
	})
	results.End()
	w.WriteString("\n}]\n}\n")
}

// numeric returns a version as SARIF readers compare it: starting with a number.
func numeric(version string) string {
	if rest, ok := strings.CutPrefix(version, "v"); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return rest
	}
	return version
}

// sarifRules returns the descriptions of all rules of the run and where each
// stands among them.
func (r *Report) sarifRules() ([]sarifRule, map[string]int) {
	index := make(map[string]int, len(r.Rules))
	list := make([]sarifRule, 0, len(r.Rules))
	for i := range r.Rules {
		x := &r.Rules[i]
		index[x.Code] = i
		list = append(list, sarifRule{
			ID: x.Code, Name: x.Name, Short: sarifText{Text: text.Sentence(cmp.Or(x.Summary, x.Name))},
			Full: sarifText{Text: why(x)}, Help: sarifText{Text: help(x), Markdown: helpMarkdown(x)},
			Configuration: sarifConfig{sarifLevel(x.Severity)},
		})
	}
	return list, index
}

// sarifMessage keeps text that looks like a placeholder or a link from being
// taken for one. All else stays as it is: not every reader undoes the escapes.
func sarifMessage(text string) string {
	if i := strings.IndexByte(text, '{'); i >= 0 && strings.ContainsAny(text[i:], "}") {
		for digit := '0'; digit <= '9'; digit++ {
			if strings.Contains(text, "{"+string(digit)) {
				text = strings.NewReplacer("{", "{{", "}", "}}").Replace(text)
				break
			}
		}
	}
	if strings.Contains(text, "](") {
		text = strings.NewReplacer("[", `\[`, "]", `\]`).Replace(text)
	}
	return text
}

// why returns what code scanning insists on, also for a rule that does not say
// why.
func why(x *Rule) string { return cmp.Or(x.Why, text.Sentence(cmp.Or(x.Summary, x.Name))) }

// help returns a rule's page as plain text.
func help(x *Rule) string {
	page := why(x) + "\n"
	if x.Fix != "" {
		page += "\nWhat to do: " + x.Fix + "\n"
	}
	if x.Bad != "" {
		page += "\nReported:\n\n" + x.Bad + "\nNot reported:\n\n" + x.Good
	}
	return page
}

// helpMarkdown returns a rule's page as Markdown.
func helpMarkdown(x *Rule) string {
	page := paragraphs(why(x)) + "\n"
	if x.Fix != "" {
		page += "\n**What to do:** " + paragraphs(x.Fix) + "\n"
	}
	if x.Bad != "" {
		page += "\n**Reported:**\n\n" + markup.MarkdownFence("yaml", x.Bad) + "\n**Not reported:**\n\n" + markup.MarkdownFence("yaml", x.Good)
	}
	return page
}

// paragraphs returns text of several lines as Markdown that shows it as it is.
func paragraphs(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = markup.Markdown(line)
	}
	return strings.Join(lines, "\n")
}

func (r *Report) sarifResult(f *diag.Finding, index map[string]int, suppressions []sarifSuppression) sarifResult {
	s := sarifResult{
		RuleID: f.Code, Level: sarifLevel(f.Severity), Message: sarifText{Text: sarifMessage(sentence(f.Operation, message(f)))},
		Locations:    []sarifLocation{r.sarifLocation(f.File, f.Range)},
		Fingerprints: map[string]string{markup.ToolName + "/v1": f.Fingerprint.String()},
		Suppressions: suppressions,
	}
	if i, ok := index[f.Code]; ok {
		s.RuleIndex = &i
	}
	if f.Operation != "" {
		s.Locations[0].Logical = []sarifLogical{{f.Operation, "operation"}}
	}
	for i, also := range f.Related {
		at := r.sarifLocation(also.File, also.Range)
		at.ID, at.Message = i+1, &sarifText{Text: sarifMessage(sentence("", also.Message))}
		s.Related = append(s.Related, at)
	}
	return s
}

func (r *Report) sarifSuppression(w *lint.Waived) sarifSuppression {
	s := sarifSuppression{Kind: "inSource", Status: "accepted", Justification: WaiverText(w)}
	if w.Waiver.Range.IsValid() {
		at := r.sarifLocation(w.Finding.File, w.Waiver.Range)
		s.Location = &at
	}
	return s
}

// sarifLocation places a finding. Code scanning wants a line, so a finding
// about a whole file points at its first.
func (r *Report) sarifLocation(file string, at diag.Range) sarifLocation {
	l := sarifLocation{Physical: sarifPhysical{Artifact: r.artifact(file), Region: sarifRegion{StartLine: 1}}}
	if at.IsValid() {
		l.Physical.Region = sarifRegion{at.Start.Line, at.Start.Column, at.End.Line, at.End.Column}
	}
	return l
}

// artifact returns a file's address: relative to the root, or absolute when it
// lies elsewhere.
func (r *Report) artifact(file string) sarifArtifact {
	name := r.Path(file)
	if path.IsAbs(name) || filepath.IsAbs(name) {
		return sarifArtifact{URI: "file:///" + escapePath(strings.TrimPrefix(name, "/"))}
	}
	return sarifArtifact{escapePath(name), sourceRoot}
}

// escapePath writes a path as part of an address, whatever bytes it is made of.
func escapePath(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(p), ":", "%3A") // or it might look like a scheme
	}
	return strings.Join(parts, "/")
}

func (r *Report) sarifInvocation() sarifInvocation {
	s := sarifInvocation{Successful: !r.Halted && len(r.Broken)+len(r.Unreadable) == 0, Notifications: []sarifNotification{}}
	note := func(file, message string) {
		s.Notifications = append(s.Notifications,
			sarifNotification{"error", sarifText{Text: sarifMessage(message)}, []sarifLocation{r.sarifLocation(file, diag.Range{})}})
	}
	for i := range r.Unreadable {
		note(r.Unreadable[i].File, text.Sentence(notOpened(&r.Unreadable[i])))
	}
	if r.Halted {
		for i := range r.Findings {
			note(r.Findings[i].File, "No manifest was read: "+r.Findings[i].Message+".")
		}
	}
	for _, file := range r.Broken {
		note(file, "The file could not be fully parsed.")
	}
	return s
}

func sarifLevel(s diag.Severity) string {
	if s == diag.Info {
		return "note"
	}
	return s.String()
}

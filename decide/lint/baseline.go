package lint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"waitornot/decide/diag"
)

// A Baseline is the findings that existed when a team adopted the tool. It
// knows them by their fingerprints, so that an edit elsewhere in a file revives
// none. It only shrinks.
type Baseline struct {
	Entries []BaselineEntry // sorted, each fingerprint once
}

// A BaselineEntry is a finding in a baseline. Beside the fingerprint it says
// what people need to find it.
type BaselineEntry struct {
	Fingerprint diag.Fingerprint
	Code, Rule  string
	Operation   string // empty when the finding is not about one
	File        string // with slashes, from the folder of the baseline
}

// A Comparison is what a run found beside a baseline.
type Comparison struct {
	Known []diag.Finding  // those that the baseline holds, sorted
	Fixed []BaselineEntry // what the baseline holds and the run did not find any more
}

// BaselineFile is a baseline as a run needs it.
type BaselineFile struct {
	*Baseline
	Name   func(file string) string // of a file of the run, from the folder of the baseline
	Exists func(name string) bool   // whether a file that is not in the run is still there
}

// compare takes the findings that the baseline holds out of the result's. What
// it holds of a file that is not in the run is only fixed when the file is gone, and in
// a part of the run what only the whole shows is not fixed either.
func (b *BaselineFile) compare(r *Result, files []string, partial bool) *Comparison {
	held := make(map[diag.Fingerprint]bool, len(b.Entries))
	for _, e := range b.Entries {
		held[e.Fingerprint] = false
	}
	c := &Comparison{}
	kept := r.Findings[:0]
	for _, f := range r.Findings {
		if _, known := held[f.Fingerprint]; known && !r.refused[f.Code] {
			held[f.Fingerprint] = true
			c.Known = append(c.Known, f)
		} else {
			kept = append(kept, f)
		}
	}
	r.Findings = kept
	seen := map[string]bool{}
	for _, f := range files {
		seen[b.Name(f)] = true
	}
	for _, e := range b.Entries {
		if !held[e.Fingerprint] && !(partial && r.overRun[e.Code]) && (seen[e.File] || !b.Exists(e.File)) {
			c.Fixed = append(c.Fixed, e)
		}
	}
	return c
}

// Acceptable returns the findings of the result that a baseline may hold: all
// but those that cannot be waived either.
func (r *Result) Acceptable() []diag.Finding {
	var list []diag.Finding
	for _, f := range r.Findings {
		if !r.refused[f.Code] {
			list = append(list, f)
		}
	}
	return list
}

// Accept adds findings of the result to the baseline, and takes them for known.
func (b *BaselineFile) Accept(r *Result, findings []diag.Finding) {
	for _, f := range findings {
		b.Entries = append(b.Entries, BaselineEntry{f.Fingerprint, f.Code, f.Rule, f.Operation, b.Name(f.File)})
	}
	b.sort()
	c := b.compare(r, nil, false)
	r.Baseline.Known = append(r.Baseline.Known, c.Known...)
	slices.SortStableFunc(r.Baseline.Known, diag.Compare)
}

// Shrink removes entries.
func (b *Baseline) Shrink(fixed []BaselineEntry) {
	gone := make(map[BaselineEntry]bool, len(fixed))
	for _, e := range fixed {
		gone[e] = true
	}
	b.Entries = slices.DeleteFunc(b.Entries, func(e BaselineEntry) bool { return gone[e] })
}

func (b *Baseline) sort() {
	slices.SortFunc(b.Entries, func(x, y BaselineEntry) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Operation, y.Operation), cmp.Compare(x.Code, y.Code),
			bytes.Compare(x.Fingerprint[:], y.Fingerprint[:]))
	})
	b.Entries = slices.Compact(b.Entries)
}

// baselineVersion is the version of the file's format.
const baselineVersion = 1

// The shape of the file.
type (
	baselineJSON struct {
		Version  int                `json:"version"`
		Findings []baselineItemJSON `json:"findings"`
	}
	baselineItemJSON struct {
		File        string `json:"file"`
		Operation   string `json:"operation,omitempty"`
		Code        string `json:"code"`
		Rule        string `json:"rule"`
		Fingerprint string `json:"fingerprint"`
	}
)

// Format returns the baseline as a file: one entry a line, so that a change
// reads well in a review.
func (b *Baseline) Format() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n  \"version\": %d,\n  \"findings\": [", baselineVersion)
	for i, e := range b.Entries {
		if i > 0 {
			out.WriteByte(',')
		}
		line, _ := json.Marshal(baselineItemJSON{e.File, e.Operation, e.Code, e.Rule, e.Fingerprint.String()}) // strings always marshal
		out.WriteString("\n    ")
		out.Write(line)
	}
	if len(b.Entries) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]\n}\n")
	return out.Bytes()
}

// ParseBaseline reads what Format wrote. The error says what is wrong.
func ParseBaseline(data []byte) (*Baseline, error) {
	data, utf16 := diag.Unmark(data)
	if utf16 {
		return nil, errors.New("not a baseline: the file is UTF-16; save it as UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var file baselineJSON
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("not a baseline: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("not a baseline: there's text after its end")
	}
	if file.Version != baselineVersion {
		return nil, fmt.Errorf("not a baseline of version %d, but of version %d", baselineVersion, file.Version)
	}
	b := &Baseline{}
	for i, item := range file.Findings {
		print, ok := diag.ParseFingerprint(item.Fingerprint)
		if !ok {
			return nil, fmt.Errorf("entry %d has no fingerprint of 32 hexadecimal digits", i+1)
		}
		b.Entries = append(b.Entries, BaselineEntry{print, item.Code, item.Rule, item.Operation, item.File})
	}
	b.sort()
	return b, nil
}

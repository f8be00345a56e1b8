package manual

import "testing"

// Text never becomes a request, and characters stay what they are.
func TestFormat(t *testing.T) {
	p := Page{
		Name: "waitornot-check", Version: "v1", Short: "Report it", Synopsis: "waitornot check [PATH...]",
		Long:  ".start of a line\n'quoted' and \\back\n\n  as it\n  stands\n\nafter",
		Flags: []Flag{{"-o, --output FORMAT", ".hidden ~ ^ `x`"}},
		Also:  []string{"waitornot", "waitornot-diff"},
	}
	const want = `.TH "WAITORNOT\-CHECK" 1 "" "waitornot v1" "User Commands"
.SH NAME
waitornot\-check \- Report it
.SH SYNOPSIS
.B waitornot check [PATH...]
.SH DESCRIPTION
\&.start of a line
\(aqquoted\(aq and \eback
.PP
.nf
  as it
  stands
.fi
.PP
after
.SH OPTIONS
.TP
.B \-o, \-\-output FORMAT
\&.hidden \(ti \(ha \(gax\(ga
.SH SEE ALSO
.BR waitornot (1),
.BR waitornot\-diff (1)
`
	if got := string(p.Format()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

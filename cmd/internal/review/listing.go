package review

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/diag"
)

// How much the page lists: what a browser still shows and sorts at once. What isn't listed is
// counted, and the page's numbers and what-ifs take it in.
const (
	mostOperations = 2000
	mostJourneys   = 200
	mostSteps      = 200 // of a journey
	mostOfRule     = 200 // findings of a rule
	mostLines      = 100 // of what a journey's plan says or lacks, and of the files that could not be read
)

// A listing says which of many things the page lists, by their positions.
type listing []bool

// first lists the most of n things whose rank is lowest, and of those with one rank the first.
func first(n, most int, rank func(i int) int) listing {
	listed := make(listing, n)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	if n > most {
		ranks := make([]int, n)
		for i := range ranks {
			ranks[i] = rank(i)
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ranks[a], ranks[b]) })
		order = order[:most]
	}
	for _, i := range order {
		listed[i] = true
	}
	return listed
}

// left says how many of n things aren't listed, "" when all are: "3 more steps".
func left(n, most int, noun string) string {
	if n <= most {
		return ""
	}
	return strconv.Itoa(n-most) + " more " + text.Noun(n-most, noun)
}

// listedOperations lists the operations that the page leads to, then those with findings, the
// gravest first, then those whose mode differs or whose verdict isn't clear.
func listedOperations(list []*advice.Advice, remarks []remark, linked map[int]bool) listing {
	found := map[int]int{} // by operation
	for _, m := range remarks {
		if s, ok := diag.ParseSeverity(m.Severity); ok && m.Operation >= 0 && m.Waived == "" {
			found[m.Operation] = max(found[m.Operation], int(s))
		}
	}
	return first(len(list), mostOperations, func(i int) int {
		const gravest = int(diag.Error)
		switch a := list[i]; {
		case linked[i]:
			return 0
		case found[i] > 0:
			return 1 + gravest - found[i]
		case a.Differs():
			return gravest + 1
		case !a.Decided() || a.Agreement() == decide.CloseCall:
			return gravest + 2
		}
		return gravest + 3
	})
}

// listedJourneys lists the journeys that the page leads to, then those that miss a target, then
// those of which it isn't known.
func listedJourneys(trips []JourneyView, linked map[int]bool) listing {
	return first(len(trips), mostJourneys, func(i int) int {
		switch t := &trips[i]; {
		case linked[i]:
			return 0
		case t.Missed:
			return 1
		case t.Open:
			return 2
		}
		return 3
	})
}

// cut returns the first lines of a list, and in its last line how many more there are.
func cut(list []string) []string {
	if len(list) <= mostLines {
		return list
	}
	return append(list[:mostLines:mostLines], fmt.Sprintf("… and %d more", len(list)-mostLines))
}

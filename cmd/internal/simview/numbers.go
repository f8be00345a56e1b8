package simview

import (
	"fmt"

	"waitornot/cmd/internal/text"
)

// compact writes a number in at most five columns.
func compact(x float64) string {
	switch {
	case x >= 1e9:
		return fmt.Sprintf("%.0fG", x/1e9)
	case x >= 1e6:
		return fmt.Sprintf("%.1fM", x/1e6)
	case x >= 1e4:
		return fmt.Sprintf("%.0fk", x/1e3)
	}
	return text.Number(x)
}

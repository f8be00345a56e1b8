package input

import (
	"bufio"
	"fmt"
)

// Compose writes a Compose file of services each of which calls the next.
func Compose(b *bufio.Writer, services int) {
	fmt.Fprint(b, "services:\n")
	for i := range services {
		fmt.Fprintf(b, "  s%d:\n    image: shop/s%d:1.4\n    environment: {NEXT_URL: \"http://s%d:8080\"}\n", i, i, i+1)
	}
	fmt.Fprintf(b, "  s%d: {image: \"shop/last:1.4\"}\n", services)
}

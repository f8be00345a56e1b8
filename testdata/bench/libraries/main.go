// Libraries imports what waitornot is built on and prints a line: no program with these
// libraries starts any sooner.
package main

import (
	"fmt"
	"os"

	"github.com/charmbracelet/huh"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"
)

func main() {
	fmt.Println("hello")
	if len(os.Args) > 1 { // never; but the linker must not leave them out
		fmt.Println(huh.NewForm().Run(), mcp.NewServer(nil, nil), new(cobra.Command).Execute(), yaml.Unmarshal(nil, nil))
	}
}

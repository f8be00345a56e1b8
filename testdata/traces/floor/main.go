// Floor decodes OTLP traces with the collector's own library and does nothing
// with them: what import is measured against. With -protobuf it writes them as
// protobuf instead, which import must read alike.
//
//	cd testdata/traces/floor && go run . /tmp/traces.jsonl
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	convert := len(args) == 2 && args[0] == "-protobuf"
	if convert {
		args = args[1:]
	}
	if len(args) != 1 {
		return fmt.Errorf("want a file of OTLP in JSON, one export a line")
	}
	f, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	spans := 0
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			traces, err := new(ptrace.JSONUnmarshaler).UnmarshalTraces(line)
			if err != nil {
				return err
			}
			spans += traces.SpanCount()
			if convert {
				text, err := new(ptrace.ProtoMarshaler).MarshalTraces(traces)
				if err != nil {
					return err
				}
				if _, err := out.Write(text); err != nil {
					return err
				}
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	fmt.Fprintln(os.Stderr, spans, "spans")
	return out.Flush()
}

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"waitornot/decide"
	"waitornot/decide/config"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/project"
	"waitornot/rules"
	"waitornot/rules/embedded"
	"waitornot/testdata/bench/input"
)

func BenchmarkRead(b *testing.B) {
	for _, size := range []int{10, 100, 1_000, 10_000, 100_000} {
		data := input.Manifest(size, 1)
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("operations=%d/workers=%d", size, workers), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					file, _ := manifest.Map(manifest.Source{Name: "bench.yaml", Data: data}, manifest.Options{Workers: workers},
						func(_ *manifest.Document, ops []manifest.Operation) int { return len(ops) })
					if file.Operations != size || len(file.Findings) > 0 {
						b.Fatalf("%d operations and %d findings", file.Operations, len(file.Findings))
					}
				}
			})
		}
	}
}

// BenchmarkFloor is what the YAML library alone takes for the same bytes.
func BenchmarkFloor(b *testing.B) {
	for _, size := range []int{10, 100, 1_000, 10_000, 100_000} {
		data := input.Manifest(size, 1)
		b.Run(fmt.Sprintf("operations=%d", size), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				var n yaml.Node
				if err := yaml.Unmarshal(data, &n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkShape reads each shape of 20,000 operations.
func BenchmarkShape(b *testing.B) {
	for _, s := range input.Shapes() {
		data := input.Shaped(s, 20_000, 1)
		b.Run(s.Name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				file, _ := manifest.Map(manifest.Source{Name: "bench.yaml", Data: data}, manifest.Options{Workers: 1},
					func(_ *manifest.Document, ops []manifest.Operation) int { return len(ops) })
				if file.Operations != 20_000 {
					b.Fatalf("%d operations, %v", file.Operations, file.Findings)
				}
			}
		})
	}
}

// BenchmarkCheck reads and judges each shape of 20,000 operations.
func BenchmarkCheck(b *testing.B) {
	table, err := embedded.Table()
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range input.Shapes() {
		data := input.Shaped(s, 20_000, 1)
		b.Run(s.Name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			o := lint.Options{Rules: rules.All(), Table: table, Limits: decide.DefaultLimits(), Today: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), Workers: 1}
			open := func() (manifest.Source, error) { return manifest.Source{Name: "bench.yaml", Data: data}, nil }
			for b.Loop() {
				if r, err := lint.Run(b.Context(), []lint.Opener{open}, o); err != nil || r.Operations != 20_000 {
					b.Fatal(r, err)
				}
			}
		})
	}
}

// BenchmarkKeystroke changes a letter in the middle of a document, and has it read and
// judged again: alone, and within 200 services.
func BenchmarkKeystroke(b *testing.B) {
	table, err := embedded.Table()
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []int{100, 1_000} {
		for _, services := range []int{1, 200} {
			b.Run(fmt.Sprintf("operations=%d/services=%d", size, services), func(b *testing.B) {
				w := project.NewWorkspace(project.Settings{
					Configurations: &config.Loader{Rules: rules.All(), Table: table, Limits: decide.DefaultLimits(), None: true},
					Options:        lint.Options{Rules: rules.All(), Today: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)},
				})
				var texts [2][]byte // before and after the letter
				for i := range services {
					n := 10
					if i == 0 {
						n = size
					}
					text := member(i, services, n)
					if i == 0 {
						middle := bytes.Index(text, fmt.Appendf(nil, "send-receipt-%d\n", size/2)) + len("send")
						texts[0], texts[1] = text, slices.Concat(text[:middle], []byte("x"), text[middle:])
					}
					name := fmt.Sprintf("%d.yaml", i)
					w.Add(project.File{Name: name, Path: "/" + name, Open: func() ([]byte, error) { return text, nil }})
				}
				if p, err := w.Read(b.Context()); err != nil || p.Operations != size+10*(services-1) {
					b.Fatal(p, err)
				}
				b.ReportAllocs()
				used := computed() // the machine may have more to do
				for i := 0; b.Loop(); i++ {
					w.Overlay("0.yaml", texts[(i+1)%2])
					if _, err := w.Read(b.Context()); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(computed()-used)/1e6/float64(b.N), "ms-CPU/op")
			})
		}
	}
}

func member(i, services, operations int) []byte {
	var text bytes.Buffer
	w := bufio.NewWriter(&text)
	input.Member(w, i, services, operations)
	w.Flush()
	return text.Bytes()
}

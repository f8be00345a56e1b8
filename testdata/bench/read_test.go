package main

import (
	"fmt"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
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

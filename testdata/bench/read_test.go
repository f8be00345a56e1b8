package main

import (
	"fmt"
	"testing"

	"gopkg.in/yaml.v3"

	"waitornot/decide/manifest"
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

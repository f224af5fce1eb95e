package input

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestResize(t *testing.T) {
	tests := []struct {
		name     string
		src      []float64
		w, h     int
		toW, toH int
		want     []float64
	}{
		{"same", []float64{1, 2, 3, 4}, 2, 2, 2, 2, []float64{1, 2, 3, 4}},
		{"constant", slices.Repeat([]float64{5}, 35), 7, 5, 3, 2, slices.Repeat([]float64{5}, 6)},
		{"grow", []float64{0, 4}, 2, 1, 4, 1, []float64{0, 1, 3, 4}},
		{"grow from one", []float64{3}, 1, 1, 2, 2, []float64{3, 3, 3, 3}},
		{"shrink", []float64{0, 0, 8, 8}, 4, 1, 2, 1, []float64{8.0 / 7, 48.0 / 7}},
		{"shrink to one", []float64{0, 6}, 1, 2, 1, 1, []float64{3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := resize(test.src, test.w, test.h, test.toW, test.toH)
			if !near(got, test.want, 1e-12) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestArt(t *testing.T) {
	tests := []struct {
		name  string
		t     []float64
		width int
		want  string
	}{
		{"nothing", nil, 2, ""},
		{"no width", []float64{1}, 0, ""},
		{"edges", []float64{1, 0, 1, 0, 0, 1, 1, 0}, 4, "▀▄█ \n"},
		{"shades", []float64{0, 0.25, 0.5, 0.75, 1, 0, 0.25, 0.5, 0.75, 1}, 5, " ░▒▓█\n"},
		{"any range", []float64{-3, 5, -3, 5}, 2, " █\n"},
		{"flat", []float64{7, 7, 7, 7}, 2, "  \n"},
		{"odd height", []float64{0, 1, 0, 1, 0, 1}, 2, " █\n ▀\n"},
		{"not a number", []float64{math.NaN(), 1}, 1, " \n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Art(test.t, test.width); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func ExampleArt() {
	fmt.Print(Art([]float64{
		0, 255, 255, 0,
		255, 0, 0, 255,
		255, 0, 0, 255,
		0, 255, 255, 0,
	}, 4))
	// Output:
	// ▄▀▀▄
	// ▀▄▄▀
}

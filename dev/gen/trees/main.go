// Command trees draws what ensembles of trees cost, docs/trees.svg: the rows of random ones
// by their nodes and thresholds. Run it at the top of the project:
//
//	go run ./dev/gen/trees
//
// It must not know how trees are proved. Nobody imports it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/zkml-go/zkml/plot"
)

//go:generate go -C ../../.. run ./dev/gen/trees

// page is the picture.
const page = "docs/trees.svg"

// sizes are the numbers of trees that are counted, kinds what the ensembles are like.
var (
	sizes = []int{2, 5, 10, 20, 50, 100}
	kinds = []struct {
		name string
		cuts int // the most thresholds of a feature
	}{
		{"no two thresholds alike, or nearly so", 10_000},
		{"255 thresholds for each feature, as histogram boosting has at the most", 255},
		{"16 thresholds for each feature", 16},
	}
)

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, "trees:", err)
		os.Exit(1)
	}
}

// write draws the picture of the project whose top folder is root.
func write(root string) error {
	c, err := chart(sizes)
	if err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(root, page))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := c.Write(file); err != nil {
		return err
	}
	return file.Close()
}

// chart counts the rows of ensembles of so many trees.
func chart(sizes []int) (*plot.Chart, error) {
	c := &plot.Chart{
		Title: "Rows of ensembles of trees",
		Note:  fmt.Sprintf("random trees of depth %d over %d features, public input, one score", depth, features),
		X:     "nodes that are no leaves", Y: "rows of the circuit",
	}
	for _, k := range kinds {
		s := plot.Series{Name: k.name}
		for _, n := range sizes {
			r, err := rows(grown(n, k.cuts))
			if err != nil {
				return nil, fmt.Errorf("%d trees, %s: %w", n, k.name, err)
			}
			s.Points = append(s.Points, plot.Point{X: float64(n * nodesEach), Y: float64(r)})
		}
		c.Series = append(c.Series, s)
	}
	return c, nil
}

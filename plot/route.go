package plot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// edge is an arrow from one box to another.
type edge struct {
	from, to   *box
	skips      bool
	lane       int // the x of the way beside the boxes, of an edge that skips lines
	start, end int // the x at which it leaves a box and enters one
	// tracks are the heights in the gaps below from and above to at which it runs
	// sideways: the same for an edge that skips nothing.
	tracks [2]int
	path   string
}

const (
	laneGap  = 12
	trackGap = 8
	bend     = 5  // radius
	tipRoom  = 16 // below the last track
	leastGap = 34
	edgeLine = "#5f6b7a"
	skipLine = "#a8480c"
)

// Class, Line, Tip and Path are what the template draws.
func (e *edge) Class() string {
	if e.skips {
		return "edge skip"
	}
	return "edge"
}

// Line is the edge's colour.
func (e *edge) Line() string {
	if e.skips {
		return skipLine
	}
	return edgeLine
}

// Tip names the edge's arrow head.
func (e *edge) Tip() string {
	if e.skips {
		return "skip-tip"
	}
	return "tip"
}

// Path is the edge's way.
func (e *edge) Path() string { return e.path }

// straight tells whether the edge goes down to the box below.
func (e *edge) straight() bool { return !e.skips && e.from.column == e.to.column }

// route makes the edges, and puts the boxes' lines as far apart as they need.
func (d *drawing) route() {
	for i := range d.boxes[:len(d.boxes)-d.shared] {
		to := &d.boxes[i]
		for n, k := range to.In {
			if !slices.Contains(to.In[:n], k) {
				from := &d.boxes[k]
				d.edges = append(d.edges, &edge{from: from, to: to, skips: to.line > from.line+1})
			}
		}
	}
	d.chooseLanes()
	d.choosePorts()
	d.spread(d.chooseTracks())
	for _, e := range d.edges {
		e.path = d.way(e)
	}
}

// chooseLanes gives each edge that skips lines a way to the right of all boxes on these
// lines, and apart from the ways of edges from other boxes.
func (d *drawing) chooseLanes() {
	right := map[int]int{}
	for _, b := range d.boxes {
		right[b.line] = max(right[b.line], b.X+d.boxWidth)
	}
	lanes := map[int][]*edge{}
	for _, e := range d.edges {
		if !e.skips {
			continue
		}
		for line := e.from.line + 1; line < e.to.line; line++ {
			e.lane = max(e.lane, right[line]+laneGap)
		}
		e.lane = (e.lane + laneGap - 1) / laneGap * laneGap
		for slices.ContainsFunc(lanes[e.lane], e.meets) {
			e.lane += laneGap
		}
		lanes[e.lane] = append(lanes[e.lane], e)
		d.width = max(d.width, e.lane+margin)
	}
}

// meets tells whether two edges of different boxes would be one in a lane.
func (e *edge) meets(o *edge) bool {
	return e.from != o.from && e.from.line < o.to.line && o.from.line < e.to.line
}

// choosePorts says where edges leave and enter boxes: those to and from the box in the
// same column in the middle, others towards the side on which they run.
func (d *drawing) choosePorts() {
	byTarget := map[*box][]*edge{}
	var order []*box
	for _, e := range d.edges {
		e.start = d.middle(e.from)
		if towards := e.aim(d.middle(e.to)); !e.straight() && towards != e.start {
			e.start += pick(towards > e.start, 1, -1) * d.boxWidth * 22 / 100
		}
		if byTarget[e.to] == nil {
			order = append(order, e.to)
		}
		byTarget[e.to] = append(byTarget[e.to], e)
	}
	for _, to := range order {
		middle := d.middle(to)
		var sides [2][]*edge
		for _, e := range byTarget[to] {
			if e.end = middle; !e.straight() {
				side := pick(e.aim(d.middle(e.from)) < middle, 0, 1)
				sides[side] = append(sides[side], e)
			}
		}
		for side, edges := range sides {
			sign := pick(side == 0, -1, 1)
			slices.SortStableFunc(edges, func(a, b *edge) int {
				return sign * cmp.Compare(a.aim(d.middle(a.from)), b.aim(d.middle(b.from)))
			})
			for i, e := range edges {
				e.end += sign * d.boxWidth / 2 * (i + 1) / (len(edges) + 1)
			}
		}
	}
}

// aim is the x to which an edge runs sideways from one of its boxes: its lane, or the
// other box, which is at x.
func (e *edge) aim(x int) int {
	if e.skips {
		return e.lane
	}
	return x
}

func pick(yes bool, a, b int) int {
	if yes {
		return a
	}
	return b
}

func (d *drawing) middle(b *box) int { return b.X + d.boxWidth/2 }

// run is what stands on a track, of an edge that leaves a box.
type run struct {
	left, right int
	from        *box
}

// chooseTracks lets runs that would lie upon each other run at different heights, and
// returns the number of tracks below each line.
func (d *drawing) chooseTracks() map[int]int {
	gaps := map[int][][]run{}
	add := func(gap int, r run) int {
		r.left, r.right = min(r.left, r.right), max(r.left, r.right)
		tracks := gaps[gap]
		free := func(track []run) bool {
			return !slices.ContainsFunc(track, func(o run) bool {
				return o.from != r.from && r.left < o.right+laneGap && o.left < r.right+laneGap
			})
		}
		k := slices.IndexFunc(tracks, free)
		if k < 0 {
			k = len(tracks)
			tracks = append(tracks, nil)
		}
		tracks[k] = append(tracks[k], r)
		gaps[gap] = tracks
		return k
	}
	for _, e := range d.edges {
		switch {
		case e.skips:
			e.tracks = [2]int{
				add(e.from.line, run{e.start, e.lane, e.from}), add(e.to.line-1, run{e.lane, e.end, e.from}),
			}
		case !e.straight():
			k := add(e.from.line, run{e.start, e.end, e.from})
			e.tracks = [2]int{k, k}
		}
	}
	out := map[int]int{}
	for gap, tracks := range gaps {
		out[gap] = len(tracks)
	}
	return out
}

// spread puts the lines below each other, with room for tracks between them.
func (d *drawing) spread(tracks map[int]int) {
	lines := 0
	for _, b := range d.boxes {
		lines = max(lines, b.line+1)
	}
	d.tops = append(d.tops, header+margin)
	for line := range lines {
		gap := max(leastGap, tipRoom+trackGap*(tracks[line]+1))
		d.tops = append(d.tops, d.tops[line]+boxHeight+gap)
	}
	for i := range d.boxes {
		d.boxes[i].Y = d.tops[d.boxes[i].line]
	}
	d.height = d.tops[lines]
}

// point is a corner of an edge's way.
type point struct{ x, y int }

// way is the path of an edge.
func (d *drawing) way(e *edge) string {
	track := func(line, k int) int { return d.tops[line] + boxHeight + trackGap*(k+1) }
	points := []point{{e.start, e.from.Y + boxHeight}}
	first, last := track(e.from.line, e.tracks[0]), track(e.to.line-1, e.tracks[1])
	switch {
	case e.skips:
		points = append(points, point{e.start, first}, point{e.lane, first}, point{e.lane, last}, point{e.end, last})
	case e.start != e.end:
		points = append(points, point{e.start, first}, point{e.end, first})
	}
	return path(append(points, point{e.end, e.to.Y}))
}

// path draws lines from point to point, with round corners.
func path(points []point) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", points[0].x, points[0].y)
	for i := 1; i+1 < len(points); i++ {
		p := points[i]
		before, after := p.towards(points[i-1]), p.towards(points[i+1])
		fmt.Fprintf(&b, " L%d %d Q%d %d %d %d", before.x, before.y, p.x, p.y, after.x, after.y)
	}
	last := points[len(points)-1]
	fmt.Fprintf(&b, " L%d %d", last.x, last.y)
	return b.String()
}

// towards is the point at which a bend begins: on the way to o, at most half of it.
func (p point) towards(o point) point {
	step := func(from, to int) int {
		reach := min(bend, max(to-from, from-to)/2)
		return from + pick(to > from, 1, -1)*reach
	}
	return point{step(p.x, o.x), step(p.y, o.y)}
}

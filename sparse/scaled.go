package sparse

// Scaled is the matrix with every weight multiplied by the number of its element,
// by[in][index]; the weights of an input without numbers stay as they are. Parts with equal
// weights share a kernel, so that there are no more of these than parts.
func (m *Matrix[W]) Scaled(by [][]W) *Matrix[W] {
	b := NewBuilder[W]()
	kept := map[int32]int32{} // kernels of other inputs
	var parts []Part
	var weights []W
	for i := range m.Len() {
		parts = parts[:0]
		for _, p := range m.Parts(i) {
			pattern, old := &m.patterns[p.Pattern], p.Kernel
			if by[p.In] == nil {
				n, ok := kept[old]
				if !ok {
					n = b.Kernel(m.kernels[old])
					kept[old] = n
				}
				p.Pattern, p.Kernel = b.Pattern(pattern.delta, pattern.place, pattern.tap), n
			} else {
				weights = m.Weights(p, weights[:0])
				for j, d := range pattern.delta {
					weights[j] = W(weights[j] * by[p.In][p.First+d])
				}
				p.Pattern, p.Kernel = b.Pattern(pattern.delta, nil, pattern.tap), b.Whole(weights)
			}
			parts = append(parts, p)
		}
		b.Add(parts...)
	}
	return b.Matrix()
}

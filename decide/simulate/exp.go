package simulate

import "math"

// powers are 2 to the power of i/64.
var powers = func() (p [64]float64) {
	for i := range p {
		p[i] = math.Exp2(float64(i) / 64)
	}
	return p
}()

// exp returns e to the power of x, to thirteen digits: with a table and four terms of the
// series, in a quarter of the time that math.Exp takes.
func exp(x float64) float64 {
	const far = 700 // beyond it the result is next to infinity, or to 0
	if !(x > -far && x < far) {
		return math.Exp(x)
	}
	const most = 1 << 20 // more than any x in 64ths of a doubling
	n := int64(x*(64/math.Ln2)+most+.5) - most
	r := x - float64(n)*(math.Ln2/64)
	series := 1 + r*(1+r*(.5+r*(1./6+r*(1./24))))
	return math.Float64frombits(math.Float64bits(powers[n&63]*series) + uint64(n>>6)<<52)
}

package term

// A Layout says how text for people is laid out. The other formats do not change
// with it.
type Layout struct {
	Painter
	Width int  // columns
	Brief bool // one line for each finding
	Quiet bool // no summary
}

package advice

// A Word is a word that the program prints, or another name for something that has
// an explanation of its own.
type Word struct {
	Word    string
	Aliases []string
	Is      string   // kind/name of what it is another name for; empty when it has a meaning of its own
	Means   string   // one sentence
	See     []string // names of what else can be explained
}

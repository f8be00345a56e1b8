package advice

// A Stack is a language, a cloud or a broker, and how one builds the patterns
// and safeguards with it.
type Stack struct {
	ID         string
	Name       string
	Kind       string // language, cloud or broker
	Summary    string
	Components map[string]Component // by pattern; one for every pattern
	Safeguards map[string]string    // by safeguard; those for which the stack has something to say
	Guide      []GuideSection       // in reading order
	Sources    []string             // ids of sources
}

// A Component is how a stack builds a pattern.
type Component struct {
	Use  string // empty when the stack has nothing for the pattern
	Note string // what to watch out for; why there is nothing when Use is empty
}

// A GuideSection is a part of a stack's guide. Its text is plain: blank lines part
// paragraphs, lines indented by four spaces or more are code, and no line is
// longer than 72 characters.
type GuideSection struct {
	ID, Title, Text string
}

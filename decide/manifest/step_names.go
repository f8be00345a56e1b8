package manifest

import "iter"

// StepNames yields what a step of a journey may name, as a service and an operation of
// it, the most likely first: an operation of the journey's own service, then
// service/operation, cut at each slash in turn since either may hold one, then an
// operation of documents that name no service.
func StepNames(service, step string) iter.Seq2[string, string] {
	return func(yield func(service, operation string) bool) {
		if !yield(service, step) {
			return
		}
		for i := range len(step) {
			if step[i] == '/' && !yield(step[:i], step[i+1:]) {
				return
			}
		}
		if service != "" {
			yield("", step)
		}
	}
}

package graph

import "slices"

// chains finds the deepest chain of nested synchronous steps and the one with
// the most attempts.
func (m *model) chains(n *Numbers, changed []bool) {
	_, all := m.roles(changed)
	depth := cleared(&m.scratch.depth, len(m.steps))
	attempts := cleared(&m.scratch.attempts, len(m.steps))
	mostRetried := int32(None)
	n.Attempts = 1
	for i := range m.steps {
		s := &m.steps[i]
		if all[i] != waited {
			continue
		}
		depth[i], attempts[i] = 1, float64(s.Operation.Attempts())
		if s.parent != None {
			depth[i] += depth[s.parent]
			attempts[i] = Amplification(s.Operation.Attempts()) * attempts[s.parent]
		}
		n.Depth = max(n.Depth, depth[i])
		if attempts[i] > n.Attempts {
			n.Attempts, mostRetried = attempts[i], int32(i)
		}
	}
	for i := mostRetried; i != None; i = m.steps[i].parent {
		if m.steps[i].Operation.Attempts() > 1 {
			n.Retried = append(n.Retried, i)
		}
	}
	slices.Reverse(n.Retried)
}

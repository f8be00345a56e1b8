package simulate

// add makes a record the last of a line, and returns the one before it, or None.
func (l *list) add(i int32) int32 {
	last := l.last
	if last == None {
		l.first = i
	}
	l.last = i
	l.count++
	return last
}

// remove takes the first record off a line; next is the one behind it, or None.
func (l *list) remove(next int32) {
	l.first = next
	if l.count--; next == None {
		l.last = None
	}
}

// lineUp puts a call into the pool's line.
func (e *Engine) lineUp(l *list, i int32) {
	e.calls.at(i).next = None
	if last := l.add(i); last != None {
		e.calls.at(last).next = i
	}
}

// enqueue puts a frame at the end of a line.
func (e *Engine) enqueue(l *list, i int32) {
	e.frames.at(i).next = None
	if last := l.add(i); last != None {
		e.frames.at(last).next = i
	}
}

// jump puts a frame at the beginning of a line.
func (e *Engine) jump(l *list, i int32) {
	e.frames.at(i).next = l.first
	if l.first == None {
		l.last = i
	}
	l.first = i
	l.count++
}

// dequeue takes the first frame of a line.
func (e *Engine) dequeue(l *list) {
	l.remove(e.frames.at(l.first).next)
}

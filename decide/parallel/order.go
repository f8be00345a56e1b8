package parallel

// InOrder calls work(0) to work(n-1) from the given number of goroutines, as Each does, and take
// with what each of them returned: in order, one at a time. As many results as there are
// goroutines wait for their turn at most.
func InOrder[T any](workers, n int, work func(int) T, take func(T)) {
	turns := make([]chan struct{}, n+1) // each is closed when it has come
	for i := range turns {
		turns[i] = make(chan struct{})
	}
	close(turns[0])
	Each(workers, n, func(i int) bool {
		defer func() { // also on a panic: the others would wait forever
			<-turns[i]
			close(turns[i+1])
		}()
		x := work(i)
		<-turns[i]
		take(x)
		return true
	})
}

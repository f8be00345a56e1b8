// Waitornot answers, for each operation between a caller and a callee,
// whether the caller should wait.
package main

func main() {}

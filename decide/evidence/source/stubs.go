package source

func isDapr(string, value) bool      { return false }
func readDapr(*reader, *File, value) {}
func isMesh(string, value) bool      { return false }
func readMesh(*reader, *File, value) {}

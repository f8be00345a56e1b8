package source

import "path"

// deepest is how many files deep compose files include and extend each other.
const deepest = 8

// includes returns the files that a compose file includes: include: [a.yml, {path: b.yml}].
func includes(list value, vars map[string]string) []string {
	var names []string
	for _, item := range list.items() {
		for _, name := range append(item.get("path").texts(), item.text()) {
			if name = interpolate(name, vars); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// beside visits the documents of another compose file.
func (r *reader) beside(f *File, name string, depth int, visit func(other *File, doc value)) {
	other := f.beside(name)
	if other == nil || depth >= deepest {
		return
	}
	from := r.name
	defer func() { r.name = from }()
	r.name = r.besideName(name)
	for _, doc := range documentsOf(name, other.Data) {
		if doc.err != nil {
			r.fault(doc.line, "%s", doc.err)
		} else {
			visit(other, doc.root)
		}
	}
}

// beside returns a file that this one refers to, with what lies beside that; nil where it
// isn't there or may not be read.
func (f *File) beside(name string) *File {
	if f.Beside == nil || path.IsAbs(name) {
		return nil
	}
	data, ok := f.Beside(name)
	if !ok || len(data) > MaxBytes {
		return nil
	}
	folder := path.Dir(name)
	other := &File{Name: name, Data: data, Beside: func(name string) ([]byte, bool) { return f.Beside(path.Join(folder, name)) }}
	if f.Inside != nil {
		other.Inside = func(name string) []string { return f.Inside(path.Join(folder, name)) }
	}
	return other
}

// base visits the service that another extends, of the same file or of one beside it.
func (c *composing) base(s value, depth int, visit func(base *composing, s value)) {
	extended := s.get("extends")
	name, file := extended.text(), interpolate(extended.get("file").text(), c.vars)
	if name == "" {
		name = extended.get("service").text()
	}
	if name == "" || depth >= deepest {
		return
	}
	base := *c
	if file == "" {
		visit(&base, c.doc.get("services", name))
		return
	}
	c.r.beside(c.f, file, depth, func(other *File, doc value) {
		base.f, base.doc = other, doc
		visit(&base, doc.get("services", name))
	})
}

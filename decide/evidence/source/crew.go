package source

import (
	"slices"
	"strings"
)

// A crew has services by what they run, so that the roles of a program are found without
// looking at all services. Images that run whatever they are given say nothing.
type crew map[string][]*unit

func crewOf(units []*unit) crew {
	c := crew{}
	for _, u := range units {
		for _, image := range u.programs() {
			c[image] = append(c[image], u)
		}
	}
	return c
}

// any reports whether one of the crew that runs the program of u, which may be u, is as
// wanted.
func (c crew) any(u *unit, wanted func(*unit) bool) bool {
	return slices.ContainsFunc(u.programs(), func(image string) bool { return slices.ContainsFunc(c[image], wanted) })
}

// others reports whether another than u runs its program.
func (c crew) others(u *unit) bool { return c.any(u, func(t *unit) bool { return t != u }) }

// programs returns the images of a service that tell which program it is.
func (u *unit) programs() []string {
	return slices.DeleteFunc(slices.Clone(u.images), func(image string) bool { return !isProgram(image) })
}

// sameProgram reports whether two services run one image, in two roles.
func (u *unit) sameProgram(other *unit) bool {
	return slices.ContainsFunc(u.images, func(image string) bool { return slices.Contains(other.images, image) && isProgram(image) })
}

// isProgram reports whether an image tells which program it is.
func isProgram(image string) bool {
	base, _ := imageName(strings.Fields(image + " x")[0])
	return image != "" && !slices.Contains(runtimes, base)
}

// runtimes are images that run whatever they are given.
var runtimes = []string{"node", "python", "ruby", "golang", "go", "openjdk", "eclipse-temurin", "java", "jre", "jdk", "php", "maven", "gradle", "sdk", "aspnet", "runtime", "bun", "deno", "rust",
	"nginx", "httpd", "tomcat", "debian", "ubuntu", "alpine", "busybox", "centos"}

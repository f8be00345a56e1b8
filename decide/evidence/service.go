package evidence

// A Role says what a service is to the services that use it.
type Role uint8

// The roles. Only Program and External are callees of operations: nobody decides whether
// to wait for a trace collector, and a service's own store gains nothing from a queue.
const (
	Program   Role = iota // runs the code of a team; the zero value, which also means not known
	External              // outside of everything that the sources declare
	Broker                // carries messages
	Store                 // keeps data, or copies of it
	Proxy                 // hands requests on
	Telemetry             // collects traces, metrics and logs
	Platform              // configures, discovers or looks after other services
)

var roleNames = [...]string{"program", "external", "broker", "store", "proxy", "telemetry", "platform"}

// String returns the stable name of the role.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return "invalid role"
}

// A Service is one that a source declares. What the source doesn't say is zero.
type Service struct {
	Name    string
	Source  string // the file, as the user named it
	Line    int    // in the source, from 1
	Owner   string // the team that answers for it
	Role    Role
	Product string   // rabbitmq, postgres, ...: what a broker or a store is
	Doors   []string // where it is reached from outside: hosts and paths of an ingress

	// Described is set when a catalog, a model or an interface speaks of it: a configuration
	// of what runs knows better what it is called.
	Described bool
}

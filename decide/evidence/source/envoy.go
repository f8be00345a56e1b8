package source

import (
	"strings"
	"time"

	"waitornot/decide"
	"waitornot/decide/evidence"
)

// isEnvoy reports whether a document is the configuration of an Envoy: a bootstrap, or the
// routes or clusters that it loads.
func isEnvoy(_ string, doc value) bool {
	return doc.get("static_resources").isMapping() || doc.get("virtual_hosts").isList() ||
		doc.get("resources").isList() && doc.get("apiVersion").text() == "" && envoyResource(doc.get("resources"))
}

func envoyResource(list value) bool {
	for _, item := range list.items() {
		if strings.HasPrefix(item.get("@type").text(), "type.googleapis.com/envoy.") {
			return true
		}
	}
	return false
}

// An envoyReader collects the clusters of a configuration, and what leads to them.
type envoyReader struct {
	clusters map[string]*envoyCluster
	order    []string
	routes   []envoyRoute
}

// A cluster is a group of hosts that answer for the same.
type envoyCluster struct {
	hosts  []string
	guards []string
	line   int
}

type envoyRoute struct {
	cluster  string
	sighting evidence.Sighting
}

func readEnvoy(r *reader, _ *File, doc value) {
	if !isEnvoy("", doc) {
		return
	}
	e := envoyReader{clusters: map[string]*envoyCluster{}}
	e.visit(doc, 0)
	named := doc.get("node", "cluster").text()
	see := func(cluster string, s evidence.Sighting) {
		c := e.clusters[cluster]
		if c == nil {
			return
		}
		s.Source, s.Guards = r.name, c.guards
		for _, host := range c.hosts {
			s.Callee = host
			r.routes = append(r.routes, route{named: named, sighting: s})
		}
	}
	routed := map[string]bool{}
	for _, x := range e.routes {
		routed[x.cluster] = true
		see(x.cluster, x.sighting)
	}
	for _, name := range e.order {
		if len(e.routes) == 0 && !routed[name] { // a file of clusters alone
			see(name, evidence.Sighting{Line: e.clusters[name].line, Shows: "envoy cluster"})
		}
	}
}

// visit finds clusters and routes wherever they stand.
func (e *envoyReader) visit(v value, depth int) {
	if depth > 40 || !v.left.spend() {
		return
	}
	for _, item := range v.items() {
		e.visit(item, depth+1)
	}
	if name := v.get("name").text(); name != "" && (v.get("load_assignment").isMapping() || v.get("hosts").isList() && v.get("connect_timeout").is()) {
		e.cluster(name, v)
		return
	}
	if to := v.get("route"); to.isMapping() && v.get("match").is() {
		e.route(to)
		return
	}
	if cluster := v.get("cluster").text(); cluster != "" && v.get("stat_prefix").is() { // of tcp_proxy
		e.routes = append(e.routes, envoyRoute{cluster, evidence.Sighting{Line: v.get("cluster").line(), Shows: "envoy route"}})
	}
	for _, p := range v.pairs() {
		e.visit(p.value, depth+1)
	}
}

func (e *envoyReader) cluster(name string, v value) {
	c := &envoyCluster{line: v.get("name").line()}
	hosts := func(address value) {
		if host := address.get("socket_address", "address").text(); host != "" && !isLocal(host) {
			c.hosts = append(c.hosts, host)
		}
	}
	for _, group := range v.get("load_assignment", "endpoints").items() {
		for _, one := range group.get("lb_endpoints").items() {
			hosts(one.get("endpoint", "address"))
		}
	}
	for _, one := range v.get("hosts").items() { // of version 2
		hosts(one)
	}
	if v.get("outlier_detection").is() {
		c.guards = append(c.guards, decide.GuardBreaker)
	}
	for _, limit := range v.get("circuit_breakers", "thresholds").items() {
		if limit.get("max_requests").is() || limit.get("max_connections").is() || limit.get("max_pending_requests").is() {
			c.guards = append(c.guards, decide.GuardBulkhead)
			break
		}
	}
	if e.clusters[name] == nil {
		e.order = append(e.order, name)
	}
	e.clusters[name] = c
}

// route reads one route. Its timeout covers all attempts.
func (e *envoyReader) route(to value) {
	policy := to.get("retry_policy")
	attempts := 0
	if policy.is() {
		if attempts = retries(policy.get("num_retries")); attempts == 0 {
			attempts = 2 // one retry, where none is said
		}
	}
	s := evidence.Sighting{Line: to.line(), Shows: "envoy route"}
	s.Backoff = duration(policy.get("retry_back_off", "base_interval"))
	deadlines(&s, duration(to.get("timeout")), duration(policy.get("per_try_timeout")), attempts)
	if app, invoked := strings.CutPrefix(to.get("prefix_rewrite").text(), "/v1.0/invoke/"); invoked { // through the sidecar of Dapr
		app, _, _ = strings.Cut(app, "/")
		if e.clusters[app] == nil {
			e.clusters[app] = &envoyCluster{hosts: []string{app}, line: to.line()}
			e.order = append(e.order, app)
		}
		e.routes = append(e.routes, envoyRoute{app, s})
		return
	}
	if name := to.get("cluster").text(); name != "" {
		e.routes = append(e.routes, envoyRoute{name, s})
	}
	for _, part := range to.get("weighted_clusters", "clusters").items() {
		e.routes = append(e.routes, envoyRoute{part.get("name").text(), s})
	}
}

// deadlines sets the timeouts of a proxy that limits a request as a whole, each attempt
// by itself, or both. An attempt lasts as long as the request may where it has no limit of
// its own.
func deadlines(s *evidence.Sighting, whole, each time.Duration, attempts int) {
	s.Attempts = attempts
	switch {
	case each > 0 && (whole == 0 || each < whole):
		s.Timeout = each
		if attempts != 1 {
			s.Within = whole
		}
	default:
		s.Timeout = whole
		if attempts > 1 {
			s.Within = whole
		}
	}
}

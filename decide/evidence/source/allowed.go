package source

import (
	"waitornot/decide/evidence"
)

// An allowance says that workloads with some labels may call others.
type allowance struct {
	namespace        string
	callers, callees map[string]string // labels
	file, shows      string
	line             int
}

// readNetworkPolicy reads who may call a workload, or whom it may call, where labels say it.
// A policy that lets in everybody says nothing.
func readNetworkPolicy(r *reader, doc value, namespace string) {
	spec := doc.get("spec")
	own := labelsOf(spec.get("podSelector"))
	if len(own) == 0 {
		return
	}
	add := func(peers value, callers bool) {
		for _, peer := range peers.items() {
			labels := labelsOf(peer.get("podSelector"))
			if len(labels) == 0 || peer.get("namespaceSelector").is() {
				continue
			}
			a := allowance{namespace, own, labels, r.name, "NetworkPolicy", peer.line()}
			if callers {
				a.callers, a.callees = labels, own
			}
			r.allowed = append(r.allowed, a)
		}
	}
	for _, rule := range spec.get("ingress").items() {
		add(rule.get("from"), true)
	}
	for _, rule := range spec.get("egress").items() {
		add(rule.get("to"), false)
	}
}

// labelsOf returns the labels that a selector names one by one; none where it has other ways.
func labelsOf(selector value) map[string]string {
	if selector.get("matchExpressions").is() {
		return nil
	}
	labels := map[string]string{}
	for _, p := range selector.get("matchLabels").pairs() {
		labels[p.key] = p.text()
	}
	return labels
}

// joinAllowed adds the calls that policies let through. Labels that several workloads have
// name none of them.
func (r *reader) joinAllowed() {
	for _, a := range r.allowed {
		caller, callee := r.labeled(a.namespace, a.callers), r.labeled(a.namespace, a.callees)
		if caller == nil || callee == nil || caller == callee || silent(caller.Role) || !calls(callee.Role) {
			continue
		}
		r.keep(evidence.Sighting{
			Caller: caller.Name, Callee: callee.Name, Source: a.file, Line: a.line, Shows: a.shows, Broker: brokerOf(callee), Weak: true,
		})
	}
}

// labeled returns the only workload of a namespace that has some labels, or nil.
func (r *reader) labeled(namespace string, labels map[string]string) *unit {
	var found *unit
	for _, u := range r.candidates(namespace, labels) {
		if !u.has(namespace, labels) {
			continue
		}
		if found != nil {
			return nil
		}
		found = u
	}
	return found
}

// has reports whether a workload lies in a namespace and has labels.
func (u *unit) has(namespace string, labels map[string]string) bool {
	if u.namespace != namespace || len(u.labels) == 0 || len(labels) == 0 {
		return false
	}
	for k, v := range labels {
		if u.labels[k] != v {
			return false
		}
	}
	return true
}

// readIntentions reads which services may call another in a mesh of Consul.
func readIntentions(r *reader, doc value) {
	callee := doc.get("spec", "destination", "name").text()
	for _, from := range doc.get("spec", "sources").items() {
		caller := from.get("name").text()
		if caller != "*" && callee != "*" && from.get("action").text() != "deny" {
			r.intended = append(r.intended, dependency{on: callee, of: caller, file: r.name, line: from.line()})
		}
	}
}

// joinIntended adds the calls that intentions let through.
func (r *reader) joinIntended(dir *directory) {
	for _, d := range r.intended {
		caller, callee := dir.find(d.of), dir.find(d.on)
		if caller == nil || callee == nil || caller == callee || silent(caller.Role) || !calls(callee.Role) {
			continue
		}
		r.keep(evidence.Sighting{
			Caller: caller.Name, Callee: callee.Name, Source: d.file, Line: d.line, Shows: "ServiceIntentions", Broker: brokerOf(callee), Weak: true,
		})
	}
}

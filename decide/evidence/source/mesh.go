package source

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"waitornot/decide"
	"waitornot/decide/evidence"
)

func isMesh(_ string, doc value) bool {
	api := doc.get("apiVersion").text()
	return strings.HasPrefix(api, "networking.istio.io/") || strings.HasPrefix(api, "gateway.networking.k8s.io/")
}

func readMesh(r *reader, _ *File, doc value) {
	namespace := doc.get("metadata", "namespace").text()
	spec := doc.get("spec")
	switch doc.get("kind").text() {
	case "VirtualService":
		readVirtualService(r, namespace, spec)
	case "DestinationRule":
		readDestinationRule(r, namespace, spec)
	case "HTTPRoute", "GRPCRoute":
		readRoute(r, namespace, spec)
	}
}

// duration reads a positive duration of a mesh; 0 is none.
func duration(v value) time.Duration {
	d, err := time.ParseDuration(v.text())
	if err != nil || d < 0 {
		return 0
	}
	return d
}

// retries reads how many repeats follow the first attempt, and returns the attempts in
// all; 0 where nothing is said.
func retries(v value) int {
	const most = 1000
	n, err := strconv.Atoi(v.text())
	if err != nil || n < 0 || n > most {
		return 0
	}
	return n + 1
}

func readVirtualService(r *reader, namespace string, spec value) {
	gateways := spec.get("gateways").texts()
	inside := len(gateways) == 0 || slices.Contains(gateways, "mesh")
	for _, route := range spec.get("http").items() {
		s := evidence.Sighting{
			Source: r.name, Line: route.line(), Shows: "VirtualService",
			Backoff: duration(route.get("retries", "backoff")),
		}
		deadlines(&s, duration(route.get("timeout")), duration(route.get("retries", "perTryTimeout")), retries(route.get("retries", "attempts")))
		for _, to := range route.get("route").items() {
			host := to.get("destination", "host").text()
			if !inside {
				r.doors = append(r.doors, door{namespace, host, short(strings.Join(spec.get("hosts").texts(), ", "))})
			} else if s.Timeout > 0 || s.Attempts > 0 {
				r.policies = append(r.policies, policy{host, s})
			}
		}
	}
}

func readDestinationRule(r *reader, _ string, spec value) {
	s := evidence.Sighting{Source: r.name, Line: spec.get("host").line(), Shows: "DestinationRule"}
	policyOf := spec.get("trafficPolicy")
	if policyOf.get("outlierDetection").isMapping() {
		s.Guards = append(s.Guards, decide.GuardBreaker)
	}
	if policyOf.get("connectionPool").isMapping() {
		s.Guards = append(s.Guards, decide.GuardBulkhead)
	}
	if len(s.Guards) > 0 {
		r.policies = append(r.policies, policy{spec.get("host").text(), s})
	}
}

// readRoute reads a route of the Gateway API. One whose parent is a service holds for the
// calls inside the cluster; any other is a door.
func readRoute(r *reader, namespace string, spec value) {
	inside := false
	for _, p := range spec.get("parentRefs").items() {
		inside = inside || p.get("kind").text() == "Service"
	}
	for _, rule := range spec.get("rules").items() {
		s := evidence.Sighting{
			Source: r.name, Line: rule.line(), Shows: "HTTPRoute",
			Backoff: duration(rule.get("retry", "backoff")),
		}
		deadlines(&s, duration(rule.get("timeouts", "request")), duration(rule.get("timeouts", "backendRequest")), retries(rule.get("retry", "attempts")))
		for _, to := range rule.get("backendRefs").items() {
			host := to.get("name").text()
			if !inside {
				r.doors = append(r.doors, door{namespace, host, short(strings.Join(append(spec.get("hostnames").texts(), "/"), " "))})
			} else if s.Timeout > 0 || s.Attempts > 0 {
				r.policies = append(r.policies, policy{host, s})
			}
		}
	}
}

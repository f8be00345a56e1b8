package source

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"waitornot/decide"
	"waitornot/decide/evidence"
)

// isDotnet reports whether a document is a configuration of .NET that says how calls are
// made: routes of YARP or Ocelot, or options of Microsoft.Extensions.Http.Resilience.
func isDotnet(name string, doc value) bool {
	if !strings.HasSuffix(strings.ToLower(name), ".json") {
		return false
	}
	return doc.get("ReverseProxy", "Clusters").isMapping() || ocelotRoutes(doc).isList() || hasResilience(doc, 0)
}

func ocelotRoutes(doc value) value {
	for _, key := range []string{"Routes", "ReRoutes"} {
		for _, item := range doc.get(key).items() {
			if item.get("DownstreamHostAndPorts").isList() || item.get("DownstreamPathTemplate").is() {
				return doc.get(key)
			}
		}
	}
	return value{left: doc.left}
}

// readDotnet reads an appsettings.json or a file beside it.
func readDotnet(r *reader, _ *File, doc value) {
	readYARP(r, doc.get("ReverseProxy"))
	readOcelot(r, ocelotRoutes(doc))
	readClients(r, doc, "", 0)
}

// readYARP reads the clusters that routes of a reverse proxy lead to, and how long they
// may take: the route says it for the request as a whole, the cluster how long a request
// may go without any sign of life.
func readYARP(r *reader, proxy value) {
	limits := map[string]time.Duration{}
	for _, route := range proxy.get("Routes").pairs() {
		if d := timeSpan(route.get("Timeout").text()); d > 0 {
			id := route.get("ClusterId").text()
			limits[id] = max(limits[id], d)
		}
	}
	for _, cluster := range proxy.get("Clusters").pairs() {
		s := evidence.Sighting{Source: r.name, Line: cluster.line, Shows: "YARP cluster", Timeout: limits[cluster.key]}
		if s.Timeout == 0 {
			s.Timeout = timeSpan(cluster.get("HttpRequest", "ActivityTimeout").text())
		}
		if enabled := cluster.get("HealthCheck", "Passive", "Enabled").text(); strings.EqualFold(enabled, "true") {
			s.Guards = []string{decide.GuardBreaker} // it leaves out destinations that fail
		}
		for _, to := range cluster.get("Destinations").pairs() {
			s.Line = to.get("Address").line()
			r.routeTo(s, to.get("Address").text())
		}
	}
}

// readOcelot reads the routes of an Ocelot gateway.
func readOcelot(r *reader, routes value) {
	for _, item := range routes.items() {
		s := evidence.Sighting{Source: r.name, Line: item.line(), Shows: "Ocelot route"}
		quality := item.get("QoSOptions")
		if ms, err := strconv.Atoi(quality.get("TimeoutValue").text()); err == nil && ms > 0 && ms < 1<<31 {
			s.Timeout = time.Duration(ms) * time.Millisecond
		}
		if n, err := strconv.Atoi(quality.get("ExceptionsAllowedBeforeBreaking").text()); err == nil && n > 0 {
			s.Guards = []string{decide.GuardBreaker}
		}
		for _, to := range item.get("DownstreamHostAndPorts").items() {
			s.Line = to.get("Host").line()
			r.routeTo(s, "http://"+to.get("Host").text())
		}
		if name := item.get("ServiceName").text(); name != "" {
			r.routeTo(s, "lb://"+name)
		}
	}
}

// routeTo adds a route to the host of an address.
func (r *reader) routeTo(s evidence.Sighting, address string) {
	for _, ref := range references(address) {
		s.Callee = ref.host
		r.routes = append(r.routes, route{sighting: s})
	}
}

// resilience are the options of HttpStandardResilienceOptions, by their section.
var resilience = []struct{ section, option string }{
	{"TotalRequestTimeout", "Timeout"}, {"AttemptTimeout", "Timeout"}, {"Retry", "MaxRetryAttempts"}, {"CircuitBreaker", "FailureRatio"},
	{"CircuitBreaker", "SamplingDuration"}, {"CircuitBreaker", "BreakDuration"}, {"CircuitBreaker", "MinimumThroughput"},
}

func isResilience(v value) bool {
	for _, o := range resilience {
		if v.get(o.section, o.option).text() != "" {
			return true
		}
	}
	return false
}

func hasResilience(v value, depth int) bool {
	if depth > 6 || !v.left.spend() {
		return false
	}
	if isResilience(v) {
		return true
	}
	return slices.ContainsFunc(v.pairs(), func(p pair) bool { return hasResilience(p.value, depth+1) })
}

// readClients finds the options of resilient clients. What a client calls is the address
// beside its options, or the section's name where a service is called so; options of
// which neither says whom they are for belong to nobody.
func readClients(r *reader, v value, named string, depth int) {
	if depth > 6 || !v.isMapping() {
		return
	}
	callee := named
	for _, key := range []string{"BaseAddress", "BaseUrl", "BaseUri", "Address", "Url", "Uri", "Endpoint"} {
		if refs := references(v.get(key).text()); len(refs) == 1 && !refs[0].bare {
			callee = refs[0].host
		}
	}
	if isResilience(v) && callee != "" {
		r.routes = append(r.routes, route{sighting: resilient(r, v, callee)})
	}
	for _, p := range v.pairs() {
		name := callee
		if name == named && !slices.ContainsFunc(resilience, func(o struct{ section, option string }) bool { return o.section == p.key }) {
			name = clientName(p.key, named)
		}
		readClients(r, p.value, name, depth+1)
	}
}

// clientName returns the service that the section of a client is named for: CatalogClient
// and catalog-api are, Resilience and HttpClients say nothing.
func clientName(section, above string) string {
	name := section
	for _, end := range []string{"HttpClient", "Client", "Options", "Settings", "Api", "Service"} {
		if cut := strings.TrimSuffix(name, end); cut != "" {
			name = cut
		}
	}
	if slices.Contains([]string{"", "resilience", "httpstandardresilience", "standardresilience", "http", "httpclients", "clients", "services", "polly", "retry", "retries", "default", "standard", "policies", "pipelines"}, strings.ToLower(name)) {
		return above
	}
	return section
}

// resilient returns what the options of a client say. The one timeout is for all attempts
// together, the other for each; retries come on top of the first attempt.
func resilient(r *reader, v value, callee string) evidence.Sighting {
	s := evidence.Sighting{Source: r.name, Line: v.line(), Shows: "resilience options", Callee: callee}
	retry := v.get("Retry")
	deadlines(&s, timeSpan(v.get("TotalRequestTimeout", "Timeout").text()), timeSpan(v.get("AttemptTimeout", "Timeout").text()), retries(retry.get("MaxRetryAttempts")))
	s.Backoff = timeSpan(retry.get("Delay").text())
	s.Jitter = strings.EqualFold(retry.get("UseJitter").text(), "true")
	if v.get("CircuitBreaker").isMapping() {
		s.Guards = append(s.Guards, decide.GuardBreaker)
	}
	if v.get("RateLimiter").isMapping() {
		s.Guards = append(s.Guards, decide.GuardBulkhead)
	}
	return s
}

// timeSpan reads a positive time as .NET writes it, 00:00:30 or 1.00:00:00.5; 0 is none.
func timeSpan(text string) time.Duration {
	days := 0
	if before, after, ok := strings.Cut(text, "."); ok && strings.Contains(after, ":") {
		n, err := strconv.Atoi(before)
		if err != nil || n < 0 || n > 3650 {
			return 0
		}
		days, text = n, after
	}
	parts := strings.Split(text, ":")
	if len(parts) != 3 || strings.ContainsAny(text, "+-") {
		return 0
	}
	hours, err1 := strconv.Atoi(parts[0])
	minutes, err2 := strconv.Atoi(parts[1])
	seconds, err3 := strconv.ParseFloat(parts[2], 64)
	if err1 != nil || err2 != nil || err3 != nil || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || !(seconds >= 0 && seconds < 60) {
		return 0
	}
	return time.Duration(days*24+hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(seconds*float64(time.Second))
}

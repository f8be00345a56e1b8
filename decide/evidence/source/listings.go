package source

import (
	"slices"
	"strings"
	"waitornot/decide/evidence"
)

// A listing is a service that asks a proxy which watches the containers to hand requests on
// to it: by labels, or by a variable.
type listing struct {
	proxy, service string // the product of the proxy, and the service
	shows          string
	line           int
	file           string
}

// listings notes the proxies that a service asks to hand requests on to it.
func (r *reader) listings(u *unit, env, labels []setting) {
	list := func(proxy, shows string, line int) {
		r.listed = append(r.listed, listing{proxy, u.Name, shows, line, r.name})
	}
	var router *setting
	for _, l := range labels {
		switch {
		case l.key == "traefik.enable" && strings.EqualFold(l.value, "false"):
			return
		case router == nil && strings.HasPrefix(l.key, "traefik.") && strings.Contains(l.key, ".routers.") && strings.HasSuffix(l.key, ".rule"):
			router = &l
		}
	}
	if router != nil {
		list("traefik", short(router.key), router.line)
	}
	for _, l := range labels {
		if strings.HasPrefix(l.key, "caddy") && strings.HasSuffix(l.key, ".reverse_proxy") {
			list("caddy", short(l.key), l.line)
			break
		}
	}
	for _, e := range env {
		if e.key == "VIRTUAL_HOST" && e.value != "" {
			list("nginx-proxy", e.key, e.line)
		}
	}
}

// joinListings adds the requests that proxies hand on to the services that ask them to,
// where one is among the services of the same file.
func (r *reader) joinListings() {
	proxies := slices.DeleteFunc(slices.Clone(r.units), func(u *unit) bool { return u.Role != evidence.Proxy })
	for _, l := range r.listed {
		if !calls(r.byName[l.service].Role) {
			continue
		}
		for _, u := range proxies {
			if u.Product == l.proxy && u.Source == l.file && u.Name != l.service {
				r.keep(evidence.Sighting{Caller: u.Name, Callee: l.service, Source: l.file, Line: l.line, Shows: l.shows})
			}
		}
	}
}

// publicHosts notes the hosts under which a proxy that reads labels or variables of others,
// as Traefik and nginx-proxy do, makes a service known outside.
func (r *reader) publicHosts(u *unit, env, labels []setting) {
	add := func(host string) {
		host = strings.ToLower(strings.TrimSpace(host))
		if strings.Contains(host, ".") && bareHost().MatchString(host) {
			r.doors = append(r.doors, door{service: u.Name, text: host})
		}
	}
	for _, l := range labels {
		if strings.HasPrefix(l.key, "traefik.") && strings.HasSuffix(l.key, ".rule") {
			for _, m := range traefikHost().FindAllStringSubmatch(l.value, -1) {
				add(m[1])
			}
		}
	}
	for _, e := range env {
		if e.key == "VIRTUAL_HOST" || e.key == "LETSENCRYPT_HOST" {
			for _, host := range strings.Split(e.value, ",") {
				add(host)
			}
		}
	}
}

// traefikHost is how a rule of Traefik names a host: Host(`app.example.com`).
var traefikHost = lazy("Host\\(`([^`]+)`")

package source

import (
	"path"
	"slices"
	"strings"

	"waitornot/decide/evidence"
)

func isKubernetes(name string, doc value) bool {
	if base := path.Base(name); (base == "kustomization.yaml" || base == "kustomization.yml") && doc.get("configMapGenerator").is() {
		return true
	}
	return doc.get("apiVersion").text() != "" && doc.get("kind").text() != ""
}

// kubeNamespace is where an object without one lies.
const kubeNamespace = "default"

func readKubernetes(r *reader, f *File, doc value) {
	readObject(r, f, doc, 0)
}

func readObject(r *reader, f *File, doc value, depth int) {
	name, namespace := doc.get("metadata", "name").text(), doc.get("metadata", "namespace").text()
	if namespace == "" {
		namespace = kubeNamespace
	}
	spec := doc.get("spec")
	kind := doc.get("kind").text()
	if kind == "" && doc.get("configMapGenerator").is() {
		kind = "Kustomization"
	}
	switch kind {
	case "List", "DeploymentList", "ServiceList", "ConfigMapList", "SecretList", "PodList":
		for _, item := range doc.get("items").items() {
			if depth < 4 {
				readAny(r, f, item, depth+1)
			}
		}
	case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout", "DeploymentConfig", "Job":
		readWorkload(r, doc, namespace, name, spec.get("template"))
	case "CronJob":
		readWorkload(r, doc, namespace, name, spec.get("jobTemplate", "spec", "template"))
	case "Pod":
		readWorkload(r, doc, namespace, name, doc)
	case "Service":
		readServing(r, doc, namespace, name)
		if strings.HasPrefix(doc.get("apiVersion").text(), "serving.knative.dev") {
			readWorkload(r, doc, namespace, name, spec.get("template"))
		}
	case "ConfigMap":
		readConfigMap(r, doc, namespace, name, "")
	case "Secret":
		readConfigMap(r, doc, namespace, name, secretMark)
	case "Ingress":
		readIngress(r, doc, namespace)
	case "Kustomization":
		readKustomization(r, f, doc)
	case "NetworkPolicy":
		readNetworkPolicy(r, doc, namespace)
	case "ServiceIntentions":
		readIntentions(r, doc)
	default:
		readOperated(r, doc, namespace, name)
	}
}

// readAny reads an object of a list, whatever kind of source it belongs to.
func readAny(r *reader, f *File, doc value, depth int) {
	switch {
	case isDapr("", doc):
		readDapr(r, f, doc)
	case isMesh("", doc):
		readMesh(r, f, doc)
	default:
		readObject(r, f, doc, depth)
	}
}

func readServing(r *reader, doc value, namespace, name string) {
	if name == "" || strings.HasPrefix(doc.get("apiVersion").text(), "serving.knative.dev") {
		return
	}
	f := front{namespace: namespace, name: name, selector: map[string]string{}, external: doc.get("spec", "externalName").text(), file: r.name, line: doc.get("metadata", "name").line()}
	for _, p := range doc.get("spec", "selector").pairs() {
		f.selector[p.key] = p.text()
	}
	r.fronts = append(r.fronts, f)
}

func readWorkload(r *reader, doc value, namespace, name string, template value) {
	if name == "" {
		return
	}
	u := r.unit(name, doc.get("metadata", "name").line())
	u.namespace = namespace
	for _, p := range template.get("metadata", "labels").pairs() {
		u.labels[p.key] = p.text()
	}
	for _, place := range []value{doc.get("metadata", "labels"), doc.get("metadata", "annotations"), template.get("metadata", "labels"), template.get("metadata", "annotations")} {
		if u.Owner == "" {
			u.Owner = ownerOf(place)
		}
	}
	u.alias(template.get("metadata", "annotations", "dapr.io/app-id").text())
	readVolumes(r, u, namespace, template.get("spec"))
	for _, c := range template.get("spec", "initContainers").items() {
		readFirst(r, u, c)
	}
	containers := template.get("spec", "containers").items()
	for _, c := range containers {
		role := roleOf(c.get("image").text(), c.get("name").text())
		sidecar := len(containers) > 1 && (role.role == evidence.Telemetry || role.role == evidence.Proxy || role.role == evidence.Platform)
		if sidecar {
			continue
		}
		u.plays(roleOf(c.get("image").text(), name))
		u.images = append(u.images, c.get("image").text())
		readContainer(r, u, namespace, c)
	}
	if kind := doc.get("kind").text(); (kind == "Job" || kind == "CronJob") && isOneShot(name) {
		u.Role = evidence.Platform
	}
}

// readFirst reads what a container that runs before the others waits for: nc -z db 5432.
func readFirst(r *reader, u *unit, c value) {
	for _, arg := range slices.Concat(c.get("command").items(), c.get("args").items()) {
		for _, word := range breaks().Split(arg.text(), -1) {
			if _, rest, ok := cutScheme(word); ok {
				word = strings.TrimLeft(rest, "/")
			}
			word, _, _ = strings.Cut(strings.TrimRight(word, "/"), ":")
			if len(word) > 1 && bareHost().MatchString(word) {
				u.after = append(u.after, dependency{on: word, file: r.name, line: arg.line(), said: "initContainers"})
			}
		}
	}
}

// variableOf is how a variable of a container refers to another.
var variableOf = lazy(`\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)`)

func readContainer(r *reader, u *unit, namespace string, c value) {
	vars := map[string]string{}
	fill := func(text string) string {
		if !strings.Contains(text, "$(") || len(text) > longestValue {
			return text
		}
		return variableOf().ReplaceAllStringFunc(text, func(m string) string { return vars[m[2:len(m)-1]] })
	}
	for _, e := range c.get("env").items() {
		name := e.get("name").text()
		if ref := e.get("valueFrom", "configMapKeyRef"); ref.is() {
			u.refs = append(u.refs, configRef{namespace: namespace, name: ref.get("name").text(), key: ref.get("key").text(), as: name, file: r.name, line: e.line()})
			continue
		}
		if ref := e.get("valueFrom", "secretKeyRef"); ref.is() {
			u.refs = append(u.refs, configRef{namespace: namespace, name: secretMark + ref.get("name").text(), key: ref.get("key").text(), as: name, file: r.name, line: e.line()})
			continue
		}
		text := fill(e.get("value").text())
		if len(text) < longestValue {
			vars[name] = text
		}
		u.set(r, name, text, e.line())
	}
	for _, e := range c.get("envFrom").items() {
		if name := e.get("configMapRef", "name").text(); name != "" {
			u.refs = append(u.refs, configRef{namespace: namespace, name: name, prefix: e.get("prefix").text(), file: r.name, line: e.line()})
		}
		if name := e.get("secretRef", "name").text(); name != "" {
			u.refs = append(u.refs, configRef{namespace: namespace, name: secretMark + name, prefix: e.get("prefix").text(), file: r.name, line: e.line()})
		}
	}
	for _, key := range []string{"command", "args"} {
		var args []argument
		for _, arg := range c.get(key).items() {
			args = append(args, argument{fill(arg.text()), arg.line()})
		}
		u.arguments(r, key, args)
	}
}

func readIngress(r *reader, doc value, namespace string) {
	spec := doc.get("spec")
	add := func(backend value, text string) {
		name := backend.get("service", "name").text()
		if name == "" {
			name = backend.get("serviceName").text()
		}
		if name != "" {
			r.doors = append(r.doors, door{namespace, name, short(text)})
		}
	}
	add(spec.get("defaultBackend"), "/")
	add(spec.get("backend"), "/")
	for _, rule := range spec.get("rules").items() {
		host := rule.get("host").text()
		for _, p := range rule.get("http", "paths").items() {
			path := p.get("path").text()
			if path == "" {
				path = "/"
			}
			add(p.get("backend"), host+path)
		}
	}
}

package source

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"waitornot/decide/evidence"
)

func TestReferences(t *testing.T) {
	t.Parallel()
	tests := []struct{ value, want string }{
		{"cart", "cart bare"},
		{"cart:8080", "cart:8080"},
		{"guest:guest@queue", "queue bare"},
		{"orders@queue", ""},
		{"http://cart:8080/api?x=http://no", "http cart:8080"},
		{"postgres://user:p%40ss@orders-db:5432/orders?sslmode=disable", "postgres orders-db:5432"},
		{"jdbc:mysql://db:3306/shop", "mysql db:3306"},
		{"amqp://guest:guest@queue", "amqp queue"},
		{"kafka-1:9092,kafka-2:9092", "kafka-1:9092 kafka-2:9092"},
		{"mongodb://a:27017,b:27017/db", "mongodb a:27017 b:27017"},
		{"Server=tcp:sqldata,1433;Database=orders;Password=x", "sqldata"},
		{"root:secret@tcp(mysql:3306)/ratings", "mysql:3306"},
		{"-db-host=db:27017", "db:27017"},
		{"host=postgres user=x dbname=y", "postgres"},
		{"dns:///cart:80", "dns cart:80"},
		{"lb://customers-service", "lb customers-service"},
		{"a sentence about cart and orders", ""},
		{"", ""},
		{"10:30", "10:30"},
	}
	for _, tt := range tests {
		var got []string
		for _, r := range references(tt.value) {
			text := strings.TrimSpace(r.scheme + " " + r.host)
			if r.port != "" {
				text += ":" + r.port
			}
			if r.bare {
				text += " bare"
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q names %q, want %q", tt.value, got, tt.want)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"CART_HOST", "cartUrl", "EventBusConnection", "MONGO_HOST", "BASKET_SERVICE_ADDR", "bootstrap.servers", "PGHOST", "Messaging__RabbitMQ__HostName"} {
		if !namesHost(key) {
			t.Errorf("%s names no host", key)
		}
	}
	for _, key := range []string{"SERVICE_NAME", "POSTGRES_USER", "MYSQL_DATABASE", "SPRING_PROFILES_ACTIVE", "LOG_LEVEL", "MODE", "KAFKA_ADVERTISED_HOST", "HOSTNAME_LABEL", "IdentityUrlHC"} {
		if namesHost(key) {
			t.Errorf("%s names a host", key)
		}
	}
	for _, key := range []string{"NO_PROXY", "no_proxy", "CORS_ORIGINS", "KAFKA_ADVERTISED_LISTENERS", "HOSTNAME", "VIRTUAL_HOST", "IdentityUrlHC"} {
		if !callsNobody(key) {
			t.Errorf("%s calls somebody", key)
		}
	}
}

func TestRoleOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		image, name string
		role        evidence.Role
		product     string
	}{
		{"postgres:16-alpine", "x", evidence.Store, "postgres"},
		{"registry.local:5000/bitnami/redis@sha256:00", "x", evidence.Store, "redis"},
		{"mcr.microsoft.com/mssql/server:2022", "sqldata", evidence.Store, "sqlserver"},
		{"rabbitmq:3-management-alpine", "bus", evidence.Broker, "rabbitmq"},
		{"acme/catalogue-db", "catalogue-db", evidence.Store, ""},
		{"", "redis-cart", evidence.Store, "redis"},
		{"acme/kafka-consumer", "kafka-consumer", evidence.Program, ""},
		{"acme/shop", "redis-worker", evidence.Program, ""},
		{"otel/opentelemetry-collector-contrib", "c", evidence.Telemetry, "opentelemetry-collector-contrib"},
		{"nginx", "front", evidence.Proxy, "nginx"},
		{"acme/exporter", "pdf-exporter", evidence.Program, ""},
		{"acme/redis-exporter", "x", evidence.Platform, "redis-exporter"},
		{"quay.io/acme/mysql-exporter", "x", evidence.Telemetry, "mysql-exporter"},
		{"acme/web", "web", evidence.Program, ""},
		{"acme/ledgerdb", "mysqldb-v1", evidence.Store, "mysql"},
		{"acme/shop", "kafkadb-1", evidence.Program, ""},
		{"ghcr.io/documentdb/documentdb/documentdb-local:pg17-0.112.0", "orders", evidence.Store, "documentdb"},
		{"mongodb/mongodb-atlas-local:8.0", "search", evidence.Store, "mongo"},
		{"valkey/valkey-bundle:8", "sessions", evidence.Store, "valkey"},
	}
	for _, tt := range tests {
		if got := roleOf(tt.image, tt.name); got.role != tt.role || got.name != tt.product {
			t.Errorf("%s of %q is %s %q, want %s %q", tt.name, tt.image, got.role, got.name, tt.role, tt.product)
		}
	}
}

func TestInterpolate(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"A": "x", "EMPTY": ""}
	for text, want := range map[string]string{
		"$A-${A}": "x-x", "${B:-b}": "b", "${EMPTY:-e}": "e", "${B:-${A}:1}": "x:1", "$$A": "$A", "${B}": "", "${A": "x", "$": "$", "${B:?no}": "",
	} {
		if got := interpolate(text, vars); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// edges reads files and returns who calls whom.
func edges(files ...File) ([]string, *Reading) {
	r := Read(files)
	var list []string
	for _, op := range evidence.Join(r.Services, r.Sightings).Operations {
		list = append(list, strings.TrimSpace(op.Caller+">"+op.Callee+" "+op.Name))
	}
	return list, r
}

// What looks like a call and is none.
func TestNoFalseEdges(t *testing.T) {
	t.Parallel()
	got, _ := edges(File{Name: "c.yml", Data: []byte(`
services:
  web:
    image: acme/web
    environment: {SERVICE_NAME: cart, HOSTNAME: web, cartUrlHC: "http://cart/health", CART_URL: "http://cart/hc", STATUS_URL: "http://cart:80/actuator/health?x=1", EUREKA_URI: "http://cart:8761/eureka", CORS_ORIGINS: "http://cart", REAL_URL: "http://real/"}
    depends_on: {cart: {condition: service_started}, collector: {condition: service_started}, migrate: {condition: service_completed_successfully}}
    healthcheck: {test: "curl http://cart:80/"}
  edge: {image: nginx, environment: {UPSTREAM_URL: "http://web"}, depends_on: [web, cart, db]}
  cart: {image: acme/cart, environment: {SELF_URL: "http://cart:80"}}
  real: {image: acme/real}
  collector: {image: otel/opentelemetry-collector}
  migrate: {image: acme/migrate, environment: {CART_URL: "http://cart"}}
  db: {image: postgres, environment: {CART_URL: "http://cart"}}
`)})
	if want := []string{"edge>web", "web>real"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

// Files that a source refers to, merged mappings, and what an override adds.
func TestComposeBeside(t *testing.T) {
	t.Parallel()
	beside := map[string]string{".env": "PORT=1\nCART_ADDR=cart:${PORT} # where\n", "web.env": "export DB_HOST='db'\n# X=mail:1\nbroken\n"}
	open := func(path string) ([]byte, bool) { text, ok := beside[path]; return []byte(text), ok }
	got, r := edges(
		File{Name: "a/compose.yml", Beside: open, Data: []byte("x-common: &c {environment: {MAIL: 'smtp://mail:25'}}\nservices:\n  web: {<<: *c, image: w, env_file: [web.env, missing.env]}\n  cart: {image: c}\n  db: {image: postgres}\n  mail: {image: m}\n")},
		File{Name: "a/override.yml", Beside: open, Data: []byte("services:\n  web: {environment: [CART_ADDR, \"PLAIN\"]}\n")},
	)
	if want := []string{"web>cart", "web>db", "web>mail"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
	i := slices.IndexFunc(r.Sightings, func(s evidence.Sighting) bool { return s.Callee == "db" })
	if s := r.Sightings[i]; s.Source != "a/web.env" || s.Line != 1 {
		t.Errorf("db is seen in %s:%d", s.Source, s.Line)
	}
}

// One broken document keeps no other from being read; what can't be read is named.
func TestBroken(t *testing.T) {
	t.Parallel()
	got, r := edges(File{Name: "k.yml", Data: []byte("apiVersion: v1\nkind: [\n---\nservices: {a: {image: x, environment: {B_HOST: b}}, b: {image: y}}\n")},
		File{Name: "chart/templates/d.yml", Data: []byte("apiVersion: v1\nname: {{ .Values.x }}\n")},
		File{Name: "chart/templates/e.yml", Data: []byte("apiVersion: v1\nname: {{ .Values.x }}\n")},
		File{Name: "big.yml", Data: make([]byte, MaxBytes+1)})
	if !slices.Equal(got, []string{"a>b"}) {
		t.Errorf("edges: %q", got)
	}
	var faults []string
	for _, f := range r.Faults {
		faults = append(faults, f.File)
	}
	if want := []string{"big.yml", "chart/templates", "k.yml"}; !slices.Equal(faults, want) {
		t.Errorf("faults: %q, want %q", faults, want)
	}
}

// Hostile files end soon and say what they are.
func TestBounded(t *testing.T) {
	t.Parallel()
	bomb := "a0: &a0 {image: x, environment: {K: v}}\n"
	for i := 1; i < 40; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [*a%d, *a%d, *a%d]\n", i, i, i-1, i-1, i-1)
	}
	bomb += "services: {s: {image: x, environment: *a39, command: *a39, depends_on: *a39}}\n"
	merges := "m0: &m0 {image: x}\n"
	for i := 1; i < 60; i++ {
		merges += fmt.Sprintf("m%d: &m%d {<<: [*m%d, *m%d]}\n", i, i, i-1, i-1)
	}
	merges += "services: {s: *m59}\n"
	for name, text := range map[string]string{
		"aliases": bomb, "merges": merges,
		"deep":   "services: {a: " + strings.Repeat("[", 100_000),
		"dollar": "services: {a: {image: x, environment: {A_HOST: '" + strings.Repeat("${A:-", 20_000) + "'}}}",
		"proto":  "syntax = \"proto3\"; service X { rpc " + strings.Repeat("A(", 100_000),
	} {
		edges(File{Name: name, Data: []byte(text)})
	}
}

// Files of settings, whatever they hold, give settings with a key, a value and a line of theirs.
func FuzzSettings(f *testing.F) {
	f.Add("nginx.conf", []byte("upstream a { server b:80; }\nproxy_pass http://a;"))
	f.Add("haproxy.cfg", []byte("\nbackend a\n server b c:80\n"))
	f.Add("Caddyfile", []byte("x { reverse_proxy a:80 b:80 }"))
	f.Add("a.properties", []byte("a.b[0].c=d\na.b[1].c=${E:f}\na=x\n"))
	f.Add("a.toml", []byte("[a]\nb = \"c\"\n"))
	f.Add("appsettings.json", []byte("{/* x */ \"a\": \"b\" // c\n}"))
	f.Add("a.yml", []byte("a: {b: [c, {d: e}]}"))
	f.Add("a.json", []byte("\r0"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		file := configFile{base: name, name: name, data: data}
		lines := 1
		for _, end := range []string{"\n", "\r", "\u0085", "\u2028", "\u2029"} { // all of them in YAML
			lines += strings.Count(string(data), end)
		}
		for _, s := range settingsOf(&file, map[string]string{"E": "x"}) {
			if s.line < 1 || s.line > lines && utf8.Valid(data) { // in UTF-16 they can't be counted so
				t.Errorf("line %d of %d: %+v", s.line, lines, s)
			}
		}
		properties(data)
		if blank := withoutComments(data); len(blank) != len(data) {
			t.Errorf("%q is %q without comments", data, blank)
		}
	})
}

// What .NET calls a time.
func TestTimeSpan(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"00:00:30": 30 * time.Second, "0:01:02.5": 62500 * time.Millisecond, "1.02:00:00": 26 * time.Hour, "00:00:00": 0,
		"": 0, "30": 0, "00:30": 0, "24:00:00": 0, "-00:00:01": 0, "x.00:00:01": 0, "00:00:NaN": 0, "9999999.00:00:00": 0,
	} {
		if got := timeSpan(text); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

// What can't be read is named with the line that breaks it, in words that help.
func TestBrokenPlaces(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"c.yml", "services:\n  a:\n    image: x\n   b: y\n", "c.yml:4 the indentation of this line doesn't match the lines above: check the indentation"},
		{"c.yml", "services:\n  a:\n    image: x\n---\nservices:\n  a:\n    command: [a,\n    b: c\n", "c.yml:8 "},
		{"c.yml", "services:\n  a:\n    image: \"x\n    b: c\n", "c.yml:3 the file ends inside quotes or brackets"},
		{"c.yml", "services:\n  a:\n    image: x: y\n", "c.yml:3 a colon isn't allowed here: check the indentation, or quote the value"},
		{"c.yml", "services:\n  a:\n\timage: x\n", "c.yml:3 no value can start with this character, such as a tab: quote the value"},
		{"s.proto", "syntax = \"proto3\";\nservice S {\n  rpc A (B) returns (;\n}\n", "s.proto:3 the parenthesis of an rpc isn't closed"},
		{"s.proto", "syntax = \"proto3\";\nservice S {\n  rpc A (B) returns (C);\n", "s.proto:2 the service S isn't closed"},
		{"s.proto", "syntax = \"proto3\";\nservice S {\n  rpc A (B) returns (C) { option x = {a: 1}; }\n  option y = 1;\n}\n", ""},
	} {
		var got string
		if faults := Read([]File{{Name: test.name, Data: []byte(test.text)}}).Faults; len(faults) > 0 {
			got = fmt.Sprintf("%s:%d %s", faults[0].File, faults[0].Line, faults[0].Why)
		}
		if !strings.HasPrefix(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%q: %q, want %q", test.text, got, test.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("", []byte("services: {a: {image: x, environment: {B_HOST: b}}, b: {image: y}}"))
	f.Add("", []byte("apiVersion: v1\nkind: List\nitems: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: [{env: [{name: X_URL, value: 'http://b'}]}]}}}}]"))
	f.Add("", []byte("openapi: 3.1.0\ninfo: {title: A}\npaths: {/x: {get: {responses: {'202': {}}}}}\n"))
	f.Add("", []byte("asyncapi: 2.0.0\nchannels: {c: {publish: {operationId: x}}}\n"))
	f.Add("proto", []byte("syntax = \"proto3\"; package p; service S { rpc A (B) returns (stream C) { option x = { get: \"/\" }; } }"))
	f.Add("structurizr", []byte(`{"model": {"softwareSystems": [{"id": "1", "name": "a", "relationships": [{"destinationId": "1"}]}]}}`))
	f.Add("spring", []byte("spring: {application: {name: a}, cloud: {gateway: {routes: [{uri: 'lb://b'}]}}}"))
	f.Add("mesh", []byte("apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec: {http: [{timeout: 1s, route: [{destination: {host: b}}]}]}"))
	f.Add("dapr", []byte("apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nspec: {targets: {apps: {a: {retry: x}}}}"))
	f.Add("backstage", []byte("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\nspec: {dependsOn: [component:b]}"))
	f.Add("envoy", []byte("static_resources: {clusters: [{name: a, load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: a}}}}]}]}}], listeners: [{match: {}, route: {cluster: a, timeout: 1s}}]}"))
	f.Add("dotnet", []byte(`{"ReverseProxy": {"Clusters": {"a": {"Destinations": {"x": {"Address": "http://a"}}}}}, "A": {"Url": "http://b", "Retry": {"MaxRetryAttempts": 2}}}`))
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		if !slices.ContainsFunc(Kinds(), func(k Kind) bool { return k.Name == kind }) {
			kind = ""
		}
		r := Read([]File{{Name: "f", Data: data, Kind: kind}})
		for _, s := range r.Sightings {
			if s.Source == "" || s.Line < 0 {
				t.Errorf("a sighting from nowhere: %+v", s)
			}
		}
		evidence.Join(r.Services, r.Sightings)
	})
}

// Whatever the files hold that a compose file refers to, reading it ends.
func FuzzBeside(f *testing.F) {
	const compose = "services:\n  a: {build: ./a, env_file: x.env, volumes: ['./f:/f'], labels: {traefik.http.routers.a.rule: 'Host(`a.b`)'}, environment: {P: \"${P:-http://b}\"}}\n  b: {image: b, volumes: ['./f:/f']}\n"
	for _, text := range []string{
		"FROM x\nENV B_URL=http://b \\\n  C=d\nCOPY nginx.conf /etc/nginx.conf\n", "B_HOST=b\nexport C_URL='http://b:1' # x\n", "server { location / { proxy_pass http://b:80; } }", "upstream u { server b:80; }\n",
		"reverse_proxy /{$X}/* b:80 {\n", "\nbackend x\n  server s b:80 check\n", `{"B": {"Url": "http://b"}} // c`, "[s]\nurl = \"http://b\"\n", "b:\n  host: b\n  list: [*x, &x b]\n", "a.b[0].c=http://b\na.b=d\n",
	} {
		f.Add([]byte(compose), []byte(text))
	}
	f.Fuzz(func(t *testing.T, data, text []byte) {
		besides := func(string) ([]byte, bool) { return text, true }
		insides := func(string) []string {
			return []string{"Caddyfile", "application.properties", "application.yml", "appsettings.json", "nginx.conf", "app.toml"}
		}
		one := File{Name: "one/compose.yml", Data: data, Kind: "compose", Beside: besides, Inside: insides}
		two := File{Name: "two/compose.yml", Data: text, Kind: "", Beside: besides, Inside: insides}
		r := Read([]File{one, two})
		for _, s := range r.Sightings {
			if s.Source == "" || s.Line < 0 || s.Callee == "" {
				t.Errorf("a sighting from nowhere: %+v", s)
			}
		}
		evidence.Join(r.Services, r.Sightings)
	})
}

package source

import (
	"slices"
	"testing"
)

// The places where compose files and what lies beside them name a service.
func TestPlacesOfCompose(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		beside     map[string]string
		want       []string
	}{
		{"services that others extend, and files that are included", `
include: [more/stores.yml, {path: [more/api.yml]}]
services:
  shape: {image: acme/shop, environment: {STORE_URL: "postgres://store/x", API_URL: "http://old"}}
  web: {extends: shape, environment: {API_URL: "http://api"}}
  jobs: {extends: {file: more/base.yml, service: base}, command: jobs}
  old: {image: acme/old}
`, map[string]string{
			"more/stores.yml": "services: {store: {image: postgres}, queue: {image: redis}}",
			"more/api.yml":    "services: {api: {image: acme/api, env_file: api.env}}",
			"more/api.env":    "STORE_HOST=store\n",
			"more/base.yml":   "services: {base: {image: acme/jobs, env_file: jobs.env, depends_on: [api]}}",
			"more/jobs.env":   "QUEUE_URL=redis://queue\n",
		}, []string{"api>store", "jobs>queue", "shape>old", "shape>store", "web>api", "web>store"}},

		{"files that include and extend each other come to an end", `
include: [compose.yml]
services:
  a: {extends: {file: compose.yml, service: b}}
  b: {extends: a, image: x}
`, map[string]string{"compose.yml": "include: [compose.yml]\nservices: {a: {extends: b}, b: {extends: {file: compose.yml, service: a}}}"}, nil},

		{"the environment counts before an env_file, and that before the image's", `
services:
  web: {build: ./web, env_file: [one.env, two.env], environment: {A_URL: "http://a"}}
  a: {image: acme/a}
  b: {image: acme/b}
  c: {image: acme/c}
  d: {image: acme/d}
`, map[string]string{"one.env": "A_URL=http://d\nB_URL=http://d\n", "two.env": "B_URL=http://b\n", "web/Dockerfile": "FROM x\nENV B_URL=http://d C_URL=http://c\n"}, []string{"web>a", "web>b", "web>c"}},

		{"arguments that an image is built with, and what browsers call at ports of the machine", `
services:
  pages: {build: {context: ., args: {VITE_API_URL: "http://localhost:8081/v1", VITE_SITE_URL: "http://localhost:3000"}}, ports: ["3000:80"]}
  shop-web: {image: acme/web, environment: {API_URL: "http://localhost:8081", EDGE_URL: "http://localhost:80"}}
  api: {image: acme/api, environment: {FRONT_URL: "http://localhost:3000", NEXT_PUBLIC_SITE_URL: "http://localhost:3000"}, ports: ["8081:80"]}
  edge: {image: nginx, ports: ["80:80"]}
`, nil, []string{"pages>api", "shop-web>api"}},

		{"labels of Caddy, and labels of a deployment", `
services:
  door: {image: lucaslorentz/caddy-docker-proxy}
  web: {image: acme/web, labels: {caddy: acme.dev, caddy.reverse_proxy: "{{upstreams 80}}"}}
  edge: {image: traefik}
  api: {image: acme/api, deploy: {labels: ["traefik.http.routers.api.rule=PathPrefix(` + "`/v1`" + `)"]}}
`, nil, []string{"door>web", "edge>api"}},

		{"what a proxy is built with, whatever the file is called", `
services:
  door: {build: ./door}
  other: {image: nginx, volumes: ["./other.conf:/etc/nginx/conf.d/other.conf"]}
  old: {image: httpd, volumes: ["./old.conf:/x.conf"]}
  split: {image: haproxy, volumes: ["./split.cfg:/x.cfg"]}
  cache: {image: varnish, volumes: ["./cache.vcl:/etc/varnish/default.vcl"]}
  web: {image: acme/web}
  api: {image: acme/api}
`, map[string]string{
			"door/Dockerfile":  "FROM nginx\nCOPY routes.conf /etc/nginx/conf.d/\nCOPY notes.conf /notes/\n",
			"door/routes.conf": "location / { proxy_pass http://web:80; }\n", "door/notes.conf": "proxy_pass http://api;\n",
			"other.conf": "set $upstream_app api;\nset $port 80;\nproxy_pass http://$upstream_app:$port;\n",
			"old.conf":   "ProxyPass \"/v1\" \"http://api:80/\"\nProxyPassReverse / http://api:80/\n<Proxy x>\nBalancerMember http://web:80\n</Proxy>\n",
			"split.cfg":  "global\nlisten x\n  bind *:80\n  server one web:80 check\n",
			"cache.vcl":  "backend default {\n  .host = \"web\";\n  .port = \"80\";\n}\n",
		}, []string{"cache>web", "door>web", "old>api", "old>web", "other>api", "split>web"}},

		{"what an image is built from alone, and what lies where a proxy looks", `
services:
  door: {build: ./door, depends_on: [web, companion]}
  copies: {build: ./copies, environment: {PGHOST: store}}
  pages: {build: ./pages, depends_on: [door]}
  other: {image: nginx, volumes: ["./routes:/etc/nginx/conf.d/routes"]}
  companion: {image: nginxproxy/acme-companion, depends_on: [door]}
  web: {image: acme/web}
  store: {image: postgres}
`, map[string]string{"door/Dockerfile": "FROM nginxproxy/nginx-proxy:1.7 AS x\n", "copies/Dockerfile": "FROM postgres:17\n", "pages/Dockerfile": "FROM node AS build\nFROM nginx\n", "routes": "proxy_pass http://web;\n"},
			[]string{"copies>store", "door>web", "other>web"}},

		{"variables that are only there as a sample", `
services:
  web: {image: acme/web, environment: {STORE_HOST: "${STORE}"}}
  store: {image: postgres}
`, map[string]string{".env.default": "STORE=store\n"}, []string{"web>store"}},

		{"several lines in one variable, origins, registries of schemas, and pages for people who read", `
services:
  stream: {image: acme/stream, environment: ["SETTINGS=\n  job.rpc.address: jobs\n  x.y: other", "SCHEMA_REGISTRY_URL=http://schema-registry:8081"]}
  board: {image: acme/board, environment: {SEARCH_ORIGIN: "http://search:80", APP_ORIGIN: "http://pages", CORS_SEARCH_ORIGIN: "http://other", SWAGGER_API_URL: "http://other"}}
  client-api: {image: acme/client, environment: {A_URL: "http://localhost:81"}}
  blazor-client: {image: acme/pages, environment: {A_URL: "http://localhost:81"}}
  jobs: {image: acme/jobs, ports: ["81:80"]}
  search: {image: acme/search}
  pages: {image: acme/pages}
  other: {image: acme/other}
  schema-registry: {image: confluentinc/cp-schema-registry, environment: {SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: "bus:9092"}}
  bus: {image: apache/kafka}
`, nil, []string{"blazor-client>jobs", "board>search", "schema-registry>bus", "stream>jobs", "stream>schema-registry"}},

		{"keys that end in the product that answers at a host", `
services:
  api: {image: acme/api, environment: {SESSION_REDIS: drawer, CACHE_TYPE: drawer, MONGO: drawer, REDIS: other}}
  drawer: {image: redis}
  other: {image: acme/other}
`, nil, []string{"api>drawer"}},

		{"who issues tokens is asked for its keys; the sidecar of Dapr passes calls on", `
services:
  web: {image: acme/web, environment: {OIDC_ISSUER_URI: "http://login:80/x", TOKEN_ISSUER: "http://other:80", ORDER_URL: "http://localhost:3500/v1.0/invoke/orders/method/new"}}
  login: {image: acme/login}
  other: {image: acme/other}
  orders: {image: acme/orders}
`, nil, []string{"web>login", "web>orders"}},
	}
	for _, tt := range tests {
		f := File{Name: "c.yml", Data: []byte(tt.text), Beside: beside(tt.beside)}
		if got, r := edges(f); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q, %v", tt.name, got, tt.want, r.Faults)
		}
	}
}

// The places where objects of Kubernetes name a service.
func TestPlacesOfKubernetes(t *testing.T) {
	t.Parallel()
	workload := func(name, spec string) string {
		return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name + "}\nspec: {template: {metadata: {labels: {app: " + name + ", tier: x}}, spec: {" + spec + "containers: [{name: a, image: 'acme/" + name + "'}]}}}\n"
	}
	with := func(name, env string) string {
		return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name + "}\nspec: {template: {spec: {containers: [{name: a, image: 'acme/" + name + "', env: [{name: X_URL, value: '" + env + "'}]}]}}}\n"
	}
	tests := []struct {
		name, text string
		want       []string
	}{
		{"who may call whom, where labels say it of one", workload("cart", "") + workload("stock", "") + workload("web", "") + workload("prices", "") + `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
spec: {podSelector: {matchLabels: {app: stock}}, ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}, {podSelector: {}}, {podSelector: {matchLabels: {tier: x}}}, {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
spec: {podSelector: {matchLabels: {app: cart}}, egress: [{to: [{podSelector: {matchLabels: {app: prices}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}
---
apiVersion: consul.hashicorp.com/v1alpha1
kind: ServiceIntentions
spec: {destination: {name: prices}, sources: [{name: web, action: allow}, {name: stock, action: deny}, {name: "*", action: allow}]}
`, []string{"cart>prices", "cart>stock", "web>prices"}},

		{"stores and brokers that operators run", with("cart", "postgres://orders-rw:5432/x") + with("stock", "kafka://bus-kafka-bootstrap:9092") + `---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: orders}
---
apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: {name: bus}
---
apiVersion: acme.dev/v1
kind: Cluster
metadata: {name: prices}
`, []string{"cart>orders", "stock>bus"}},

		{"what containers wait for that run first", workload("cart", "initContainers: [{name: w, image: busybox, command: [sh, -c, 'until nc -z store 5432; do sleep 1; done']}, {name: v, image: curl, args: ['http://bus:15672/']}], ") + `---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store}
spec: {template: {spec: {containers: [{name: a, image: postgres}]}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: bus}
spec: {template: {spec: {containers: [{name: a, image: rabbitmq}]}}}
`, []string{"cart>bus", "cart>store"}},

		{"a config map that programs fetch by themselves", workload("cart", "") + workload("stock", "") + workload("prices", "") + `---
apiVersion: v1
kind: ConfigMap
metadata: {name: cart}
data: {application.properties: "stock.host: stock\n", notes.properties: "prices.host: prices\n"}
`, []string{"cart>stock"}},

		{"components of Dapr work with hosts", with("cart", "http://none") + with("mails", "http://none") + `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: drawer}
spec: {template: {spec: {containers: [{name: a, image: redis}]}}}
---
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: {name: state}
spec: {type: state.redis, metadata: [{name: redisHost, value: "drawer:6379"}]}
scopes: [cart]
---
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: {name: post}
spec: {type: bindings.smtp, metadata: [{name: host, value: mails}]}
scopes: [cart]
---
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: {name: clock}
spec: {type: bindings.cron, metadata: [{name: schedule, value: "@every 1m"}]}
scopes: [cart]
`, []string{"cart>drawer", "cart>mails"}},

		{"a namespace that only names know", with("cart", "http://stock.shop:80") + with("stock", "http://cart.com:80"), []string{"cart>stock"}},
	}
	for _, tt := range tests {
		if got, _ := edges(File{Name: "k.yml", Data: []byte(tt.text)}); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A kustomization makes config maps of files.
func TestKustomizedFiles(t *testing.T) {
	t.Parallel()
	got, _ := edges(
		File{Name: "base/kustomization.yaml", Data: []byte("configMapGenerator:\n- {name: routes, files: [nginx.conf, other.conf=second.conf]}\n"), Beside: beside(map[string]string{"nginx.conf": "proxy_pass http://cart:80;\n", "second.conf": "proxy_pass http://stock:80;\n"})},
		File{Name: "base/all.yaml", Data: []byte(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: door}
spec: {template: {spec: {containers: [{name: a, image: nginx}], volumes: [{name: v, configMap: {name: routes}}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec: {template: {spec: {containers: [{name: a, image: acme/cart}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stock}
spec: {template: {spec: {containers: [{name: a, image: acme/stock}]}}}
`)})
	if want := []string{"door>cart", "door>stock"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

// Connectors make the Kafka Connect that runs them call what they work with.
func TestConnectors(t *testing.T) {
	t.Parallel()
	compose := `
services:
  connect: {image: acme/connect, environment: ["SETTINGS=\n  config.storage.topic: x\n", BOOTSTRAP_SERVERS=bus:9092]}
  other: {image: acme/other, environment: [STORE_HOST=store]}
  store: {image: postgres}
  search: {image: elasticsearch}
  bus: {image: apache/kafka}
`
	sources := []File{
		{Name: "c.yml", Data: []byte(compose)},
		{Name: "register-store.json", Data: []byte(`{"name": "x", "config": {"connector.class": "a.B", "database.hostname": "store", "database.dbname": "search", "topic.prefix": "other"}}`)},
		{Name: "register-search.json", Data: []byte(`{"connector.class": "a.C", "connection.url": "http://search:9200", "schema.history.internal.kafka.bootstrap.servers": "bus:9092"}`)},
	}
	got, r := edges(sources...)
	if want := []string{"connect>bus", "connect>search", "connect>store", "other>store"}; !slices.Equal(got, want) || len(r.Used) != 3 {
		t.Errorf("edges: %q of %q, want %q", got, r.Used, want)
	}
	sources[0].Data = []byte(compose + "  more: {image: acme/connect, environment: {CONNECT_CONFIG_STORAGE_TOPIC: y}}\n")
	got, _ = edges(sources...)
	if want := []string{"connect>bus", "other>store"}; !slices.Equal(got, want) {
		t.Errorf("with two that may run them: %q, want %q", got, want)
	}
}

// An application may have another name than the service that runs it: the folder of its
// sources, and of the image, tells.
func TestNamesOfApplications(t *testing.T) {
	t.Parallel()
	got, _ := edges(
		File{Name: "c.yml", Data: []byte("services:\n  mail: {image: acme/mail-service}\n  config: {image: acme/config-server}\n  bus: {image: apache/kafka}\n")},
		File{Name: "config-server/repository/mailer.properties", Data: []byte("spring.application.name=mailer\nspring.cloud.stream.kafka.binder.brokers=bus\n")},
		File{Name: "mail-service/src/main/resources/bootstrap.yml", Data: []byte("spring: {application: {name: mailer}}\n")},
	)
	if want := []string{"mail>bus"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

// A proxy that passes calls on through the sidecar of Dapr calls the application it names.
func TestEnvoyThroughDapr(t *testing.T) {
	t.Parallel()
	got, _ := edges(File{Name: "c.yml", Data: []byte("services:\n  door: {image: envoyproxy/envoy, volumes: ['./envoy.yaml:/etc/envoy/envoy.yaml']}\n  orders: {image: acme/orders}\n"), Beside: beside(map[string]string{"envoy.yaml": `
static_resources:
  listeners: [{match: {prefix: /o/}, route: {cluster: dapr, prefix_rewrite: "/v1.0/invoke/orders/method/"}}]
  clusters: [{name: dapr, load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1}}}}]}]}}]
`})})
	if want := []string{"door>orders"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

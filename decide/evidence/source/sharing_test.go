package source

import (
	"path"
	"slices"
	"strings"
	"testing"

	"waitornot/decide/evidence"
)

// What services share has addresses that not all of them need.
func TestShared(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files []File
		want  []string
	}{
		{"the roles of one program: it isn't called by itself, and its main role stands for all but those that wait for a callee", []File{{Name: "c.yml", Data: []byte(`
x-env: &env {API_URL: "http://api:3000", PDF_URL: "http://pdf:3000", DATABASE_URL: "postgres://db/x"}
services:
  clock: {image: acme/app, environment: {<<: *env}}
  api: {image: acme/app, environment: {<<: *env}, ports: ["3000:3000"]}
  worker: {image: acme/app, environment: {<<: *env}, depends_on: [pdf]}
  pdf: {image: acme/pdf}
  db: {image: postgres}
`)}}, []string{"api>db", "api>pdf", "clock>db", "worker>db", "worker>pdf"}},

		{"images that run what they are given are no program", []File{{Name: "c.yml", Data: []byte(`
x-env: &env {API_URL: "http://api:3000"}
services:
  api: {image: "node:22", environment: {<<: *env}}
  worker: {image: "node:22", environment: {<<: *env}}
`)}}, []string{"worker>api"}},

		{"a list of addresses is for those that it doesn't name", []File{{Name: "k.yml", Data: []byte(`
apiVersion: v1
kind: ConfigMap
metadata: {name: addresses}
data: {ORDERS_ADDR: "orders:8080", STOCK_ADDR: "stock:8080", USERS_ADDR: "users:8080"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front}
spec: {template: {spec: {containers: [{name: a, image: acme/front, envFrom: [{configMapRef: {name: addresses}}]}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders}
spec: {template: {spec: {containers: [{name: a, image: acme/orders, envFrom: [{configMapRef: {name: addresses}}]}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stock}
spec: {template: {spec: {containers: [{name: a, image: acme/stock, env: [{name: USERS, valueFrom: {configMapKeyRef: {name: addresses, key: USERS_ADDR}}}]}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: users}
spec: {template: {spec: {containers: [{name: a, image: acme/users}]}}}
`)}}, []string{"front>orders", "front>stock", "front>users", "stock>users"}},

		{"stores that bear the names of services are theirs", []File{
			{Name: "c.yml", Data: []byte(`
services:
  front: {image: acme/front, volumes: ["./config.json:/config.json"]}
  geo: {image: acme/geo, volumes: ["./config.json:/config.json"]}
  reservation: {image: acme/reservation, volumes: ["./config.json:/config.json"]}
  mongodb-geo: {image: mongo}
  mongodb-reservation: {image: mongo}
  memcached-reserve: {image: memcached}
  bus: {image: rabbitmq}
`), Beside: beside(map[string]string{"config.json": `{"GeoAddress": "mongodb-geo:27017", "ReserveAddress": "mongodb-reservation:27017", "MemcAddress": "memcached-reserve:11211", "BusAddress": "bus:5672"}`})},
		}, []string{"front>bus", "geo>bus", "geo>mongodb-geo", "reservation>bus", "reservation>memcached-reserve", "reservation>mongodb-reservation"}},

		{"who names its own stores leaves out those it only has from a file", []File{
			{Name: "c.yml", Data: []byte(`
services:
  shop: {image: acme/shop, env_file: .env, environment: {STORE_URL: "postgres://$STORE_HOST/x"}, depends_on: [store]}
  jobs: {image: acme/jobs, env_file: .env, environment: {STORE_URL: "postgres://$STORE_HOST/x", QUEUE_URL: "redis://$QUEUE_HOST"}, depends_on: [store, queue]}
  mails: {image: acme/mails, env_file: .env, depends_on: [store]}
  clock: {image: acme/clock, env_file: .env, environment: {STORE_URL: "postgres://$STORE_HOST/x"}, depends_on: [jobs]}
  store: {image: postgres}
  queue: {image: redis}
`), Beside: beside(map[string]string{".env": "STORE_HOST=store\nQUEUE_HOST=queue\n"})},
		}, []string{"clock>queue", "clock>store", "jobs>queue", "jobs>store", "mails>queue", "mails>store", "shop>store"}},

		{"a program isn't called by itself in another role because both pass on its address", []File{
			{Name: "c.yml", Data: []byte(`
services:
  web: {image: acme/app, environment: [WEB_HOST]}
  jobs: {image: acme/app, environment: [WEB_HOST, PDF_HOST]}
  mails: {image: acme/mails, environment: [WEB_HOST]}
  pdf: {image: acme/pdf}
`), Beside: beside(map[string]string{".env": "WEB_HOST=web\nPDF_HOST=pdf\n"})},
		}, []string{"jobs>pdf", "mails>web"}},

		{"a list that more than two have who are not in it is there for anybody, but for who issues tokens", []File{{Name: "k.yml", Data: []byte(`
apiVersion: v1
kind: ConfigMap
metadata: {name: addresses}
data: {ORDERS_ADDR: "orders:8080", STOCK_ADDR: "stock:8080", TOKEN_AUTHORITY: "http://tokens"}
---
` + taking("a", "b", "c", "orders", "stock", "tokens"))}}, []string{"a>tokens", "b>tokens", "c>tokens"}},

		{"an address that roles have is for those that wait for who answers there, where others wait for others", []File{{Name: "c.yml", Data: []byte(`
services:
  match: {image: acme/flow, environment: {FLOW_ADDR: "door:80"}, depends_on: [store]}
  work: {image: acme/flow, environment: {FLOW_ADDR: "door:80"}, depends_on: [door]}
  other: {image: acme/other, environment: {FLOW_ADDR: "door:80"}, depends_on: [store]}
  door: {image: nginx}
  store: {image: postgres}
`)}}, []string{"match>store", "other>door", "other>store", "work>door"}},

		{"a file that a store has, too, is what that is configured with", []File{
			{Name: "c.yml", Data: []byte(`
services:
  tools: {image: acme/tools, volumes: ["./conf/client.properties:/x"]}
  other: {image: acme/other, volumes: ["./conf/client.properties:/x", "./other.properties:/y"]}
  bus: {image: apache/kafka, volumes: ["./conf/client.properties:/x"]}
`), Beside: beside(map[string]string{"conf/client.properties": "bootstrap.servers = bus:9092\n", "other.properties": "bootstrap.servers = bus:9092\n"})},
		}, []string{"other>bus"}},

		{"who waits for one that has the store asks that one, unless it works off tasks", []File{
			{Name: "c.yml", Data: []byte(`
services:
  pages: {image: acme/pages, env_file: .env, depends_on: [backend]}
  mails-worker: {image: acme/mails, env_file: .env, depends_on: [backend]}
  backend: {image: acme/backend, env_file: .env, depends_on: [store]}
  store: {image: postgres}
`), Beside: beside(map[string]string{".env": "STORE_HOST=store\n"})},
		}, []string{"backend>store", "mails-worker>store", "pages>backend"}},

		{"a file in a folder that is named after one is its", []File{
			{Name: "c.yml", Data: []byte(`
services:
  mail-web: {image: acme/web, volumes: ["./conf/sogo/app.conf:/app.conf"]}
  mail-sogo: {image: acme/sogo, volumes: ["./conf/sogo/app.conf:/app.conf"]}
  cache: {image: memcached}
`), Beside: beside(map[string]string{"conf/sogo/app.conf": "CacheHost = cache\n"})},
		}, []string{"mail-sogo>cache"}},
	}
	for _, tt := range tests {
		if got, _ := edges(tt.files...); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// taking makes workloads that take a config map as a whole.
func taking(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString("---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name + "}\nspec: {template: {spec: {containers: [{name: a, image: acme/" + name + ", envFrom: [{configMapRef: {name: addresses}}]}]}}}\n")
	}
	return b.String()
}

func beside(files map[string]string) func(string) ([]byte, bool) {
	return func(name string) ([]byte, bool) {
		text, ok := files[path.Clean(name)]
		return []byte(text), ok
	}
}

// A host that a proxy makes known outside leads to the service behind it.
func TestPublicHosts(t *testing.T) {
	t.Parallel()
	got, _ := edges(File{Name: "c.yml", Data: []byte("services:\n" +
		"  api: {image: acme/api, labels: {traefik.http.routers.api.rule: 'Host(`api.acme.dev`) && PathPrefix(`/v1`)'}, environment: {API_URL: https://api.acme.dev, FRONT_URL: https://app.acme.dev}}\n" +
		"  front: {image: acme/front, environment: [VIRTUAL_HOST=app.acme.dev, API_URL=https://api.acme.dev/v1]}\n")})
	if want := []string{"front>api"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

// Nobody calls what people see because it starts first, but those who stand for people.
func TestStartOrder(t *testing.T) {
	t.Parallel()
	got, _ := edges(File{Name: "c.yml", Data: []byte(`
services:
  admin: {image: acme/admin, depends_on: [web, api]}
  web: {image: acme/web, depends_on: [api]}
  api: {image: acme/api}
  load: {image: acme/load, depends_on: [web]}
  watchdog: {image: acme/watchdog, depends_on: [api]}
  pghero: {image: ankane/pghero, depends_on: [api]}
  pages: {image: acme/pages, environment: {API_URL: "http://api"}, links: [users, "images:pictures"], depends_on: [users, images, later]}
  users: {image: acme/users}
  images: {image: acme/images}
  later: {image: acme/later}
`)})
	if want := []string{"admin>api", "load>web", "pages>api", "pages>images", "pages>users", "web>api"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

// Files of what a program is built of name addresses that it never calls.
func TestPackageFiles(t *testing.T) {
	t.Parallel()
	files := map[string]string{"web/package-lock.json": `{"funding": {"url": "https://github.com/sponsors/x"}}`, "web/conf.json": `{"apiUrl": "https://pay.acme.dev/v1"}`}
	got, _ := edges(File{
		Name: "c.yml", Data: []byte("services:\n  web: {image: acme/web, volumes: ['./web:/app']}\n"), Beside: beside(files),
		Inside: func(string) []string { return []string{"conf.json", "package-lock.json"} },
	})
	if want := []string{"web>pay.acme.dev"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

// A store or a broker that a service waits for is one that it uses, whatever else it is
// told; unless that is another of its kind.
func TestWaitsForStores(t *testing.T) {
	t.Parallel()
	got, _ := edges(File{Name: "c.yml", Data: []byte(`
services:
  board: {image: acme/board, environment: {DB_HOST: board-db}, depends_on: [board-db, "${BUS:-bus}", other-db, api]}
  cases-worker-migrations: {image: acme/cases, depends_on: [board-db]}
  api: {image: acme/api}
  board-db: {image: postgres}
  other-db: {image: postgres}
  bus: {image: rabbitmq}
`)})
	if want := []string{"board>board-db", "board>bus", "cases-worker-migrations>board-db"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

// What is called like a store but is told the address of one works with it. A copy of a
// store stays a store.
func TestNamedLikeStores(t *testing.T) {
	t.Parallel()
	got, r := edges(File{Name: "c.yml", Data: []byte(`
services:
  meta: {image: acme/postgres-meta, environment: {META_DB_HOST: store}}
  scores-mysql: {image: acme/scores, environment: {MYSQL_DB_HOST: mysqldb}}
  orders-db: {image: acme/orders-db, environment: {REPLICATION_MASTER_HOST: store}}
  redis-replica: {image: acme/redis-replica, environment: {REDIS_HOST: cache}}
  cache: {image: redis}
  store: {image: postgres}
  mysqldb: {image: acme/mysqldb}
`)})
	if want := []string{"meta>store", "scores-mysql>mysqldb"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
	for _, s := range r.Services {
		if program := s.Name == "meta" || s.Name == "scores-mysql"; program != (s.Role == evidence.Program) {
			t.Errorf("%s is %s", s.Name, s.Role)
		}
	}
}

// A proxy that watches the containers hands requests on to those that ask it to.
func TestListings(t *testing.T) {
	t.Parallel()
	got, _ := edges(File{Name: "c.yml", Data: []byte("services:\n" +
		"  edge: {image: 'traefik:3', labels: [\"traefik.http.routers.board.rule=Host(`board.acme.dev`)\"]}\n" +
		"  api: {image: acme/api, labels: [\"traefik.http.routers.api.rule=PathPrefix(`/v1`)\", \"traefik.http.routers.more.rule=PathPrefix(`/v2`)\"]}\n" +
		"  hidden: {image: acme/hidden, labels: {traefik.enable: 'false', traefik.http.routers.hidden.rule: 'PathPrefix(`/x`)'}}\n" +
		"  grafana: {image: grafana/grafana, labels: {traefik.http.routers.figures.rule: 'PathPrefix(`/figures`)'}}\n" +
		"  front: {image: acme/front, environment: [VIRTUAL_HOST=acme.dev]}\n" +
		"  door: {image: nginxproxy/nginx-proxy}\n" +
		"  quiet: {image: acme/quiet, environment: {VIRTUAL_HOST: ''}}\n")},
		File{Name: "other.yml", Data: []byte("services:\n  shop: {image: acme/shop, labels: {traefik.http.routers.shop.rule: 'PathPrefix(`/`)'}}\n")})
	if want := []string{"door>front", "edge>api"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

// A component that names the applications it is for is used by them; one that names none
// says nothing of who uses it.
func TestDaprScopes(t *testing.T) {
	t.Parallel()
	got, _ := edges(File{Name: "k.yml", Data: []byte(`
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: {name: bus}
spec: {type: pubsub.redis}
scopes: [orders-app, stock]
---
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: {name: drawer}
spec: {type: state.redis}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders}
spec: {template: {metadata: {annotations: {dapr.io/app-id: orders-app}}, spec: {containers: [{name: a, image: acme/orders}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stock}
spec: {template: {spec: {containers: [{name: a, image: acme/stock}]}}}
`)})
	if want := []string{"orders>bus", "stock>bus"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

// A kustomization makes config maps, around workloads that name no namespace. A patch of a
// service is no service of its own.
func TestKustomization(t *testing.T) {
	t.Parallel()
	workload := func(name, env string) string {
		return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name + "-workload}\nspec: {template: {metadata: {labels: {app: " + name + "}}, spec: {containers: [{name: a, image: 'acme/" + name + "'" + env + "}]}}}\n" +
			"---\napiVersion: v1\nkind: Service\nmetadata: {name: " + name + "}\nspec: {selector: {app: " + name + "}}\n"
	}
	got, _ := edges(
		File{Name: "overlay/kustomization.yaml", Data: []byte("namespace: shop\nconfigMapGenerator:\n- {name: cart-settings, literals: ['STOCK_HOST=stock.shop.svc.cluster.local', 'MODE=stock']}\n- {name: more, envs: [more.env]}\nsecretGenerator:\n- {name: hidden, literals: ['LEDGER_URL=postgres://x:y@ledger/z']}\n"),
			Beside: beside(map[string]string{"more.env": "PRICES_URL=http://prices\n"})},
		File{Name: "overlay/patch.yaml", Data: []byte("apiVersion: v1\nkind: Service\nmetadata: {name: stock}\nspec: {type: NodePort}\n")},
		File{Name: "base/all.yaml", Data: []byte(workload("cart", ", env: [{name: STOCK_HOST, valueFrom: {configMapKeyRef: {name: cart-settings, key: STOCK_HOST}}}], envFrom: [{configMapRef: {name: more}}, {secretRef: {name: hidden}}]") +
			workload("stock", "") + workload("prices", "") + workload("ledger", ""))},
	)
	if want := []string{"cart-workload>ledger-workload", "cart-workload>prices-workload", "cart-workload>stock-workload"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

// A port of the machine leads to the store that is published there; a program there is what
// browsers see.
func TestMachinePorts(t *testing.T) {
	t.Parallel()
	got, _ := edges(File{Name: "c.yml", Data: []byte(`
services:
  board: {image: acme/board, environment: {STORE: "Server=host.docker.internal;Port=15432;Database=x", QUEUE_URL: "amqp://host.docker.internal:5672", PAGE_URL: "http://host.docker.internal:8080", TWICE_URL: "redis://host.docker.internal:6379", RANGE_URL: "redis://host.docker.internal:7000"}}
  store: {image: postgres, ports: ["127.0.0.1:15432:5432", "9999"]}
  queue: {image: rabbitmq, ports: [{target: 5672, published: "5672"}]}
  pages: {image: acme/pages, ports: ["8080:80"]}
  one: {image: redis, ports: ["6379:6379"]}
  two: {image: redis, ports: ["6379:6379", "7000-7005:7000-7005"]}
`)})
	if want := []string{"board>queue", "board>store"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

// A service that is only the shape of others calls nobody; one that others are made from
// and that has work of its own does.
func TestShapes(t *testing.T) {
	t.Parallel()
	got, _ := edges(File{Name: "c.yml", Data: []byte(`
services:
  shape: &shape {image: acme/board, environment: {STORE_URL: "postgres://store/x"}}
  jobs: {<<: *shape, command: jobs}
  site: &site {image: acme/site, environment: {STORE_URL: "postgres://store/x"}, ports: ["80:80"]}
  mails: {<<: *site, ports: [], command: mails}
  alone: &alone {image: acme/alone, environment: {STORE_URL: "postgres://store/x"}}
  store: {image: postgres}
`)})
	if want := []string{"alone>store", "jobs>store", "mails>store", "site>store"}; !slices.Equal(got, want) {
		t.Errorf("edges: %q, want %q", got, want)
	}
}

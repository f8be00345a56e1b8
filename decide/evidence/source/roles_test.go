package source

import (
	"slices"
	"testing"
)

// Roles of one program that share all settings don't all work with all stores.
func TestRolesOfOneProgram(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"a role that is called like a proxy hands on requests, and copies are made of databases", `
x-app: &app {image: acme/desk, environment: {DB_HOST: store, CACHE_URL: "redis://cache"}, depends_on: [store, cache]}
services:
  desk-server: {<<: *app, command: desk-server}
  desk-nginx: {<<: *app, command: desk-nginx, depends_on: [desk-server, store]}
  desk-backup: {<<: *app, command: desk-backup}
  store: {image: postgres}
  cache: {image: redis}
`, []string{"desk-backup>store", "desk-nginx>desk-server", "desk-server>cache", "desk-server>store"}},

		{"a broker of tasks is for those who plan them and those who run them", `
x-app: &app {image: acme/flow, environment: {DB_URL: "postgres://store/x", FLOW__CELERY__BROKER_URL: "redis://queue"}, depends_on: [store, queue]}
services:
  flow-api: {<<: *app, command: api, ports: ["80:80"]}
  flow-scheduler: {<<: *app, command: scheduler}
  flow-worker: {<<: *app, command: celery worker}
  flow-parser: {<<: *app, command: parser}
  flower: {<<: *app, command: celery flower}
  store: {image: postgres}
  queue: {image: redis}
`, []string{"flow-api>store", "flow-parser>store", "flow-scheduler>queue", "flow-scheduler>store", "flow-worker>queue", "flow-worker>store", "flower>queue"}},

		{"where nobody plans tasks, all send them", `
x-app: &app {image: acme/flow, environment: {BROKER_URL: "redis://queue"}}
services:
  flow-api: {<<: *app, ports: ["80:80"]}
  flow-worker: {<<: *app, command: worker}
  queue: {image: redis}
`, []string{"flow-api>queue", "flow-worker>queue"}},

		{"who waits for stores of which others are told waits for order only", `
services:
  front: {image: acme/front, environment: {ORDERS_URL: "http://orders"}, depends_on: [orders, store, bus]}
  orders: {image: acme/orders, environment: {DB: "postgres://store/x"}, depends_on: [store, bus]}
  plain: {image: acme/plain, depends_on: [store]}
  store: {image: postgres}
  bus: {image: rabbitmq}
`, []string{"front>orders", "orders>bus", "orders>store", "plain>store"}},

		{"who lists what others wait for that it waits for waits for order only, too", `
services:
  front: {image: acme/front, depends_on: [orders, stock, store]}
  board-ui: {image: acme/board, depends_on: [orders, store]}
  jobs: {image: acme/jobs, depends_on: [orders, store]}
  orders: {image: acme/orders, depends_on: [store]}
  stock: {image: acme/stock, depends_on: [store]}
  store: {image: postgres}
`, []string{"board-ui>orders", "front>orders", "front>stock", "jobs>orders", "jobs>store", "orders>store", "stock>store"}},

		{"a role uses the stores that roles wait for which it waits for", `
x-app: &app {image: acme/board, depends_on: [store, cache]}
services:
  server: {<<: *app, ports: ["80:80"]}
  worker: {<<: *app, command: worker, depends_on: [server]}
  away: {<<: *app, command: away, environment: {SERVER_HOST: "server:22"}, depends_on: [server]}
  flower: {<<: *app, command: flower}
  other: {image: acme/other, depends_on: [server]}
  store: {image: postgres}
  cache: {image: redis}
`, []string{"away>server", "flower>cache", "other>server", "server>cache", "server>store", "worker>cache", "worker>store"}},

		{"a role that prepares the work of others and ends knows their stores", `
services:
  prepare: {image: acme/board, environment: {DB_HOST: store, CACHE_URL: "redis://cache"}}
  backend: {image: acme/board, environment: {DB_HOST: store}, depends_on: {prepare: {condition: service_completed_successfully}}}
  front: {image: acme/board, command: nginx-entrypoint.sh, environment: {BACKEND: "backend:80"}, depends_on: [backend]}
  other: {image: acme/other, depends_on: {prepare: {condition: service_completed_successfully}}}
  store: {image: postgres}
  cache: {image: redis}
`, []string{"backend>cache", "backend>store", "front>backend", "prepare>cache", "prepare>store"}},

		{"services that are roles of one program and are told of nobody ask each other", `
services:
  front: {build: ., entrypoint: hotel front, ports: ["80:80"], depends_on: [search]}
  search: {build: ., entrypoint: hotel search, depends_on: [rates]}
  rates: {build: ., entrypoint: hotel rates}
  nights-worker: {build: ., entrypoint: hotel nights, depends_on: [rates, front]}
`, []string{"front>search", "search>rates"}},

		{"the folder of an image in which a service runs is part of what it is", `
x-env: &env {STOCK_ADDR: "stock-rpc:80", USERS_ADDR: "users-rpc:80"}
services:
  stock-web: {build: go, working_dir: /app/stock, environment: *env, ports: ["81:80"]}
  stock-rpc: {build: go, working_dir: /app/stock, environment: *env, ports: ["82:80"]}
  users-rpc: {build: go, working_dir: /app/users, environment: *env, ports: ["83:80"]}
  orders-web: {build: go, working_dir: /app/orders, environment: *env, ports: ["84:80"]}
`, []string{"orders-web>stock-rpc", "orders-web>users-rpc"}},

		{"what is built around a product is one, whatever it is called", `
services:
  for-tests: {build: docker/firestore-emulator, environment: {STOCK_URL: "http://stock"}}
  stock: {build: ./stock, environment: {DRAWER: "for-tests:80"}}
`, []string{"stock>for-tests"}},

		{"one in front that is told of stores alone calls the programs that it waits for", `
services:
  shop-bff: {image: acme/bff, environment: {STORE_URL: "postgres://store/x"}, depends_on: [orders, stock]}
  web-status: {image: acme/status, environment: {STORE_URL: "postgres://store/x"}, depends_on: [orders]}
  orders: {image: acme/orders, environment: {STORE_URL: "postgres://store/x"}, depends_on: [stock]}
  stock: {image: acme/stock}
  store: {image: postgres}
`, []string{"orders>store", "shop-bff>orders", "shop-bff>stock", "shop-bff>store", "web-status>store"}},

		{"a beat plans only some of the tasks", `
x-app: &app {image: acme/books, environment: {BROKER_HOST: queue}}
services:
  web: {<<: *app, command: web}
  beat: {<<: *app, command: celery beat --scheduler x}
  queue: {image: redis}
`, []string{"beat>queue", "web>queue"}},

		{"a proxy that shows no route hands on to the programs that it waits for", `
services:
  edge: {image: nginx, depends_on: [web, store, jobs-worker]}
  web: {image: acme/web}
  jobs-worker: {image: acme/jobs}
  store: {image: postgres}
`, []string{"edge>web"}},
	}
	for _, tt := range tests {
		if got, _ := edges(File{Name: "c.yml", Data: []byte(tt.text)}); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

package source

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// filesOf makes files of a text: a name after "== ", and what it holds below.
func filesOf(text string) []File {
	all := map[string]string{}
	var names []string
	for _, part := range strings.Split("\n"+text, "\n== ")[1:] {
		name, data, _ := strings.Cut(part, "\n")
		all[name] = data
		names = append(names, name)
	}
	var files []File
	for _, name := range names {
		folder, _, nested := cutLast(name, "/")
		if !nested {
			folder = "."
		}
		in := func(name string) string { return path.Join(folder, name) }
		files = append(files, File{Name: name, Data: []byte(all[name]),
			Beside: func(name string) ([]byte, bool) { text, ok := all[in(name)]; return []byte(text), ok },
			Inside: func(at string) []string {
				var inside []string
				for _, n := range names {
					if rest, ok := strings.CutPrefix(n, in(at)+"/"); ok && !strings.Contains(rest, "/") {
						inside = append(inside, rest)
					}
				}
				return inside
			}})
	}
	return files
}

// Settings in a service's own folder name the services of other folders.
func TestSettingsInOwnFolders(t *testing.T) {
	t.Parallel()
	const (
		dotnet = `
== src/Services/Booking/src/Booking.Api/appsettings.docker.json
{"Grpc": {"FlightAddress": "flight:5003"}, "Store": {"ConnectionString": "Server=pg;Database=x"}, "LogOptions": {"Uri": "pg:9200"}, "Cors": {"Url": "http://gate:80"}}
== src/Services/Booking/src/Booking.Api/appsettings.Development.json
{"Grpc": {"GateAddress": "gate:5003"}}
== src/Services/Flight/src/Flight.Api/appsettings.json
{"Rabbit": {"HostName": "localhost", "Port": 5672}, "Other": {"HostName": "localhost", "Port": 1}, "Jwt": {"Authority": "http://nobody:80"}}
== src/ApiGateway/src/appsettings.docker.json
{"Yarp": {"clusters": {"a": {"destinations": {"b": {"address": "http://booking:80"}}}}}}
`
		stores = "== deploy/infra.yml\nservices:\n  pg: {image: postgres}\n  bus: {image: rabbitmq, ports: ['5672:5672']}\n  events: {image: acme/eventstore}\n"
	)
	tests := []struct {
		name, text string
		want       []string
	}{
		{"services that compose builds around the folders of their Dockerfiles", `== deploy/compose.yml
services:
  booking: {build: {context: .., dockerfile: src/Services/Booking/Dockerfile}}
  flight: {build: {context: .., dockerfile: src/Services/Flight/Dockerfile}}
  gate: {build: {context: .., dockerfile: src/ApiGateway/Dockerfile}}
  pg: {image: postgres}
  bus: {image: rabbitmq, ports: ['5672:5672']}` + dotnet, []string{"booking>flight", "booking>pg", "gate>booking"}},

		{"services that compose calls like the folders", `== deploy/compose.yml
services:
  booking: {image: acme/b}
  web: {image: acme/flight-api, hostname: flight}
  pg: {image: postgres}` + dotnet, []string{"booking>pg", "booking>web"}},

		{"folders stand for services where only stores are declared, and reach them at ports of the machine", stores + dotnet,
			[]string{"api-gateway>booking", "booking>flight", "booking>pg", "flight>bus"}},

		{"folders alone", dotnet, []string{"api-gateway>booking", "booking>flight"}},

		{"folders stand for nothing where services are declared that may be theirs", `== deploy/compose.yml
services:
  acme-booking-v1: {image: acme/x1}
  acme-flight-v1: {image: acme/x2}
  gateway-api: {image: acme/x3}` + dotnet, nil},

		{"folders of built services that nothing leads to", `== deploy/compose.yml
services:
  shop: {build: ../web}
  pg: {image: postgres}` + dotnet, nil},

		{"programs of other languages, samples, and what isn't for running", `== compose.yml
services:
  orders: {build: ./services/orders}
  carts: {build: ./services/carts}
  mails: {build: {context: ., dockerfile: docker/mails.Dockerfile}}
  stock: {image: acme/stock}
  prices: {image: acme/prices}
  users: {image: acme/users}
== services/orders/.env
CART_URL=http://carts:80
== services/orders/.env.example
USER_URL=http://users:80
== services/orders/.env.test
USER_URL=http://users:80
== services/orders/config/production.json
{"stock": {"host": "stock"}}
== services/orders/docs/config.yaml
users: {url: "http://users:80"}
== services/orders/production.json
{"users": {"url": "http://users:80"}}
== services/carts/.env.example
PRICE_URL=http://prices:80
== services/carts/config/local.json
{"users": {"url": "http://users:80"}}
== services/carts/internal/conf/config.toml
[users]
name = "users"
== services/mails/config.yaml
orders: {url: "http://orders:80"}
== .env
USER_URL=http://users:80
`, []string{"carts>prices", "mails>orders", "orders>carts", "orders>stock"}},

		{"an application's name in a registry, and gateways that look there", `== compose.yml
services:
  shop-gate: {build: {context: ., dockerfile: Gate/Dockerfile}}
  shop-policy: {build: {context: ., dockerfile: Policy/Dockerfile}}
  shop-price: {build: {context: ., dockerfile: Price/Dockerfile}}
== Gate/ocelot.json
{"Routes": [{"DownstreamPathTemplate": "/p", "ServiceName": "PolicyService"}]}
== Policy/appsettings.json
{"Spring": {"Application": {"Name": "PolicyService"}}, "PriceUri": "http://PriceService/api"}
== Price/src/appsettings.json
{"Spring": {"Application": {"Name": "PriceService"}}}
`, []string{"shop-gate>shop-policy", "shop-policy>shop-price"}},

		{"what shares the machine's network", `== compose.yml
services:
  orders: {build: ./orders, network_mode: host}
  carts: {build: ./carts, network_mode: host}
  users: {build: ./users}
  search: {image: elasticsearch, ports: ['9200:9200']}
  bus: {image: apache/kafka, ports: ['9092:9092']}
== orders/src/main/resources/application.yml
micronaut: {application: {name: orders}}
elastic: {host: "${ELASTIC:localhost}", port: 9200}
kafka: {bootstrap: {servers: "localhost:9092"}}
carts: {url: "http://localhost:1"}
== users/application.yml
micronaut: {application: {name: users}}
elastic: {host: localhost, port: 9200}
`, []string{"orders>bus", "orders>search"}},

		{"libraries run nowhere", stores + "== src/BuildingBlocks/Persistence/appsettings.json\n{\"Store\": {\"Url\": \"postgres://pg:5432\"}}\n", nil},

		{"two folders that are called alike are known to nobody", `== a/orders/config.yaml
stock: {url: "http://stock:80"}
== b/orders/config.yaml
x: 1
== a/stock/config.yaml
orders: {url: "http://orders:80"}
`, nil},
	}
	for _, tt := range tests {
		if got, r := edges(filesOf(tt.text)...); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q, %v", tt.name, got, tt.want, r.Faults)
		}
	}
}

// A Dockerfile says where the project lies that an image runs: a compose file alone is enough
// to find its settings.
func TestProjectFolder(t *testing.T) {
	t.Parallel()
	files := filesOf(`== deploy/compose.yml
services:
  booking: {build: {context: .., dockerfile: src/Booking/Dockerfile}}
  flight: {image: acme/flight}
== src/Booking/Dockerfile
FROM sdk
COPY ["src/Booking/lib/Booking.csproj", "x/"]
RUN dotnet restore ./src/Booking/src/Booking.Api/Booking.Api.csproj
ENTRYPOINT ["dotnet", "Booking.Api.dll"]
== src/Booking/src/Booking.Api/appsettings.docker.json
{"Grpc": {"FlightAddress": "flight:5003"}}
`)
	if got, _ := edges(files[0]); !slices.Equal(got, []string{"booking>flight"}) {
		t.Errorf("edges: %q", got)
	}
}

// An interface of which two services have a description is that one's after whom it is named.
func TestCopiesOfInterfaces(t *testing.T) {
	t.Parallel()
	_, r := edges(filesOf(`== compose.yml
services:
  booking: {build: ./Booking, environment: {FLIGHT_HOST: flight}}
  flight: {build: ./Flight}
  other: {build: ./Other}
== Booking/client/flight.proto
syntax = "proto3";
service FlightGrpcService { rpc Get (A) returns (A); }
service SeatService { rpc Get (A) returns (A); }
== Flight/server/flight.proto
syntax = "proto3";
service FlightGrpcService { rpc Get (A) returns (A); }
service SeatService { rpc Get (A) returns (A); }
== Other/client/flight.proto
syntax = "proto3";
service FlightGrpcService { rpc Get (A) returns (A); }
`)...)
	var callees []string
	for _, s := range r.Sightings {
		if s.Caller == "" && !slices.Contains(callees, s.Callee) {
			callees = append(callees, s.Callee)
		}
	}
	if want := []string{"flight", "SeatService"}; !slices.Equal(callees, want) {
		t.Errorf("interfaces of %q, want %q", callees, want)
	}
}

// A compose file may have nothing but others in it.
func TestOnlyIncludes(t *testing.T) {
	t.Parallel()
	files := filesOf("== app/docker-compose.yml\ninclude: [../web/docker-compose.yml]\n== web/docker-compose.yml\nservices: {web: {image: acme/web, environment: {API_HOST: 'me:secret@api'}}, api: {image: acme/api}}\n")
	got, r := edges(files[0])
	if !slices.Equal(got, []string{"web>api"}) || !slices.Equal(r.Used, []string{"app/docker-compose.yml"}) {
		t.Errorf("edges: %q of %q", got, r.Used)
	}
	if got, r := edges(File{Name: "mkdocs.yml", Data: []byte("include: [a.yml]\n")}); got != nil || r.Used != nil {
		t.Errorf("edges: %q of %q", got, r.Used)
	}
}

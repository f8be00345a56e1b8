package source

import (
	"slices"
	"strings"
	"sync"

	"waitornot/decide/evidence"
)

// A product is what an image runs when no team wrote it.
type product struct {
	role    evidence.Role
	name    string // the product; "" is the image's own name
	guessed bool   // from a part of a name
}

// products are well-known images by their last name, as registries call them.
var products = sync.OnceValue(func() map[string]product {
	table := map[string]product{}
	add := func(role evidence.Role, names ...string) {
		for _, n := range names {
			image, name, renamed := strings.Cut(n, "=")
			if !renamed {
				name = image
			}
			table[image] = product{role: role, name: name}
		}
	}
	add(evidence.Store, "postgres", "postgresql=postgres", "pgbouncer=postgres", "pgpool=postgres", "proxysql=mysql", "postgis=postgres", "timescaledb=postgres", "pgvector=postgres", "mysql", "mysql-server=mysql", "mariadb", "percona=mysql",
		"mongo", "mongodb=mongo", "mongodb-community-server=mongo", "redis", "redis-stack=redis", "redis-stack-server=redis", "valkey", "keydb", "dragonfly", "memcached", "elasticsearch", "opensearch", "solr",
		"cassandra", "scylla", "couchdb", "couchbase", "neo4j", "influxdb", "cockroach=cockroachdb", "cockroachdb", "minio", "clickhouse", "clickhouse-server=clickhouse", "etcd",
		"dynamodb-local=dynamodb", "dynamodb", "arangodb", "oracle-xe=oracle", "db2", "qdrant", "weaviate", "milvus", "meilisearch", "typesense", "azurite", "azure-sql-edge=sqlserver", "mssql=sqlserver", "sqlserver", "sqldata=sqlserver", "h2",
		"redis-sentinel=redis", "redis-cluster=redis", "postgresql-repmgr=postgres", "timescaledb-ha=postgres", "mongodb-sharded=mongo", "surrealdb", "ferretdb=mongo", "kvrocks=redis", "dgraph", "yugabyte", "tidb", "rethinkdb", "aerospike", "hazelcast", "ignite", "seaweedfs", "mssql-server=sqlserver", "hbase", "questdb", "chroma", "documentdb-local=documentdb", "documentdb", "mongodb-atlas-local=mongo", "valkey-bundle=valkey")
	add(evidence.Broker, "rabbitmq", "rabbit=rabbitmq", "kafka", "cp-kafka=kafka", "cp-server=kafka", "kafka-native=kafka", "confluent-local=kafka", "rabbitmq-management=rabbitmq", "lavinmq=rabbitmq", "pulsar-all=pulsar", "hivemq4=hivemq", "hivemq-ce=hivemq", "hivemq", "solace-pubsub-standard=solace", "redpanda", "nats", "nats-streaming=nats", "activemq", "activemq-artemis=artemis", "activemq-classic=activemq", "artemis", "pulsar",
		"mosquitto", "eclipse-mosquitto=mosquitto", "emqx", "nsq", "beanstalkd", "elasticmq=sqs", "pubsub-emulator=pubsub", "vernemq", "rocketmq", "ibm-mq=ibmmq", "servicebus-emulator=servicebus")
	add(evidence.Telemetry, "jaeger", "all-in-one=jaeger", "jaeger-agent", "jaeger-collector", "jaeger-query", "jaeger-all-in-one", "zipkin", "zipkin-server=zipkin", "openzipkin", "otel", "otelcol", "otelcollector", "otel-collector", "opentelemetry-collector", "opentelemetry-collector-contrib",
		"opentelemetrycollector", "prometheus", "prometheus-server", "grafana", "loki", "tempo", "mimir", "fluentd", "fluent-bit", "fluentbit", "logstash", "kibana", "seq", "agent", "datadog-agent", "promtail", "node-exporter", "cadvisor", "statsd",
		"alertmanager", "apm-server", "telegraf", "filebeat", "metricbeat", "vector", "alloy", "pyroscope", "skywalking-oap-server", "oap", "aspire-dashboard", "healthchecks", "watchdog", "uptime-kuma", "gatus", "pushgateway", "opensearch-dashboards", "tracing-server", "admin-server", "log-server", "fluentd-forwarder", "opamp-server", "heapster", "kube-state-metrics", "monitoring-influxdb")
	add(evidence.Store, "localstack", "firestore", "firestore-emulator=firestore", "datastore-emulator=datastore", "spanner-emulator=spanner", "bigtable-emulator=bigtable", "cosmosdb-emulator=cosmosdb", "fake-gcs-server=gcs", "s3mock=s3", "moto")
	add(evidence.Program, "schema-registry", "cp-schema-registry", "apicurio-registry", "apicurio-registry-sql", "apicurio-registry-mem")
	add(evidence.Proxy, "nginx", "traefik", "envoy", "envoyproxy", "haproxy", "caddy", "nginx-unprivileged=nginx", "caddy-docker-proxy=caddy", "nginx-proxy-manager=nginx", "swag=nginx", "kong-gateway=kong", "httpd", "kong", "apisix", "nginx-proxy", "openresty", "krakend", "tyk-gateway", "edge-router", "istio-ingressgateway", "frontend-proxy", "frontendproxy")
	add(evidence.Platform, "zookeeper", "cp-zookeeper", "consul", "eureka", "eureka-server", "naming-server", "discovery-server", "config-server", "configserver", "config", "registry", "service-registry", "discovery", "vault", "registrator", "adminer", "phpmyadmin", "pgadmin4", "pgadmin", "mongo-express",
		"portainer", "pghero", "pgweb", "dbgate", "cloudbeaver", "ofelia", "openbao", "unbound", "coredns", "dnsmasq", "certbot", "acme-companion", "letsencrypt-nginx-proxy-companion", "swagger-ui", "redis-commander", "redisinsight", "kafka-ui", "akhq", "kafdrop", "kafka-manager", "kafka-manager-docker=kafka-manager", "cmak", "nacos-server", "nacos", "wait-for-it", "dockerize", "watchtower", "docker-gen", "dind", "autoheal", "busybox", "alpine", "flyway", "liquibase", "migrate", "dapr-placement", "placement", "daprd", "sentinel-dashboard", "rabbitmq-exporter", "redis-exporter", "postgres-exporter", "mysqld-exporter")
	return table
})

// workers are words of names that belong to programs, whatever product they work with.
var workers = []string{"worker", "consumer", "producer", "exporter", "service", "svc", "api", "seeder", "seed", "init", "migrate", "migration", "migrations", "client", "app", "web", "job", "publisher", "subscriber", "listener", "ui", "connector", "sync", "backup", "loader"}

// roleOf says what an image, or a service by its name where the image is a team's own,
// is to others.
func roleOf(image, name string) product {
	base, path := imageName(image)
	if p, ok := products()[base]; ok && image != "" {
		return p
	}
	if strings.Contains(path, "mssql/") {
		return product{role: evidence.Store, name: "sqlserver"}
	}
	if p, ok := named(base); ok && image != "" {
		return p
	}
	if p, ok := named(strings.ToLower(name)); ok {
		return p
	}
	return product{}
}

// named tells a product by a name that a team gave: redis-cart, orders-db.
func named(name string) (product, bool) {
	if p, ok := productOf(name); ok {
		return p, true
	}
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	if len(parts) < 2 {
		return product{}, false
	}
	if last := len(parts) - 1; parts[last] == "exporter" { // of figures, where it bears the name of what it looks at
		if _, ok := products()[strings.Join(parts[:last], "-")]; ok {
			return product{role: evidence.Telemetry, name: name}, true
		}
	}
	if anyOf(parts, workers) {
		return product{}, false
	}
	for _, part := range []string{parts[0], parts[len(parts)-1]} {
		if p, ok := productOf(part); ok && p.role != evidence.Proxy && part != "agent" && part != "vector" && part != "h2" && part != "alpine" {
			p.guessed = true
			return p, true
		}
	}
	if last := parts[len(parts)-1]; last == "db" || last == "database" || last == "cache" {
		return product{role: evidence.Store, guessed: true}, true
	}
	return product{}, false
}

// productOf tells a product by a word: its name, or that of a store with db behind it.
func productOf(word string) (product, bool) {
	p, ok := products()[word]
	if store, cut := strings.CutSuffix(word, "db"); !ok && cut {
		p, ok = products()[store]
		return p, ok && p.role == evidence.Store
	}
	return p, ok
}

// imageName returns the last name of an image in lower case, without its tag, and the
// whole path.
func imageName(image string) (base, path string) {
	image = strings.ToLower(image)
	image, _, _ = strings.Cut(image, "@")
	slash := strings.LastIndexByte(image, '/')
	if colon := strings.LastIndexByte(image, ':'); colon > slash {
		image = image[:colon]
	}
	return image[slash+1:], image
}

// silent reports whether nothing that a service of a role is configured with is an
// operation of it.
func silent(r evidence.Role) bool {
	return slices.Contains([]evidence.Role{evidence.Store, evidence.Broker, evidence.Telemetry, evidence.Platform}, r)
}

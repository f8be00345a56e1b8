package source

import (
	"strings"

	"waitornot/decide/evidence"
)

// Stores and brokers that an operator runs, by the kind of the object that asks for them.
var operated = []struct {
	kind, group string // the group begins so; "" is any
	role        evidence.Role
	product     string
	ends        []string // of the names under which they are reached
}{
	{"Kafka", "kafka.strimzi.io", evidence.Broker, "kafka", []string{"-kafka-bootstrap", "-kafka-brokers"}},
	{"KafkaCluster", "", evidence.Broker, "kafka", []string{"-headless", "-all-broker"}},
	{"RabbitmqCluster", "rabbitmq.com", evidence.Broker, "rabbitmq", []string{"-nodes"}},
	{"NatsCluster", "nats.io", evidence.Broker, "nats", nil},
	{"Cluster", "postgresql.cnpg.io", evidence.Store, "postgres", []string{"-rw", "-ro", "-r"}},
	{"postgresql", "acid.zalan.do", evidence.Store, "postgres", []string{"-repl", "-pooler"}},
	{"PostgresCluster", "postgres-operator.crunchydata.com", evidence.Store, "postgres", []string{"-primary", "-ha", "-pgbouncer"}},
	{"Elasticsearch", "elasticsearch.k8s.elastic.co", evidence.Store, "elasticsearch", []string{"-es-http", "-es-default"}},
	{"MongoDBCommunity", "mongodbcommunity.mongodb.com", evidence.Store, "mongo", []string{"-svc"}},
	{"PerconaServerMongoDB", "psmdb.percona.com", evidence.Store, "mongo", []string{"-mongos", "-rs0"}},
	{"PerconaXtraDBCluster", "pxc.percona.com", evidence.Store, "mysql", []string{"-haproxy", "-proxysql", "-pxc"}},
	{"InnoDBCluster", "mysql.oracle.com", evidence.Store, "mysql", nil},
	{"MariaDB", "k8s.mariadb.com", evidence.Store, "mariadb", []string{"-primary", "-internal"}},
	{"Redis", "redis.redis.opstreelabs.in", evidence.Store, "redis", nil},
	{"RedisCluster", "redis.redis.opstreelabs.in", evidence.Store, "redis", []string{"-leader", "-follower"}},
	{"CassandraDatacenter", "cassandra.datastax.com", evidence.Store, "cassandra", []string{"-service"}},
	{"Tenant", "minio.min.io", evidence.Store, "minio", []string{"-hl"}},
}

// readOperated reads a store or a broker that an operator runs.
func readOperated(r *reader, doc value, namespace, name string) {
	group, _, _ := strings.Cut(doc.get("apiVersion").text(), "/")
	kind := doc.get("kind").text()
	for _, o := range operated {
		if o.kind != kind || name == "" || !strings.HasPrefix(group, o.group) {
			continue
		}
		u := r.unit(name, doc.get("metadata", "name").line())
		u.namespace = namespace
		u.plays(product{role: o.role, name: o.product})
		for _, end := range o.ends {
			u.alias(name + end)
		}
		return
	}
}

package trace

import (
	"fmt"
	"testing"
	"time"
)

// Messages as the recorders of several languages write them: who sends, who takes, how long
// they lie in the queue.
var buses = []struct {
	name  string
	spans []sp
	want  []string
}{
	{"Kafka from JavaScript: a poll with links, then one span a message", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", producer, "send orders", 10, 12, []string{"messaging.system=kafka", "messaging.destination.name=orders", "messaging.operation.name=send", "messaging.operation.type=send", "messaging.destination.partition.id=3"}, false, nil},
		{9, 3, 0, "bill", consumer, "poll orders", 30, 70, []string{"messaging.system=kafka", "messaging.destination.name=orders", "messaging.operation.name=poll", "messaging.operation.type=receive", "messaging.batch.message_count=1"}, false, []string{"1/2"}},
		{1, 4, 2, "bill", consumer, "process orders", 32, 62, []string{"messaging.system=kafka", "messaging.destination.name=orders", "messaging.operation.name=process", "messaging.operation.type=process"}, false, nil},
	}, []string{`shop > bill "orders" async event calls=1 p50=52ms p99=52ms waited=0 broker=kafka channel=orders queued=20ms processing=30ms consumers=1`}},
	{"Kafka from Java: old names, process below a receive of its own trace", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", producer, "orders publish", 10, 12, []string{"messaging.system=kafka", "messaging.destination.name=orders", "messaging.operation=publish", "messaging.kafka.message.offset=7"}, false, nil},
		{9, 3, 0, "bill", consumer, "orders receive", 30, 31, []string{"messaging.system=kafka", "messaging.destination.name=orders", "messaging.operation=receive"}, false, nil},
		{9, 4, 3, "bill", consumer, "orders process", 32, 62, []string{"messaging.system=kafka", "messaging.destination.name=orders", "messaging.operation=process"}, false, []string{"1/2"}},
	}, []string{`shop > bill "orders" async event calls=1 p50=52ms p99=52ms waited=0 broker=kafka channel=orders queued=20ms processing=30ms consumers=1`}},
	{"SQS from Java: spans of the AWS client with attributes of calls, a message deleted at the end", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", producer, "orders publish", 10, 15, []string{"messaging.system=aws_sqs", "messaging.destination.name=orders", "messaging.operation=publish", "rpc.system=aws-api", "rpc.service=Sqs", "rpc.method=SendMessage", "server.address=sqs.eu-west-1.amazonaws.com", "http.request.method=POST", "url.full=https://sqs.eu-west-1.amazonaws.com/"}, false, nil},
		{1, 3, 2, "bill", consumer, "orders process", 40, 90, []string{"messaging.system=aws_sqs", "messaging.destination.name=orders", "messaging.operation=process", "rpc.system=aws-api", "rpc.service=Sqs", "rpc.method=ReceiveMessage"}, false, nil},
		{1, 4, 3, "bill", client, "Sqs.DeleteMessage", 88, 90, []string{"messaging.system=aws_sqs", "rpc.system=aws-api", "rpc.service=Sqs", "rpc.method=DeleteMessage", "server.address=sqs.eu-west-1.amazonaws.com"}, false, nil},
	}, []string{`shop > bill "orders" async event calls=1 p50=80ms p99=80ms waited=0 broker=aws_sqs channel=orders queued=25ms processing=50ms consumers=1`}},
	{"SQS from Python: client spans whose names alone tell what they do", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", client, "SQS.SendMessage", 10, 15, []string{"messaging.system=aws.sqs", "messaging.destination=orders", "rpc.system=aws-api", "rpc.service=SQS", "rpc.method=SendMessage"}, false, nil},
		{2, 3, 0, "bill", client, "SQS.ReceiveMessage", 20, 41, []string{"messaging.system=aws.sqs", "messaging.destination=orders", "rpc.system=aws-api", "rpc.service=SQS", "rpc.method=ReceiveMessage"}, false, nil},
		{3, 4, 0, "bill", consumer, "orders process", 40, 90, []string{"messaging.system=aws.sqs", "messaging.destination=orders", "messaging.operation=process"}, false, []string{"1/2"}},
		{3, 5, 4, "bill", client, "SQS.ChangeMessageVisibility", 50, 52, []string{"messaging.system=aws.sqs", "rpc.system=aws-api", "rpc.service=SQS", "rpc.method=ChangeMessageVisibility"}, false, nil},
	}, []string{`shop > bill "orders" async event calls=1 p50=80ms p99=80ms waited=0 broker=aws.sqs channel=orders queued=25ms processing=50ms consumers=1`}},
	{"NATS from .NET: subjects with ids, a receive and nothing else", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", producer, "orders.4711.paid publish", 10, 11, []string{"messaging.system=nats", "messaging.operation=publish", "messaging.destination.name=orders.4711.paid", "messaging.destination.template=orders.*.paid", "server.address=nats", "server.port=4222"}, false, nil},
		{1, 3, 2, "bill", consumer, "orders.*.paid receive", 13, 33, []string{"messaging.system=nats", "messaging.operation=receive", "messaging.destination.name=orders.4711.paid"}, false, nil},
	}, []string{`shop > bill "orders.*.paid" async event calls=1 p50=23ms p99=23ms waited=0 broker=nats channel=orders.*.paid queued=2ms processing=20ms consumers=1`}},
	{"RabbitMQ from Python: an exchange without a name, and the routing key of old", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", producer, "mails send", 10, 11, []string{"messaging.system=rabbitmq", "messaging.destination=mails", "net.peer.name=mq", "net.peer.port=5672"}, false, nil},
		{1, 3, 2, "mailer", consumer, "mails receive", 21, 41, []string{"messaging.system=rabbitmq", "messaging.operation=receive", "messaging.destination=mails"}, false, nil},
		{1, 4, 3, "mailer", client, "mails ack", 40, 41, []string{"messaging.system=rabbitmq", "messaging.operation=ack", "net.peer.name=mq"}, false, nil},
	}, []string{`shop > mailer "mails" async event calls=1 p50=31ms p99=31ms waited=0 broker=rabbitmq channel=mails queued=10ms processing=20ms consumers=1`}},
	{"Service Bus from .NET: a span a message, and a client's for the batch of them", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", producer, "Message", 9, 10, []string{"messaging.system=servicebus", "messaging.destination.name=orders", "messaging.operation=create"}, false, nil},
		{1, 3, 1, "shop", client, "ServiceBusSender.Send", 10, 14, []string{"messaging.system=servicebus", "messaging.destination.name=orders", "messaging.operation=publish", "server.address=acme.servicebus.windows.net"}, false, []string{"1/2"}},
		{1, 4, 2, "bill", consumer, "ServiceBusProcessor.ProcessMessage", 30, 60, []string{"messaging.system=servicebus", "messaging.destination.name=orders", "messaging.operation=process", "server.address=acme.servicebus.windows.net"}, false, nil},
		{1, 5, 4, "bill", client, "ServiceBusReceiver.Complete", 58, 59, []string{"messaging.system=servicebus", "messaging.operation=settle", "server.address=acme.servicebus.windows.net"}, false, nil},
	}, []string{`shop > bill "orders" async event calls=1 p50=51ms p99=51ms waited=0 broker=servicebus channel=orders queued=20ms processing=30ms consumers=1`}},
	{"Pub/Sub from Go: a batch's publishing, an extension of the deadline, an ack", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", producer, "orders create", 9, 12, []string{"messaging.system=gcp_pubsub", "messaging.destination.name=orders", "messaging.operation=create"}, false, nil},
		{2, 3, 0, "shop", client, "orders publish", 10, 12, []string{"messaging.system=gcp_pubsub", "messaging.destination.name=orders", "messaging.operation=publish"}, false, []string{"1/2"}},
		{1, 4, 2, "bill", consumer, "orders-sub process", 32, 62, []string{"messaging.system=gcp_pubsub", "messaging.destination.name=orders-sub", "messaging.operation=process"}, false, nil},
		{3, 5, 0, "bill", client, "orders-sub modack", 40, 41, []string{"messaging.system=gcp_pubsub", "messaging.operation=modack", "messaging.destination.name=orders-sub"}, false, []string{"1/4"}},
		{3, 6, 0, "bill", client, "orders-sub ack", 62, 63, []string{"messaging.system=gcp_pubsub", "messaging.operation=ack", "messaging.destination.name=orders-sub"}, false, []string{"1/4"}},
	}, []string{`shop > bill "orders" async event calls=1 p50=53ms p99=53ms waited=0 broker=gcp_pubsub channel=orders queued=20ms processing=30ms consumers=1`}},
}

func TestBuses(t *testing.T) {
	t.Parallel()
	for _, test := range buses {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantKnown(t, test.spans, test.want, 0)
		})
	}
}

// A request for each item, the rate over the busiest minute, and trouble that only half of
// the requests feel: all as they are known to be.
func TestRates(t *testing.T) {
	t.Parallel()
	var spans []sp
	id := 0
	add := func(trace, parent int, service string, k kind, start, end float64, attributes ...string) int {
		id++
		spans = append(spans, sp{trace, id, parent, service, k, "GET", start, end, attributes, false, nil})
		return id
	}
	const requests = 120
	for n := range requests {
		start := float64(n) * 1000 // one a second, and in the second minute two
		if n >= 60 {
			start = 60_000 + float64(n-60)*500
		}
		slow := 0.0
		if n%4 == 0 {
			slow = 400
		}
		felt := slow
		if n%8 == 0 {
			felt = 0 // the caller had an answer of its own
		}
		request := add(n+1, 0, "shop", server, start, start+200+felt, "http.route=/")
		for k := range 5 {
			at := start + 5 + 30*float64(k)
			took := 10.0
			if k == 4 {
				took += slow
			}
			call := add(n+1, request, "shop", client, at, at+took, "http.request.method=GET", fmt.Sprintf("url.path=/items/%d", 100+k), "server.address=items")
			add(n+1, call, "items", server, at+1, at+took-1, "http.request.method=GET", "http.route=/items/:id")
		}
	}
	found, _ := measure(t, Options{}, body(spans))
	if len(found) != 1 {
		t.Fatalf("%d operations", len(found))
	}
	m := found[0].Measured
	if m.Calls != 5*requests || m.PerRequest != 5 || m.Parallel != 0 {
		t.Errorf("%d calls, %v a request, %v in parallel", m.Calls, m.PerRequest, m.Parallel)
	}
	if want := 5 * 60.0 / 60; m.Peak < want || m.Peak > 2*want+.5 || m.Mean > m.Peak {
		t.Errorf("peak %v, mean %v", m.Peak, m.Mean)
	}
	if m.Troubled != requests/4 || m.Spread != .5 {
		t.Errorf("%d troubled, %v of them felt it", m.Troubled, m.Spread)
	}
	if m.P50 != 10*time.Millisecond || m.P99 != 410*time.Millisecond {
		t.Errorf("p50 %v, p99 %v", m.P50, m.P99)
	}
}

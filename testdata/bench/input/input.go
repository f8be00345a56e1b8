// Package input makes the manifests that benchmarks read.
package input

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
)

// Manifest returns what Write writes.
func Manifest(operations int, seed uint64) []byte { return Shaped(shapes[0], operations, seed) }

// Shaped returns what a shape writes.
func Shaped(s Shape, operations int, seed uint64) []byte {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	s.Write(w, operations, seed)
	w.Flush()
	return b.Bytes()
}

// Write writes a manifest of one service with the given number of operations,
// about 270 bytes each, as a team would write it. The same arguments give the
// same bytes.
func Write(b *bufio.Writer, operations int, seed uint64) { shapes[0].Write(b, operations, seed) }

// A value is a word, a text of people, a list of words, or a mapping.
type value struct {
	word    string
	text    string
	list    []string
	mapping []pair
	items   []value // a list of mappings
}

type pair struct {
	key string
	value
}

func word(key, s string) pair               { return pair{key, value{word: s}} }
func number(key string, n int) pair         { return word(key, strconv.Itoa(n)) }
func mapping(key string, p ...pair) pair    { return pair{key, value{mapping: p}} }
func list(key string, words ...string) pair { return pair{key, value{list: words}} }

var (
	verbs   = []string{"authorize", "send", "update", "index", "fetch", "export", "publish", "refresh", "cancel", "reserve"}
	objects = []string{"payment", "receipt", "inventory", "catalogue", "profile", "statement", "thumbnail", "order", "shipment", "price"}
	callees = []string{"payment-gateway", "mailer", "warehouse", "search", "accounts", "ledger", "media", "orders", "carrier", "pricing"}
)

func opName(i int) string {
	return fmt.Sprintf("%s-%s-%d", verbs[i%len(verbs)], objects[i/len(verbs)%len(objects)], i)
}

// operation returns the pairs of an operation. A careless one lacks what a team would
// have been told about.
func operation(r *rand.Rand, i int, careless bool) []pair {
	object := i / len(verbs) % len(objects)
	out := []pair{word("name", opName(i))}
	if i%3 == 0 {
		text := fmt.Sprintf("The %s is handled before the next step of the order starts.", objects[object])
		out = append(out, pair{"description", value{text: text}})
	}
	out = append(out, word("callee", callees[object]))
	if i%2 == 0 {
		out = append(out, word("mode", "sync"), mapping("answers", word("immediacy", "yes"), word("retryability", yesNo(r)),
			word("latency", fmt.Sprintf("%dms", 20+r.IntN(900))), word("coupling", yesNo(r))))
		timeout := fmt.Sprintf("%ds", 1+r.IntN(5))
		if !careless {
			out = append(out, word("timeout", timeout))
		}
		out = append(out, list("guards", "circuit-breaker", "bulkhead"))
		if i%4 == 0 {
			out = append(out, mapping("retry", number("attempts", 2+r.IntN(3)), word("backoff", "100ms"), word("jitter", "yes")))
		}
		return out
	}
	mode := "async"
	if careless {
		mode = "sync"
	}
	out = append(out, word("mode", mode), mapping("answers", word("immediacy", "no"), word("retryability", "yes"),
		word("latency", fmt.Sprintf("%dms", 600+r.IntN(5000))), word("coupling", yesNo(r))))
	out = append(out, mapping("delivery", word("broker", "rabbitmq"), word("dead_letter", objects[object]+".dlq"),
		number("max_deliveries", 3+r.IntN(5)), word("idempotency", "key"), word("outbox", "true")))
	if i%16 == 1 {
		out = append(out, pair{"waivers", value{items: []value{{mapping: []pair{word("rule", "shared-broker-spof"),
			word("reason", "second broker lands in spring"), word("owner", "payments"), word("until", "2027-03-31")}}}}})
	}
	return out
}

func yesNo(r *rand.Rand) string {
	if r.IntN(2) == 0 {
		return "no"
	}
	return "yes"
}

// A small system whose truth is known, recorded by OpenTelemetry's SDK for Go: several
// services in one process, each with a tracer provider of its own.
//
//	till     takes POST /sale/{number} and uses all others
//	stock    answers; prices answers; both are asked side by side
//	payment  refuses the first attempt of every third sale with 503, and asks the bank otherwise
//	audit    takes 200 ms, and the till does not wait for it
//	reports  answers 202, and is done at the third request for its state
//	printer  takes messages: its spans are traces of their own, and only linked
//
// It makes as many sales as -sales says, sends its spans to OTEL_EXPORTER_OTLP_ENDPOINT
// over HTTP, and ends.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// A service is one of the system: its recorder, its client, and where it listens.
type service struct {
	name     string
	recorder *sdk.TracerProvider
	client   *http.Client
	address  string
}

var passed = propagation.TraceContext{}

func newService(ctx context.Context, name string) (*service, error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, err
	}
	recorder := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", name))))
	transport := otelhttp.NewTransport(http.DefaultTransport.(*http.Transport).Clone(), otelhttp.WithTracerProvider(recorder), otelhttp.WithPropagators(passed))
	return &service{name: name, recorder: recorder, client: &http.Client{Transport: transport}}, nil
}

// serve answers requests until the program ends.
func (s *service) serve(mux *http.ServeMux) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.address = "http://" + l.Addr().String()
	handler := otelhttp.NewHandler(mux, "server", otelhttp.WithTracerProvider(s.recorder), otelhttp.WithPropagators(passed))
	go func() { log.Println(http.Serve(l, handler)) }()
	return nil
}

// ask sends a request and returns the status and the body.
func (s *service) ask(ctx context.Context, method, url string) (int, string, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return 0, "", err
	}
	answer, err := s.client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body), err
}

func main() {
	log.SetFlags(0)
	sales := flag.Int("sales", 40, "how many sales are made")
	flag.Parse()
	if err := run(context.Background(), *sales); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, sales int) error {
	services := map[string]*service{}
	for _, name := range []string{"till", "stock", "prices", "payment", "bank", "audit", "reports", "printer"} {
		s, err := newService(ctx, name)
		if err != nil {
			return err
		}
		services[name] = s
	}
	t := &till{service: services["till"], others: services, messages: make(chan message, sales)}
	for name, mux := range map[string]*http.ServeMux{
		"till": t.routes(), "stock": slow("GET /stock/{sku}", 30), "prices": slow("GET /prices/{sku}", 40), "payment": t.payment(),
		"bank": slow("POST /transfers", 10), "audit": slow("POST /events", 200), "reports": reports(),
	} {
		if err := services[name].serve(mux); err != nil {
			return err
		}
	}
	t.behind.Go(t.print)
	for n := range sales {
		answer, err := http.Post(fmt.Sprintf("%s/sale/%d", t.address, n), "", nil)
		if err != nil || answer.StatusCode != http.StatusOK {
			return fmt.Errorf("sale %d: %v, %v", n, answer, err)
		}
		answer.Body.Close()
	}
	close(t.messages)
	t.behind.Wait()
	time.Sleep(100 * time.Millisecond) // the last answer is out before its span ends
	for _, s := range services {
		if err := s.recorder.Shutdown(ctx); err != nil {
			return err
		}
	}
	return nil
}

// slow answers after a while.
func slow(pattern string, milliseconds int) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) { time.Sleep(time.Duration(milliseconds) * time.Millisecond) })
	return mux
}

// A message is what the printer gets: the place of its sender in a trace.
type message struct{ sender trace.SpanContext }

type till struct {
	*service
	others   map[string]*service
	messages chan message
	behind   sync.WaitGroup // what nobody waits for
}

func (t *till) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sale/{number}", func(w http.ResponseWriter, r *http.Request) {
		if err := t.sale(r.Context(), r.PathValue("number")); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	return mux
}

func (t *till) sale(ctx context.Context, number string) error {
	var both sync.WaitGroup
	for _, name := range []string{"stock", "prices"} {
		both.Go(func() { _, _, _ = t.ask(ctx, "GET", t.others[name].address+"/"+name+"/sku-1"+number) })
	}
	both.Wait()
	for attempt := 1; ; attempt++ {
		status, _, err := t.ask(ctx, "POST", fmt.Sprintf("%s/payments?sale=%s&attempt=%d", t.others["payment"].address, number, attempt))
		if err != nil || attempt == 3 {
			return err
		}
		if status < 500 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.send(ctx)
	_, id, err := t.ask(ctx, "POST", t.others["reports"].address+"/reports")
	if err != nil {
		return err
	}
	for state := ""; state != "done"; time.Sleep(5 * time.Millisecond) {
		if _, state, err = t.ask(ctx, "GET", t.others["reports"].address+"/reports/"+id); err != nil {
			return err
		}
	}
	later := context.WithoutCancel(ctx)
	t.behind.Go(func() { _, _, _ = t.ask(later, "POST", t.others["audit"].address+"/events") })
	return nil
}

// send puts a message into the queue, as instrumentations of clients record it.
func (t *till) send(ctx context.Context) {
	_, span := t.recorder.Tracer("queue").Start(ctx, "send receipts", trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(
		attribute.String("messaging.system", "rabbitmq"), attribute.String("messaging.destination.name", "receipts"), attribute.String("messaging.operation.type", "send")))
	defer span.End()
	t.messages <- message{span.SpanContext()}
}

// print handles messages, one after the other.
func (t *till) print() {
	for m := range t.messages {
		_, span := t.others["printer"].recorder.Tracer("queue").Start(context.Background(), "process receipts", trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindConsumer),
			trace.WithLinks(trace.Link{SpanContext: m.sender}), trace.WithAttributes(
				attribute.String("messaging.system", "rabbitmq"), attribute.String("messaging.destination.name", "receipts"), attribute.String("messaging.operation.type", "process")))
		time.Sleep(30 * time.Millisecond)
		span.End()
	}
}

// payment refuses some first attempts, and asks the bank otherwise.
func (t *till) payment() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /payments", func(w http.ResponseWriter, r *http.Request) {
		var sale, attempt int
		fmt.Sscan(r.URL.Query().Get("sale"), &sale)
		fmt.Sscan(r.URL.Query().Get("attempt"), &attempt)
		if sale%3 == 0 && attempt == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _, _ = t.others["payment"].ask(r.Context(), "POST", t.others["bank"].address+"/transfers")
	})
	return mux
}

func reports() *http.ServeMux {
	mux := http.NewServeMux()
	var lock sync.Mutex
	asked := map[string]int{}
	mux.HandleFunc("POST /reports", func(w http.ResponseWriter, _ *http.Request) {
		lock.Lock()
		defer lock.Unlock()
		id := fmt.Sprint(100000 + len(asked))
		asked[id] = 0
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprint(w, id)
	})
	mux.HandleFunc("GET /reports/{id}", func(w http.ResponseWriter, r *http.Request) {
		lock.Lock()
		defer lock.Unlock()
		if asked[r.PathValue("id")]++; asked[r.PathValue("id")] >= 3 {
			fmt.Fprint(w, "done")
		}
	})
	return mux
}

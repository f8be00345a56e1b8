// Package jaeger fetches traces from Jaeger's query service.
package jaeger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"time"

	"waitornot/cmd/internal/collect/endpoint"
)

// MostTraces is how many traces of each service are asked for.
const MostTraces = 1500

// Limits of the list of services.
const (
	mostList     = 8 << 20 // bytes
	mostServices = 2000
)

// Fetch hands the traces of all services that began after since to take, one answer
// after the other. A trace may come several times.
func Fetch(ctx context.Context, e *endpoint.Endpoint, since time.Time, now time.Time, take func(io.Reader) error) error {
	services, err := services(ctx, e)
	if err != nil {
		return err
	}
	for _, service := range services {
		answer, err := e.Ask(ctx, "/api/traces", Query(service, since, now), nil, nil)
		if err != nil {
			return fmt.Errorf("traces of %s: %w", service, err)
		}
		err = take(answer)
		_ = answer.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// Query is what the traces of a service are asked for with.
func Query(service string, since, now time.Time) url.Values {
	return url.Values{
		"service": {service}, "limit": {strconv.Itoa(MostTraces)},
		"start": {strconv.FormatInt(since.UnixMicro(), 10)}, "end": {strconv.FormatInt(now.UnixMicro(), 10)},
	}
}

func services(ctx context.Context, e *endpoint.Endpoint) ([]string, error) {
	answer, err := e.Ask(ctx, "/api/services", nil, nil, nil)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	return servicesOf(answer)
}

// servicesOf reads the list of services, without Jaeger itself: each once, by name.
func servicesOf(answer io.Reader) ([]string, error) {
	var found struct{ Data []string }
	in := &io.LimitedReader{R: answer, N: mostList + 1}
	switch err := json.NewDecoder(in).Decode(&found); {
	case in.N == 0:
		return nil, fmt.Errorf("its list of services is longer than %d MiB", mostList>>20)
	case errors.Is(err, io.EOF):
		return nil, errors.New("its list of services is empty: is that the address of Jaeger's query service?")
	case err != nil:
		return nil, fmt.Errorf("can't read its list of services: %w", err)
	}
	list := slices.DeleteFunc(found.Data, func(name string) bool {
		return name == "" || name == "jaeger" || name == "jaeger-query" || name == "jaeger-all-in-one"
	})
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) > mostServices {
		return nil, fmt.Errorf("it has %d services, but import queries at most %d one by one: export the traces to files, or query Jaeger's storage instead", len(list), mostServices)
	}
	return list, nil
}

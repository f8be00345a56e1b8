// Package jaeger fetches traces from Jaeger's query service.
package jaeger

import (
	"context"
	"encoding/json"
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
	var found struct{ Data []string }
	if err := json.NewDecoder(answer).Decode(&found); err != nil {
		return nil, fmt.Errorf("its list of services can't be read: %w", err)
	}
	list := slices.DeleteFunc(found.Data, func(name string) bool {
		return name == "jaeger" || name == "jaeger-query" || name == "jaeger-all-in-one"
	})
	slices.Sort(list)
	return list, nil
}

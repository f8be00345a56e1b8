package endpoint

import (
	"encoding/json"
	"fmt"
	"io"
)

// Limits of an answer that is kept in memory. Small rows take ten times the memory of their text,
// so they are counted, too.
const (
	mostKept = 64 << 20 // bytes of all of it
	mostRow  = 1 << 20  // bytes of a row
	mostRows = 100_000
)

// Rows reads an answer in JSON whose rows are kept in memory. What is more than a limit is an
// error: what's left out would look as if it weren't there.
type Rows struct {
	*json.Decoder
	read int
}

// ReadRows returns what reads the rows of an answer.
func ReadRows(answer io.Reader) *Rows {
	return &Rows{Decoder: json.NewDecoder(AtMost(answer, mostKept))}
}

// Next reads a value as a row.
func (r *Rows) Next(to any) error {
	var row json.RawMessage
	if err := r.Decode(&row); err != nil {
		return err
	}
	switch r.read++; {
	case r.read > mostRows:
		return fmt.Errorf("it has more than %d rows: a shorter --since may give fewer", mostRows)
	case len(row) > mostRow:
		return fmt.Errorf("row %d is longer than %d MiB", r.read, mostRow>>20)
	}
	return json.Unmarshal(row, to)
}

// Object reads an object key by key; value reads what belongs to each. Null is an empty one.
func (r *Rows) Object(value func(key string) error) error {
	switch begin, err := r.Token(); {
	case err != nil:
		return err
	case begin == nil:
		return nil
	case begin != json.Delim('{'):
		return fmt.Errorf("%.40q stands where an object should", fmt.Sprint(begin))
	}
	for r.More() {
		key, err := r.Token()
		if err != nil {
			return err
		}
		if err := value(key.(string)); err != nil {
			return err
		}
	}
	_, err := r.Token()
	return err
}

// List reads a list; item reads each of its values. Null is an empty one.
func (r *Rows) List(item func() error) error {
	switch begin, err := r.Token(); {
	case err != nil:
		return err
	case begin == nil:
		return nil
	case begin != json.Delim('['):
		return fmt.Errorf("%.40q stands where a list should", fmt.Sprint(begin))
	}
	for r.More() {
		if err := item(); err != nil {
			return err
		}
	}
	_, err := r.Token()
	return err
}

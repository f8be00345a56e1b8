package advice

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PlatformLimits are the numbers that rules and explanations refer to.
type PlatformLimits struct {
	Thresholds []Threshold
	Platforms  []PlatformLimit
	Brokers    []BrokerLimits
	Clients    []ClientLimits
	Keys       []KeyLimits
}

// A Threshold is where the tool starts to warn: a duration or a plain number.
type Threshold struct {
	LimitHead `yaml:",inline"`
	Value     Quantity
	What      string
}

// A PlatformLimit is a front door that ends a request after some time, whatever the
// code behind it does.
type PlatformLimit struct {
	LimitHead `yaml:",inline"`
	Timeout   Span
	Default   Span // unset when it is the same as Timeout
}

// BrokerLimits say what a broker carries and what it does when nothing is
// configured. What is unset is not known or does not exist.
type BrokerLimits struct {
	LimitHead         `yaml:",inline"`
	MaxMessage        Size `yaml:"max_message"`         // the default limit
	MaxMessageCeiling Size `yaml:"max_message_ceiling"` // how far it can be raised
	Deliveries        Count
	DeadLetterLimits  bool `yaml:"dead_letter_limits"` // naming a dead-letter queue sets a limit of deliveries, too
	DedupWindow       Span `yaml:"dedup_window"`
	Retention         Span
	RetentionCeiling  Span `yaml:"retention_ceiling"`
	AckTimeout        Span `yaml:"ack_timeout"`
	Visibility        Span // how long a message is hidden or locked while it is handled, when nothing is set
	Renewal           Span // how long the usual client libraries renew that by themselves

	Engine        bool // a workflow engine: it keeps each step, and repeats and paces attempts by itself
	NoDeadLetters bool `yaml:"no_dead_letters"` // it has no place for messages that cannot be delivered
}

// ClientLimits say how long a client library waits when nobody sets a timeout.
type ClientLimits struct {
	LimitHead `yaml:",inline"`
	Timeout   Span // without limit when it waits forever
}

// KeyLimits say how long an identifier that recognizes repeats is kept.
type KeyLimits struct {
	LimitHead `yaml:",inline"`
	Kept      Span
}

// LimitHead is what every limit has.
type LimitHead struct {
	ID, Name string
	Also     []string // what else people call it
	Stack    string   // the stack it belongs to; empty when it belongs to none
	Note     string
	Sources  []string // ids of sources; none when it is our own judgment
	Judgment bool
}

// A Span is a duration that may be unlimited. The zero value is unset.
type Span struct {
	time.Duration
	Unlimited bool // written as none
}

// IsSet reports whether a duration, or its absence, is known.
func (s Span) IsSet() bool { return s.Unlimited || s.Duration != 0 }

// UnmarshalText reads a positive Go duration, or none.
func (s *Span) UnmarshalText(text []byte) (err error) {
	if string(text) == "none" {
		s.Unlimited = true
		return nil
	}
	if s.Duration, err = time.ParseDuration(string(text)); err == nil && s.Duration <= 0 {
		err = fmt.Errorf("%s isn't a positive duration", text)
	}
	return err
}

// A Size is a number of bytes. The zero value is unset.
type Size int64

// UnmarshalText reads a positive whole number of KB or MB, powers of two.
func (s *Size) UnmarshalText(text []byte) error {
	digits, isMB := strings.CutSuffix(string(text), "MB")
	unit := int64(1 << 20)
	if !isMB {
		digits, unit = strings.TrimSuffix(string(text), "KB"), 1<<10
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil || n <= 0 || digits == string(text) {
		return fmt.Errorf("%q isn't a size such as 256KB or 100MB", text)
	}
	*s = Size(n * unit)
	return nil
}

// String writes the size as limits.yaml does.
func (s Size) String() string {
	if s%(1<<20) == 0 {
		return strconv.FormatInt(int64(s>>20), 10) + "MB"
	}
	return strconv.FormatInt(int64(s>>10), 10) + "KB"
}

// A Count is a number of attempts that may be unlimited. The zero value is
// unset.
type Count struct {
	N         int
	Unlimited bool
}

// UnmarshalText reads a positive whole number, or unlimited.
func (c *Count) UnmarshalText(text []byte) (err error) {
	if string(text) == "unlimited" {
		c.Unlimited = true
		return nil
	}
	if c.N, err = strconv.Atoi(string(text)); err != nil || c.N <= 0 {
		return fmt.Errorf("%q isn't a positive number", text)
	}
	return nil
}

// A Quantity is a duration or a plain number: exactly one of the two is set.
type Quantity struct {
	Duration time.Duration
	Number   float64
}

// UnmarshalText reads a positive number or Go duration.
func (q *Quantity) UnmarshalText(text []byte) (err error) {
	if q.Number, err = strconv.ParseFloat(string(text), 64); err != nil {
		q.Duration, err = time.ParseDuration(string(text))
	}
	if err != nil || q.Number < 0 || q.Duration < 0 || q.Number == 0 && q.Duration == 0 {
		return fmt.Errorf("%q isn't a positive number or duration", text)
	}
	return nil
}

// Heads returns the head of every limit, in the order of the file.
func (l *PlatformLimits) Heads() []*LimitHead {
	var list []*LimitHead
	for i := range l.Thresholds {
		list = append(list, &l.Thresholds[i].LimitHead)
	}
	for i := range l.Platforms {
		list = append(list, &l.Platforms[i].LimitHead)
	}
	for i := range l.Brokers {
		list = append(list, &l.Brokers[i].LimitHead)
	}
	for i := range l.Clients {
		list = append(list, &l.Clients[i].LimitHead)
	}
	for i := range l.Keys {
		list = append(list, &l.Keys[i].LimitHead)
	}
	return list
}

// Platform returns the platform with the given id, or nil.
func (l *PlatformLimits) Platform(id string) *PlatformLimit {
	for i := range l.Platforms {
		if l.Platforms[i].ID == id {
			return &l.Platforms[i]
		}
	}
	return nil
}

// Broker returns the broker of the given id or name, or one that people also call so, or
// nil. Neither case counts nor what parts words.
func (l *PlatformLimits) Broker(name string) *BrokerLimits {
	for i := range l.Brokers {
		if l.Brokers[i].ID == name {
			return &l.Brokers[i]
		}
	}
	joined := strings.ReplaceAll(strings.ReplaceAll(name, " ", "-"), "_", "-")
	is := func(known string) bool { return strings.EqualFold(known, joined) }
	for i := range l.Brokers {
		if b := &l.Brokers[i]; is(b.ID) || strings.EqualFold(b.Name, name) || slices.ContainsFunc(b.Also, is) {
			return b
		}
	}
	return nil
}

package knowledge

import (
	_ "embed"
	"fmt"

	"waitornot/decide/advice"
)

//go:embed limits.yaml
var limitsYAML []byte

func checkLimitHead(h *advice.LimitHead) error {
	return first(identified(h.ID, h.Name), origin(h.ID, h.Sources, h.Judgment))
}

// LoadLimits reads the embedded limits.
func LoadLimits() (*advice.PlatformLimits, error) { return parseLimits(limitsYAML) }

func parseLimits(src []byte) (*advice.PlatformLimits, error) {
	var l advice.PlatformLimits
	if err := decodeStrict(src, &l); err != nil {
		return nil, fmt.Errorf("limits: %w", err)
	}
	seen := ids{}
	for _, h := range l.Heads() {
		if err := checkLimitHead(h); err != nil {
			return nil, fmt.Errorf("limits: %w", err)
		}
		for _, id := range append([]string{h.ID}, h.Also...) {
			if err := seen.add(id); err != nil {
				return nil, fmt.Errorf("limits: %w", err)
			}
		}
	}
	if err := checkValues(&l); err != nil {
		return nil, fmt.Errorf("limits: %w", err)
	}
	return &l, nil
}

// checkValues refuses limits that do not say the number they are there for.
func checkValues(l *advice.PlatformLimits) error {
	missing := func(id, what string) error { return fmt.Errorf("%s: %s is missing", id, what) }
	for _, t := range l.Thresholds {
		if t.Value == (advice.Quantity{}) {
			return missing(t.ID, "the value")
		}
		if !isSentence(t.What) {
			return fmt.Errorf("%s: what is not a sentence: %q", t.ID, t.What)
		}
	}
	for _, p := range l.Platforms {
		if !p.Timeout.IsSet() {
			return missing(p.ID, "the timeout")
		}
	}
	for _, b := range l.Brokers {
		if b.MaxMessage == 0 && b.Deliveries == (advice.Count{}) {
			return missing(b.ID, "max_message or deliveries")
		}
		if b.MaxMessageCeiling != 0 && b.MaxMessageCeiling < b.MaxMessage {
			return fmt.Errorf("%s: max_message_ceiling is below max_message", b.ID)
		}
	}
	for _, c := range l.Clients {
		if !c.Timeout.IsSet() {
			return missing(c.ID, "the timeout")
		}
	}
	for _, k := range l.Keys {
		if !k.Kept.IsSet() {
			return missing(k.ID, "kept")
		}
	}
	return nil
}

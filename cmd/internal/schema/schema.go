// Package schema describes manifests and configurations as JSON Schema, for
// editors. It is made from the tables that they are read with, so it cannot
// fall behind them.
package schema

import (
	"encoding/json"
	"slices"
	"strconv"

	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
)

// draft is the version of JSON Schema that editors know best.
const draft = "http://json-schema.org/draft-07/schema#"

// object is a JSON object; encoding/json sorts its keys.
type object = map[string]any

// Manifest returns the schema of manifests, indented.
func Manifest() []byte {
	root := mapping(manifest.Schema())
	root["title"] = "A manifest of waitornot"
	return finish(root)
}

// Config returns the schema of configurations, indented. It knows the rules and
// their parameters.
func Config(rules []*lint.Rule) []byte {
	root := mapping(config.Schema())
	root["title"] = "A configuration of waitornot"
	properties := root["properties"].(object)
	settings := ruleSettings(rules)
	properties["rules"] = described("Rules by name or code.", object{"$ref": "#/definitions/rules"})
	overrides := properties["overrides"].(object)["items"].(object)["properties"].(object)
	overrides["rules"] = described("Rules by name or code.", object{"$ref": "#/definitions/rules"})
	root["definitions"] = object{"rules": settings}
	return finish(root)
}

func finish(root object) []byte {
	root["$schema"] = draft
	if _, ok := root["definitions"]; !ok {
		root["definitions"] = object{"steps": steps()}
	}
	out, _ := json.MarshalIndent(root, "", "  ") // maps of strings always marshal
	return append(out, '\n')
}

func described(doc string, schema object) object {
	if doc != "" {
		schema["description"] = doc
	}
	return schema
}

// mapping returns the schema of a mapping: its keys, and extensions.
func mapping(k *manifest.Key) object {
	properties := object{}
	var required []string
	for i := range k.Keys {
		key := &k.Keys[i]
		properties[key.Name] = value(key)
		if key.Required {
			required = append(required, key.Name)
		}
	}
	schema := object{
		"type": "object", "properties": properties, "additionalProperties": false,
		"patternProperties": object{"^x-": object{}},
	}
	if len(required) > 0 {
		schema["required"] = required
	}
	return described(k.Doc, schema)
}

// value returns the schema of the value of a key.
func value(k *manifest.Key) object {
	switch k.Kind {
	case yamlfile.MappingKind:
		if k.Items != nil {
			return described(k.Doc, object{"type": "object", "additionalProperties": value(k.Items)})
		}
		return mapping(k)
	case yamlfile.ListKind:
		list := object{"type": "array", "items": value(k.Items)}
		if len(k.Words) == 0 {
			return described(k.Doc, list)
		}
		return described(k.Doc, object{"anyOf": append([]any{list}, words(k.Words)...)})
	case yamlfile.StepsKind:
		return described(k.Doc, object{"$ref": "#/definitions/steps"})
	}
	forms := append(words(k.Words), kind(k)...)
	if len(forms) == 1 {
		return described(k.Doc, forms[0].(object))
	}
	return described(k.Doc, object{"anyOf": forms})
}

// The forms of text, as regular expressions that every engine reads alike.
const (
	visible   = `\S`
	yesNo     = `^([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Oo][Nn]|[Oo][Ff][Ff])$`
	whole     = `^(0|[1-9][0-9]*)$`
	durations = `^(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))+)$`
	above     = `[1-9]`
	rates     = `^(0|[1-9][0-9]*)(\.[0-9]+)?/[smh]$`
	sizes     = `^(0|[1-9][0-9]*)((\.0+)?[Bb]?|(\.[0-9]+)?[KkMmGg][Ii]?[Bb])$`
	shares    = `^((100(\.0+)?|[1-9]?[0-9](\.[0-9]+)?)%|0(\.[0-9]+)?|1(\.0+)?)$`
	dates     = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`
)

func text(patterns ...string) object {
	if len(patterns) == 1 {
		return object{"type": "string", "pattern": patterns[0]}
	}
	var all []any
	for _, p := range patterns {
		all = append(all, object{"pattern": p})
	}
	return object{"type": "string", "allOf": all}
}

// kind returns the forms that a value of the key's kind may have.
func kind(k *manifest.Key) []any {
	switch k.Kind {
	case yamlfile.TextKind:
		return []any{text(visible)}
	case yamlfile.ProseKind:
		return []any{object{"type": "string"}}
	case yamlfile.YesNoKind:
		return []any{object{"type": "boolean"}, text(yesNo)}
	case yamlfile.NumberKind:
		return number(k)
	case yamlfile.CountKind:
		names := object{"type": "array", "items": text(visible), "minItems": 1}
		return append(number(k), names)
	case yamlfile.DurationKind:
		if k.Least > 0 {
			return []any{text(durations, above)}
		}
		return []any{text(durations), object{"const": 0}}
	case yamlfile.RateKind:
		return []any{text(rates, above)}
	case yamlfile.SizeKind:
		return []any{object{"type": "integer", "minimum": 0}, text(sizes)}
	case yamlfile.ShareKind:
		return []any{object{"type": "number", "minimum": 0, "maximum": 1}, text(shares)}
	case yamlfile.DateKind:
		return []any{text(dates)}
	}
	return nil // words alone
}

// number returns the forms of a whole number.
func number(k *manifest.Key) []any {
	integer := object{"type": "integer", "minimum": k.Least}
	if k.Most > 0 {
		var all []any
		for n := k.Least; n <= k.Most; n++ {
			all = append(all, n, strconv.Itoa(n))
		}
		return []any{object{"enum": all}}
	}
	if k.Least > 0 {
		return []any{integer, text(whole, above)}
	}
	return []any{integer, text(whole)}
}

// words returns the forms of words: a list of them, and for yes and no what
// else YAML writes for them.
func words(list []string) []any {
	if len(list) == 0 {
		return nil
	}
	forms := []any{object{"enum": list}}
	if slices.Contains(list, "yes") && slices.Contains(list, "no") {
		forms = append(forms, object{"type": "boolean"}, text(yesNo))
	}
	return forms
}

// steps returns the schema of the steps of a journey: names, and groups of
// them.
func steps() object {
	return object{
		"type": "array", "minItems": 1,
		"items": object{"anyOf": []any{text(visible), object{"$ref": "#/definitions/steps"}}},
	}
}

// ruleSettings returns the schema of the mapping from rules to what is wanted
// of them. Rules of a team's own may be among them.
func ruleSettings(rules []*lint.Rule) object {
	severities := []string{config.SeverityOff}
	for _, s := range diag.Severities() {
		severities = append(severities, s.String())
	}
	properties := object{}
	for _, r := range rules {
		params := object{"severity": object{"enum": severities}}
		for i := range r.Params {
			p := &r.Params[i]
			params[p.Name] = described(p.Doc, param(p))
			params[p.Name].(object)["default"] = p.Format(p.Default)
		}
		setting := object{"anyOf": []any{
			object{"enum": severities},
			object{"type": "object", "properties": params, "additionalProperties": false},
		}}
		properties[r.Name] = described(r.Summary, setting)
		properties[r.Code] = described(r.Name+": "+r.Summary, setting)
	}
	return object{"type": "object", "properties": properties}
}

// param returns the schema of a parameter's value.
func param(p *lint.Param) object {
	switch p.Unit {
	case lint.Share:
		return object{"anyOf": []any{object{"type": "number", "minimum": 0, "maximum": 1}, text(shares)}}
	case lint.Seconds:
		return text(durations)
	}
	return object{"anyOf": []any{object{"type": "integer", "minimum": 0}, text(whole)}}
}

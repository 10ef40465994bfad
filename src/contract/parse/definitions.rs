//! Models that the contract itself describes.
//!
//! Two vocabularies mean the same: that of the framework's contracts (`item_type`, `ge`, `min_length`, `ref`) and
//! that of JSON Schema (`items`, `minimum`, `minLength`, `$ref`).

use std::collections::{BTreeMap, BTreeSet};

use super::pattern;
use super::reader::Reader;
use crate::contract::yaml::{Kind, Value, Yaml};
use crate::contract::{Constraint, Definition, FieldDefinition, Schema};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};

const DEFINITION: &str =
    "ModelOrderPlacedEvent: {type: object, properties: {order_id: {type: uuid}}}";
const FIELD: &str = "order_id: {type: uuid}";

/// The models of `definitions`.
pub(super) fn definitions(reader: &mut Reader<'_>, root: &Yaml) -> Vec<Definition> {
    let block = reader.mapping(root, "definitions", &format!("definitions: {{{DEFINITION}}}"));
    let entries = block.map(Yaml::entries).unwrap_or_default();
    let found: Vec<_> =
        entries.iter().filter_map(|(key, value)| definition(reader, key, value)).collect();
    refuse_repeated(reader, &found);
    found
}

fn refuse_repeated(reader: &mut Reader<'_>, found: &[Definition]) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for definition in found {
        let name = definition.name.value.as_str();
        let Some(first) = seen.insert(name, definition.name.span) else { continue };
        let message = format!("the class `{name}` is defined twice");
        let error =
            Diagnostic::error("duplicate-definition", reader.file, definition.name.span, message)
                .label("defined again here")
                .related(first, "first defined here")
                .help("delete one of the definitions, or give it another name");
        reader.push(error);
    }
}

fn definition(reader: &mut Reader<'_>, key: &Yaml, node: &Yaml) -> Option<Definition> {
    let name_of_key = reader.key(key, "definitions")?;
    if node.as_mapping().is_none() {
        let what = format!("the definition of `{}`", name_of_key.value);
        reader.wrong(node, &what, "a mapping", DEFINITION);
        return None;
    }
    refuse_other_kinds(reader, node, &name_of_key.value);
    let mut required = required(reader, node);
    let fields = fields(reader, node, &mut required);
    Some(Definition {
        name: reader.text(node, "name").unwrap_or(name_of_key),
        module: reader.text(node, "module"),
        description: reader.prose(node, "description"),
        fields,
        required,
        frozen: reader.flag(node, "frozen"),
        extra: reader.text(node, "extra").or_else(|| extra(node)),
        span: Span::new(key.span.start, node.span.end),
    })
}

/// JSON Schema says with a boolean whether other properties are allowed.
fn extra(node: &Yaml) -> Option<Spanned<String>> {
    let value = node.get("additionalProperties")?;
    let extra = if value.as_bool()? { "allow" } else { "forbid" };
    Some(Spanned::new(extra.to_owned(), value.span))
}

fn refuse_other_kinds(reader: &mut Reader<'_>, node: &Yaml, name: &str) {
    let Some(kind) = reader.text(node, "type") else { return };
    if !["object", "model"].contains(&kind.value.as_str()) {
        let message = format!(
            "the definition of `{name}` is of type `{}`, and only models can be defined",
            kind.value
        );
        let error = Diagnostic::error("definition-type", reader.file, kind.span, message)
            .label("not `object`")
            .help("write `type: object` and `properties:`; give an enum of a field as `enum: [..]` in the field");
        reader.push(error);
    }
}

fn required(reader: &mut Reader<'_>, node: &Yaml) -> Vec<Spanned<String>> {
    reader.texts(node, "required", "required: [order_id]")
}

/// The fields; `required: true` in a field counts as its name in the list.
fn fields(
    reader: &mut Reader<'_>,
    node: &Yaml,
    required: &mut Vec<Spanned<String>>,
) -> Option<Vec<FieldDefinition>> {
    let properties = reader.mapping(node, "properties", &format!("properties: {{{FIELD}}}"))?;
    let listed: BTreeSet<_> = required.iter().map(|name| name.value.clone()).collect();
    let mut fields = Vec::new();
    for (key, value) in properties.entries() {
        let Some(name) = reader.key(key, "properties") else { continue };
        if value.is_null() {
            let message = format!("the field `{}` has no type", name.value);
            let error = Diagnostic::error("field-type", reader.file, name.span, message)
                .label("nothing behind this")
                .help(format!("write it as `{FIELD}`"));
            reader.push(error);
            continue;
        }
        let demanded = value.get("required").and_then(Yaml::as_bool) == Some(true);
        if demanded && !listed.contains(&name.value) {
            required.push(name.clone());
        }
        let what = format!("the field `{}`", name.value);
        fields.extend(
            schema(reader, value, &what, FIELD).map(|schema| FieldDefinition { name, schema }),
        );
    }
    Some(fields)
}

/// A schema, as a mapping or as the name of a type alone.
fn schema(reader: &mut Reader<'_>, node: &Yaml, what: &str, example: &str) -> Option<Schema> {
    match &node.kind {
        Kind::Scalar(_) => Some(Schema {
            span: node.span,
            kind: reader.text_of(node, "type"),
            ..Schema::default()
        }),
        Kind::Mapping(_) => Some(schema_of_mapping(reader, node, what)),
        Kind::Sequence(_) => {
            reader.wrong(node, what, "a type or a mapping", example);
            None
        }
    }
}

fn schema_of_mapping(reader: &mut Reader<'_>, node: &Yaml, what: &str) -> Schema {
    let mut found = alternatives(reader, node, what).unwrap_or_default();
    found.span = node.span;
    if reader.value(node, "type").is_some() {
        found.kind = kind(reader, node, &mut found.nullable);
    }
    found.reference = reference(reader, node).or(found.reference);
    found.description = reader.prose(node, "description").or(found.description);
    found.nullable = reader.flag(node, "nullable").or(found.nullable);
    found.default = node.get("default").cloned().or(found.default);
    found.default_factory = reader.text(node, "default_factory").or(found.default_factory);
    found.items = part(reader, node, &["item_type", "items"]).or(found.items);
    found.keys = part(reader, node, &["key_type"]).or(found.keys);
    found.values = part(reader, node, &["value_type", "additionalProperties"]).or(found.values);
    found.choices.extend(choices(reader, node));
    found.enum_class = reader.text(node, "enum_class").or(found.enum_class);
    found.module = reader.text(node, "module").or(found.module);
    found.constraints.extend(constraints(reader, node));
    found.validations.extend(validations(node));
    found
}

/// `anyOf: [X, {type: "null"}]`, which is how JSON Schema says that X may be null.
fn alternatives(reader: &mut Reader<'_>, node: &Yaml, what: &str) -> Option<Schema> {
    let (key, value) = node.entry("anyOf").or_else(|| node.entry("oneOf"))?;
    let null = |schema: &&Yaml| {
        schema.get("type").is_some_and(|kind| kind.is_null() || kind.as_str() == Some("null"))
    };
    let (nulls, others): (Vec<_>, Vec<_>) =
        value.as_sequence().unwrap_or_default().iter().partition(null);
    let [only] = others.as_slice() else {
        let message = format!("{what} may be of several types, and a field has one");
        let error = Diagnostic::error("field-type", reader.file, key.span, message)
            .label("not one type and null")
            .help("give one `type`, and `nullable: true` where null is allowed");
        reader.push(error);
        return None;
    };
    let mut found = schema(reader, only, what, FIELD)?;
    if let Some(null) = nulls.first() {
        found.nullable = Some(Spanned::new(true, null.span));
    }
    Some(found)
}

/// `type`, which may be a list with null in it; `format` makes of a string what it says.
fn kind(
    reader: &mut Reader<'_>,
    node: &Yaml,
    nullable: &mut Option<Spanned<bool>>,
) -> Option<Spanned<String>> {
    let value = reader.value(node, "type")?;
    let kind = match value.as_sequence() {
        None => reader.text_of(value, "type")?,
        Some(items) => {
            let (nulls, others): (Vec<_>, Vec<_>) =
                items.iter().partition(|item| item.is_null() || item.as_str() == Some("null"));
            if let Some(null) = nulls.first() {
                *nullable = Some(Spanned::new(true, null.span));
            }
            let [only] = others.as_slice() else {
                reader.wrong(
                    value,
                    "`type`",
                    "one type, or one and null",
                    "type: [string, \"null\"]",
                );
                return None;
            };
            reader.text_of(only, "type")?
        }
    };
    let format = node.get("format").and_then(Yaml::as_str);
    Some(if kind.value == "string" {
        kind.map(|kind| formatted(format).unwrap_or(&kind).to_owned())
    } else {
        kind
    })
}

/// What a string of a certain format is in the vocabulary of contracts.
fn formatted(format: Option<&str>) -> Option<&'static str> {
    Some(match format? {
        "uuid" => "uuid",
        "date-time" | "datetime" => "datetime",
        "date" => "date",
        "duration" => "timedelta",
        "decimal" => "decimal",
        "binary" | "byte" => "bytes",
        _ => return None,
    })
}

/// `ref`, `$ref`, and what they point to: the last part of `#/definitions/ModelX`.
fn reference(reader: &mut Reader<'_>, node: &Yaml) -> Option<Spanned<String>> {
    let text = reader.text(node, "ref").or_else(|| reader.text(node, "$ref"))?;
    let roots = ["#/definitions/", "#/$defs/", "#/components/schemas/"];
    let inside = roots.iter().find_map(|root| text.value.strip_prefix(root)).map(str::to_owned);
    Some(Spanned { value: inside.unwrap_or(text.value), span: text.span })
}

/// The schema of items, keys or values; a boolean `additionalProperties` is none.
fn part(reader: &mut Reader<'_>, node: &Yaml, keys: &[&str]) -> Option<Box<Schema>> {
    for key in keys {
        let Some(value) = reader.value(node, key) else { continue };
        if value.as_bool().is_none() {
            let example = format!("{key}: string");
            return schema(reader, value, &format!("`{key}`"), &example).map(Box::new);
        }
    }
    None
}

fn choices(reader: &mut Reader<'_>, node: &Yaml) -> Vec<Yaml> {
    let constant = node.get("const").cloned();
    let items = reader.list(node, "enum", "enum: [low, high]");
    for item in items.iter().filter(|item| item.as_scalar().is_none()) {
        reader.wrong(item, "an item of `enum`", "a text or a number", "enum: [low, high]");
    }
    items.iter().filter(|item| item.as_scalar().is_some()).cloned().chain(constant).collect()
}

/// What a constraint is given as.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// A number, a date or a time: which of them, the type of the field decides.
    Bound,
    /// A number.
    Number,
    /// A whole number.
    Length,
    /// A text.
    Text,
}

fn constraint(key: &str) -> Option<(Constraint, Takes)> {
    Some(match key {
        "ge" | "minimum" => (Constraint::Ge, Takes::Bound),
        "gt" | "exclusiveMinimum" => (Constraint::Gt, Takes::Bound),
        "le" | "maximum" => (Constraint::Le, Takes::Bound),
        "lt" | "exclusiveMaximum" => (Constraint::Lt, Takes::Bound),
        "multiple_of" | "multipleOf" => (Constraint::MultipleOf, Takes::Number),
        "min_length" | "minLength" | "min_items" | "minItems" | "minProperties" => {
            (Constraint::MinLength, Takes::Length)
        }
        "max_length" | "maxLength" | "max_items" | "maxItems" | "maxProperties" => {
            (Constraint::MaxLength, Takes::Length)
        }
        "pattern" | "regex" => (Constraint::Pattern, Takes::Text),
        _ => return None,
    })
}

fn constraints(reader: &mut Reader<'_>, node: &Yaml) -> Vec<(Spanned<Constraint>, Yaml)> {
    let mut found: Vec<(Spanned<Constraint>, Yaml)> = Vec::new();
    for (key, value) in node.entries() {
        let Some(name) = key.as_str() else { continue };
        let Some((mut constraint, takes)) = constraint(name) else { continue };
        // Older JSON Schema: `exclusiveMinimum: true` changes what `minimum` means.
        let exclusive = |key: &str| node.get(key).and_then(Yaml::as_bool);
        if value.is_null() || name.starts_with("exclusive") && value.as_bool().is_some() {
            continue;
        }
        if name == "minimum" && exclusive("exclusiveMinimum") == Some(true) {
            constraint = Constraint::Gt;
        } else if name == "maximum" && exclusive("exclusiveMaximum") == Some(true) {
            constraint = Constraint::Lt;
        }
        if !fits(value, takes) {
            let (wanted, example) = wanted(takes);
            let is_number = matches!(takes, Takes::Number | Takes::Bound);
            let help = match power_of_ten(value).filter(|_| is_number) {
                Some(number) => format!(
                    "YAML 1.1, as PyYAML reads it, knows no `{}`; write it as `{name}: {number}`",
                    value.as_str().unwrap_or_default()
                ),
                None => format!("write it as `{name}: {example}`"),
            };
            reader.wrong_with_help(value, &format!("`{name}`"), wanted, help);
        } else if let Some((first, _)) = found.iter().find(|(first, _)| first.value == constraint) {
            let message = format!("`{name}` says again what is said already");
            let error = Diagnostic::error("duplicate-constraint", reader.file, key.span, message)
                .label("the second of two")
                .related(first.span, "the first")
                .help("delete one of them");
            reader.push(error);
        } else if constraint != Constraint::Pattern || pattern::may_be_compiled(reader, value) {
            found.push((Spanned::new(constraint, key.span), value.clone()));
        }
    }
    found
}

fn fits(value: &Yaml, takes: Takes) -> bool {
    let Some(scalar) = value.as_scalar() else { return false };
    let is_number = matches!(takes, Takes::Number | Takes::Bound);
    match scalar.value {
        Value::Int(length) => is_number || takes == Takes::Length && length >= 0,
        Value::Float(number) => is_number && number.is_finite(),
        // In quotes a decimal keeps its digits, and a time is one in every version of YAML.
        Value::String => takes == Takes::Text || is_number && is_quantity(&scalar.text),
        Value::Timestamp => takes == Takes::Bound,
        Value::Null | Value::Bool(_) => false,
    }
}

/// Whether a text may be a decimal, a date or a time.
pub(crate) fn is_quantity(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_part = |c: char| c.is_ascii_digit() || "-+.:TZ ".contains(c);
    unsigned.starts_with(|c: char| c.is_ascii_digit()) && unsigned.chars().all(is_part)
}

/// A number such as `1e6`, which is text in YAML 1.1, as it has to be written there: `1.0e+6`.
fn power_of_ten(value: &Yaml) -> Option<String> {
    let text = value.as_str()?;
    let (digits, exponent) = text.split_once(['e', 'E'])?;
    text.parse::<f64>().ok().filter(|number| number.is_finite())?;
    let point = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    Some(format!("{digits}{point}e{sign}{exponent}"))
}

fn wanted(takes: Takes) -> (&'static str, &'static str) {
    match takes {
        Takes::Bound => ("a number, a date or a time", "1"),
        Takes::Number => ("a number", "1"),
        Takes::Length => ("a whole number from 0", "1"),
        Takes::Text => ("a text in quotes", "\"^[A-Z]+$\""),
    }
}

/// What people should check by hand: each entry's description or name.
fn validations(node: &Yaml) -> Vec<Spanned<String>> {
    let Some(value) = node.get("validation") else { return Vec::new() };
    let entries = value.as_sequence().unwrap_or(std::slice::from_ref(value));
    entries.iter().filter_map(validation).collect()
}

fn validation(entry: &Yaml) -> Option<Spanned<String>> {
    let keys = ["description", "message", "name", "rule"];
    let text = keys.iter().find_map(|key| entry.get(key)).unwrap_or(entry);
    let scalar = text.as_scalar().filter(|_| !text.is_null())?;
    Some(Spanned::new(scalar.text.clone(), text.span))
}

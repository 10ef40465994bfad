//! A field of `definitions` -> the answer that would have given it.
//!
//! The way back from [`super::write`]. A contract can say more than an answer can; what an answer cannot say gives
//! nothing.

use super::yaml::Value as Scalar;
use super::{FieldDefinition, Schema, Yaml};
use crate::python::Identifier;
use crate::spec::{Field, Held, Kind, Literal, Value, Word, names};

/// The field as an answer.
pub(super) fn field(definition: &FieldDefinition) -> Option<Field> {
    let schema = &definition.schema;
    let holds = held(schema)?;
    let default = match (&schema.default_factory, &schema.default) {
        (Some(factory), _) => Some(made(&factory.value)?),
        (None, Some(default)) => Some(value(default, &holds.kind)?),
        (None, None) => None,
    };
    // To be optional is to be null by default.
    let null = Value::Single(Literal::Null);
    let default = default.filter(|default| !holds.optional || *default != null);
    Some(Field { name: Identifier::parse(&definition.name.value).ok()?, holds, default })
}

/// What a `default_factory` makes.
fn made(factory: &str) -> Option<Value> {
    Some(match factory {
        "list" => Value::List(Vec::new()),
        "dict" => Value::EmptyMap,
        "utcnow" => Value::Now,
        "uuid4" => Value::New,
        _ => return None,
    })
}

fn value(default: &Yaml, kind: &Kind) -> Option<Value> {
    if let Some(items) = default.as_sequence() {
        return Some(Value::List(items.iter().map(literal).collect::<Option<_>>()?));
    }
    Some(Value::Single(match (literal(default)?, kind) {
        // The digits of a decimal stand in quotes, since a float would lose some.
        (Literal::Text(number), Kind::Word(Word::Decimal)) => Literal::Number(number),
        (literal, _) => literal,
    }))
}

fn held(schema: &Schema) -> Option<Held> {
    if schema.module.is_some() || schema.enum_class.is_some() {
        return None;
    }
    let part = |schema: &Option<Box<Schema>>| held(schema.as_ref()?).map(Box::new);
    let word = schema.kind.as_ref().map(|kind| kind.value.as_str());
    let kind = match (word, &schema.reference) {
        (_, Some(class)) => Kind::Model(Identifier::parse(names::class_stem(&class.value)).ok()?),
        (Some("array" | "list"), _) => Kind::List(part(&schema.items)?),
        (Some("object"), _) if schema.keys.is_some() => {
            Kind::Map(part(&schema.keys)?, part(&schema.values)?)
        }
        (Some("enum"), _) => Kind::Enum(schema.choices.iter().map(literal).collect::<Option<_>>()?),
        (Some(word), _) => Kind::Word(Word::named(word)?),
        (None, None) => return None,
    };
    let limit = |limit: &Yaml| match (literal(limit)?, &kind) {
        (Literal::Text(number), Kind::Word(Word::Decimal)) => Some(Literal::Number(number)),
        (literal, _) => Some(literal),
    };
    let constraints = schema.constraints.iter();
    let mut constraints = constraints
        .map(|(constraint, value)| Some((constraint.value, limit(value)?)))
        .collect::<Option<Vec<_>>>()?;
    constraints.sort_by_key(|(constraint, _)| *constraint);
    let optional = schema.nullable.as_ref().is_some_and(|nullable| nullable.value);
    Some(Held { kind, optional, constraints })
}

fn literal(value: &Yaml) -> Option<Literal> {
    let scalar = value.as_scalar()?;
    Some(match scalar.value {
        Scalar::String => Literal::Text(scalar.text.clone()),
        Scalar::Int(number) => Literal::Number(number.to_string()),
        Scalar::Float(_) if is_plain(&scalar.text) => Literal::Number(scalar.text.clone()),
        Scalar::Bool(value) => Literal::Bool(value),
        Scalar::Null => Literal::Null,
        Scalar::Float(_) | Scalar::Timestamp => return None,
    })
}

/// Whether the digits of a number stand as an answer has them: no exponent, nothing that is no number.
fn is_plain(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

//! Defaults of a contract -> Python expressions of the field's own type.
//!
//! Pydantic does not validate defaults, so that a wrong one would pass and surface far away, as a value that the
//! model itself would refuse. An expression uses no class and no function but those that the annotation of its
//! field names too: whoever imports the names of the annotation has imported those of the default.

use super::Reader;
use super::constraint::{is_decimal, scalar, whole};
use super::moment::{self, Instant};
use super::schema::{choice, kind_of};
use crate::contract::yaml::{Kind, Scalar, Value};
use crate::contract::{Schema, Yaml};
use crate::node::{Default, FieldType};
use crate::python::{Code, StrLiteral, float_literal, py};
use crate::source::Spanned;

impl Reader<'_> {
    /// The default of a field; nothing where it has none, or a wrong one.
    pub(super) fn default(&mut self, schema: &Schema, holds: &FieldType) -> Option<Default> {
        match (&schema.default, &schema.default_factory) {
            (Some(value), Some(factory)) => {
                let message =
                    format!("{} has both a `default` and a `default_factory`", self.subject);
                let found = self.error("invalid-default", factory.span, message);
                self.report(found.related(value.span, "the default").help("keep one of them"));
                None
            }
            (Some(value), None) => {
                let code = self.value(value, Some(schema), holds)?;
                Some(of_value(code, holds))
            }
            (None, Some(factory)) => self.factory(factory, schema, holds),
            (None, None) => None,
        }
    }

    /// A value of the contract as an expression of a type; a wrong one is reported.
    fn value(&mut self, value: &Yaml, schema: Option<&Schema>, holds: &FieldType) -> Option<Code> {
        let code = self.converted(value, schema, holds)?;
        let broken = schema.is_some_and(|schema| self.breaks(value, schema, holds));
        (!broken).then_some(code)
    }

    /// The expression, whatever the constraints of its own schema say.
    fn converted(
        &mut self,
        value: &Yaml,
        schema: Option<&Schema>,
        holds: &FieldType,
    ) -> Option<Code> {
        match (holds, &value.kind) {
            (FieldType::Optional(_), Kind::Scalar(scalar)) if scalar.value == Value::Null => {
                Some(Code::of("None"))
            }
            (FieldType::Optional(inner) | FieldType::Constrained(inner, _), _) => {
                self.converted(value, schema, inner)
            }
            (FieldType::Tuple(item), Kind::Sequence(values)) => {
                let items = self.items(values, schema, item)?;
                let comma = if items.len() == 1 { Code::of(",") } else { Code::default() };
                Some(py!("({}{})", Code::join(&items, ", "), comma))
            }
            (FieldType::List(item), Kind::Sequence(values)) => {
                let items = self.items(values, schema, item)?;
                Some(py!("[{}]", Code::join(&items, ", ")))
            }
            (FieldType::Map(key, item), Kind::Mapping(entries)) => {
                self.entries(entries, schema, key, item)
            }
            _ => {
                let code = self.single(value, schema, holds);
                if code.is_none() {
                    self.refuse_default(value, holds);
                }
                code
            }
        }
    }

    fn items(
        &mut self,
        values: &[Yaml],
        schema: Option<&Schema>,
        item: &FieldType,
    ) -> Option<Vec<Code>> {
        let schema = schema.and_then(|schema| schema.items.as_deref());
        values.iter().map(|value| self.value(value, schema, item)).collect()
    }

    fn entries(
        &mut self,
        entries: &[(Yaml, Yaml)],
        schema: Option<&Schema>,
        key: &FieldType,
        item: &FieldType,
    ) -> Option<Code> {
        let keys = schema.and_then(|schema| schema.keys.as_deref());
        let values = schema.and_then(|schema| schema.values.as_deref());
        let mut pairs = Vec::new();
        for (name, value) in entries {
            let (name, value) = (self.value(name, keys, key)?, self.value(value, values, item)?);
            pairs.push(py!("{}: {}", name, value));
        }
        Some(py!("{{{}}}", Code::join(&pairs, ", ")))
    }

    /// The expression for a type without parts, or nothing where the value is not of it.
    fn single(&self, value: &Yaml, schema: Option<&Schema>, holds: &FieldType) -> Option<Code> {
        match holds {
            FieldType::Object => anything(value),
            FieldType::Literal(choices) => {
                choice(scalar(value)?).filter(|code| choices.contains(code))
            }
            FieldType::Enum(class) => {
                let code = choice(scalar(value)?)?;
                let choices = schema.map(|schema| schema.choices.as_slice()).unwrap_or_default();
                let mut listed = choices.iter().filter_map(scalar).filter_map(choice);
                let known = choices.is_empty() || listed.any(|choice| choice == code);
                known.then(|| py!("{}({})", class.name, code))
            }
            FieldType::Class(_) => None,
            FieldType::Str
            | FieldType::Int
            | FieldType::Float
            | FieldType::Bool
            | FieldType::Bytes
            | FieldType::Uuid
            | FieldType::DateTime
            | FieldType::Date
            | FieldType::TimeDelta
            | FieldType::Decimal
            | FieldType::Tuple(_)
            | FieldType::List(_)
            | FieldType::Map(..)
            | FieldType::Constrained(..)
            | FieldType::Optional(_) => self.expression(value, holds),
        }
    }

    /// A scalar as an expression of one of the types that a single word names.
    pub(super) fn expression(&self, value: &Yaml, holds: &FieldType) -> Option<Code> {
        let scalar = scalar(value)?;
        let text = || py!("{}", StrLiteral::new(&scalar.text));
        let quoted = scalar.value == Value::String;
        match holds {
            FieldType::Str => quoted.then(text),
            FieldType::Bytes => (quoted && scalar.text.is_ascii()).then(|| py!("b{}", text())),
            FieldType::Int => integer(scalar).map(Code::int),
            FieldType::Float => float(scalar),
            FieldType::Bool => match scalar.value {
                Value::Bool(value) => Some(Code::boolean(value)),
                Value::Null
                | Value::Int(_)
                | Value::Float(_)
                | Value::Timestamp
                | Value::String => None,
            },
            FieldType::Uuid => is_uuid(scalar).then(|| py!("UUID({})", text())),
            FieldType::Decimal => decimal(scalar).map(|number| py!("Decimal({})", number)),
            FieldType::Date => {
                moment::day(&scalar.text)?;
                Some(py!("{}.fromisoformat({})", self.names.of("date"), text()))
            }
            FieldType::DateTime => match moment::instant(&scalar.text)? {
                Instant::At(_) => {
                    Some(py!("{}.fromisoformat({})", self.names.of("datetime"), text()))
                }
                Instant::WithoutZone => None,
            },
            FieldType::TimeDelta => {
                let seconds = seconds(scalar)?;
                Some(py!("{}(seconds={})", self.names.of("timedelta"), seconds))
            }
            FieldType::Object
            | FieldType::Tuple(_)
            | FieldType::List(_)
            | FieldType::Map(..)
            | FieldType::Literal(_)
            | FieldType::Class(_)
            | FieldType::Enum(_)
            | FieldType::Constrained(..)
            | FieldType::Optional(_) => None,
        }
    }

    fn refuse_default(&mut self, value: &Yaml, holds: &FieldType) {
        let message = format!(
            "the default of {} is {}, which does not fit its type",
            self.subject,
            shown(value)
        );
        let found = self.error("invalid-default", value.span, message);
        self.report(found.help(wanted(value, holds)));
    }

    /// `default_factory`.
    fn factory(
        &mut self,
        factory: &Spanned<String>,
        schema: &Schema,
        holds: &FieldType,
    ) -> Option<Default> {
        let inner = match holds {
            FieldType::Optional(inner) => inner,
            other => other,
        };
        let word = factory.value.rsplit('.').next().unwrap_or_default();
        let default = match (word, inner) {
            ("list" | "set" | "tuple", FieldType::Tuple(_)) => Default::Value(Code::of("()")),
            ("list" | "set" | "tuple", FieldType::List(_)) => Default::NewList,
            ("list", FieldType::Object) => Default::NewList,
            ("dict", FieldType::Map(..) | FieldType::Object) => Default::NewDict,
            ("uuid4", FieldType::Uuid) => Default::Uuid4,
            ("utcnow" | "now", FieldType::DateTime) => Default::Now,
            _ => {
                self.refuse_factory(factory, inner);
                return None;
            }
        };
        let empty = Yaml { span: factory.span, kind: Kind::Sequence(Vec::new()) };
        let is_empty = matches!(default, Default::Value(_) | Default::NewList | Default::NewDict);
        (!is_empty || !self.breaks(&empty, schema, inner)).then_some(default)
    }

    fn refuse_factory(&mut self, factory: &Spanned<String>, holds: &FieldType) {
        let message = format!(
            "`default_factory: {}` does not make the `{}` that {} is",
            factory.value,
            holds.word(),
            self.subject
        );
        let help = match holds {
            FieldType::Tuple(_) | FieldType::List(_) => "write `default_factory: list`",
            FieldType::Map(..) => "write `default_factory: dict`",
            FieldType::Uuid => "write `default_factory: uuid4`",
            FieldType::DateTime => "write `default_factory: utcnow`",
            FieldType::Object => "write `default_factory: list` or `dict`",
            FieldType::Str
            | FieldType::Int
            | FieldType::Float
            | FieldType::Bool
            | FieldType::Bytes
            | FieldType::Date
            | FieldType::TimeDelta
            | FieldType::Decimal
            | FieldType::Literal(_)
            | FieldType::Class(_)
            | FieldType::Enum(_)
            | FieldType::Constrained(..)
            | FieldType::Optional(_) => {
                "factories are `list` for arrays, `dict` for objects, `uuid4` for uuids and `utcnow` for datetimes"
            }
        };
        let found = self.error("invalid-default", factory.span, message);
        self.report(found.help(help));
    }
}

/// A default that is written down.
///
/// Pydantic copies a value that can change for each instance, with all that is in it. A lambda would do the same,
/// but mypy infers its type without looking at the field's, and refuses most that hold anything.
fn of_value(code: Code, holds: &FieldType) -> Default {
    let can_hold_list = match holds {
        FieldType::Optional(inner) => matches!(**inner, FieldType::List(_)),
        other => matches!(other, FieldType::List(_) | FieldType::Object),
    };
    match code.as_str() {
        "[]" if can_hold_list => Default::NewList,
        "{}" => Default::NewDict,
        _ => Default::Value(code),
    }
}

/// Whatever YAML can say, as Python.
fn anything(value: &Yaml) -> Option<Code> {
    match &value.kind {
        Kind::Scalar(scalar) => match scalar.value {
            Value::Null => Some(Code::of("None")),
            Value::Bool(value) => Some(Code::boolean(value)),
            Value::Int(number) => Some(Code::int(number)),
            Value::Float(number) => Code::float(number),
            Value::String => Some(py!("{}", StrLiteral::new(&scalar.text))),
            Value::Timestamp => None,
        },
        Kind::Sequence(items) => {
            let items: Vec<Code> = items.iter().map(anything).collect::<Option<_>>()?;
            Some(py!("[{}]", Code::join(&items, ", ")))
        }
        Kind::Mapping(entries) => {
            let entry = |(key, value): &(Yaml, Yaml)| {
                scalar(key)?;
                Some(py!("{}: {}", anything(key)?, anything(value)?))
            };
            let entries: Vec<Code> = entries.iter().map(entry).collect::<Option<_>>()?;
            Some(py!("{{{}}}", Code::join(&entries, ", ")))
        }
    }
}

fn integer(scalar: &Scalar) -> Option<i128> {
    match scalar.value {
        Value::Int(number) => Some(number),
        Value::Float(number) => whole(number),
        Value::Null | Value::Bool(_) | Value::Timestamp | Value::String => None,
    }
}

fn float(scalar: &Scalar) -> Option<Code> {
    match scalar.value {
        Value::Int(number) => Some(py!("{}.0", Code::int(number))),
        Value::Float(number) => Code::float(number),
        Value::Null | Value::Bool(_) | Value::Timestamp | Value::String => None,
    }
}

fn seconds(scalar: &Scalar) -> Option<Code> {
    match scalar.value {
        Value::Int(number) => Some(Code::int(number)),
        Value::Float(number) => Code::float(number),
        Value::Null | Value::Bool(_) | Value::Timestamp | Value::String => None,
    }
}

/// The digits of a decimal as they were written, since a float would lose some.
fn decimal(scalar: &Scalar) -> Option<Code> {
    let text = |text: &str| py!("{}", StrLiteral::new(text));
    match scalar.value {
        Value::Int(number) => Some(Code::int(number)),
        Value::Float(_) | Value::String if is_decimal(&scalar.text) => {
            Some(scalar.text.parse().map_or_else(|_| text(&scalar.text), Code::int))
        }
        Value::Float(number) => float_literal(number).map(|number| text(&number)),
        Value::Null | Value::Bool(_) | Value::Timestamp | Value::String => None,
    }
}

fn is_uuid(scalar: &Scalar) -> bool {
    let groups: Vec<&str> = scalar.text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A value for a message: short ones as they stand.
fn shown(value: &Yaml) -> String {
    match scalar(value) {
        Some(scalar) if scalar.text.len() <= 40 && !scalar.text.is_empty() => {
            format!("{} (`{}`)", kind_of(value), scalar.text.escape_debug())
        }
        Some(_) | None => kind_of(value).to_owned(),
    }
}

/// What would fit.
fn wanted(value: &Yaml, holds: &FieldType) -> String {
    let null = scalar(value).is_some_and(|scalar| scalar.value == Value::Null);
    if null {
        return "add `nullable: true`, or remove the default".to_owned();
    }
    let text = match holds {
        FieldType::Str if scalar(value).is_some() => {
            return scalar(value).map_or_else(String::new, |s| format!("quote it: \"{}\"", s.text));
        }
        FieldType::Str => "write a string",
        FieldType::Int => "write a whole number",
        FieldType::Float => "write a number",
        FieldType::Bool => "write `true` or `false`",
        FieldType::Bytes => "write a string of ASCII characters",
        FieldType::Uuid => {
            "write a uuid such as 123e4567-e89b-12d3-a456-426614174000, or `default_factory: uuid4`"
        }
        FieldType::DateTime => {
            "write a time with its zone, such as \"2024-01-31T12:00:00Z\", or `default_factory: utcnow`"
        }
        FieldType::Date => "write a date such as 2024-01-31",
        FieldType::TimeDelta => "write a number of seconds",
        FieldType::Decimal => "write a decimal such as \"0.10\"",
        FieldType::Object => "write a string, a number, a boolean, or a list or mapping of them",
        FieldType::Tuple(_) | FieldType::List(_) => "write a list such as `[]`",
        FieldType::Map(..) => "write a mapping such as `{}`",
        FieldType::Literal(choices) => {
            let choices: Vec<&str> = choices.iter().map(Code::as_str).collect();
            return format!("write one of {}", choices.join(", "));
        }
        FieldType::Enum(_) => "write one of the values of the enumeration",
        FieldType::Class(_) => {
            "a model has no default in a contract: make the field `nullable`, with `default: null`"
        }
        FieldType::Constrained(inner, _) | FieldType::Optional(inner) => {
            return wanted(value, inner);
        }
    };
    text.to_owned()
}

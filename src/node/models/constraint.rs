//! Constraints of a [`Schema`] -> arguments of pydantic's `Field`.
//!
//! Pydantic takes most of them for most types, and then fails while the class is made, or when the first value
//! arrives. What it would so refuse is refused here, with the place.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Reader;
use super::moment::{self, Instant};
use super::pattern;
use super::schema::kind_of;
use crate::contract::yaml::{Kind, Scalar, Value};
use crate::contract::{Constraint, Schema, Yaml};
use crate::node::FieldType;
use crate::python::{Code, Identifier, StrLiteral, py};
use crate::source::Span;

/// A number, or a time as one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Quantity {
    Whole(i128),
    Fraction(f64),
}

impl Quantity {
    fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => Some(a.cmp(&b)),
            (a, b) => a.rounded().partial_cmp(&b.rounded()),
        }
    }

    fn rounded(self) -> f64 {
        match self {
            Self::Whole(number) => number as f64,
            Self::Fraction(number) => number,
        }
    }
}

impl Constraint {
    /// Its name, in contracts and in `Field` alike.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ge => "ge",
            Self::Gt => "gt",
            Self::Le => "le",
            Self::Lt => "lt",
            Self::MinLength => "min_length",
            Self::MaxLength => "max_length",
            Self::Pattern => "pattern",
            Self::MultipleOf => "multiple_of",
        }
    }

    /// Whether pydantic enforces it for a type.
    fn applies_to(self, holds: &FieldType) -> bool {
        match holds {
            FieldType::Str => matches!(self, Self::MinLength | Self::MaxLength | Self::Pattern),
            FieldType::Bytes | FieldType::Tuple(_) | FieldType::List(_) | FieldType::Map(..) => {
                matches!(self, Self::MinLength | Self::MaxLength)
            }
            FieldType::Int | FieldType::Float | FieldType::Decimal => {
                self.is_bound() || self == Self::MultipleOf
            }
            FieldType::DateTime | FieldType::Date | FieldType::TimeDelta => self.is_bound(),
            FieldType::Bool
            | FieldType::Uuid
            | FieldType::Object
            | FieldType::Literal(_)
            | FieldType::Class(_)
            | FieldType::Enum(_) => false,
            FieldType::Constrained(inner, _) | FieldType::Optional(inner) => self.applies_to(inner),
        }
    }

    fn is_bound(self) -> bool {
        matches!(self, Self::Ge | Self::Gt | Self::Le | Self::Lt)
    }

    /// Which fields take it, for a message.
    fn takers(self) -> &'static str {
        match self {
            Self::Ge | Self::Gt | Self::Le | Self::Lt => {
                "only integer, float, decimal, date, datetime and duration fields take it"
            }
            Self::MinLength | Self::MaxLength => {
                "only string, bytes, array and object fields take it"
            }
            Self::Pattern => "only string fields take it",
            Self::MultipleOf => "only integer, float and decimal fields take it",
        }
    }

    /// How a value has to stand to the bound.
    fn admits(self, order: Ordering) -> bool {
        match self {
            Self::Ge => order != Ordering::Less,
            Self::Gt => order == Ordering::Greater,
            Self::Le => order != Ordering::Greater,
            Self::Lt => order == Ordering::Less,
            Self::MinLength | Self::MaxLength | Self::Pattern | Self::MultipleOf => true,
        }
    }
}

/// The scalar that a tree is.
pub(super) fn scalar(value: &Yaml) -> Option<&Scalar> {
    match &value.kind {
        Kind::Scalar(scalar) => Some(scalar),
        Kind::Sequence(_) | Kind::Mapping(_) => None,
    }
}

/// A value of an ordered type, as a number of its kind.
pub(super) fn quantity(value: &Yaml, holds: &FieldType) -> Option<Quantity> {
    let scalar = scalar(value)?;
    match holds {
        FieldType::Date => moment::day(&scalar.text).map(Quantity::Whole),
        FieldType::DateTime => match moment::instant(&scalar.text)? {
            Instant::At(micros) => Some(Quantity::Whole(micros)),
            Instant::WithoutZone => None,
        },
        FieldType::Decimal if scalar.value == Value::String => {
            let decimal = is_decimal(&scalar.text).then_some(scalar.text.as_str())?;
            decimal.parse().ok().map(Quantity::Fraction)
        }
        FieldType::Int | FieldType::Float | FieldType::Decimal | FieldType::TimeDelta => {
            match scalar.value {
                Value::Int(number) => Some(Quantity::Whole(number)),
                Value::Float(number) if number.is_finite() => Some(Quantity::Fraction(number)),
                Value::Float(_)
                | Value::Null
                | Value::Bool(_)
                | Value::Timestamp
                | Value::String => None,
            }
        }
        FieldType::Constrained(inner, _) | FieldType::Optional(inner) => quantity(value, inner),
        FieldType::Str
        | FieldType::Bool
        | FieldType::Bytes
        | FieldType::Uuid
        | FieldType::Object
        | FieldType::Tuple(_)
        | FieldType::List(_)
        | FieldType::Map(..)
        | FieldType::Literal(_)
        | FieldType::Class(_)
        | FieldType::Enum(_) => None,
    }
}

/// Whether a text is a decimal number without any ornament.
pub(super) fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match unsigned.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(unsigned),
    }
}

impl Reader<'_> {
    /// The constraints of a schema as arguments of `Field`, always in the same order.
    pub(super) fn constraints(
        &mut self,
        schema: &Schema,
        holds: &FieldType,
    ) -> Vec<(Identifier, Code)> {
        let mut read: BTreeMap<Constraint, (Span, Code)> = BTreeMap::new();
        for (constraint, value) in &schema.constraints {
            if let Some((first, _)) = read.get(&constraint.value) {
                let message = format!("{} has `{}` twice", self.subject, constraint.value.as_str());
                let found = self.error("invalid-constraint", constraint.span, message);
                self.report(found.related(*first, "the first one").help("remove one of them"));
                continue;
            }
            if !constraint.value.applies_to(holds) {
                self.refuse_for_type(constraint.value, constraint.span, holds);
            } else if let Some(code) = self.limit(constraint.value, value, holds) {
                read.insert(constraint.value, (constraint.span, code));
            }
        }
        self.check_range(schema, holds);
        read.into_iter().map(|(name, (_, code))| (Identifier::ours(name.as_str()), code)).collect()
    }

    fn refuse_for_type(&mut self, constraint: Constraint, span: Span, holds: &FieldType) {
        let message = format!(
            "`{}` does not apply to {}, which is of type `{}`",
            constraint.as_str(),
            self.subject,
            holds.word()
        );
        let found = self.error("invalid-constraint", span, message);
        self.report(found.help(constraint.takers()));
    }

    /// The value of one constraint.
    fn limit(&mut self, constraint: Constraint, value: &Yaml, holds: &FieldType) -> Option<Code> {
        let (code, wanted) = match constraint {
            Constraint::MinLength | Constraint::MaxLength => {
                (length(value).map(Code::int), "a whole number that is not negative")
            }
            Constraint::Pattern => {
                let Some(text) = text(value) else {
                    return self.refuse_limit(constraint, value, "a string: quote it");
                };
                if let Err(reason) = pattern::compile(text) {
                    self.refuse_pattern(value, &reason);
                    return None;
                }
                (Some(py!("{}", StrLiteral::new(text))), "")
            }
            Constraint::MultipleOf => {
                (self.divisor(value, holds), "a number greater than 0, of the type of the field")
            }
            Constraint::Ge | Constraint::Gt | Constraint::Le | Constraint::Lt => {
                (self.bound(value, holds), bound_of(holds))
            }
        };
        if code.is_none() { self.refuse_limit(constraint, value, wanted) } else { code }
    }

    fn refuse_limit(&mut self, constraint: Constraint, value: &Yaml, wanted: &str) -> Option<Code> {
        let message = format!(
            "`{}` of {} is {}, which it cannot be",
            constraint.as_str(),
            self.subject,
            kind_of(value)
        );
        let found = self.error("invalid-constraint", value.span, message);
        self.report(found.help(format!("write {wanted}")));
        None
    }

    fn refuse_pattern(&mut self, value: &Yaml, reason: &str) {
        let message =
            format!("the `pattern` of {} is no regular expression for pydantic", self.subject);
        let found = self.error("invalid-constraint", value.span, message).label(reason);
        self.report(found.help(
            "pydantic compiles patterns with Rust's `regex`: no look-around, no backreferences, `\\z` instead of `\\Z`",
        ));
    }

    /// A bound, as an expression of the field's own type.
    fn bound(&self, value: &Yaml, holds: &FieldType) -> Option<Code> {
        quantity(value, holds)?;
        self.expression(value, holds)
    }

    /// A divisor. Pydantic's own annotations want a float or an integer for it, for decimals too.
    fn divisor(&mut self, value: &Yaml, holds: &FieldType) -> Option<Code> {
        let number = quantity(value, holds).filter(|number| number.rounded() > 0.0)?;
        match (holds, number) {
            (FieldType::Decimal, Quantity::Whole(number)) => Some(Code::int(number)),
            (FieldType::Decimal, Quantity::Fraction(number)) => Code::float(number),
            _ => self.expression(value, holds),
        }
    }

    /// Bounds that no value can satisfy at once.
    fn check_range(&mut self, schema: &Schema, holds: &FieldType) {
        use Constraint::{Ge, Gt, Le, Lt, MaxLength, MinLength};
        for (lower, upper) in [(Ge, Le), (Ge, Lt), (Gt, Le), (Gt, Lt), (MinLength, MaxLength)] {
            let find = |wanted| schema.constraints.iter().find(|(c, _)| c.value == wanted);
            let (Some((low, low_value)), Some((high, high_value))) = (find(lower), find(upper))
            else {
                continue;
            };
            let measured = |value| match lower {
                MinLength => length(value).map(Quantity::Whole),
                Ge | Gt | Le | Lt | MaxLength | Constraint::Pattern | Constraint::MultipleOf => {
                    quantity(value, holds)
                }
            };
            let (Some(from), Some(to)) = (measured(low_value), measured(high_value)) else {
                continue;
            };
            let order = from.compare(to);
            let strict = lower == Gt || upper == Lt;
            let empty =
                order == Some(Ordering::Greater) || (strict && order == Some(Ordering::Equal));
            if empty {
                let message = format!(
                    "nothing can satisfy both `{}` and `{}` of {}",
                    lower.as_str(),
                    upper.as_str(),
                    self.subject
                );
                let found = self.error("invalid-constraint", high.span, message);
                self.report(found.related(low.span, "the lower limit").help("change one of them"));
                return;
            }
        }
    }

    /// Reports a default that breaks a constraint of its own schema. Whether it did.
    pub(super) fn breaks(&mut self, value: &Yaml, schema: &Schema, holds: &FieldType) -> bool {
        for (constraint, limit) in &schema.constraints {
            let kept = match constraint.value {
                Constraint::MinLength => size(value).zip(length(limit)).is_none_or(|(n, l)| n >= l),
                Constraint::MaxLength => size(value).zip(length(limit)).is_none_or(|(n, l)| n <= l),
                Constraint::Pattern => matches(value, limit),
                Constraint::MultipleOf => divides(limit, value, holds),
                bound @ (Constraint::Ge | Constraint::Gt | Constraint::Le | Constraint::Lt) => {
                    let both = quantity(value, holds).zip(quantity(limit, holds));
                    both.and_then(|(v, l)| v.compare(l)).is_none_or(|order| bound.admits(order))
                }
            };
            if !kept {
                let name = constraint.value.as_str();
                let message = format!("the default of {} breaks its `{name}`", self.subject);
                let found = self.error("invalid-default", value.span, message);
                let found = found.related(constraint.span, "the constraint");
                self.report(
                    found.help("change the default or the constraint; pydantic would let it pass"),
                );
                return true;
            }
        }
        false
    }
}

/// What a bound is written as.
fn bound_of(holds: &FieldType) -> &'static str {
    match holds {
        FieldType::Int => "a whole number",
        FieldType::Date => "a date such as 2024-01-31",
        FieldType::DateTime => "a time with its zone, such as 2024-01-31T12:00:00Z",
        FieldType::TimeDelta => "a number of seconds",
        FieldType::Str
        | FieldType::Float
        | FieldType::Bool
        | FieldType::Bytes
        | FieldType::Uuid
        | FieldType::Decimal
        | FieldType::Object
        | FieldType::Tuple(_)
        | FieldType::List(_)
        | FieldType::Map(..)
        | FieldType::Literal(_)
        | FieldType::Class(_)
        | FieldType::Enum(_)
        | FieldType::Constrained(..)
        | FieldType::Optional(_) => "a number",
    }
}

/// The whole number that a float is.
pub(super) fn whole(number: f64) -> Option<i128> {
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i128)
}

fn length(value: &Yaml) -> Option<i128> {
    match scalar(value)?.value {
        Value::Int(number) if (0..=i128::from(u32::MAX)).contains(&number) => Some(number),
        Value::Int(_)
        | Value::Float(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Timestamp
        | Value::String => None,
    }
}

fn text(value: &Yaml) -> Option<&str> {
    scalar(value).filter(|scalar| scalar.value == Value::String).map(|scalar| scalar.text.as_str())
}

/// Whether a default matches a pattern; a pattern that is none is reported elsewhere.
fn matches(value: &Yaml, limit: &Yaml) -> bool {
    let both = text(value).zip(text(limit).and_then(|text| pattern::compile(text).ok()));
    both.is_none_or(|(value, pattern)| pattern.is_match(value))
}

/// How long a default is: characters, items or entries.
fn size(value: &Yaml) -> Option<i128> {
    let count = match &value.kind {
        Kind::Scalar(scalar) if scalar.value == Value::Null => return None,
        Kind::Scalar(scalar) => scalar.text.chars().count(),
        Kind::Sequence(items) => items.len(),
        Kind::Mapping(entries) => entries.len(),
    };
    i128::try_from(count).ok()
}

/// Whether a default is a multiple; fractions are left to the author, since they are never exact.
fn divides(divisor: &Yaml, value: &Yaml, holds: &FieldType) -> bool {
    match quantity(value, holds).zip(quantity(divisor, holds)) {
        Some((Quantity::Whole(number), Quantity::Whole(divisor))) => {
            number.checked_rem(divisor).is_none_or(|rest| rest == 0)
        }
        Some(_) | None => true,
    }
}

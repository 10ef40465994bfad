//! What a stub can do by itself: events built from the fields of the incoming one, and sample values for tests.
//!
//! A stub is useful on day one when it moves data: a field of an output is filled from the field of the same
//! name and a fitting type. What cannot be filled is left to the user, with its type.

use std::collections::{BTreeMap, BTreeSet};

use super::{Argument, ClassPath, Field, FieldType, Model, Recipe, Sample};
use crate::python::module::ClassField;
use crate::python::{Code, Identifier, StrLiteral, py};

/// The fields of a class as far as building a value needs to know them.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    fields: Vec<KnownField>,
    /// The planned fields, where the class is one that we write: only those can be sampled by type.
    planned: Option<Vec<Field>>,
}

#[derive(Clone, Debug)]
struct KnownField {
    name: Identifier,
    /// The annotation in Python, white space normalised.
    annotation: String,
    optional: bool,
}

impl Shape {
    /// Of a model that we write.
    pub(super) fn of_model(model: &Model) -> Self {
        let known = |field: &Field| KnownField {
            name: field.name.clone(),
            annotation: spelt(&field.holds),
            optional: field.default.is_some(),
        };
        Self { fields: model.fields.iter().map(known).collect(), planned: Some(model.fields.clone()) }
    }

    /// Of a class that is there already.
    ///
    /// Inherited fields are not seen; a class with a base of its own is therefore not built by a stub.
    pub(super) fn of_standing(fields: &[ClassField]) -> Self {
        let known = |field: &ClassField| {
            Some(KnownField {
                name: Identifier::parse(&field.name.value).ok()?,
                annotation: field.annotation.clone(),
                optional: field.has_default,
            })
        };
        Self { fields: fields.iter().filter_map(known).collect(), planned: None }
    }
}

/// How to build `class` from an incoming event of a known shape.
pub(super) fn recipe(class: &ClassPath, shape: Option<&Shape>, incoming: Option<&Shape>) -> Recipe {
    let argument = |field: &KnownField| {
        let source = incoming.and_then(|shape| shape.fields.iter().find(|f| f.name == field.name));
        match source {
            Some(source) if fits(&source.annotation, &field.annotation) => {
                Some(Argument { name: field.name.clone(), missing: None })
            }
            _ if field.optional => None,
            Some(_) | None => Some(Argument {
                name: field.name.clone(),
                missing: Some(field.annotation.clone()),
            }),
        }
    };
    let arguments = shape.map(|shape| shape.fields.iter().filter_map(argument).collect());
    Recipe { class: class.clone(), arguments }
}

/// A type as its annotation reads, constraints aside.
fn spelt(holds: &FieldType) -> String {
    match holds {
        FieldType::Str => "str".to_owned(),
        FieldType::Int => "int".to_owned(),
        FieldType::Float => "float".to_owned(),
        FieldType::Bool => "bool".to_owned(),
        FieldType::Bytes => "bytes".to_owned(),
        FieldType::Uuid => "UUID".to_owned(),
        FieldType::DateTime => "datetime".to_owned(),
        FieldType::Date => "date".to_owned(),
        FieldType::TimeDelta => "timedelta".to_owned(),
        FieldType::Decimal => "Decimal".to_owned(),
        FieldType::Object => "object".to_owned(),
        FieldType::Tuple(item) => format!("tuple[{}, ...]", spelt(item)),
        FieldType::List(item) => format!("list[{}]", spelt(item)),
        FieldType::Map(key, value) => format!("dict[{}, {}]", spelt(key), spelt(value)),
        FieldType::Literal(values) => format!("Literal[{}]", Code::join(values, ", ")),
        FieldType::Class(class) => class.name.to_string(),
        FieldType::Constrained(inner, _) => spelt(inner),
        FieldType::Optional(inner) => format!("{} | None", spelt(inner)),
    }
}

/// Whether a value annotated `from` may stand where `to` is annotated.
fn fits(from: &str, to: &str) -> bool {
    let alternatives = |annotation: &str| -> BTreeSet<String> {
        split_union(annotation).into_iter().map(bare).collect()
    };
    let accepted = alternatives(to);
    let accepts = |part: &String| accepted.contains(part) || (part == "int" && accepted.contains("float"));
    alternatives(from).iter().all(accepts) || accepted.contains("object")
}

/// `Annotated[str, Field(min_length=1)]` holds a `str`.
fn bare(annotation: &str) -> String {
    let inner = annotation.strip_prefix("Annotated[").and_then(|rest| rest.strip_suffix(']'));
    let first = inner.and_then(|inner| split_at_depth(inner, ',').into_iter().next());
    first.unwrap_or(annotation).trim().to_owned()
}

/// The alternatives of `A | B[C | D]`.
fn split_union(annotation: &str) -> Vec<&str> {
    split_at_depth(annotation, '|').into_iter().map(str::trim).collect()
}

/// Splits where brackets are closed.
fn split_at_depth(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    for (at, character) in text.char_indices() {
        match character {
            '[' | '(' | '{' => depth += 1,
            ']' | ')' | '}' => depth -= 1,
            c if c == separator && depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + separator.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// An expression that builds a valid instance of a class; nothing where that cannot be known.
pub(super) fn sample(class: &ClassPath, shapes: &BTreeMap<ClassPath, Shape>) -> Option<Sample> {
    let mut used = Sample::default();
    let code = instance(class, shapes, &mut used, 0)?;
    Some(Sample { code, ..used })
}

/// Models nest; a chain deeper than this is left to the user.
const DEEPEST: usize = 8;

fn instance(
    class: &ClassPath,
    shapes: &BTreeMap<ClassPath, Shape>,
    used: &mut Sample,
    depth: usize,
) -> Option<Code> {
    let planned = shapes.get(class)?.planned.as_ref()?;
    if depth > DEEPEST {
        return None;
    }
    used.classes.insert(class.clone());
    let required = planned.iter().filter(|field| field.default.is_none());
    let arguments: Option<Vec<Code>> = required
        .map(|field| {
            let value = value(&field.holds, &Bounds::of(&field.constraints), shapes, used, depth)?;
            Some(py!("{}={}", field.name, value))
        })
        .collect();
    Some(py!("{}({})", class.name, Code::join(&arguments?, ", ")))
}

/// The constraints of a field, as numbers.
#[derive(Clone, Copy, Debug, Default)]
struct Bounds {
    low: Option<f64>,
    above: Option<f64>,
    high: Option<f64>,
    below: Option<f64>,
    multiple_of: Option<f64>,
    shortest: usize,
    longest: Option<usize>,
    pattern: bool,
}

impl Bounds {
    fn of(constraints: &[(Identifier, Code)]) -> Self {
        let mut bounds = Self::default();
        for (name, code) in constraints {
            let number = code.as_str().replace('_', "").parse::<f64>().ok();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "lengths are small whole numbers, checked when the contract was read"
            )]
            let length = number.map(|number| number as usize);
            match name.as_str() {
                "ge" => bounds.low = number,
                "gt" => bounds.above = number,
                "le" => bounds.high = number,
                "lt" => bounds.below = number,
                "multiple_of" => bounds.multiple_of = number,
                "min_length" => bounds.shortest = length.unwrap_or_default(),
                "max_length" => bounds.longest = length,
                _ => bounds.pattern = true,
            }
        }
        bounds
    }

    fn allows(&self, number: f64) -> bool {
        let whole = |step: f64| (number / step).fract() == 0.0;
        self.low.is_none_or(|low| number >= low)
            && self.above.is_none_or(|above| number > above)
            && self.high.is_none_or(|high| number <= high)
            && self.below.is_none_or(|below| number < below)
            && self.multiple_of.is_none_or(whole)
    }

    /// A number that satisfies all bounds, whole where that is possible.
    fn number(&self) -> Option<f64> {
        let step = self.multiple_of.unwrap_or(1.0);
        let floor = self.low.or(self.above).unwrap_or(0.0);
        let ceiling = self.high.or(self.below).unwrap_or(floor);
        let up = (floor / step).ceil() * step;
        let down = (ceiling / step).floor() * step;
        let middle = f64::midpoint(floor, ceiling);
        [1.0, up, up + step, down, down - step, floor, middle].into_iter().find(|n| self.allows(*n))
    }
}

fn value(
    holds: &FieldType,
    bounds: &Bounds,
    shapes: &BTreeMap<ClassPath, Shape>,
    used: &mut Sample,
    depth: usize,
) -> Option<Code> {
    let inner = Bounds::default();
    used.names.extend(names(holds));
    Some(match holds {
        FieldType::Optional(_) => Code::of("None"),
        FieldType::Str if bounds.pattern => return None,
        FieldType::Str => py!("{}", StrLiteral::new(&text(bounds)?)),
        FieldType::Int => whole(bounds.number()?)?,
        FieldType::Float => Code::float(bounds.number()?)?,
        FieldType::Decimal => py!("Decimal({})", StrLiteral::new(&bounds.number()?.to_string())),
        FieldType::Bool => Code::of("True"),
        FieldType::Bytes => py!("{}.encode()", StrLiteral::new(&text(bounds)?)),
        FieldType::Uuid => Code::of("uuid4()"),
        FieldType::DateTime => Code::of("datetime.now(UTC)"),
        FieldType::Date => Code::of("datetime.now(UTC).date()"),
        FieldType::TimeDelta => Code::of("timedelta(seconds=1)"),
        FieldType::Object => Code::of("{}"),
        FieldType::Literal(values) => values.first()?.clone(),
        FieldType::Class(class) => instance(class, shapes, used, depth + 1)?,
        FieldType::Tuple(item) => {
            let items = repeated(item, bounds.shortest, &inner, shapes, used, depth)?;
            let comma = if bounds.shortest == 1 { Code::of(",") } else { Code::default() };
            py!("({}{})", items, comma)
        }
        FieldType::List(item) => {
            py!("[{}]", repeated(item, bounds.shortest, &inner, shapes, used, depth)?)
        }
        FieldType::Map(..) if bounds.shortest > 0 => return None,
        FieldType::Map(..) => Code::of("{}"),
        FieldType::Constrained(inner, constraints) => {
            value(inner, &Bounds::of(constraints), shapes, used, depth)?
        }
    })
}

/// The names of the standard library that a value of a type needs.
fn names(holds: &FieldType) -> &'static [(&'static str, &'static str)] {
    match holds {
        FieldType::Uuid => &[("uuid", "uuid4")],
        FieldType::DateTime | FieldType::Date => &[("datetime", "UTC"), ("datetime", "datetime")],
        FieldType::TimeDelta => &[("datetime", "timedelta")],
        FieldType::Decimal => &[("decimal", "Decimal")],
        FieldType::Str
        | FieldType::Int
        | FieldType::Float
        | FieldType::Bool
        | FieldType::Bytes
        | FieldType::Object
        | FieldType::Literal(_)
        | FieldType::Class(_)
        | FieldType::Tuple(_)
        | FieldType::List(_)
        | FieldType::Map(..)
        | FieldType::Constrained(..)
        | FieldType::Optional(_) => &[],
    }
}

/// More items than this are no sample any more.
const MOST_ITEMS: usize = 16;

fn repeated(
    item: &FieldType,
    count: usize,
    bounds: &Bounds,
    shapes: &BTreeMap<ClassPath, Shape>,
    used: &mut Sample,
    depth: usize,
) -> Option<Code> {
    if count > MOST_ITEMS {
        return None;
    }
    let items: Option<Vec<Code>> =
        (0..count).map(|_| value(item, bounds, shapes, used, depth)).collect();
    Some(Code::join(&items?, ", "))
}

/// A text of a length that the bounds allow.
fn text(bounds: &Bounds) -> Option<String> {
    const USUAL: &str = "sample";
    let longest = bounds.longest.unwrap_or(usize::MAX);
    let length = USUAL.len().clamp(bounds.shortest, longest.max(bounds.shortest));
    (length <= 200 && length <= longest).then(|| USUAL.chars().cycle().take(length).collect())
}

#[expect(clippy::cast_possible_truncation, reason = "the bounds checked are those of exact whole floats")]
fn whole(number: f64) -> Option<Code> {
    let exact = number.fract() == 0.0 && number.abs() < 9e15;
    exact.then(|| Code::int(number as i128))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_fits_where_its_type_is_accepted() {
        assert!(fits("UUID", "UUID"));
        assert!(fits("UUID", "UUID | None"));
        assert!(fits("int", "float"));
        assert!(fits("str", "Annotated[str, Field(min_length=1)]"));
        assert!(fits("Annotated[str, Field(description=\"a, b\")] | None", "str | None"));
        assert!(fits("dict[str, int | None]", "dict[str, int | None]"));
        assert!(!fits("UUID | None", "UUID"));
        assert!(!fits("float", "int"));
    }

    #[test]
    fn numbers_satisfy_their_bounds() {
        let bounds = |low, above, high, below, multiple_of| {
            Bounds { low, above, high, below, multiple_of, ..Bounds::default() }.number()
        };
        assert_eq!(bounds(None, None, None, None, None), Some(1.0));
        assert_eq!(bounds(Some(5.0), None, None, None, None), Some(5.0));
        assert_eq!(bounds(None, Some(5.0), None, Some(6.0), None), Some(5.5));
        assert_eq!(bounds(None, None, Some(-3.0), None, Some(2.0)), Some(-4.0));
        assert_eq!(bounds(Some(2.0), None, Some(1.0), None, None), None);
    }

    #[test]
    fn texts_have_a_length_that_is_allowed() {
        let of = |shortest, longest| text(&Bounds { shortest, longest, ..Bounds::default() });
        assert_eq!(of(0, None).as_deref(), Some("sample"));
        assert_eq!(of(0, Some(3)).as_deref(), Some("sam"));
        assert_eq!(of(8, None).as_deref(), Some("samplesa"));
        assert_eq!(of(4, Some(2)), None);
    }
}

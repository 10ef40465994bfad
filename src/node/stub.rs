//! What a stub can do by itself: events built from the fields of the incoming one, and sample values for tests.
//!
//! A stub is useful on day one when it moves data: a field of an output is filled from the field of the same
//! name and a fitting type. What cannot be filled is left to the user, with its type.

use std::collections::{BTreeMap, BTreeSet};

use super::{Argument, ClassPath, Field, FieldType, Model, Recipe, Sample, models};
use crate::python::module::ClassField;
use crate::python::{Code, Identifier, StrLiteral, py};

/// The fields of a class as far as building a value needs to know them.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// How the contract imports it; other models import it from its file.
    class: ClassPath,
    /// Whether the fields are known at all.
    is_known: bool,
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
    /// Whether a test can fill the field, so that a stub may read it.
    readable: bool,
}

impl Shape {
    /// Of a model that we write.
    pub(super) fn of_model(model: &Model) -> Self {
        let known = |field: &Field| KnownField {
            name: field.name.clone(),
            annotation: spelt(&field.holds),
            optional: field.default.is_some(),
            readable: true,
        };
        Self {
            class: model.class.clone(),
            is_known: true,
            fields: model.fields.iter().map(known).collect(),
            planned: Some(model.fields.clone()),
        }
    }

    /// Of a class that is there already.
    ///
    /// Inherited fields are not seen; a class with a base of its own is therefore not built by a stub.
    pub(super) fn of_standing(class: ClassPath, fields: &[ClassField]) -> Self {
        let known = |field: &ClassField| {
            Some(KnownField {
                name: Identifier::parse(&field.name.value).ok()?,
                annotation: field.annotation.clone(),
                optional: field.has_default,
                readable: field.has_default || standing_value(&field.annotation).is_some(),
            })
        };
        let fields = fields.iter().filter_map(known).collect();
        Self { class, is_known: true, fields, planned: None }
    }

    /// Of a class of which nothing is known.
    pub(super) fn unknown(class: ClassPath) -> Self {
        Self { class, is_known: false, fields: Vec::new(), planned: None }
    }
}

/// How to build `class` from an incoming event of a known shape.
pub(super) fn recipe(class: &ClassPath, shape: Option<&Shape>, incoming: Option<&Shape>) -> Recipe {
    let argument = |field: &KnownField| {
        let source = incoming.and_then(|shape| {
            shape.fields.iter().find(|source| source.name == field.name && source.readable)
        });
        match source {
            Some(source) if fits(&source.annotation, &field.annotation) => {
                Some(Argument { name: field.name.clone(), missing: None })
            }
            _ if field.optional => None,
            Some(_) | None => {
                Some(Argument { name: field.name.clone(), missing: Some(field.annotation.clone()) })
            }
        }
    };
    let known = shape.filter(|shape| shape.is_known);
    let arguments = known.map(|shape| shape.fields.iter().filter_map(argument).collect());
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
        FieldType::Class(class) | FieldType::Enum(class) => class.name.to_string(),
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
    let accepts =
        |part: &String| accepted.contains(part) || (part == "int" && accepted.contains("float"));
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

/// An expression that builds an instance of a class: a valid one, where all of its fields are known.
pub(super) fn sample(class: &ClassPath, shapes: &BTreeMap<ClassPath, Shape>) -> Sample {
    let mut sampler = Sampler { shapes, used: Sample::default(), depth: 0 };
    let code = sampler.instance(class);
    Sample { code, ..sampler.used }
}

/// Notes which fields of planned classes a test can fill: a stub must not read the others.
pub(super) fn note_readable(shapes: &mut BTreeMap<ClassPath, Shape>) {
    let known = shapes.clone();
    for shape in shapes.values_mut() {
        let planned = shape.planned.iter().flatten();
        for (known_field, field) in shape.fields.iter_mut().zip(planned) {
            let mut sampler = Sampler { shapes: &known, used: Sample::default(), depth: 0 };
            known_field.readable = field.default.is_some() || sampler.argument(field).is_some();
        }
    }
}

/// Models nest; a chain deeper than this is left to the user.
const DEEPEST: usize = 8;

/// Puts a sample together, and keeps what it needs.
struct Sampler<'a> {
    shapes: &'a BTreeMap<ClassPath, Shape>,
    used: Sample,
    depth: usize,
}

impl Sampler<'_> {
    /// An instance of a class. One whose fields are not known, or cannot be filled, is made without validation.
    fn instance(&mut self, class: &ClassPath) -> Code {
        let shape = self.shapes.get(class);
        self.used.classes.insert(shape.map_or(class, |shape| &shape.class).clone());
        let Some(shape) = shape else { return self.unvalidated(class, &[]) };
        let Some(planned) = &shape.planned else {
            let arguments = self.standing_arguments(shape);
            return self.unvalidated(class, &arguments);
        };
        let required: Vec<&Field> = planned.iter().filter(|f| f.default.is_none()).collect();
        let arguments: Vec<Code> =
            required.iter().filter_map(|field| self.argument(field)).collect();
        if arguments.len() == required.len() {
            py!("{}({})", class.name, Code::join(&arguments, ", "))
        } else {
            self.unvalidated(class, &arguments)
        }
    }

    /// `name=value`; nothing where no value can be found.
    fn argument(&mut self, field: &Field) -> Option<Code> {
        let before = self.used.clone();
        let Some(value) = self.value(&field.holds, &field.constraints) else {
            self.used = before;
            return None;
        };
        Some(py!("{}={}", field.name, value))
    }

    /// The fields that a stub may read of a class that is there already: its constraints are not known.
    fn standing_arguments(&mut self, shape: &Shape) -> Vec<Code> {
        let mut arguments = Vec::new();
        for field in shape.fields.iter().filter(|field| !field.optional) {
            if let Some((value, names)) = standing_value(&field.annotation) {
                self.used.names.extend(names);
                arguments.push(py!("{}={}", field.name, value));
            }
        }
        arguments
    }

    fn unvalidated(&mut self, class: &ClassPath, arguments: &[Code]) -> Code {
        self.used.unvalidated = true;
        self.used.foreign |= self.depth > 0 && self.shapes.get(class).is_none_or(|s| !s.is_known);
        let class = py!("{}", class.name);
        let all: Vec<Code> = std::iter::once(&class).chain(arguments).cloned().collect();
        py!("unvalidated({})", Code::join(&all, ", "))
    }

    /// A value of a type that satisfies its constraints; nothing where none can be found.
    fn value(&mut self, holds: &FieldType, constraints: &[(Identifier, Code)]) -> Option<Code> {
        if let Some(bounded) = self.bounded_moment(holds, constraints) {
            return bounded;
        }
        let bounds = Bounds::of(constraints);
        self.used.names.extend(names(holds));
        Some(match holds {
            FieldType::Optional(_) => Code::of("None"),
            FieldType::Str => py!("{}", StrLiteral::new(&text(&bounds)?)),
            FieldType::Int => whole(bounds.number()?)?,
            FieldType::Float => Code::float(bounds.number()?)?,
            FieldType::Decimal => decimal(bounds.number()?),
            FieldType::Bool => Code::of("True"),
            FieldType::Bytes => py!("b{}", StrLiteral::new(&text(&bounds)?)),
            FieldType::Uuid => Code::of("uuid4()"),
            FieldType::DateTime => Code::of("datetime.now(UTC)"),
            FieldType::Date => Code::of("datetime.now(UTC).date()"),
            FieldType::TimeDelta => Code::of("timedelta(seconds=1)"),
            FieldType::Object => Code::of("{}"),
            FieldType::Literal(values) => values.first()?.clone(),
            // A model of the project may be called as if it were an enumeration.
            FieldType::Enum(class) if self.shapes.get(class).is_none_or(|s| !s.is_known) => {
                self.used.classes.insert(class.clone());
                py!("next(iter({}))", class.name)
            }
            FieldType::Class(class) | FieldType::Enum(class) => self.nested(class)?,
            FieldType::Tuple(item) => {
                let items = self.items(item, bounds.shortest)?;
                let comma = if bounds.shortest == 1 { Code::of(",") } else { Code::default() };
                py!("({}{})", Code::join(&items, ", "), comma)
            }
            FieldType::List(item) => {
                py!("[{}]", Code::join(&self.items(item, bounds.shortest)?, ", "))
            }
            FieldType::Map(key, item) => {
                let keys = self.keys(key, bounds.shortest)?;
                let items = self.items(item, bounds.shortest)?;
                let entry = |(key, item): (&Code, &Code)| py!("{}: {}", key, item);
                let entries: Vec<Code> = keys.iter().zip(&items).map(entry).collect();
                py!("{{{}}}", Code::join(&entries, ", "))
            }
            FieldType::Constrained(inner, constraints) => self.value(inner, constraints)?,
        })
    }

    fn nested(&mut self, class: &ClassPath) -> Option<Code> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let code = self.instance(class);
        self.depth -= 1;
        Some(code)
    }

    fn items(&mut self, item: &FieldType, count: usize) -> Option<Vec<Code>> {
        if count > MOST_ITEMS {
            return None;
        }
        (0..count).map(|_| self.value(item, &[])).collect()
    }

    /// So many different keys.
    fn keys(&mut self, key: &FieldType, count: usize) -> Option<Vec<Code>> {
        if count > MOST_ITEMS {
            return None;
        }
        match key {
            FieldType::Str if count > 1 => {
                let key = |number| py!("{}", StrLiteral::new(&format!("sample{number}")));
                Some((1..=count).map(key).collect())
            }
            FieldType::Int => {
                (1..=count).map(|number| i128::try_from(number).ok().map(Code::int)).collect()
            }
            FieldType::Literal(values) => {
                (values.len() >= count).then(|| values.iter().take(count).cloned().collect())
            }
            FieldType::Uuid => self.items(key, count),
            other => {
                if count > 1 {
                    None
                } else {
                    self.items(other, count)
                }
            }
        }
    }

    /// A time on the right side of its bounds: they are expressions, and so is what lies beside them. Nothing for
    /// what is no time or has no bounds.
    #[expect(
        clippy::option_option,
        reason = "a time whose bounds cannot be used is not one without bounds"
    )]
    fn bounded_moment(
        &mut self,
        holds: &FieldType,
        constraints: &[(Identifier, Code)],
    ) -> Option<Option<Code>> {
        let (name, step) = match holds {
            FieldType::Date => ("date", "days=1"),
            FieldType::DateTime => ("datetime", "microseconds=1"),
            FieldType::TimeDelta => ("timedelta", "microseconds=1"),
            FieldType::Str
            | FieldType::Int
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
            | FieldType::Optional(_) => return None,
        };
        let bound = |wanted: &str| {
            let found = constraints.iter().find(|(name, _)| name.as_str() == wanted);
            found.map(|(_, code)| code)
        };
        let beside = Code::of(step);
        let at = bound("ge").or(bound("le"));
        let (bound, code) = match (at, bound("gt"), bound("lt")) {
            (Some(at), _, _) => (at, at.clone()),
            (None, Some(low), _) => (low, py!("{} + timedelta({})", low, beside)),
            (None, None, Some(high)) => (high, py!("{} - timedelta({})", high, beside)),
            (None, None, None) => return None,
        };
        // In its model the type may have a second name, which a test knows nothing of.
        if !bound.as_str().starts_with(name) {
            return Some(None);
        }
        self.used.names.insert(("datetime", name));
        if at.is_none() {
            self.used.names.insert(("datetime", "timedelta"));
        }
        Some(Some(code))
    }
}

/// A value for an annotation that somebody else wrote, and the names that it needs.
fn standing_value(annotation: &str) -> Option<(Code, &'static [(&'static str, &'static str)])> {
    let alternatives = split_union(annotation);
    if alternatives.len() > 1 {
        return alternatives.contains(&"None").then(|| (Code::of("None"), [].as_slice()));
    }
    let kind = bare(annotation);
    let head = kind.split('[').next().unwrap_or_default();
    let (value, holds) = match head {
        "str" => ("\"sample\"", FieldType::Str),
        "int" => ("1", FieldType::Int),
        "float" => ("1.0", FieldType::Float),
        "bool" => ("True", FieldType::Bool),
        "UUID" => ("uuid4()", FieldType::Uuid),
        "bytes" => ("b\"sample\"", FieldType::Bytes),
        "datetime" => ("datetime.now(UTC)", FieldType::DateTime),
        "date" => ("datetime.now(UTC).date()", FieldType::Date),
        "timedelta" => ("timedelta(seconds=1)", FieldType::TimeDelta),
        "Decimal" => ("Decimal(1)", FieldType::Decimal),
        "tuple" => ("()", FieldType::Object),
        "list" => ("[]", FieldType::Object),
        "dict" => ("{}", FieldType::Object),
        _ => return None,
    };
    Some((Code::of(value), names(&holds)))
}

/// The constraints of a field, as numbers.
#[derive(Clone, Debug, Default)]
struct Bounds {
    low: Option<f64>,
    above: Option<f64>,
    high: Option<f64>,
    below: Option<f64>,
    multiple_of: Option<f64>,
    shortest: usize,
    longest: Option<usize>,
    pattern: Option<String>,
}

impl Bounds {
    fn of(constraints: &[(Identifier, Code)]) -> Self {
        let mut bounds = Self::default();
        for (name, code) in constraints {
            let number = number(code);
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
                _ => bounds.pattern = StrLiteral::value(code),
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

/// The number that a bound is: `5`, `0.5` or `Decimal("0.5")`.
fn number(bound: &Code) -> Option<f64> {
    let text = bound.as_str();
    let inner = text.strip_prefix("Decimal(").and_then(|rest| rest.strip_suffix(')'));
    inner.unwrap_or(text).trim_matches('"').replace('_', "").parse().ok()
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
        | FieldType::Enum(_)
        | FieldType::Tuple(_)
        | FieldType::List(_)
        | FieldType::Map(..)
        | FieldType::Constrained(..)
        | FieldType::Optional(_) => &[],
    }
}

/// More items than this are no sample any more.
const MOST_ITEMS: usize = 16;

/// A text of a length that the bounds allow, which matches their pattern.
fn text(bounds: &Bounds) -> Option<String> {
    const USUAL: &str = "sample";
    let longest = bounds.longest.unwrap_or(usize::MAX);
    if let Some(pattern) = &bounds.pattern {
        return models::matching(pattern, bounds.shortest, longest);
    }
    let length = USUAL.len().clamp(bounds.shortest, longest.max(bounds.shortest));
    (length <= 200 && length <= longest).then(|| USUAL.chars().cycle().take(length).collect())
}

/// `Decimal(1)`; text only for what a whole number cannot say.
fn decimal(number: f64) -> Code {
    match whole(number) {
        Some(number) => py!("Decimal({})", number),
        None => py!("Decimal({})", StrLiteral::new(&number.to_string())),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the bounds checked are those of exact whole floats"
)]
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

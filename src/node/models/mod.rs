//! `definitions` -> [`Model`]s with typed fields.
//!
//! In: one [`Definition`] of a contract, and where the classes live that it may name. Out: [`Field`]s that
//! pydantic accepts, with everything that it would refuse said as a diagnostic at its place. Knows nothing
//! of files and nothing of how a model is written down: [`crate::render`] does that.
//!
mod constraint;
mod cycles;
mod default;
mod moment;
mod names;
mod pattern;
mod schema;
#[cfg(test)]
mod testing;

use std::collections::{BTreeMap, BTreeSet};

use super::{ClassPath, Extra, Field, FieldType, Model, naming};
use crate::contract::{Definition, FieldDefinition};
use crate::diagnostic::{Diagnostic, guess, nearest};
use crate::python::{DottedPath, Identifier};
use crate::source::{SourceFile, Span, Spanned};

pub use cycles::{Circles, circles, references};
pub use names::{TypeNames, is_taken};
pub(super) use pattern::sample as matching;

/// The name of a field, where Python and pydantic both accept it.
///
/// # Errors
/// Why it is none, and what to do about it.
pub fn field_name(text: &str) -> Result<Identifier, (String, String)> {
    names::field_name(text).map_err(|refused| (refused.reason, refused.help))
}

/// The classes that definitions may name, each with the module that another model imports it from.
///
/// For a model of the project that is the file of the class, not a package that passes it on: the package
/// imports its models, and would be imported by them half-made. A class may stand under several names, such as
/// its key in `definitions`.
pub type Classes = BTreeMap<String, ClassPath>;

/// The model that a definition describes.
#[must_use]
pub fn model_of(
    definition: &Definition,
    class: ClassPath,
    module: DottedPath,
    classes: &Classes,
    file: &SourceFile,
    diagnostics: &mut Vec<Diagnostic>,
) -> Model {
    let described = definition.description.as_ref().map(|text| text.value.trim());
    let description = described.filter(|text| !text.is_empty()).map(str::to_owned);
    Model {
        description: description.unwrap_or_else(|| spoken(&class.name)),
        fields: fields_of(definition, classes, file, diagnostics),
        frozen: is_frozen(definition),
        extra: extra_of(definition, file, diagnostics),
        defined: true,
        circle: BTreeSet::new(),
        file: module,
        class,
    }
}

/// The fields of a definition, in its order. A field that cannot be had is left out, and its reason reported.
#[must_use]
pub fn fields_of(
    definition: &Definition,
    classes: &Classes,
    file: &SourceFile,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Field> {
    let given = definition.fields.as_deref().unwrap_or_default();
    let mut reader = Reader {
        file,
        classes,
        frozen: is_frozen(definition),
        names: TypeNames::beside(given.iter().map(|field| field.name.value.as_str())),
        subject: format!("`{}`", definition.name.value),
        required: definition.required.iter().map(|name| (name.value.clone(), name.span)).collect(),
        used: BTreeMap::new(),
        diagnostics,
    };
    reader.check_required(definition, given);
    let fields: Vec<Field> =
        given.iter().filter_map(|field| reader.field(definition, field)).collect();
    reader.check_class_names(definition, given);
    fields
}

/// What the model does with fields that it does not know.
fn extra_of(
    definition: &Definition,
    file: &SourceFile,
    diagnostics: &mut Vec<Diagnostic>,
) -> Extra {
    let Some(extra) = &definition.extra else { return Extra::Forbid };
    match extra.value.as_str() {
        "forbid" => Extra::Forbid,
        "ignore" => Extra::Ignore,
        "allow" => Extra::Allow,
        other => {
            let message = format!("`extra` of `{}` is `{other}`", definition.name.value);
            diagnostics.push(
                Diagnostic::error("invalid-extra", file, extra.span, message)
                    .label("not one of `forbid`, `ignore`, `allow`")
                    .help(format!("write `extra: {}`", nearest_or(other, &EXTRAS, "forbid"))),
            );
            Extra::Forbid
        }
    }
}

const EXTRAS: [&str; 3] = ["forbid", "ignore", "allow"];

fn nearest_or<'a>(word: &str, candidates: &[&'a str], otherwise: &'a str) -> &'a str {
    nearest(word, candidates.iter().copied()).unwrap_or(otherwise)
}

fn is_frozen(definition: &Definition) -> bool {
    definition.frozen.as_ref().is_none_or(|frozen| frozen.value)
}

/// What the module of a generated model says of itself.
pub const GENERATED: &str =
    "Generated from the `definitions` of the contract: a change belongs there, not here.";

/// Whether the text of a module says that it is a generated model, however its lines are wrapped.
#[must_use]
pub fn is_generated(text: &str) -> bool {
    let docstring = text.split("\"\"\"").nth(1).unwrap_or_default();
    let words: Vec<&str> = docstring.split_whitespace().collect();
    words.join(" ").ends_with(GENERATED)
}

/// A class name in words: `Order placed event` of `ModelOrderPlacedEvent`.
#[must_use]
pub fn spoken(class: &Identifier) -> String {
    let snake = naming::snake(class.as_str());
    let words = snake.strip_prefix("model_").unwrap_or(&snake).replace('_', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => class.to_string(),
    }
}

/// What is needed while the fields of one definition are read.
struct Reader<'a> {
    file: &'a SourceFile,
    classes: &'a Classes,
    /// A model that cannot change gets tuples where others get lists.
    frozen: bool,
    names: TypeNames,
    /// What messages are about: the model, or the field that is being read.
    subject: String,
    /// `required`.
    required: BTreeMap<String, Span>,
    /// The classes that the fields name, and where each is named first.
    used: BTreeMap<ClassPath, Span>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn error(&self, rule: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(rule, self.file, span, message)
    }

    fn warning(&self, rule: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(rule, self.file, span, message)
    }

    fn field(&mut self, definition: &Definition, field: &FieldDefinition) -> Option<Field> {
        let name = self.field_name(definition, field)?;
        self.subject = format!("field `{name}` of `{}`", definition.name.value);
        let schema = &field.schema;
        let bare = self.bare(schema)?;
        let constraints = self.constraints(schema, &bare);
        let holds = if schema::is_nullable(schema) { schema::optional(bare) } else { bare };
        let default = self.default(schema, &holds);
        self.check_presence(field);
        let text = |text: &Spanned<String>| text.value.trim().to_owned();
        Some(Field {
            name,
            holds,
            default,
            constraints,
            description: schema.description.as_ref().map(text).unwrap_or_default(),
            validations: schema.validations.iter().map(text).collect(),
        })
    }

    fn field_name(
        &mut self,
        definition: &Definition,
        field: &FieldDefinition,
    ) -> Option<Identifier> {
        let text = &field.name.value;
        match names::field_name(text) {
            Ok(name) => Some(name),
            Err(refused) => {
                let message = format!(
                    "`{}` cannot have a field `{}`: {}",
                    definition.name.value, text, refused.reason
                );
                let found = self.error("invalid-field-name", field.name.span, message);
                self.report(found.help(refused.help));
                None
            }
        }
    }

    /// Names in `required` that no field has.
    fn check_required(&mut self, definition: &Definition, given: &[FieldDefinition]) {
        let names: BTreeSet<&str> = given.iter().map(|field| field.name.value.as_str()).collect();
        for required in &definition.required {
            if names.contains(required.value.as_str()) {
                continue;
            }
            let message =
                format!("{} requires `{}`, which is no field of it", self.subject, required.value);
            let help = match guess(self.diagnostics, &required.value, names.iter().copied()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => "add it to `properties`, or take it out of `required`".to_owned(),
            };
            let found = self.error("unknown-required-field", required.span, message).help(help);
            self.report(found);
        }
    }

    /// Whether `required` and the default of a field go together.
    fn check_presence(&mut self, field: &FieldDefinition) {
        let schema = &field.schema;
        let default = schema.default.as_ref().map(|default| default.span);
        let default = default.or(schema.default_factory.as_ref().map(|factory| factory.span));
        let name = &field.name.value;
        match (self.required.get(name).copied(), default) {
            (Some(listed), Some(default)) => {
                let message = format!("{} is required, and has a default", self.subject);
                let found = self.error("required-with-default", default, message);
                let found = found.label("the default").related(listed, "required here");
                self.report(
                    found.help(format!("take `{name}` out of `required`, or drop its default")),
                );
            }
            (None, None) if !self.required.is_empty() => {
                let message = format!(
                    "{} is not in `required`, yet it has to be given: it has no default",
                    self.subject
                );
                let found = self.warning("optional-without-default", field.name.span, message);
                self.report(found.help(format!(
                    "add `{name}` to `required`, or give it a default, such as `nullable: true` with `default: null`"
                )));
            }
            (Some(_), None) | (None, Some(_) | None) => {}
        }
    }

    /// Classes whose names cannot stand beside each other, or beside a field, in one module.
    fn check_class_names(&mut self, definition: &Definition, given: &[FieldDefinition]) {
        let model = self.classes.get(&definition.name.value).cloned();
        let mut first: BTreeMap<Identifier, (ClassPath, Span)> = BTreeMap::new();
        for (class, span) in std::mem::take(&mut self.used) {
            let name = class.name.clone();
            if let Some(field) = given.iter().find(|field| field.name.value == name.as_str()) {
                let message = format!("the field `{name}` hides the class of the same name");
                let found = self.error("name-clash", field.name.span, message);
                self.report(found.related(span, "the class is used here").help("rename the field"));
            }
            if name.as_str() == definition.name.value && model.as_ref() != Some(&class) {
                let message = format!(
                    "`{name}` of `{}` has the name of the model that uses it",
                    class.module
                );
                let found = self.error("name-clash", span, message);
                self.report(found.help("rename the model"));
            }
            if let Some((other, at)) = first.get(&name) {
                let message = format!(
                    "`{name}` stands for a class of `{}` and for one of `{}`",
                    other.module, class.module
                );
                let found = self.error("name-clash", span, message);
                let help = "a model can use only one of them; rename the other, or keep it in a model of its own";
                self.report(found.related(*at, "the other one").help(help));
            } else {
                first.insert(name, (class, span));
            }
        }
    }
}

impl FieldType {
    /// The word of the contract's vocabulary for the type.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Str => "string",
            Self::Int => "integer",
            Self::Float => "float",
            Self::Bool => "boolean",
            Self::Bytes => "bytes",
            Self::Uuid => "uuid",
            Self::DateTime => "datetime",
            Self::Date => "date",
            Self::TimeDelta => "duration",
            Self::Decimal => "decimal",
            Self::Object => "any",
            Self::Tuple(_) | Self::List(_) => "array",
            Self::Map(..) => "object",
            Self::Literal(_) | Self::Enum(_) => "enum",
            Self::Class(_) => "ref",
            Self::Constrained(inner, _) | Self::Optional(inner) => inner.word(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{Sample, sample};
    use super::*;
    use crate::diagnostic::Severity;
    use crate::node::Default;

    /// One model with one field, which is described by this JSON.
    fn one(schema: &str) -> Sample {
        sample(&format!(
            r#"{{"ModelA": {{"properties": {{"f": {schema}}}}}, "ModelB": {{"properties": {{}}}}}}"#
        ))
    }

    fn field(schema: &str) -> Field {
        let (mut fields, diagnostics) = one(schema).fields();
        assert!(diagnostics.is_empty(), "{schema}: {diagnostics:?}");
        fields.remove(0)
    }

    /// The only finding, with the text that it points at.
    fn finding(schema: &str) -> (Diagnostic, String) {
        let sample = one(schema);
        let (_, mut diagnostics) = sample.fields();
        assert_eq!(diagnostics.len(), 1, "{schema}: {diagnostics:?}");
        let found = diagnostics.remove(0);
        assert!(found.help.is_some(), "{schema} needs a next step");
        let place = sample.file.slice(found.primary.span).to_owned();
        (found, place)
    }

    fn default(schema: &str) -> String {
        match field(schema).default {
            Some(Default::Value(code)) => code.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn every_word_has_its_type() {
        for (word, holds) in [
            ("string", FieldType::Str),
            ("str", FieldType::Str),
            ("integer", FieldType::Int),
            ("int", FieldType::Int),
            ("float", FieldType::Float),
            ("number", FieldType::Float),
            ("boolean", FieldType::Bool),
            ("bool", FieldType::Bool),
            ("uuid", FieldType::Uuid),
            ("datetime", FieldType::DateTime),
            ("date", FieldType::Date),
            ("duration", FieldType::TimeDelta),
            ("timedelta", FieldType::TimeDelta),
            ("decimal", FieldType::Decimal),
            ("bytes", FieldType::Bytes),
            ("any", FieldType::Object),
            ("object", FieldType::Map(FieldType::Str.into(), FieldType::Object.into())),
            ("map", FieldType::Map(FieldType::Str.into(), FieldType::Object.into())),
            ("dict", FieldType::Map(FieldType::Str.into(), FieldType::Object.into())),
        ] {
            assert_eq!(field(&format!(r#"{{"type": "{word}"}}"#)).holds, holds, "{word}");
        }
    }

    #[test]
    fn parts_have_types_and_constraints_of_their_own() {
        let holds = field(
            r#"{"type": "array", "items": {"type": "string", "min_length": 1, "nullable": true}}"#,
        )
        .holds;
        let constraint = (Identifier::ours("min_length"), crate::python::Code::int(1));
        let inner = FieldType::Constrained(FieldType::Str.into(), vec![constraint]);
        assert_eq!(holds, FieldType::Tuple(FieldType::Optional(inner.into()).into()));
        let holds =
            field(r#"{"type": "map", "key_type": "uuid", "value_type": {"items": "integer"}}"#)
                .holds;
        let tuple = FieldType::Tuple(FieldType::Int.into());
        assert_eq!(holds, FieldType::Map(FieldType::Uuid.into(), tuple.into()));
    }

    #[test]
    fn a_model_that_can_change_has_lists() {
        let sample = sample(
            r#"{"M": {"frozen": false, "properties": {"f": {"items": "integer", "default_factory": "list"}}}}"#,
        );
        let (fields, _) = sample.fields();
        assert_eq!(fields[0].holds, FieldType::List(FieldType::Int.into()));
        assert_eq!(fields[0].default, Some(Default::NewList));
    }

    #[test]
    fn classes_are_found_by_name_module_or_path() {
        let class = |schema: &str| match field(schema).holds {
            FieldType::Class(class) | FieldType::Enum(class) => {
                format!("{}:{}", class.module, class.name)
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(class(r#"{"type": "ref", "ref": "ModelB"}"#), "myapp.models.modelb:ModelB");
        assert_eq!(class(r#"{"type": "ModelB"}"#), "myapp.models.modelb:ModelB");
        assert_eq!(class(r#"{"ref": "lib.models.ModelC"}"#), "lib.models:ModelC");
        let given =
            r#"{"type": "enum", "enum_class": "EnumX", "module": "lib.enums", "enum": ["a"]}"#;
        assert_eq!(class(given), "lib.enums:EnumX");
    }

    #[test]
    fn defaults_are_expressions_of_the_fields_type() {
        for (schema, code) in [
            (r#"{"type": "string", "default": "a\"b"}"#, "'a\"b'"),
            (r#"{"type": "integer", "default": -3}"#, "-3"),
            (r#"{"type": "float", "default": 1}"#, "1.0"),
            (r#"{"type": "float", "default": 0.5}"#, "0.5"),
            (r#"{"type": "boolean", "default": true}"#, "True"),
            (r#"{"type": "bytes", "default": "ab"}"#, "b\"ab\""),
            (r#"{"type": "decimal", "default": 0.10}"#, "Decimal(\"0.10\")"),
            (r#"{"type": "decimal", "default": "12"}"#, "Decimal(12)"),
            (r#"{"type": "duration", "default": 30}"#, "timedelta(seconds=30)"),
            (r#"{"type": "date", "default": 2024-02-29}"#, "date.fromisoformat(\"2024-02-29\")"),
            (
                r#"{"type": "datetime", "default": "2024-01-31T12:00:00Z"}"#,
                "datetime.fromisoformat(\"2024-01-31T12:00:00Z\")",
            ),
            (
                r#"{"type": "uuid", "default": "123e4567-e89b-12d3-a456-426614174000"}"#,
                "UUID(\"123e4567-e89b-12d3-a456-426614174000\")",
            ),
            (r#"{"type": "string", "nullable": true, "default": null}"#, "None"),
            (r#"{"type": "string", "enum": ["a", "b"], "default": "b"}"#, "\"b\""),
            (r#"{"enum_class": "EnumX", "module": "m", "default": "b"}"#, "EnumX(\"b\")"),
            (r#"{"items": "string", "default": []}"#, "()"),
            (r#"{"items": "string", "default": ["a"]}"#, "(\"a\",)"),
            (r#"{"items": "uuid", "default_factory": "list"}"#, "()"),
            (r#"{"items": "object", "default": [{"a": 1}]}"#, "({\"a\": 1},)"),
            (r#"{"type": "map", "value_type": "float", "default": {"a": 1}}"#, "{\"a\": 1.0}"),
            (r#"{"type": "any", "default": [1, null]}"#, "[1, None]"),
        ] {
            assert_eq!(default(schema), code, "{schema}");
        }
        for (schema, expected) in [
            (r#"{"type": "map", "default": {}}"#, Default::NewDict),
            (r#"{"type": "object", "default_factory": "dict"}"#, Default::NewDict),
            (r#"{"type": "any", "default": []}"#, Default::NewList),
            (r#"{"type": "uuid", "default_factory": "uuid4"}"#, Default::Uuid4),
            (r#"{"type": "datetime", "default_factory": "utcnow"}"#, Default::Now),
            (r#"{"type": "datetime", "default_factory": "now"}"#, Default::Now),
        ] {
            assert_eq!(field(schema).default, Some(expected), "{schema}");
        }
    }

    #[test]
    fn wrong_defaults_are_refused_at_their_place() {
        for (schema, place) in [
            (r#"{"type": "string", "default": 5}"#, "5"),
            (r#"{"type": "string", "default": null}"#, "null"),
            (r#"{"type": "integer", "default": 1.5}"#, "1.5"),
            (r#"{"type": "integer", "default": true}"#, "true"),
            (r#"{"type": "boolean", "default": 1}"#, "1"),
            (r#"{"type": "uuid", "default": "abc"}"#, "\"abc\""),
            (r#"{"type": "date", "default": "2023-02-29"}"#, "\"2023-02-29\""),
            (
                r#"{"type": "datetime", "default": "2024-01-31T12:00:00"}"#,
                "\"2024-01-31T12:00:00\"",
            ),
            (r#"{"type": "bytes", "default": "é"}"#, "\"é\""),
            (r#"{"type": "string", "enum": ["a", "b"], "default": "c"}"#, "\"c\""),
            (r#"{"enum_class": "EnumX", "module": "m", "enum": ["a"], "default": "b"}"#, "\"b\""),
            (r#"{"items": "integer", "default": [1, "x"]}"#, "\"x\""),
            (r#"{"items": "integer", "default": 1}"#, "1"),
            (r#"{"ref": "ModelB", "default": {}}"#, "{}"),
            (r#"{"type": "any", "default": 2024-01-01}"#, "2024-01-01"),
            (r#"{"type": "integer", "ge": 1, "default": 0}"#, "0"),
            (r#"{"type": "integer", "multiple_of": 2, "default": 3}"#, "3"),
            (
                r#"{"type": "string", "nullable": true, "max_length": 2, "default": "abc"}"#,
                "\"abc\"",
            ),
            (r#"{"items": {"type": "string", "min_length": 2}, "default": ["ab", "c"]}"#, "\"c\""),
            (r#"{"items": "string", "min_length": 1, "default_factory": "list"}"#, "\"list\""),
            (r#"{"type": "date", "ge": 2024-01-02, "default": 2024-01-01}"#, "2024-01-01"),
            (r#"{"type": "string", "default_factory": "uuid4"}"#, "\"uuid4\""),
            (r#"{"type": "uuid", "default_factory": "os.system"}"#, "\"os.system\""),
            (r#"{"type": "any", "default": 1, "default_factory": "list"}"#, "\"list\""),
        ] {
            let (found, at) = finding(schema);
            assert_eq!((found.rule, at.as_str()), ("invalid-default", place), "{schema}");
        }
    }

    #[test]
    fn constraints_stand_in_one_order_and_in_the_fields_type() {
        let rendered = |schema: &str| {
            let constraints = field(schema).constraints;
            constraints
                .iter()
                .map(|(name, code)| format!("{name}={code}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(rendered(r#"{"type": "integer", "le": 9, "ge": 1.0}"#), "ge=1 le=9");
        assert_eq!(
            rendered(r#"{"type": "string", "pattern": "^\\d+$", "min_length": 1}"#),
            "min_length=1 pattern=\"^\\\\d+$\""
        );
        assert_eq!(rendered(r#"{"type": "decimal", "gt": 0.1}"#), "gt=Decimal(\"0.1\")");
        assert_eq!(rendered(r#"{"type": "duration", "lt": 2.5}"#), "lt=timedelta(seconds=2.5)");
        assert_eq!(
            rendered(r#"{"type": "string", "nullable": true, "max_length": 3}"#),
            "max_length=3"
        );
        assert_eq!(rendered(r#"{"type": "float", "multiple_of": 0.5}"#), "multiple_of=0.5");
        assert_eq!(rendered(r#"{"type": "decimal", "multiple_of": "0.05"}"#), "multiple_of=0.05");
    }

    #[test]
    fn constraints_that_pydantic_would_trip_over_are_refused() {
        for (schema, place) in [
            (r#"{"type": "integer", "min_length": 1}"#, "\"min_length\""),
            (r#"{"type": "boolean", "ge": 1}"#, "\"ge\""),
            (r#"{"type": "uuid", "pattern": "a"}"#, "\"pattern\""),
            (r#"{"type": "bytes", "pattern": "a"}"#, "\"pattern\""),
            (r#"{"type": "any", "max_length": 1}"#, "\"max_length\""),
            (r#"{"type": "duration", "multiple_of": 1}"#, "\"multiple_of\""),
            (r#"{"enum": ["a"], "min_length": 1}"#, "\"min_length\""),
            (r#"{"items": {"type": "integer", "pattern": "x"}}"#, "\"pattern\""),
            (r#"{"type": "integer", "ge": 0.5}"#, "0.5"),
            (r#"{"type": "integer", "ge": "1"}"#, "\"1\""),
            (r#"{"type": "integer", "multiple_of": 0}"#, "0"),
            (r#"{"type": "datetime", "ge": 2024-01-01}"#, "2024-01-01"),
            (r#"{"type": "integer", "ge": 5, "le": 4}"#, "\"le\""),
            (r#"{"type": "integer", "gt": 4, "le": 4}"#, "\"le\""),
            (r#"{"type": "string", "min_length": 5, "max_length": 4}"#, "\"max_length\""),
            (r#"{"anyOf": [{"type": "integer", "ge": 5}, {"type": "null"}], "ge": 6}"#, "\"ge\""),
        ] {
            let (found, at) = finding(schema);
            assert_eq!((found.rule, at.as_str()), ("invalid-constraint", place), "{schema}");
        }
        let (found, _) = finding(r#"{"type": "integer", "min_length": 1}"#);
        assert_eq!(
            found.message,
            "`min_length` does not apply to field `f` of `ModelA`, which is of type `integer`"
        );
    }

    #[test]
    fn bounds_may_stand_in_quotes_where_the_type_takes_them() {
        for (schema, limit) in [
            (r#"{"type": "decimal", "ge": "1.50"}"#, "Decimal(\"1.50\")"),
            (r#"{"type": "decimal", "lt": -2}"#, "Decimal(-2)"),
            (r#"{"type": "decimal", "multiple_of": "0.01"}"#, "0.01"),
            (r#"{"type": "date", "ge": 2024-02-29}"#, "date.fromisoformat(\"2024-02-29\")"),
            (r#"{"type": "date", "le": "2024-02-29"}"#, "date.fromisoformat(\"2024-02-29\")"),
            (
                r#"{"type": "datetime", "gt": "2024-01-31T12:00:00Z"}"#,
                "datetime.fromisoformat(\"2024-01-31T12:00:00Z\")",
            ),
            (r#"{"type": "duration", "le": 90}"#, "timedelta(seconds=90)"),
        ] {
            let constraints = field(schema).constraints;
            assert_eq!(constraints[0].1.as_str(), limit, "{schema}");
        }
        let (found, at) = finding(r#"{"type": "date", "ge": "2024-02-30"}"#);
        assert_eq!((found.rule, at.as_str()), ("invalid-constraint", "\"2024-02-30\""));
    }

    #[test]
    fn patterns_are_compiled_as_pydantic_compiles_them() {
        for (pattern, reason) in
            [("([", "unclosed"), ("(?!a)b", "look-around"), ("a\\\\Z", "escape sequence")]
        {
            let schema = format!(r#"{{"type": "string", "pattern": "{pattern}"}}"#);
            let (found, at) = finding(&schema);
            assert_eq!((found.rule, at), ("invalid-constraint", format!("\"{pattern}\"")));
            assert!(found.primary.text.contains(reason), "{:?}", found.primary);
            assert!(found.help.unwrap().contains("Rust"));
        }
        let (found, at) = finding(r#"{"type": "string", "pattern": "^\\d+$", "default": "abc"}"#);
        assert_eq!((found.rule, at.as_str()), ("invalid-default", "\"abc\""));
        assert_eq!(default(r#"{"type": "string", "pattern": "^\\d+$", "default": "1"}"#), "\"1\"");
    }

    #[test]
    fn types_that_cannot_be_had_are_named() {
        for (schema, rule, help) in [
            (r#"{"type": "strnig"}"#, "unknown-type", "`string`"),
            (r#"{"type": "ModelBB"}"#, "unknown-type", "`ModelB`"),
            (r#"{"type": "Widget"}"#, "unknown-type", "`definitions`"),
            (r#"{}"#, "missing-type", "`type: string`"),
            (r#"{"type": "enum"}"#, "incomplete-type", "`enum_class`"),
            (r#"{"type": "ref"}"#, "incomplete-type", "`ref`"),
            (r#"{"ref": "ModelBx"}"#, "unknown-class", "`ModelB`"),
            (r#"{"enum_class": "EnumX"}"#, "unknown-class", "`module`"),
            (
                r#"{"enum_class": "EnumX", "module": "a; import os"}"#,
                "invalid-name",
                "`myapp.enums`",
            ),
            (r#"{"enum_class": "Enum X", "module": "a"}"#, "invalid-name", "`EnumColor`"),
            (r#"{"enum_class": "Field", "module": "a"}"#, "name-clash", "rename"),
            (r#"{"enum_class": "f", "module": "a"}"#, "name-clash", "rename the field"),
            (r#"{"type": "string", "enum": ["a", true]}"#, "invalid-enum", "quote it: \"true\""),
            (r#"{"enum": ["a", "a"]}"#, "invalid-enum", "remove"),
            (r#"{"type": "map", "key_type": "object"}"#, "invalid-key-type", "`string`"),
            (r#"{"type": "map", "key_type": "ModelB"}"#, "invalid-key-type", "`string`"),
        ] {
            let (found, _) = finding(schema);
            assert_eq!(found.rule, rule, "{schema}");
            assert!(found.help.as_ref().unwrap().contains(help), "{schema}: {:?}", found.help);
        }
    }

    #[test]
    fn an_array_of_anything_is_a_warning_and_no_any() {
        let (found, place) = finding(r#"{"type": "array", "default_factory": "list"}"#);
        assert_eq!((found.severity, found.rule), (Severity::Warning, "untyped-array"));
        assert_eq!(place, "\"array\"");
        let (fields, _) = one(r#"{"type": "array"}"#).fields();
        assert_eq!(fields[0].holds, FieldType::Tuple(FieldType::Object.into()));
    }

    #[test]
    fn what_has_no_effect_is_said() {
        for schema in [
            r#"{"items": {"type": "string", "default": "x"}}"#,
            r#"{"type": "string", "items": "integer"}"#,
            r#"{"type": "array", "items": "string", "value_type": "integer"}"#,
        ] {
            assert_eq!(finding(schema).0.rule, "ignored-key", "{schema}");
        }
    }

    #[test]
    fn null_among_the_values_makes_a_field_nullable() {
        let holds = field(r#"{"enum": ["a", null, 1, true]}"#).holds;
        let FieldType::Optional(inner) = holds else { panic!("{holds:?}") };
        let FieldType::Literal(choices) = *inner else { panic!("{inner:?}") };
        assert_eq!(
            choices.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["\"a\"", "1", "True"]
        );
    }

    #[test]
    fn required_and_default_go_together_or_are_reported() {
        let sample = sample(
            r#"{"ModelA": {"required": ["a", "b", "ordr_id"], "properties": {
                "a": "string", "b": {"type": "string", "default": "x"}, "c": "string",
                "order_id": {"type": "uuid", "default_factory": "uuid4"}}}}"#,
        );
        let (fields, diagnostics) = sample.fields();
        assert_eq!(fields.len(), 4);
        let rules: Vec<&str> = diagnostics.iter().map(|found| found.rule).collect();
        assert_eq!(
            rules,
            ["unknown-required-field", "required-with-default", "optional-without-default"]
        );
        assert_eq!(diagnostics[0].help.as_deref(), Some("did you mean `order_id`?"));
        assert_eq!(sample.file.slice(diagnostics[1].primary.span), "\"x\"");
        assert_eq!(sample.file.slice(diagnostics[1].related[0].span), "\"b\"");
        assert_eq!(diagnostics[2].severity, Severity::Warning);
    }

    #[test]
    fn names_that_cannot_stand_beside_each_other_are_reported() {
        let sample = sample(
            r#"{"ModelA": {"properties": {"a": "string", "json": "string",
                "b": {"enum_class": "EnumX", "module": "one"}, "c": {"enum_class": "EnumX", "module": "two"},
                "d": {"enum_class": "ModelA", "module": "three"}, "e": {"ref": "ModelA"}}}}"#,
        );
        let (_, diagnostics) = sample.fields();
        let rules: Vec<&str> = diagnostics.iter().map(|found| found.rule).collect();
        // `ModelA` of `three` clashes with the model, and with the model's use of itself.
        assert_eq!(rules, ["invalid-field-name", "name-clash", "name-clash", "name-clash"]);
    }

    #[test]
    fn a_hidden_type_has_another_name_in_defaults() {
        let sample = sample(
            r#"{"ModelA": {"properties": {"date": {"type": "date", "nullable": true, "default": null},
                "due": {"type": "date", "default": 2024-01-01}}}}"#,
        );
        let (fields, _) = sample.fields();
        let Some(Default::Value(code)) = &fields[1].default else { panic!("{fields:?}") };
        assert_eq!(code.as_str(), "DateType.fromisoformat(\"2024-01-01\")");
    }

    #[test]
    fn a_model_has_everything_from_its_definition() {
        let sample = sample(
            r#"{"ModelOrderPlaced": {"frozen": false, "extra": "forbidd", "properties": {"a": "string"}}}"#,
        );
        let class = sample.classes["ModelOrderPlaced"].clone();
        let mut diagnostics = Vec::new();
        let definition = &sample.definitions[0];
        let module = class.module.clone();
        let model =
            model_of(definition, class, module, &sample.classes, &sample.file, &mut diagnostics);
        assert_eq!((model.description.as_str(), model.frozen), ("Order placed", false));
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].help.as_deref(), Some("write `extra: forbid`"));
    }
}

//! [`Schema`] -> [`FieldType`].

use std::collections::BTreeMap;

use super::Reader;
use crate::contract::yaml::{Kind, Scalar, Value};
use crate::contract::{Schema, Yaml};
use crate::diagnostic::guess;
use crate::node::{ClassPath, FieldType, reserved};
use crate::python::{Code, DottedPath, Identifier, StrLiteral, py};
use crate::source::{Span, Spanned};

/// Every word that a `type` may be, beside the names of classes.
const WORDS: [&str; 23] = [
    "any",
    "array",
    "bool",
    "boolean",
    "bytes",
    "date",
    "datetime",
    "decimal",
    "dict",
    "duration",
    "enum",
    "float",
    "int",
    "integer",
    "list",
    "map",
    "number",
    "object",
    "ref",
    "str",
    "string",
    "timedelta",
    "uuid",
];

/// The types that have no parts.
fn simple(word: &str) -> Option<FieldType> {
    Some(match word {
        "string" | "str" => FieldType::Str,
        "integer" | "int" => FieldType::Int,
        "float" | "number" => FieldType::Float,
        "boolean" | "bool" => FieldType::Bool,
        "bytes" => FieldType::Bytes,
        "uuid" => FieldType::Uuid,
        "datetime" => FieldType::DateTime,
        "date" => FieldType::Date,
        "duration" | "timedelta" => FieldType::TimeDelta,
        "decimal" => FieldType::Decimal,
        "any" => FieldType::Object,
        _ => return None,
    })
}

/// `T | None`; what admits everything admits `None` already.
pub(super) fn optional(inner: FieldType) -> FieldType {
    match inner {
        FieldType::Object | FieldType::Optional(_) => inner,
        other => FieldType::Optional(Box::new(other)),
    }
}

/// A class that is referred to without a word on what it is: the framework's enumerations begin with `Enum`.
fn of_class(class: ClassPath) -> FieldType {
    if class.name.as_str().starts_with("Enum") {
        FieldType::Enum(class)
    } else {
        FieldType::Class(class)
    }
}

/// Whether null is among the values.
pub(super) fn is_nullable(schema: &Schema) -> bool {
    let null = |choice: &Yaml| matches!(&choice.kind, Kind::Scalar(s) if s.value == Value::Null);
    schema.nullable.as_ref().is_some_and(|nullable| nullable.value)
        || schema.choices.iter().any(null)
}

/// A scalar as a literal that `Literal[...]` takes.
pub(super) fn choice(scalar: &Scalar) -> Option<Code> {
    match &scalar.value {
        Value::String => Some(py!("{}", StrLiteral::new(&scalar.text))),
        Value::Int(number) => Some(Code::int(*number)),
        Value::Bool(value) => Some(Code::boolean(*value)),
        Value::Null | Value::Float(_) | Value::Timestamp => None,
    }
}

/// What YAML took a value for, for a message.
pub(super) fn kind_of(value: &Yaml) -> &'static str {
    match &value.kind {
        Kind::Sequence(_) => "a list",
        Kind::Mapping(_) => "a mapping",
        Kind::Scalar(scalar) => match &scalar.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a float",
            Value::Timestamp => "a date",
            Value::String => "a string",
        },
    }
}

impl Reader<'_> {
    /// The type of an item, a key or a value: with its own constraints, and nullable where it says so.
    fn nested(&mut self, schema: &Schema) -> Option<FieldType> {
        let bare = self.bare(schema)?;
        let constraints = self.constraints(schema, &bare);
        self.warn_of_default(schema);
        let constrained = if constraints.is_empty() {
            bare
        } else {
            FieldType::Constrained(Box::new(bare), constraints)
        };
        Some(if is_nullable(schema) { optional(constrained) } else { constrained })
    }

    /// Only a field can be left out, and so only a field has a default.
    fn warn_of_default(&mut self, schema: &Schema) {
        let default = schema.default.as_ref().map(|default| default.span);
        let factory = schema.default_factory.as_ref().map(|factory| factory.span);
        if let Some(span) = default.or(factory) {
            let message = format!("the default of a part of {} has no effect", self.subject);
            let found = self.warning("ignored-key", span, message);
            self.report(found.help("give the field itself a default, or remove this one"));
        }
    }

    /// The type alone, without constraints, and without null.
    pub(super) fn bare(&mut self, schema: &Schema) -> Option<FieldType> {
        self.warn_of_parts(schema);
        let word = schema.kind.as_ref().map(|kind| kind.value.as_str());
        if let Some(class) = &schema.enum_class {
            return self.class_in(class, schema.module.as_ref()).map(FieldType::Enum);
        }
        if !schema.choices.is_empty() {
            return self.literal(schema);
        }
        if let Some(reference) = &schema.reference {
            return self.class_in(reference, schema.module.as_ref()).map(of_class);
        }
        match word {
            Some("array" | "list") => self.array(schema),
            Some("object" | "map" | "dict") => self.map(schema),
            Some("enum" | "ref") => {
                self.incomplete(schema);
                None
            }
            Some(word) => match simple(word) {
                Some(simple) => Some(simple),
                None => self.named_type(schema),
            },
            None if schema.items.is_some() => self.array(schema),
            None if schema.keys.is_some() || schema.values.is_some() => self.map(schema),
            None => {
                let message = format!("{} has no `type`", self.subject);
                let found = self.error("missing-type", schema.span, message);
                self.report(
                    found.help("add one, such as `type: string`; `type: any` takes everything"),
                );
                None
            }
        }
    }

    /// Parts that the type has no place for.
    fn warn_of_parts(&mut self, schema: &Schema) {
        let Some(kind) = &schema.kind else { return };
        let array = matches!(kind.value.as_str(), "array" | "list");
        let map = matches!(kind.value.as_str(), "object" | "map" | "dict");
        let parts = [
            ("items", schema.items.as_ref(), array),
            ("key_type", schema.keys.as_ref(), map),
            ("value_type", schema.values.as_ref(), map),
        ];
        for (key, part, fits) in parts {
            if let Some(part) = part.filter(|_| !fits) {
                let message =
                    format!("`{key}` has no effect: {} is of type `{}`", self.subject, kind.value);
                let found = self.warning("ignored-key", part.span, message);
                self.report(found.related(kind.span, "the type").help(format!(
                    "remove it, or write `type: {}`",
                    if key == "items" { "array" } else { "object" }
                )));
            }
        }
    }

    /// `enum` without values, `ref` without a class.
    fn incomplete(&mut self, schema: &Schema) {
        let is_enum = schema.kind.as_ref().is_some_and(|kind| kind.value == "enum");
        let (message, help) = if is_enum {
            (
                format!("{} is an enum without values", self.subject),
                "list them under `enum`, or name a class with `enum_class` and `module`",
            )
        } else {
            (
                format!("{} refers to no class", self.subject),
                "name a model of `definitions` with `ref`",
            )
        };
        let span = schema.kind.as_ref().map_or(schema.span, |kind| kind.span);
        let found = self.error("incomplete-type", span, message);
        self.report(found.help(help));
    }

    fn array(&mut self, schema: &Schema) -> Option<FieldType> {
        let item = match &schema.items {
            Some(items) => self.nested(items)?,
            None => {
                let message = format!("{} is an array of anything", self.subject);
                let span = schema.kind.as_ref().map_or(schema.span, |kind| kind.span);
                let found = self.warning("untyped-array", span, message);
                self.report(found.help("say what it holds, such as `item_type: string`"));
                FieldType::Object
            }
        };
        let item = Box::new(item);
        Some(if self.frozen { FieldType::Tuple(item) } else { FieldType::List(item) })
    }

    fn map(&mut self, schema: &Schema) -> Option<FieldType> {
        let key = match &schema.keys {
            Some(keys) => self.nested(keys).filter(|key| self.is_key(keys, key))?,
            None => FieldType::Str,
        };
        let value = match &schema.values {
            Some(values) => self.nested(values)?,
            None => FieldType::Object,
        };
        Some(FieldType::Map(Box::new(key), Box::new(value)))
    }

    fn is_key(&mut self, schema: &Schema, key: &FieldType) -> bool {
        let good = match key {
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
            | FieldType::Literal(_)
            | FieldType::Enum(_) => true,
            FieldType::Constrained(inner, _) => return self.is_key(schema, inner),
            FieldType::Object
            | FieldType::Tuple(_)
            | FieldType::List(_)
            | FieldType::Map(..)
            | FieldType::Class(_)
            | FieldType::Optional(_) => false,
        };
        if !good {
            let message = format!("the keys of {} cannot be of that type", self.subject);
            let found = self.error("invalid-key-type", schema.span, message);
            self.report(found.help("use `string`, `integer`, `uuid` or an enum"));
        }
        good
    }

    /// A list of values without a class.
    fn literal(&mut self, schema: &Schema) -> Option<FieldType> {
        let mut choices: Vec<Code> = Vec::new();
        let mut seen: BTreeMap<Code, Span> = BTreeMap::new();
        for value in &schema.choices {
            let Kind::Scalar(scalar) = &value.kind else {
                self.refuse_choice(schema, value);
                return None;
            };
            if scalar.value == Value::Null {
                continue;
            }
            let Some(code) = choice(scalar).filter(|_| fits(schema, scalar)) else {
                self.refuse_choice(schema, value);
                return None;
            };
            if let Some(first) = seen.insert(code.clone(), value.span) {
                let message = format!("{} lists {} twice", self.subject, code);
                let found = self.error("invalid-enum", value.span, message);
                self.report(found.related(first, "the first one").help("remove one of them"));
                return None;
            }
            choices.push(code);
        }
        if choices.is_empty() {
            self.incomplete(schema);
            return None;
        }
        Some(FieldType::Literal(choices))
    }

    fn refuse_choice(&mut self, schema: &Schema, value: &Yaml) {
        let kind = schema.kind.as_ref().map_or("enum", |kind| kind.value.as_str());
        let message = format!("{} lists {}, which it cannot be", self.subject, kind_of(value));
        let help = match (&value.kind, kind) {
            (Kind::Scalar(scalar), "string" | "str" | "enum") if scalar.plain => {
                format!("quote it: \"{}\"", scalar.text)
            }
            (_, "integer" | "int") => "write integers, or `type: string`".to_owned(),
            (_, "boolean" | "bool") => "write `true` or `false`".to_owned(),
            (_, "string" | "str" | "enum") => "write strings, integers or booleans".to_owned(),
            _ => "values can be listed for `string`, `integer`, `boolean` and `enum`".to_owned(),
        };
        let found = self.error("invalid-enum", value.span, message);
        self.report(found.help(help));
    }

    /// A `type` that is the name of a class.
    fn named_type(&mut self, schema: &Schema) -> Option<FieldType> {
        let kind = schema.kind.as_ref()?;
        let named = self.classes.contains_key(&kind.value);
        if named || schema.module.is_some() || kind.value.contains('.') {
            return self.class_in(kind, schema.module.as_ref()).map(of_class);
        }
        let message = format!("{} has the unknown type `{}`", self.subject, kind.value);
        let known = WORDS.into_iter().chain(self.classes.keys().map(String::as_str));
        let help = match guess(self.diagnostics, &kind.value, known) {
            Some(word) => format!("did you mean `{word}`?"),
            None if kind.value.starts_with(char::is_uppercase) => {
                format!("add `{}` to `definitions`, or say where it is with `module`", kind.value)
            }
            None => "the common types are string, integer, float, boolean, uuid, datetime, array, object"
                .to_owned(),
        };
        let found = self.error("unknown-type", kind.span, message);
        self.report(found.help(help));
        None
    }

    /// A class by its name: in the module given, in the dotted path that it is, or wherever it is known to be.
    fn class_in(
        &mut self,
        name: &Spanned<String>,
        module: Option<&Spanned<String>>,
    ) -> Option<ClassPath> {
        let class = match (module, name.value.rsplit_once('.')) {
            (Some(module), _) => {
                self.class_of(&module.value, module.span, &name.value, name.span)?
            }
            (None, Some((module, class))) => self.class_of(module, name.span, class, name.span)?,
            (None, None) => match self.classes.get(&name.value) {
                Some(class) => class.clone(),
                None => {
                    self.refuse_class(name);
                    return None;
                }
            },
        };
        // The framework's own classes are what generated code means by their names.
        let is_reserved =
            reserved::is_reserved(class.name.as_str()) && class.module.first() != "omnibase_core";
        if is_reserved || super::is_taken(class.name.as_str()) {
            let message = format!("{} cannot use a class `{}`", self.subject, class.name);
            let found = self.error("name-clash", name.span, message);
            self.report(
                found
                    .label("generated code uses that name for something else")
                    .help("rename the class"),
            );
            return None;
        }
        self.used.entry(class.clone()).or_insert(name.span);
        Some(class)
    }

    fn class_of(
        &mut self,
        module: &str,
        module_span: Span,
        class: &str,
        class_span: Span,
    ) -> Option<ClassPath> {
        let module_path = DottedPath::parse(module);
        let class_name = Identifier::parse(class);
        let (text, span, problem) = match (module_path, class_name) {
            (Ok(module), Ok(name)) => return Some(ClassPath { module, name }),
            (Err(problem), _) => (module, module_span, problem),
            (_, Err(problem)) => (class, class_span, problem),
        };
        let message = format!("`{text}` cannot be imported: it {problem}");
        let found = self.error("invalid-name", span, message);
        self.report(
            found.help("write a module such as `myapp.enums` and a class such as `EnumColor`"),
        );
        None
    }

    fn refuse_class(&mut self, name: &Spanned<String>) {
        let message = format!("{} refers to `{}`, which is not defined", self.subject, name.value);
        let help =
            match guess(self.diagnostics, &name.value, self.classes.keys().map(String::as_str)) {
                Some(known) => format!("did you mean `{known}`?"),
                None => "add it to `definitions`, or say where it is with `module`".to_owned(),
            };
        let found = self.error("unknown-class", name.span, message);
        self.report(found.help(help));
    }
}

/// Whether a listed value is of the `type` beside the list.
fn fits(schema: &Schema, scalar: &Scalar) -> bool {
    match schema.kind.as_ref().map(|kind| kind.value.as_str()) {
        None | Some("enum") => true,
        Some("string" | "str") => scalar.value == Value::String,
        Some("integer" | "int") => matches!(scalar.value, Value::Int(_)),
        Some("boolean" | "bool") => matches!(scalar.value, Value::Bool(_)),
        Some(_) => false,
    }
}

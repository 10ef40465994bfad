//! Definitions for tests, read from JSON, with true places.

use super::{Classes, fields_of};
use crate::contract::yaml::{Kind, Scalar, Value};
use crate::contract::{Constraint, Definition, FieldDefinition, Schema, Yaml};
use crate::diagnostic::Diagnostic;
use crate::node::{ClassPath, Field};
use crate::python::{DottedPath, Identifier};
use crate::source::{SourceFile, Span, Spanned};

/// Some definitions and what belongs to them.
pub(super) struct Sample {
    pub(super) file: SourceFile,
    pub(super) definitions: Vec<Definition>,
    pub(super) classes: Classes,
}

impl Sample {
    /// The fields of the first definition.
    pub(super) fn fields(&self) -> (Vec<Field>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let fields = fields_of(&self.definitions[0], &self.classes, &self.file, &mut diagnostics);
        (fields, diagnostics)
    }
}

/// Definitions by name. Every one of them lives in `myapp.models.<name in lower case>`.
pub(super) fn sample(json: &str) -> Sample {
    let file = SourceFile::new("contract.yaml", json);
    let mut reader = Json { text: json, at: 0 };
    let tree = reader.value();
    let definitions: Vec<Definition> =
        entries(&tree).iter().map(|(name, tree)| definition(name, tree)).collect();
    let place = |definition: &Definition| {
        let name = &definition.name.value;
        let module = DottedPath::parse(&format!("myapp.models.{}", name.to_lowercase())).unwrap();
        (name.clone(), ClassPath { module, name: Identifier::parse(name).unwrap() })
    };
    let classes = definitions.iter().map(place).collect();
    Sample { file, definitions, classes }
}

struct Json<'a> {
    text: &'a str,
    at: usize,
}

impl Json<'_> {
    fn peek(&mut self) -> char {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\n', ',', ':']).len();
        self.text[self.at..].chars().next().unwrap()
    }

    fn value(&mut self) -> Yaml {
        let first = self.peek();
        let start = self.at;
        let kind = match first {
            '{' => {
                self.at += 1;
                let mut entries = Vec::new();
                while self.peek() != '}' {
                    let key = self.value();
                    entries.push((key, self.value()));
                }
                self.at += 1;
                Kind::Mapping(entries)
            }
            '[' => {
                self.at += 1;
                let mut items = Vec::new();
                while self.peek() != ']' {
                    items.push(self.value());
                }
                self.at += 1;
                Kind::Sequence(items)
            }
            '"' => {
                let mut stream =
                    serde_json::Deserializer::from_str(&self.text[start..]).into_iter::<String>();
                let text = stream.next().unwrap().unwrap();
                self.at += stream.byte_offset();
                Kind::Scalar(Scalar { text, plain: false, value: Value::String })
            }
            _ => {
                let rest = &self.text[start..];
                let text = &rest[..rest.find([',', '}', ']', ' ', '\n']).unwrap()];
                self.at += text.len();
                Kind::Scalar(plain(text))
            }
        };
        let span = Span::new(u32::try_from(start).unwrap(), u32::try_from(self.at).unwrap());
        Yaml { span, kind }
    }
}

fn plain(text: &str) -> Scalar {
    let value = match text {
        "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ if text.parse::<i128>().is_ok() => Value::Int(text.parse().unwrap()),
        _ if text.parse::<f64>().is_ok() => Value::Float(text.parse().unwrap()),
        _ if text.starts_with("20") => Value::Timestamp,
        _ => Value::String,
    };
    Scalar { text: text.to_owned(), plain: true, value }
}

fn entries(tree: &Yaml) -> Vec<(Spanned<String>, Yaml)> {
    let Kind::Mapping(entries) = &tree.kind else { panic!("a mapping is wanted") };
    entries.iter().map(|(key, value)| (text(key), value.clone())).collect()
}

fn text(tree: &Yaml) -> Spanned<String> {
    let Kind::Scalar(scalar) = &tree.kind else { panic!("a scalar is wanted") };
    Spanned::new(scalar.text.clone(), tree.span)
}

fn texts(tree: &Yaml) -> Vec<Spanned<String>> {
    let Kind::Sequence(items) = &tree.kind else { panic!("a list is wanted") };
    items.iter().map(text).collect()
}

fn truth(tree: &Yaml) -> Spanned<bool> {
    text(tree).map(|text| text == "true")
}

fn definition(name: &Spanned<String>, tree: &Yaml) -> Definition {
    let mut definition = Definition {
        name: name.clone(),
        module: None,
        description: None,
        fields: None,
        required: Vec::new(),
        frozen: None,
        extra: None,
        span: tree.span,
    };
    for (key, value) in entries(tree) {
        match key.value.as_str() {
            "description" => definition.description = Some(text(&value)),
            "required" => definition.required = texts(&value),
            "frozen" => definition.frozen = Some(truth(&value)),
            "extra" => definition.extra = Some(text(&value)),
            "properties" => {
                let field = |(name, tree): (Spanned<String>, Yaml)| FieldDefinition {
                    name,
                    schema: schema(&tree),
                };
                definition.fields = Some(entries(&value).into_iter().map(field).collect());
            }
            other => panic!("{other} is no key of a definition"),
        }
    }
    definition
}

fn schema(tree: &Yaml) -> Schema {
    let mut schema = Schema { span: tree.span, ..Schema::default() };
    if matches!(tree.kind, Kind::Scalar(_)) {
        schema.kind = Some(text(tree));
        return schema;
    }
    for (key, value) in entries(tree) {
        let boxed = || Some(Box::new(self::schema(&value)));
        match key.value.as_str() {
            "type" => schema.kind = Some(text(&value)),
            "ref" => schema.reference = Some(text(&value)),
            "description" => schema.description = Some(text(&value)),
            "nullable" => schema.nullable = Some(truth(&value)),
            "default" => schema.default = Some(value),
            "default_factory" => schema.default_factory = Some(text(&value)),
            "items" => schema.items = boxed(),
            "key_type" => schema.keys = boxed(),
            "value_type" => schema.values = boxed(),
            "enum_class" => schema.enum_class = Some(text(&value)),
            "module" => schema.module = Some(text(&value)),
            "validation" => schema.validations = texts(&value),
            "enum" => {
                let Kind::Sequence(items) = value.kind else { panic!("a list is wanted") };
                schema.choices = items;
            }
            other => {
                let constraint = constraint(other);
                schema.constraints.push((Spanned::new(constraint, key.span), value));
            }
        }
    }
    schema
}

fn constraint(key: &str) -> Constraint {
    use Constraint::{Ge, Gt, Le, Lt, MaxLength, MinLength, MultipleOf, Pattern};
    let all = [Ge, Gt, Le, Lt, MinLength, MaxLength, Pattern, MultipleOf];
    all.into_iter().find(|constraint| constraint.as_str() == key).unwrap()
}

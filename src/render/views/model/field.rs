//! One field of a model: its annotation, what it is assigned, and the names that both need.

use std::collections::BTreeSet;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::node::models::TypeNames;
use crate::node::{ClassPath, Default, Field, FieldType, Model};
use crate::python::format::Style;
use crate::python::imports::{Imports, NameClash, Need};
use crate::python::{Code, Comment, Identifier, StrLiteral, paragraphs, py, wrap};

/// A field as the template prints it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FieldView {
    /// What is to be done by hand.
    todo: Vec<Comment>,
    name: Identifier,
    annotation: Code,
    /// What follows the equals sign.
    value: Option<Code>,
}

/// The module of a model while its fields are written.
pub(super) struct Module<'a> {
    model: &'a Model,
    names: &'a TypeNames,
    style: &'a Style,
    pub(super) imports: Imports,
    /// The types in use that a field could hide.
    pub(super) type_names: BTreeSet<&'static str>,
    /// Whether a field holds the model itself, whose name is not known yet while the class is made.
    pub(super) holds_itself: bool,
    /// Whether the annotation at hand names a class that is not there yet while the class is made.
    is_ahead: bool,
}

impl<'a> Module<'a> {
    pub(super) fn new(
        model: &'a Model,
        names: &'a TypeNames,
        style: &'a Style,
    ) -> Result<Self, NameClash> {
        let mut imports = Imports::new();
        imports.add_ours("pydantic", "BaseModel", Need::Runtime)?;
        imports.add_ours("pydantic", "ConfigDict", Need::Runtime)?;
        let type_names = BTreeSet::new();
        let (holds_itself, is_ahead) = (false, false);
        Ok(Self { model, names, style, imports, type_names, holds_itself, is_ahead })
    }

    pub(super) fn field(&mut self, field: &Field) -> Result<FieldView, NameClash> {
        let default = field.default.as_ref();
        let holds = self.whole_annotation(&field.holds)?;
        let (annotation, value) = if is_suspect(field) {
            let described = self.described(&field.description, 4);
            let inner = self.call(constraints(field).chain(described).collect())?;
            self.imports.add_ours("typing", "Annotated", Need::Runtime)?;
            let value = default.map(|default| self.assigned(default)).transpose()?;
            (py!("Annotated[{}, {}]", holds, inner), value)
        } else {
            let described = self.described(&field.description, 3);
            let mut arguments: Vec<Code> = constraints(field).chain(described).collect();
            let value = match default {
                Some(Default::Value(value)) if arguments.is_empty() => Some(value.clone()),
                Some(default) => {
                    arguments.insert(0, self.argument(default)?);
                    Some(self.call(arguments)?)
                }
                None if arguments.is_empty() => None,
                None => Some(self.call(arguments)?),
            };
            (holds, value)
        };
        let name = field.name.clone();
        Ok(FieldView { todo: self.todo(&field.validations), name, annotation, value })
    }

    fn todo(&self, validations: &[String]) -> Vec<Comment> {
        let indent = usize::from(self.style.indent_width);
        let width = usize::from(self.style.line_length).saturating_sub(indent + "# ".len());
        let lines = |text: &String| wrap(&format!("TODO: {}", paragraphs(text).join(" ")), width);
        validations.iter().flat_map(lines).map(|line| Comment::new(&line)).collect()
    }

    /// What a field is assigned where `Field` stands in its annotation.
    fn assigned(&mut self, default: &Default) -> Result<Code, NameClash> {
        match default {
            Default::Value(value) => Ok(value.clone()),
            Default::NewList | Default::NewDict | Default::Uuid4 | Default::Now => {
                let argument = self.argument(default)?;
                self.call(vec![argument])
            }
        }
    }

    /// `Field(...)`.
    fn call(&mut self, arguments: Vec<Code>) -> Result<Code, NameClash> {
        self.imports.add_ours("pydantic", "Field", Need::Runtime)?;
        Ok(py!("Field({})", Code::join(&arguments, ", ")))
    }

    /// A default as an argument of `Field`.
    fn argument(&mut self, default: &Default) -> Result<Code, NameClash> {
        Ok(match default {
            Default::Value(value) => py!("default={}", value),
            Default::NewList => py!("default_factory={}", self.type_name("list")),
            Default::NewDict => Code::of("default_factory=dict"),
            Default::Uuid4 => {
                self.imports.add_ours("uuid", "uuid4", Need::Runtime)?;
                Code::of("default_factory=uuid4")
            }
            Default::Now => {
                self.imports.add_ours("datetime", "UTC", Need::Runtime)?;
                self.imports.add_ours("datetime", "datetime", Need::Runtime)?;
                // A lambda does not see the fields of the class, and so needs no second name.
                Code::of("default_factory=lambda: datetime.now(UTC)")
            }
        })
    }

    /// The annotation of a field: a text where models hold each other and it names one of them.
    ///
    /// All annotations of the module could be texts, by an import from `__future__`; but linters that know that
    /// pydantic evaluates annotations take no import under `TYPE_CHECKING` for them.
    fn whole_annotation(&mut self, holds: &FieldType) -> Result<Code, NameClash> {
        self.is_ahead = false;
        let annotation = self.annotation(holds)?;
        Ok(if self.is_ahead && !self.model.circle.is_empty() {
            py!("{}", StrLiteral::new(annotation.as_str()))
        } else {
            annotation
        })
    }

    /// A type as an annotation. Pydantic evaluates annotations, and so every name is needed at run time.
    fn annotation(&mut self, holds: &FieldType) -> Result<Code, NameClash> {
        Ok(match holds {
            FieldType::Str => self.type_name("str"),
            FieldType::Int => self.type_name("int"),
            FieldType::Float => self.type_name("float"),
            FieldType::Bool => self.type_name("bool"),
            FieldType::Bytes => self.type_name("bytes"),
            FieldType::Object => self.type_name("object"),
            FieldType::Uuid => self.imported("uuid", "UUID")?,
            FieldType::Decimal => self.imported("decimal", "Decimal")?,
            FieldType::DateTime => self.imported("datetime", "datetime")?,
            FieldType::Date => self.imported("datetime", "date")?,
            FieldType::TimeDelta => self.imported("datetime", "timedelta")?,
            FieldType::Tuple(item) => {
                let item = self.annotation(item)?;
                py!("{}[{}, ...]", self.type_name("tuple"), item)
            }
            FieldType::List(item) => {
                let item = self.annotation(item)?;
                py!("{}[{}]", self.type_name("list"), item)
            }
            FieldType::Map(key, value) => {
                py!("dict[{}, {}]", self.annotation(key)?, self.annotation(value)?)
            }
            FieldType::Literal(choices) => {
                self.imports.add_ours("typing", "Literal", Need::Runtime)?;
                py!("Literal[{}]", Code::join(choices, ", "))
            }
            FieldType::Class(class) | FieldType::Enum(class) => self.class(class)?,
            FieldType::Constrained(inner, constraints) => {
                let inner = self.annotation(inner)?;
                let constraints = self.call(arguments(constraints).collect())?;
                self.imports.add_ours("typing", "Annotated", Need::Runtime)?;
                py!("Annotated[{}, {}]", inner, constraints)
            }
            FieldType::Optional(inner) => py!("{} | None", self.annotation(inner)?),
        })
    }

    /// A class by its name; the model itself needs no import.
    fn class(&mut self, class: &ClassPath) -> Result<Code, NameClash> {
        let own = &self.model.class;
        let is_own = class.name == own.name
            && (class.module == own.module || class.module == self.model.file);
        if is_own {
            self.holds_itself = true;
            self.is_ahead = true;
        } else {
            // A model that holds this one cannot be imported while it waits for this one.
            let is_ahead = self.model.circle.contains(class);
            let need = if is_ahead { Need::Annotation } else { Need::Runtime };
            self.is_ahead |= is_ahead;
            self.imports.add(&class.module, &class.name, need)?;
        }
        Ok(py!("{}", class.name))
    }

    /// What makes the class whole where models hold each other.
    ///
    /// Whichever of them is imported first: it brings in the others from below its class, and each of these finds the
    /// classes of all modules that are on their way. Imports at the top would find modules without their classes, and
    /// an `__init__.py` that completes the models would be one more thing for people to keep.
    pub(super) fn circle(&mut self) -> Result<Option<Code>, NameClash> {
        let own = self.model.class.name.clone();
        let others = self.model.circle.iter().filter(|other| other.name != own);
        let whole: Vec<Code> = others
            .map(|other| {
                let name = StrLiteral::new(other.name.as_str());
                let module = StrLiteral::new(&other.module.to_string());
                py!("{}: import_module({}).{}", name, module, other.name)
            })
            .collect();
        if whole.is_empty() {
            return Ok(None);
        }
        self.imports.add_ours("importlib", "import_module", Need::Runtime)?;
        let names = Code::join(&whole, ", ");
        Ok(Some(py!("{}.model_rebuild(_types_namespace={{{}}})", own, names)))
    }

    fn imported(&mut self, module: &'static str, name: &'static str) -> Result<Code, NameClash> {
        self.imports.add_ours(module, name, Need::Runtime)?;
        Ok(self.type_name(name))
    }

    fn type_name(&mut self, name: &'static str) -> Code {
        self.type_names.insert(name);
        py!("{}", self.names.of(name))
    }

    /// `description=...`, in several strings where one would be too long for a line.
    ///
    /// `depth` is the level at which the strings would stand.
    fn described(&self, description: &str, depth: usize) -> Option<Code> {
        let text = paragraphs(description).join(" ");
        if text.is_empty() {
            return None;
        }
        let indent = usize::from(self.style.indent_width);
        let columns = usize::from(self.style.line_length);
        let whole = py!("description={}", StrLiteral::new(&text));
        if (depth - 1) * indent + whole.as_str().width() + ",".len() <= columns {
            return Some(whole);
        }
        let pieces: Vec<Code> = pieces(&text, columns.saturating_sub(depth * indent))
            .iter()
            .map(|piece| py!("{}", StrLiteral::new(piece)))
            .collect();
        Some(py!("description=({})", Code::join(&pieces, " ")))
    }
}

/// Parts of a text whose literals fit a width, each but the last with the space behind it.
fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in text.split_inclusive(' ') {
        let longer = pieces.last().map(|piece| format!("{piece}{word}"));
        match (pieces.last_mut(), longer) {
            (Some(piece), Some(longer)) if literal_width(&longer) <= width => *piece = longer,
            _ => pieces.push(word.to_owned()),
        }
    }
    pieces
}

fn literal_width(text: &str) -> usize {
    StrLiteral::new(text).to_string().width()
}

/// The constraints of a field as arguments.
fn constraints(field: &Field) -> impl Iterator<Item = Code> {
    arguments(&field.constraints)
}

fn arguments(constraints: &[(Identifier, Code)]) -> impl Iterator<Item = Code> {
    constraints.iter().map(|(name, value)| py!("{}={}", name, value))
}

/// Whether `onex validate --strict` would refuse the field as a plain `str`.
fn is_suspect(field: &Field) -> bool {
    let name = field.name.as_str();
    field.holds == FieldType::Str
        && (name.ends_with("_id")
            || name.ends_with("_name")
            || matches!(name, "status" | "type" | "category"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_fit_and_lose_nothing() {
        let text = "it's a \"long\" text of words";
        let pieces = pieces(text, 12);
        assert_eq!(pieces.concat(), text);
        assert!(pieces.iter().all(|piece| literal_width(piece) <= 12), "{pieces:?}");
    }

    #[test]
    fn only_plain_strings_of_certain_names_are_suspect() {
        let field = |name: &'static str, holds: FieldType| Field {
            name: Identifier::ours(name),
            holds,
            default: None,
            constraints: Vec::new(),
            description: String::new(),
            validations: Vec::new(),
        };
        for name in ["order_id", "user_name", "status", "type", "category"] {
            assert!(is_suspect(&field(name, FieldType::Str)), "{name}");
            assert!(
                !is_suspect(&field(name, FieldType::Optional(FieldType::Str.into()))),
                "{name}"
            );
        }
        assert!(!is_suspect(&field("id", FieldType::Str)));
        assert!(!is_suspect(&field("order_id", FieldType::Uuid)));
    }
}

//! A model in a file of its own.
//!
//! In: a [`Model`] and the project's settings. Out: a [`ModelView`] for `orchestrator/models/model.py.j2`.

mod field;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use self::field::{FieldView, Module};
use crate::node::models::{GENERATED, TypeNames, is_generated, spoken};
use crate::node::{Extra, Model};
use crate::project::Project;
use crate::python::format::Style;
use crate::python::imports::{NameClash, dunder_all};
use crate::python::{Code, Comment, DocText, Identifier, module, paragraphs, sentence, wrap};
use crate::render::engine::View;

/// What the file of a model holds.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ModelView {
    /// The project's license header.
    header: Vec<Comment>,
    module_doc: DocText,
    imports: Code,
    exports: Code,
    /// Second names of types that a field hides.
    aliases: Vec<Alias>,
    class_name: Identifier,
    class_doc: DocText,
    /// `frozen` of the configuration.
    frozen: Code,
    /// `extra` of the configuration.
    extra: Code,
    fields: Vec<FieldView>,
    /// The class and what it holds without importing it, where models hold each other.
    circle: Option<Code>,
}

/// A second name of a type.
#[derive(Clone, Debug, Serialize)]
struct Alias {
    name: Identifier,
    stands_for: Identifier,
}

impl View for ModelView {
    const TEMPLATE: &'static str = "orchestrator/models/model.py.j2";
}

impl ModelView {
    /// The view of a model.
    ///
    /// # Errors
    /// When two classes of one name are needed, which [`crate::node::models::fields_of`] does not let through.
    pub(crate) fn new(model: &Model, project: &Project) -> Result<Self, NameClash> {
        let style = &project.settings.format;
        let names = TypeNames::beside(model.fields.iter().map(|field| field.name.as_str()));
        let mut module = Module::new(model, &names, style)?;
        let fields = model.fields.iter().map(|field| module.field(field));
        let fields = fields.collect::<Result<_, _>>()?;
        // Where annotations are texts, ruff takes what they name for unneeded at run time, unless it is told that
        // pydantic evaluates them.
        let reports = project.settings.rules.report_typing_imports();
        let as_texts = model.circle.is_empty() && (module.holds_itself || !reports);
        let circle = module.circle()?;
        let imports = if as_texts { module.imports.with_future() } else { module.imports };
        let alias = |name: &&'static str| {
            let stands_for = Identifier::ours(name);
            names.alias(name).map(|name| Alias { name, stands_for })
        };
        Ok(Self {
            header: project.scaffold.license_header.iter().map(|line| Comment::new(line)).collect(),
            module_doc: module_doc(model, style),
            imports: imports.render(&project.settings.imports),
            exports: dunder_all([&model.class.name]),
            aliases: module.type_names.iter().filter_map(alias).collect(),
            class_name: model.class.name.clone(),
            class_doc: class_doc(model, style),
            frozen: Code::boolean(model.frozen),
            extra: extra(model.extra),
            fields,
            circle,
        })
    }
}

fn extra(extra: Extra) -> Code {
    Code::of(match extra {
        Extra::Forbid => "\"forbid\"",
        Extra::Ignore => "\"ignore\"",
        Extra::Allow => "\"allow\"",
    })
}

const SCAFFOLDED: &str = "The fields are yours to add.";

/// Whether a text is that of a model as onex writes it, generated or scaffolded.
#[must_use]
pub fn is_model_of_ours(text: &str) -> bool {
    is_generated(text) || text.contains(SCAFFOLDED)
}

/// The text of a generated model without the sentence that says so, however its lines are wrapped.
#[must_use]
pub fn without_mark(text: &str) -> String {
    let Some(span) = module::read(text).docstring else { return text.to_owned() };
    let docstring = text.get(span.range()).unwrap_or_default();
    let quotes = |c: char| c == '"' || c == '\'';
    let paragraphs = docstring.trim_matches(quotes).trim().split("\n\n");
    let is_mark =
        |paragraph: &&str| paragraph.split_whitespace().collect::<Vec<_>>().join(" ") == GENERATED;
    let (marks, rest): (Vec<&str>, Vec<&str>) = paragraphs.partition(is_mark);
    if marks.is_empty() {
        return text.to_owned();
    }
    let rest = rest.join("\n\n");
    let end = if rest.contains('\n') { "\n" } else { "" };
    let mut text = text.to_owned();
    text.replace_range(span.range(), &format!("\"\"\"{rest}{end}\"\"\""));
    text
}

fn module_doc(model: &Model, style: &Style) -> DocText {
    let (summary, _) = summary(model, columns(style));
    let notes: &[&str] = if model.defined { &[GENERATED] } else { &[] };
    docstring(summary, notes.iter().map(|note| (*note).to_owned()), "", columns(style))
}

fn class_doc(model: &Model, style: &Style) -> DocText {
    let width = columns(style).saturating_sub(usize::from(style.indent_width));
    let (summary, mut rest) = summary(model, width);
    if !model.defined {
        rest.push(SCAFFOLDED.to_owned());
    }
    docstring(summary, rest, "    ", width)
}

fn columns(style: &Style) -> usize {
    usize::from(style.line_length)
}

/// The first line of a docstring, and the paragraphs that follow it.
///
/// The first sentence of the description is the summary where it can be one: on one line, with a full stop
/// behind it, and not about itself ("This model ..."). Otherwise the name of the class is.
fn summary(model: &Model, width: usize) -> (String, Vec<String>) {
    let mut rest = paragraphs(&model.description);
    if let Some(paragraph) = rest.first_mut() {
        let (first, others) = first_sentence(paragraph);
        let first = sentence(first);
        let fits = first.width() + "\"\"\"\"\"\"".len() <= width;
        if fits && first.ends_with('.') && first.split(' ').next() != Some("This") {
            *paragraph = others.to_owned();
            rest.retain(|paragraph| !paragraph.is_empty());
            return (first, rest);
        }
    }
    (sentence(&spoken(&model.class.name)), rest)
}

/// A paragraph, parted behind its first sentence.
fn first_sentence(paragraph: &str) -> (&str, &str) {
    let ends = paragraph.match_indices(". ").map(|(at, _)| at + 1);
    let starts_anew = |at: &usize| {
        let next = paragraph.get(at + 1..).and_then(|rest| rest.chars().next());
        next.is_some_and(|letter| letter.is_uppercase() || letter == '`')
    };
    let end = ends.into_iter().find(starts_anew).unwrap_or(paragraph.len());
    let (first, rest) = paragraph.split_at_checked(end).unwrap_or((paragraph, ""));
    (first, rest.trim_start())
}

/// A docstring at a level of indentation.
fn docstring(
    summary: String,
    rest: impl IntoIterator<Item = String>,
    indent: &'static str,
    width: usize,
) -> DocText {
    let mut text = summary;
    let mut several = false;
    for paragraph in rest {
        several = true;
        text.push('\n');
        for line in wrap(&paragraph, width) {
            text.push('\n');
            text.push_str(indent);
            text.push_str(&line);
        }
    }
    if several {
        text.push('\n');
        text.push_str(indent);
    }
    DocText::new(&text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::node::{ClassPath, Default, Field, FieldType};
    use crate::project::{Scaffold, Settings};
    use crate::python::DottedPath;
    use crate::python::format::{format, parses};
    use crate::render::engine::fit::assert_fits;
    use crate::workspace::RelPath;

    fn project() -> Project {
        let mut settings = Settings::default();
        settings.imports.found.insert("myapp".to_owned());
        Project {
            is_new: false,
            package: Identifier::ours("myapp"),
            source_root: RelPath::root().ours("src"),
            tests: RelPath::root().ours("tests"),
            tests_are_a_package: true,
            unit_marker: false,
            test_settings: settings.clone(),
            settings,
            scaffold: Scaffold::default(),
        }
    }

    fn class(module: &'static str, name: &'static str) -> ClassPath {
        ClassPath { module: DottedPath::ours(module), name: Identifier::ours(name) }
    }

    fn field(name: &'static str, holds: FieldType, default: Option<Default>) -> Field {
        Field {
            name: Identifier::ours(name),
            holds,
            default,
            constraints: Vec::new(),
            description: String::new(),
            validations: Vec::new(),
        }
    }

    fn model(fields: Vec<Field>) -> Model {
        Model {
            class: class("myapp.models.events", "ModelOrderPlacedEvent"),
            file: DottedPath::ours("myapp.models.events.model_order_placed_event"),
            description: "An order was placed".to_owned(),
            defined: true,
            fields,
            circle: BTreeSet::new(),
            frozen: true,
            extra: Extra::Forbid,
        }
    }

    /// The finished file, which must parse.
    fn file(model: &Model, project: &Project) -> String {
        let text = assert_fits(&ModelView::new(model, project).unwrap());
        assert_eq!(parses(&text), Ok(()), "{text}");
        format(&text, &project.settings.format).unwrap()
    }

    #[test]
    fn a_model_that_is_no_longer_generated_does_not_say_so() {
        let of = |note: &str, rest: &str| format!("\"\"\"A bill.{note}{rest}\"\"\"\n\nx = 1\n");
        let note = format!("\n\n{GENERATED}");
        let wrapped = note.replace(" a change", "\na change");
        assert_eq!(without_mark(&of(&note, "\n")), of("", ""));
        assert_eq!(without_mark(&of(&wrapped, "\n\nMine.\n")), of("", "\n\nMine.\n"));
        assert_eq!(without_mark(&of("", "")), of("", ""));
        assert!(is_model_of_ours(&of(&wrapped, "\n")) && !is_model_of_ours(&of("", "")));
    }

    #[test]
    fn annotations_are_no_texts_where_ruff_would_move_their_imports() {
        let rules = "[lint]\nselect = ['TC']\n";
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ruff.toml"), rules).unwrap();
        let workspace = crate::workspace::Workspace::open(folder.path()).unwrap();
        let surroundings = crate::project::Surroundings::of(&workspace, None);
        let settings = crate::project::settings::nearest(&surroundings, &RelPath::root());
        let strict = Project { settings: settings.unwrap().0, ..project() };
        let future = "from __future__ import annotations\n";
        let flat = model(vec![field("order_id", FieldType::Uuid, None)]);
        assert!(file(&flat, &project()).contains(future));
        assert!(!file(&flat, &strict).contains(future));
        let own = FieldType::Class(flat.class.clone());
        let parent = FieldType::Optional(Box::new(own));
        let tree = model(vec![field("parent", parent, None)]);
        assert!(file(&tree, &strict).contains(future));
    }

    #[test]
    fn models_that_hold_each_other_find_each_other_once_all_are_there() {
        let own = class("myapp.models.events.model_order_placed_event", "ModelOrderPlacedEvent");
        let other = class("myapp.models.events.model_place", "ModelPlace");
        let holds = FieldType::Optional(Box::new(FieldType::Class(other.clone())));
        let mut model = model(vec![field("place", holds, None)]);
        model.circle = [own, other].into();
        let text = file(&model, &project());
        assert!(
            text.contains(
                "\nif TYPE_CHECKING:\n    from myapp.models.events.model_place import ModelPlace\n"
            ),
            "{text}"
        );
        assert!(
            text.ends_with(
                r#"    place: "ModelPlace | None"


# Models that hold each other are made whole once all of them are there.
ModelOrderPlacedEvent.model_rebuild(
    _types_namespace={
        "ModelPlace": import_module("myapp.models.events.model_place").ModelPlace
    }
)
"#
            ),
            "{text}"
        );
    }

    #[test]
    fn a_scaffolded_model_is_short() {
        let correlation = field("correlation_id", FieldType::Uuid, Some(Default::Uuid4));
        let mut model = model(vec![correlation]);
        model.defined = false;
        let mut project = project();
        project.scaffold.license_header = vec!["SPDX-License-Identifier: MIT".to_owned()];
        assert_eq!(
            file(&model, &project),
            r#"# SPDX-License-Identifier: MIT
"""An order was placed."""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelOrderPlacedEvent"]


class ModelOrderPlacedEvent(BaseModel):
    """An order was placed.

    The fields are yours to add.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
"#
        );
    }

    #[test]
    fn a_generated_model_says_so() {
        let text = file(&model(Vec::new()), &project());
        assert!(text.starts_with(
            "\"\"\"An order was placed.\n\nGenerated from the `definitions` of the contract: a change belongs there, not here.\n\"\"\"\n"
        ), "{text}");
        assert!(text.ends_with("from_attributes=True)\n"), "{text}");
        assert!(text.contains("from pydantic import BaseModel, ConfigDict\n"), "{text}");
    }

    #[test]
    fn a_description_that_makes_no_summary_stands_below_one() {
        for description in [
            "This model is about itself".to_owned(),
            "Really?".to_owned(),
            "far too long ".repeat(10),
        ] {
            let mut model = model(Vec::new());
            model.description = description.clone();
            let text = file(&model, &project());
            assert!(text.contains("    \"\"\"Order placed event.\n\n    "), "{text}");
            assert!(text.lines().all(|line| line.len() <= 88), "{text}");
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(description.trim()), "{text}");
        }
    }

    #[test]
    fn a_description_of_several_sentences_is_parted() {
        assert_eq!(first_sentence("One, e.g. this. Two."), ("One, e.g. this.", "Two."));
        assert_eq!(first_sentence("Only one"), ("Only one", ""));
        let mut model = model(Vec::new());
        model.description = "One. Two.\n\nThree \"\"\" and\\.".to_owned();
        let text = file(&model, &project());
        assert!(
            text.contains(
                "    \"\"\"One.\n\n    Two.\n\n    Three \\\"\\\"\\\" and\\\\.\n    \"\"\"\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn other_models_are_imported_and_the_model_itself_is_not() {
        let own = FieldType::Class(class(
            "myapp.models.events.model_order_placed_event",
            "ModelOrderPlacedEvent",
        ));
        let other = FieldType::Class(class("myapp.models.model_item", "ModelItem"));
        let parent = field(
            "parent",
            FieldType::Optional(own.into()),
            Some(Default::Value(Code::of("None"))),
        );
        let items = field("items", FieldType::Tuple(other.into()), None);
        let text = file(&model(vec![parent, items]), &project());
        assert!(
            text.contains("\n\nfrom myapp.models.model_item import ModelItem\n\n__all__"),
            "{text}"
        );
        assert_eq!(text.matches(" import ").count(), 3, "{text}");
        assert!(text.contains("    parent: ModelOrderPlacedEvent | None = None\n"), "{text}");
        assert!(text.contains("    items: tuple[ModelItem, ...]\n"), "{text}");
    }

    #[test]
    fn a_type_that_a_field_hides_gets_another_name() {
        let date = field(
            "date",
            FieldType::Optional(FieldType::Date.into()),
            Some(Default::Value(Code::of("None"))),
        );
        let size = field("bytes", FieldType::Int, None);
        let text = file(&model(vec![date, size]), &project());
        assert!(text.contains(
            "# In the class, a field hides the type of the same name.\nDateType = date\n\n\nclass "
        ), "{text}");
        assert!(text.contains("    date: DateType | None = None\n"), "{text}");
        assert!(!text.contains("BytesType"), "nothing of that type is there: {text}");
    }

    #[test]
    fn fields_say_what_they_need_and_no_more() {
        let constrained = |mut field: Field, name: &'static str, value: i128| {
            field.constraints.push((Identifier::ours(name), Code::int(value)));
            field
        };
        let described = |mut field: Field, text: &str| {
            field.description = text.to_owned();
            field
        };
        let value = |text: &'static str| Some(Default::Value(Code::of(text)));
        let floor = vec![(Identifier::ours("ge"), Code::int(0))];
        let count = FieldType::Constrained(FieldType::Int.into(), floor);
        let counts = FieldType::Map(FieldType::Str.into(), count.into());
        let choice = FieldType::Literal(vec![Code::of("\"low\""), Code::int(1)]);
        let mut checked = field("checked", FieldType::Int, None);
        checked.validations = vec!["look at it".to_owned(), "twice ".repeat(20)];
        let text = file(
            &model(vec![
                field("plain", FieldType::Str, None),
                field("status", FieldType::Str, None),
                constrained(field("order_id", FieldType::Str, value("\"x\"")), "min_length", 1),
                field("user_name", FieldType::Optional(FieldType::Str.into()), value("None")),
                constrained(
                    described(field("amount", FieldType::Int, value("1")), "How many"),
                    "ge",
                    1,
                ),
                field("made", FieldType::DateTime, Some(Default::Now)),
                field(
                    "meta",
                    FieldType::Map(FieldType::Str.into(), FieldType::Object.into()),
                    Some(Default::NewDict),
                ),
                field("counts", counts, None),
                field("level", choice, value("\"low\"")),
                described(field("long", FieldType::Str, None), &"it's a \"long\" text ".repeat(6)),
                checked,
            ]),
            &project(),
        );
        let expected = r#"
    plain: str
    status: Annotated[str, Field()]
    order_id: Annotated[str, Field(min_length=1)] = "x"
    user_name: str | None = None
    amount: int = Field(default=1, ge=1, description="How many")
    made: datetime = Field(default_factory=lambda: datetime.now(UTC))
    meta: dict[str, object] = Field(default_factory=dict)
    counts: dict[str, Annotated[int, Field(ge=0)]]
    level: Literal["low", 1] = "low"
    long: str = Field(
        description=(
            'it\'s a "long" text it\'s a "long" text it\'s a "long" text it\'s a '
            '"long" text it\'s a "long" text it\'s a "long" text'
        )
    )
    # TODO: look at it
    # TODO: twice twice twice twice twice twice twice twice twice twice twice twice
    # twice twice twice twice twice twice twice twice
    checked: int
"#;
        assert!(text.ends_with(expected), "{text}");
    }

    #[test]
    fn every_layout_is_a_fixpoint_of_the_formatter() {
        let text = |text: &str| text.repeat(12);
        let mut order = field("order_id", FieldType::Str, None);
        order.description = text("it's \"quoted\" ");
        let mut list =
            field("list", FieldType::List(FieldType::Str.into()), Some(Default::NewList));
        list.description = text("plain words ");
        for (line_length, indent_width) in [(1, 4), (40, 2), (88, 8), (320, 4)] {
            let mut project = project();
            let style = &mut project.settings.format;
            (style.line_length, style.indent_width) = (line_length, indent_width);
            style.indent_style = crate::python::format::IndentStyle::Tab;
            style.quote_style = crate::python::format::QuoteStyle::Single;
            let once = file(&model(vec![order.clone(), list.clone()]), &project);
            assert_eq!(format(&once, &project.settings.format).unwrap(), once);
        }
    }

    #[test]
    fn two_classes_of_one_name_cannot_stand_in_one_file() {
        let one = field("a", FieldType::Class(class("one", "EnumX")), None);
        let two = field("b", FieldType::Class(class("two", "EnumX")), None);
        assert!(ModelView::new(&model(vec![one, two]), &project()).is_err());
    }

    #[test]
    fn text_of_a_contract_adds_no_code() {
        let evil = "\"\"\"\nimport os\n# ' \\";
        let mut one = field("kind_name", FieldType::Str, None);
        one.description = evil.to_owned();
        one.validations = vec![evil.to_owned()];
        let mut evil_model = model(vec![one]);
        evil_model.description = evil.to_owned();
        let text = file(&evil_model, &project());
        let parsed = ruff_python_parser::parse_module(&text).unwrap().into_syntax();
        let imports = parsed.body.iter().filter(|statement| statement.is_import_stmt());
        assert_eq!(imports.count(), 0, "{text}");
        assert!(
            !text.lines().any(|line| line.trim() == "import os" && !line.starts_with(' ')),
            "{text}"
        );
        assert_eq!(parsed.body.len(), 6, "docstring, three imports, __all__, class: {text}");
    }
}

//! The templates, and the engine that fills them.
//!
//! In: a [`View`], which names its template. Out: text, not yet formatted. Every template is embedded in the
//! program. What a template may print depends on the format that it yields, which its name tells: values of
//! [`crate::python`] in Python, of [`super::text`] in TOML and Markdown, integers in all of them. A bare
//! string, list, boolean or nothing is an error, so that no text reaches a file unchecked.

use std::sync::LazyLock;

use include_dir::{Dir, DirEntry, include_dir};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;

use super::text::{Format, Printable};

/// What one template is filled with: everything that it prints, ready.
pub trait View: Serialize {
    /// The template's path below `templates/`: `orchestrator/node.py.j2`.
    const TEMPLATE: &'static str;
}

/// A template that cannot be filled: a mistake in this program, never in the user's input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a template of onex failed, which is a bug in onex: {0}")]
pub struct TemplateError(String);

/// The work that one template may do; the largest contract that is read takes a tenth of it.
const FUEL: u64 = 10_000_000;

/// How deep templates may include each other; an include counts as ten.
const DEPTH: usize = 150;

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

static ENGINE: LazyLock<Result<Environment<'static>, TemplateError>> =
    LazyLock::new(|| engine(embedded()));

/// Compiles the templates, which the first view to be filled waits for otherwise.
pub fn warm_up() {
    LazyLock::force(&ENGINE);
}

/// Fills the view's template.
///
/// # Errors
/// When the template is not there, is no template, or does not fit its view.
pub fn render<V: View>(view: &V) -> Result<String, TemplateError> {
    let engine = ENGINE.as_ref().map_err(Clone::clone)?;
    let template = engine.get_template(V::TEMPLATE)?;
    Ok(template.render(Value::from(Serde(view)))?)
}

/// An engine with these templates, given as name and text.
fn engine(
    templates: impl IntoIterator<Item = (&'static str, &'static str)>,
) -> Result<Environment<'static>, TemplateError> {
    // Without the filters, tests and functions that the engine would bring: most change text, and `safe`
    // would let any of it through.
    let mut engine = Environment::empty();
    engine.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?,
    );
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|name| AutoEscape::Custom(escape(name).into()));
    engine.set_formatter(print);
    engine.set_fuel(Some(FUEL));
    engine.set_recursion_limit(DEPTH);
    engine.add_filter("length", minijinja::filters::length);
    engine.add_filter("first", minijinja::filters::first);
    engine.add_filter("last", minijinja::filters::last);
    engine.add_test("none", minijinja::tests::is_none);
    for (name, text) in templates {
        engine.add_template(name, text)?;
    }
    Ok(engine)
}

/// Every embedded template with its name, in the order of the names.
fn embedded() -> Vec<(&'static str, &'static str)> {
    let mut templates = Vec::new();
    let mut folders = vec![&TEMPLATES];
    while let Some(folder) = folders.pop() {
        for entry in folder.entries() {
            match entry {
                DirEntry::Dir(inner) => folders.push(inner),
                DirEntry::File(file) => {
                    let name = file.path().to_str().filter(|name| name.ends_with(".j2"));
                    templates.extend(name.zip(file.contents_utf8()));
                }
            }
        }
    }
    templates.sort_unstable();
    templates
}

/// The format that a template yields, by its name: `node.py.j2` yields Python.
fn format_of(name: &str) -> Option<Format> {
    let (_, extension) = name.strip_suffix(".j2")?.rsplit_once('.')?;
    match extension {
        "py" => Some(Format::Python),
        "toml" => Some(Format::Toml),
        "md" => Some(Format::Markdown),
        _ => None,
    }
}

const PYTHON: &str = "python";
const TOML: &str = "toml";
const MARKDOWN: &str = "markdown";

/// The name by which the engine passes a template's format on to [`print`].
fn escape(name: &str) -> &'static str {
    match format_of(name) {
        Some(Format::Python) => PYTHON,
        Some(Format::Toml) => TOML,
        Some(Format::Markdown) => MARKDOWN,
        None => "nothing",
    }
}

/// Prints a value, if it is one that the template's format allows.
fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let AutoEscape::Custom(format) = state.auto_escape() else {
        return Err(refused(value, "a template that changed its format"));
    };
    let format = match format.as_ref() {
        PYTHON => Format::Python,
        TOML => Format::Toml,
        MARKDOWN => Format::Markdown,
        _ => return Err(refused(value, "a template of this kind")),
    };
    if value.is_integer() {
        return Ok(write!(out, "{value}")?);
    }
    match (format, value.downcast_object_ref::<Printable>()) {
        // What macros and `{% set %}` blocks captured was printed here before, and is safe as well.
        (Format::Python, None) if value.is_safe() => {
            Ok(out.write_str(value.as_str().unwrap_or_default())?)
        }
        (_, Some(printable)) if printable.format == format => Ok(out.write_str(&printable.text)?),
        (Format::Python, _) => Err(refused(value, "Python, which takes the types of `python`")),
        (Format::Toml, _) => Err(refused(value, "TOML, which takes `TomlString` and `TomlKey`")),
        (Format::Markdown, _) => Err(refused(value, "Markdown, which takes `MarkdownText`")),
    }
}

/// Names the kind of the value alone: the value itself is text of a contract.
fn refused(value: &Value, place: &str) -> Error {
    if value.is_undefined() {
        return Error::from(ErrorKind::UndefinedError);
    }
    let kind = match value.kind() {
        ValueKind::String => "a bare string".to_owned(),
        kind => format!("a value of kind {kind}"),
    };
    Error::new(ErrorKind::InvalidOperation, format!("{kind} cannot be printed into {place}"))
}

impl From<Error> for TemplateError {
    /// The message with those of its causes: an error in an included template is the cause of another.
    fn from(error: Error) -> Self {
        let mut message = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            message.push_str(": ");
            message.push_str(&error.to_string());
            cause = error.source();
        }
        Self(message)
    }
}

/// Holds a template against a filled view: the one test that every view needs.
#[cfg(test)]
pub(crate) mod fit {
    use std::collections::BTreeSet;

    use super::*;

    /// Asserts that the view's template fits it, and gives the filled text.
    #[allow(dead_code, reason = "the views that call it are written one by one")]
    pub(crate) fn assert_fits<V: View>(sample: &V) -> String {
        match filled(ENGINE.as_ref().unwrap(), sample) {
            Ok(text) => text,
            Err(misfit) => panic!("templates/{}: {misfit}", V::TEMPLATE),
        }
    }

    /// Fills the template, or says why it does not fit the view: the first line names another view, a
    /// variable is no field, a field is no variable, or filling fails.
    pub(super) fn filled<V: View>(engine: &Environment<'_>, sample: &V) -> Result<String, String> {
        let template = engine.get_template(V::TEMPLATE).map_err(|error| error.to_string())?;
        let path = std::any::type_name::<V>().split('<').next().unwrap_or_default();
        let first = format!("{{# view: {} #}}", path.rsplit("::").next().unwrap_or_default());
        if template.source().lines().next() != Some(first.as_str()) {
            return Err(format!("the first line must be {first}"));
        }
        let view = Value::from(Serde(sample));
        let names = view.try_iter().map_err(|error| error.to_string())?;
        let fields: BTreeSet<String> = names.map(|name| name.to_string()).collect();
        let variables = variables(engine, V::TEMPLATE)?;
        if let Some(variable) = variables.difference(&fields).next() {
            return Err(format!("the variable `{variable}` is no field of the view"));
        }
        if let Some(field) = fields.difference(&variables).next() {
            return Err(format!("the field `{field}` is not used"));
        }
        template.render(view).map_err(|error| TemplateError::from(error).to_string())
    }

    /// The variables that a template and those that it includes or extends look up.
    fn variables(engine: &Environment<'_>, name: &str) -> Result<BTreeSet<String>, String> {
        let template = engine.get_template(name).map_err(|error| error.to_string())?;
        let mut variables: BTreeSet<String> =
            template.undeclared_variables(false).into_iter().collect();
        for reference in references(template.source()) {
            variables.extend(self::variables(engine, reference)?);
        }
        Ok(variables)
    }

    /// The templates that a template names in its tags: the quoted names that end in `.j2`.
    pub(super) fn references(source: &str) -> Vec<&str> {
        let tags = source.split("{%").skip(1).filter_map(|rest| rest.split("%}").next());
        tags.flat_map(|tag| tag.split(['"', '\'']).filter(|part| part.ends_with(".j2"))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::{Code, Comment, DocText, Identifier, StrLiteral};
    use crate::render::text::{MarkdownText, TomlKey, TomlString};

    fn fill(
        name: &'static str,
        text: &'static str,
        view: &impl Serialize,
    ) -> Result<String, String> {
        let engine = engine([(name, text)]).map_err(|e| e.to_string())?;
        let template = engine.get_template(name).unwrap();
        template
            .render(Value::from(Serde(view)))
            .map_err(|error| TemplateError::from(error).to_string())
    }

    #[derive(Serialize)]
    struct Everything {
        code: Code,
        name: Identifier,
        list: Vec<StrLiteral>,
        none: Option<StrLiteral>,
        raw: String,
        number: u32,
        flag: bool,
        toml: TomlString,
        markdown: MarkdownText,
    }

    fn everything() -> Everything {
        Everything {
            code: Code::of("x + 1"),
            name: Identifier::ours("total"),
            list: vec![StrLiteral::new("a\"\n"), StrLiteral::new("b")],
            none: None,
            raw: "import os".to_owned(),
            number: 7,
            flag: true,
            toml: TomlString::new("t"),
            markdown: MarkdownText::new("m"),
        }
    }

    #[test]
    fn every_embedded_template_compiles_and_yields_a_known_format() {
        let engine = ENGINE.as_ref().unwrap();
        assert!(!embedded().is_empty());
        for (name, text) in embedded() {
            assert!(engine.get_template(name).is_ok(), "{name}");
            assert!(format_of(name).is_some(), "{name}: format");
            let first = text.lines().next().unwrap_or_default();
            let kind = if name.starts_with("shared/") { "{# partial: " } else { "{# view: " };
            assert!(first.starts_with(kind) && first.ends_with(" #}"), "{name}: first line");
            for reference in fit::references(text) {
                assert!(engine.get_template(reference).is_ok(), "{name} names {reference}");
            }
        }
    }

    #[test]
    fn every_file_of_the_templates_is_one() {
        let mut folders = vec![&TEMPLATES];
        while let Some(folder) = folders.pop() {
            folders.extend(folder.dirs());
            for file in folder.files() {
                let name = file.path().to_str().unwrap();
                assert!(embedded().iter().any(|(embedded, _)| *embedded == name), "{name}");
            }
        }
    }

    #[test]
    fn the_layout_of_a_template_is_that_of_its_text() {
        let text = "{# view: Everything #}\nif {{ name }}:\n    {% for item in list %}\n    use({{ item }})\n    {% endfor %}\n{% if none %}\nnever\n{% endif %}\n";
        let python = fill("a.py.j2", text, &everything()).unwrap();
        assert_eq!(python, "if total:\n    use('a\"\\n')\n    use(\"b\")\n");
    }

    #[test]
    fn python_takes_checked_text_and_integers_alone() {
        let python = fill("a.py.j2", "{{ name }} = {{ code }} + {{ number }}", &everything());
        assert_eq!(python.unwrap(), "total = x + 1 + 7");
        for (bad, kind) in [
            ("{{ raw }}", "a bare string"),
            ("{{ 'literal' }}", "a bare string"),
            ("{{ list }}", "a value of kind sequence"),
            ("{{ none }}", "a value of kind none"),
            ("{{ flag }}", "a value of kind bool"),
            ("{{ 1.5 }}", "a value of kind number"),
            ("{{ {'a': raw} }}", "a value of kind map"),
            ("{{ name ~ raw }}", "a bare string"),
            ("{% set x %}{{ raw }}{% endset %}{{ x }}", "a bare string"),
            ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(raw) }}", "a bare string"),
            ("{% autoescape false %}{{ code }}{% endautoescape %}", "a template that changed"),
            ("{{ toml }}", "a value of kind"),
            ("{{ markdown }}", "a value of kind"),
            ("{{ raw|safe }}", "unknown filter"),
            ("{{ raw|upper }}", "unknown filter"),
            ("{{ missing }}", "undefined value"),
            ("{{ name.missing }}", "undefined value"),
            ("{% if missing %}{% endif %}", "undefined value"),
        ] {
            let error = fill("a.py.j2", bad, &everything()).unwrap_err();
            assert!(error.contains(kind) && error.contains("a bug in onex"), "{bad}: {error}");
            assert!(!error.contains("import os"), "{bad} shows what it should not: {error}");
        }
    }

    #[test]
    fn what_is_captured_stays_checked() {
        let text = "{% macro call(f) %}{{ f }}(){% endmacro %}{% set x %}{{ code }}{% endset %}\
                    {{ call(name) }} + {{ x }} {{ name ~ name }}";
        assert_eq!(fill("a.py.j2", text, &everything()).unwrap(), "total() + x + 1 totaltotal");
    }

    #[test]
    fn each_format_takes_its_own_text() {
        let key = TomlKey::new("a b");
        let view = minijinja::context! { key => Value::from(Serde(&key)), ..Value::from(Serde(everything())) };
        let toml = fill("a.toml.j2", "{{ key }} = {{ toml }} # {{ number }}", &view);
        assert_eq!(toml.unwrap(), "\"a b\" = \"t\" # 7");
        assert_eq!(fill("a.md.j2", "# {{ markdown }}", &view).unwrap(), "# m");
        for (name, text) in [
            ("a.toml.j2", "{{ raw }}"),
            ("a.toml.j2", "{{ code }}"),
            ("a.toml.j2", "{{ markdown }}"),
            ("a.md.j2", "{{ raw }}"),
            ("a.md.j2", "{{ toml }}"),
            ("a.txt.j2", "{{ code }}"),
            ("a.txt.j2", "{{ number }}"),
        ] {
            assert!(fill(name, text, &view).is_err(), "{name}: {text}");
        }
        assert_eq!(fill("a.txt.j2", "plain\n", &view).unwrap(), "plain\n");
    }

    #[test]
    fn a_template_without_end_is_stopped() {
        let view = everything();
        let forever = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}";
        assert!(fill("a.py.j2", forever, &view).unwrap_err().contains("recursion"));
        let long = "{% macro l(n) %}{% for i in list %}{% if n > 0 %}{{ l(n - 1) }}{{ l(n - 1) }}{% endif %}\
                    {% endfor %}{% endmacro %}{{ l(12) }}";
        let error = fill("a.py.j2", long, &view).unwrap_err();
        assert!(error.contains("fuel"), "{error}");
    }

    #[derive(Serialize)]
    struct Greeting {
        name: Identifier,
        header: Vec<Comment>,
    }

    impl View for Greeting {
        const TEMPLATE: &'static str = "greeting.py.j2";
    }

    fn fit_of(template: &'static str) -> Result<String, String> {
        let shared = ("shared/header.py.j2", "{% for line in header %}# {{ line }}\n{% endfor %}");
        let engine = engine([(Greeting::TEMPLATE, template), shared]).unwrap();
        let sample = Greeting { name: Identifier::ours("you"), header: vec![Comment::new("MIT")] };
        fit::filled(&engine, &sample)
    }

    #[test]
    fn a_template_fits_its_view_or_the_misfit_is_named() {
        let header = "{# view: Greeting #}\n{% include \"shared/header.py.j2\" %}\n{{ name }}()\n";
        assert_eq!(fit_of(header).unwrap(), "# MIT\nyou()\n");
        let misfit = |template| fit_of(template).unwrap_err();
        assert_eq!(
            misfit("{{ name }}{{ header|length }}"),
            "the first line must be {# view: Greeting #}"
        );
        assert_eq!(misfit("{# view: Greeting #}\n{{ name }}"), "the field `header` is not used");
        assert_eq!(
            misfit(
                "{# view: Greeting #}\n{{ name }}{% for line in header %}{{ lines }}{% endfor %}"
            ),
            "the variable `lines` is no field of the view"
        );
        assert!(misfit("{# view: Greeting #}\n{{ name }}{{ header }}").contains("sequence"));
    }

    #[derive(Serialize)]
    struct Missing {}

    impl View for Missing {
        const TEMPLATE: &'static str = "no/such.py.j2";
    }

    #[test]
    fn a_template_that_is_not_there_is_our_mistake() {
        let error = render(&Missing {}).unwrap_err().to_string();
        assert!(error.contains("bug in onex") && error.contains("no/such.py.j2"), "{error}");
    }

    /// Nothing wraps what a template itself says, and `ruff` refuses longer lines.
    #[test]
    fn fixed_prose_fits_a_line() {
        for (name, text) in embedded() {
            let prose = |line: &&str| {
                let start = line.trim_start();
                start.starts_with("\"\"\"") || start.starts_with("# ")
            };
            let fixed = text.lines().filter(prose).filter(|line| !line.contains("{{"));
            for line in fixed {
                assert!(line.len() <= 88 || !name.ends_with(".py.j2"), "{name}: {line}");
            }
        }
    }

    #[test]
    fn the_license_header_is_made_of_comments() {
        let engine = ENGINE.as_ref().unwrap();
        let header = engine.get_template("shared/header.py.j2").unwrap();
        let lines = [Comment::new("Copyright\nnobody"), Comment::new("MIT")];
        let view = minijinja::context! { header => Value::from(Serde(&lines)) };
        assert_eq!(header.render(view).unwrap(), "# Copyright nobody\n# MIT\n");
    }

    #[test]
    fn hostile_text_stays_text() {
        #[derive(Serialize)]
        struct Doc {
            doc: DocText,
            comment: Comment,
        }
        let attack = "Eve\"\"\" + os.system('x') + \"\"\"\\\nimport os";
        let view = Doc { doc: DocText::new(attack), comment: Comment::new(attack) };
        let python = fill("a.py.j2", "{{ doc }}\n# {{ comment }}\n", &view).unwrap();
        let parsed = ruff_python_parser::parse_module(&python).unwrap();
        assert_eq!(parsed.suite().len(), 1);
        assert!(parsed.suite()[0].is_expr_stmt());
    }
}

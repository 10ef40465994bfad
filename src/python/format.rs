//! Code laid out as `ruff format` lays it out.
//!
//! In: Python of ours, valid but laid out anyhow, and the project's [`Style`]. Out: the text that
//! `ruff format` would leave alone. Reads no configuration: [`crate::project::settings`] does.

use ruff_formatter::printer::LineEnding as FormatterLineEnding;
use ruff_formatter::{IndentStyle as FormatterIndentStyle, IndentWidth, LineWidth};
use ruff_python_ast::PythonVersion;
use ruff_python_formatter::{
    DocstringCode, DocstringCodeLineWidth, MagicTrailingComma, PyFormatOptions,
    QuoteStyle as FormatterQuoteStyle, format_module_source,
};

pub use super::syntax::{SyntaxProblem, parses};

/// The settings of `ruff format` that change what is emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// `line-length`, in columns.
    pub line_length: u16,
    /// `indent-width`, in columns.
    pub indent_width: u8,
    /// `format.indent-style`.
    pub indent_style: IndentStyle,
    /// `format.quote-style`.
    pub quote_style: QuoteStyle,
    /// `format.line-ending`.
    pub line_ending: LineEnding,
    /// `format.skip-magic-trailing-comma`.
    pub skip_magic_trailing_comma: bool,
    /// `format.docstring-code-format`: whether code in docstrings is laid out as well.
    pub docstring_code: bool,
    /// `format.docstring-code-line-length`; nothing for `dynamic`, which is what fits beside the indent.
    pub docstring_code_line_length: Option<u16>,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            line_length: 88,
            indent_width: 4,
            indent_style: IndentStyle::Space,
            quote_style: QuoteStyle::Double,
            line_ending: LineEnding::Lf,
            skip_magic_trailing_comma: false,
            docstring_code: false,
            docstring_code_line_length: None,
        }
    }
}

/// What a level of indentation is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndentStyle {
    /// Spaces.
    Space,
    /// Tabs.
    Tab,
}

/// Which quotes strings get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteStyle {
    /// `"`
    Double,
    /// `'`
    Single,
    /// Those that they have.
    Preserve,
}

/// How lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnding {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
}

/// Text of ours that cannot be laid out: a mistake in this program, never in the user's input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("onex made Python that cannot be formatted, which is a bug in onex: {0}")]
pub struct FormatError(String);

/// Lays out Python of ours as `ruff format` does with these settings.
///
/// # Errors
/// When the text does not parse, which is a mistake of ours.
pub fn format(text: &str, style: &Style) -> Result<String, FormatError> {
    let printed = format_module_source(text, options(style));
    printed.map(|printed| printed.into_code()).map_err(|error| {
        let place = parses(text).err().map(|problem| problem.to_string());
        FormatError(place.unwrap_or_else(|| error.to_string()))
    })
}

/// Whether two texts say the same once line length, quotes, indentation, blank lines and trailing commas are left
/// aside; comments and their places count.
#[must_use]
pub fn differ_in_layout_alone(one: &str, other: &str) -> bool {
    match (plainest(one), plainest(other)) {
        (Ok(one), Ok(other)) => one == other,
        (Ok(_) | Err(_), _) => false,
    }
}

/// A text in the layout that keeps nothing of what its writer chose: on lines as long as they can be, so that neither
/// where they were broken nor the comma that a broken list ends in is left.
fn plainest(text: &str) -> Result<String, FormatError> {
    let style = Style { line_length: 320, skip_magic_trailing_comma: true, ..Style::default() };
    let text = format(text, &style)?;
    Ok(text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n"))
}

fn options(style: &Style) -> PyFormatOptions {
    let docstring_code_width =
        style.docstring_code_line_length.map_or(DocstringCodeLineWidth::Dynamic, |length| {
            DocstringCodeLineWidth::Fixed(line_width(length))
        });
    PyFormatOptions::default()
        .with_target_version(PythonVersion::PY312)
        .with_line_width(line_width(style.line_length))
        .with_indent_width(IndentWidth::try_from(style.indent_width.max(1)).unwrap_or_default())
        .with_indent_style(match style.indent_style {
            IndentStyle::Space => FormatterIndentStyle::Space,
            IndentStyle::Tab => FormatterIndentStyle::Tab,
        })
        .with_quote_style(match style.quote_style {
            QuoteStyle::Double => FormatterQuoteStyle::Double,
            QuoteStyle::Single => FormatterQuoteStyle::Single,
            QuoteStyle::Preserve => FormatterQuoteStyle::Preserve,
        })
        .with_line_ending(match style.line_ending {
            LineEnding::Lf => FormatterLineEnding::LineFeed,
            LineEnding::CrLf => FormatterLineEnding::CarriageReturnLineFeed,
        })
        .with_magic_trailing_comma(if style.skip_magic_trailing_comma {
            MagicTrailingComma::Ignore
        } else {
            MagicTrailingComma::Respect
        })
        .with_docstring_code(if style.docstring_code {
            DocstringCode::Enabled
        } else {
            DocstringCode::Disabled
        })
        .with_docstring_code_line_width(docstring_code_width)
}

/// Ruff itself takes 1 to 320; zero would have no meaning.
fn line_width(columns: u16) -> LineWidth {
    LineWidth::try_from(columns.max(1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CALL: &str =
        "result = await self.publish(envelope_id=envelope.envelope_id, events=(first, 'a'))\n";

    fn formatted(text: &str, style: Style) -> String {
        format(text, &style).unwrap()
    }

    #[test]
    fn layout_is_what_no_meaning_hangs_on() {
        let text = "\"\"\"Doc.\n\nMore.\n\"\"\"\n\nfrom a import (\n    b,\n    c,\n)\n\n\ndef f(x: int) -> list[int]:\n    # why\n    return [x, 1]\n";
        let long = Style { line_length: 200, quote_style: QuoteStyle::Single, ..Style::default() };
        let narrow = Style { line_length: 20, indent_style: IndentStyle::Tab, ..Style::default() };
        for style in [long, narrow] {
            let other = format(text, &style).unwrap();
            assert!(differ_in_layout_alone(text, &other), "{other}");
        }
        let spaced = text.replace("    return", "\n    return");
        assert!(differ_in_layout_alone(text, &spaced));
        for (old, new) in [
            ("# why", "# how"),
            ("More", "Less"),
            ("[x, 1]", "[x, 2]"),
            ("    # why\n", ""),
            ("return", "return ("),
        ] {
            assert!(!differ_in_layout_alone(text, &text.replace(old, new)), "{old}");
        }
    }

    #[test]
    fn lines_are_broken_where_the_project_wants() {
        let narrow = Style { line_length: 60, ..Style::default() };
        assert_eq!(
            formatted(CALL, narrow),
            "result = await self.publish(\n    envelope_id=envelope.envelope_id, events=(first, \"a\")\n)\n"
        );
        let wide = Style { line_length: 100, quote_style: QuoteStyle::Single, ..Style::default() };
        assert_eq!(formatted(CALL, wide), CALL);
    }

    #[test]
    fn every_setting_reaches_the_formatter() {
        let code = "if x:\n  y = [1,\n  2,]\n  z = 'a'\n";
        assert_eq!(
            formatted(code, Style::default()),
            "if x:\n    y = [\n        1,\n        2,\n    ]\n    z = \"a\"\n"
        );
        let other = Style {
            indent_style: IndentStyle::Tab,
            quote_style: QuoteStyle::Preserve,
            line_ending: LineEnding::CrLf,
            skip_magic_trailing_comma: true,
            ..Style::default()
        };
        assert_eq!(formatted(code, other), "if x:\r\n\ty = [1, 2]\r\n\tz = 'a'\r\n");
        let two = Style { indent_width: 2, ..Style::default() };
        assert_eq!(formatted("if x:\n    y\n", two), "if x:\n  y\n");
        let docs = "def f():\n    \"\"\"F.\n\n    >>> f( 1 )\n    \"\"\"\n";
        assert_eq!(formatted(docs, Style::default()), docs);
        let code_too = Style { docstring_code: true, ..Style::default() };
        assert!(formatted(docs, code_too).contains(">>> f(1)"));
        let long = "def f():\n    \"\"\"F.\n\n    >>> f(first, second)\n    \"\"\"\n";
        let narrow = Style {
            docstring_code: true,
            docstring_code_line_length: Some(10),
            ..Style::default()
        };
        assert!(formatted(long, narrow).contains("... "), "docstring code is not broken");
    }

    #[test]
    fn text_that_is_no_python_is_our_mistake() {
        let error = format("def f(:\n", &Style::default()).unwrap_err().to_string();
        assert!(error.contains("a bug in onex: line 1, column 7:"), "{error}");
    }

    fn expression() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "[a-z]{1,12}".prop_filter("keyword", |name| parses(name).is_ok()),
            "[0-9]{1,4}".prop_map(|digits| format!("1{digits}")),
            r#"[a-z"' \\]{0,20}"#
                .prop_map(|text| crate::python::StrLiteral::new(&text).to_string()),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let items = proptest::collection::vec(inner.clone(), 1..5);
            prop_oneof![
                (inner.clone(), items.clone(), any::<bool>()).prop_map(|(of, items, comma)| {
                    format!("({of})({}{})", items.join(","), if comma { "," } else { "" })
                }),
                (items.clone(), any::<bool>()).prop_map(|(items, comma)| {
                    format!("[\n{}{}]", items.join(" , "), if comma { "," } else { "" })
                }),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}  +{b})")),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{{a}:{b}}}")),
                (inner.clone(), inner.clone())
                    .prop_map(|(a, b)| format!("({a}).x if ({b}) else c")),
                inner.prop_map(|a| format!("(lambda x:({a}))")),
            ]
        })
    }

    fn style() -> impl Strategy<Value = Style> {
        let choices = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
        (20_u16..120, 1_u8..9, choices).prop_map(
            |(line_length, indent_width, (tab, single, crlf, skip))| Style {
                line_length,
                indent_width,
                indent_style: if tab { IndentStyle::Tab } else { IndentStyle::Space },
                quote_style: if single { QuoteStyle::Single } else { QuoteStyle::Double },
                line_ending: if crlf { LineEnding::CrLf } else { LineEnding::Lf },
                skip_magic_trailing_comma: skip,
                ..Style::default()
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_laid_out_stays_as_it_is(
            values in proptest::collection::vec(expression(), 1..4),
            blank in 0_usize..4,
            style in style(),
        ) {
            let mut text = "class A:\n  async def f(self, a:int=1)->None:\n".to_owned();
            for value in values {
                text.push_str(&"\n".repeat(blank));
                text.push_str(&format!("   x = ({value}) # why\n"));
            }
            let once = format(&text, &style).unwrap();
            prop_assert_eq!(&format(&once, &style).unwrap(), &once);
        }
    }
}

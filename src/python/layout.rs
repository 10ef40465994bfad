//! Code of ours laid out as [`super::format`] lays it out, without taking all of it apart.
//!
//! In: a text that templates gave, and the project's [`Style`]. Out: what [`format`] makes of it. Templates print most lines
//! as they are to stand; what is left to do is mostly to break those that are too long. So a text is gone through line by
//! line: one that fits stays, docstrings get their indentation, long imports are written a name a line, and only what is
//! left goes to the formatter, a statement at a time. Whatever is out of the ordinary goes to it as a whole.
//!
//! Debug builds, and with them all tests and the fuzz targets, compare each text with what the formatter makes of it.

mod brackets;

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use brackets::Lines;

use super::format::{FormatError, IndentStyle, LineEnding, QuoteStyle, Style, format};

/// Lays out Python of ours as `ruff format` does with these settings.
///
/// # Errors
/// When the text does not parse, which is a mistake of ours; not every such text is noticed.
pub fn lay_out(text: &str, style: &Style) -> Result<String, FormatError> {
    match line_by_line(text, style) {
        Some(laid) => {
            debug_assert_eq!(format(text, style).as_ref(), Ok(&laid), "laid out otherwise");
            Ok(laid)
        }
        None => format(text, style),
    }
}

/// What templates are written in; a project with other settings has its code laid out by the formatter.
fn is_templates_own(style: &Style) -> bool {
    let Style { indent_width, indent_style, quote_style, line_ending, .. } = style;
    *indent_width == 4
        && *indent_style == IndentStyle::Space
        && *quote_style == QuoteStyle::Double
        && *line_ending == LineEnding::Lf
        && !style.skip_magic_trailing_comma
        && !style.docstring_code
}

fn line_by_line(text: &str, style: &Style) -> Option<String> {
    // The width of other characters is for the formatter to know. All bytes are looked at, which takes less time than to
    // ask after each whether that was enough.
    let is_odd = |odd, byte: u8| odd | !byte.is_ascii() | (byte == b'\t') | (byte == b'\r');
    if !is_templates_own(style) || text.bytes().fold(false, is_odd) {
        return None;
    }
    let limit = usize::from(style.line_length);
    let mut laid = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    let mut blank = 0;
    while !rest.is_empty() {
        let (line, is_single) = logical_line(rest)?;
        rest = rest.get(line.len()..)?;
        let code = line.trim_start_matches(' ');
        let indent = line.len() - code.len();
        let code = code.strip_suffix('\n')?;
        if code.is_empty() {
            blank += 1;
            continue;
        }
        // Optional parts may leave more behind than there are to be.
        let most = if laid.is_empty() {
            0
        } else if indent == 0 {
            2
        } else {
            1
        };
        laid.extend(std::iter::repeat_n('\n', blank.min(most)));
        blank = 0;
        if code.ends_with(' ') {
            return None;
        }
        if code.starts_with("\"\"\"") || code.starts_with("r\"\"\"") {
            docstring(code, indent, &mut laid)?;
        } else if code.starts_with('#') || is_single && indent + code.len() <= limit {
            laid.push_str(line);
        } else if let Some(items) = listed(code) {
            items.write(indent, &mut laid);
        } else {
            let before = laid.len();
            if (Lines { limit, laid: &mut laid }).statement(code, indent).is_some() {
                continue;
            }
            laid.truncate(before);
            let piece = piece(code, limit.checked_sub(indent)?, style)?;
            for line in piece.lines() {
                push_indented(line, indent, &mut laid);
            }
        }
    }
    Some(laid)
}

fn push_indented(line: &str, indent: usize, laid: &mut String) {
    if !line.is_empty() {
        laid.extend(std::iter::repeat_n(' ', indent));
        laid.push_str(line);
    }
    laid.push('\n');
}

/// The bytes because of which a line may go on, or end: most stand for nothing but themselves, and one look at each is
/// enough.
#[allow(clippy::indexing_slicing, reason = "an index that is too large does not compile")]
const MARKS: [bool; 256] = {
    let (marks, mut is_mark, mut at) = (b"#\"'()[]{}\\\n", [false; 256], 0);
    while at < marks.len() {
        is_mark[marks[at] as usize] = true;
        at += 1;
    }
    is_mark
};

fn is_mark(byte: &u8) -> bool {
    MARKS.get(usize::from(*byte)).copied().unwrap_or_default()
}

/// The first lines of a text that belong together: brackets and strings may go over several; and whether it is one line.
/// Nothing where a line ends in a backslash, or where something is not closed.
fn logical_line(text: &str) -> Option<(&str, bool)> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut is_single) = (0_usize, 0_usize, true);
    loop {
        at += bytes.get(at..)?.iter().position(is_mark)?;
        match *bytes.get(at)? {
            b'#' => {
                at += text.get(at..)?.find('\n')?;
                continue;
            }
            quote @ (b'"' | b'\'') => {
                let end = string_end(bytes, at, quote)?;
                is_single &= !bytes.get(at..end)?.contains(&b'\n');
                at = end;
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            b'\\' => return None,
            b'\n' if depth == 0 => return Some((text.get(..=at)?, is_single)),
            b'\n' => is_single = false,
            _ => {}
        }
        at += 1;
    }
}

/// Where the string ends that begins with the quote at a place.
fn string_end(bytes: &[u8], at: usize, quote: u8) -> Option<usize> {
    let triple = [quote; 3];
    let is_triple = bytes.get(at..)?.starts_with(&triple);
    let end: &[u8] = if is_triple { &triple } else { &[quote] };
    let mut at = at + end.len();
    let is_end = |byte: &u8| *byte == quote || matches!(byte, b'\\' | b'\n');
    loop {
        at += bytes.get(at..)?.iter().position(is_end)?;
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b'\n' if !is_triple => return None,
            byte if byte == quote && bytes.get(at..)?.starts_with(end) => {
                return Some(at + end.len());
            }
            _ => at += 1,
        }
    }
}

/// Writes a docstring, whose lines stand as far in as its quotes, or further where some do.
fn docstring(code: &str, indent: usize, laid: &mut String) -> Option<()> {
    let (first, rest) = code.split_once('\n').unwrap_or((code, ""));
    let blank = |line: &&str| line.trim_start_matches(' ').is_empty();
    let lines = || rest.split('\n');
    // A backslash at the end of a line may go on with it.
    let is_ragged = |line: &str| line.ends_with([' ', '\\']);
    if is_ragged(first) || lines().any(is_ragged) {
        return None;
    }
    push_indented(first, indent, laid);
    if rest.is_empty() {
        return Some(());
    }
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let common = lines().filter(|line| !blank(line)).map(depth).min().unwrap_or_default();
    for line in lines() {
        push_indented(line.get(common..).unwrap_or_default(), indent, laid);
    }
    Some(())
}

/// A statement that lists names, and is written a name a line where it is too long.
struct Listed<'a> {
    before: &'a str,
    items: Vec<&'a str>,
    after: &'static str,
}

impl Listed<'_> {
    fn write(&self, indent: usize, laid: &mut String) {
        push_indented(self.before, indent, laid);
        let open = if self.after == ")" { " (" } else { "[" };
        laid.truncate(laid.len() - 1);
        laid.push_str(open);
        laid.push('\n');
        for item in &self.items {
            push_indented(item, indent + 4, laid);
            laid.truncate(laid.len() - 1);
            laid.push_str(",\n");
        }
        push_indented(self.after, indent, laid);
    }
}

/// `from x import a, b`, or `__all__ = ["a", "b"]`; nothing for any other line.
fn listed(code: &str) -> Option<Listed<'_>> {
    let is_name = |item: &&str| item.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if code.starts_with("from ") {
        let (module, names) = code.split_once(" import ")?;
        let before = code.get(..module.len() + " import".len())?;
        let items: Vec<&str> = names.split(", ").collect();
        return items.iter().all(is_name).then_some(Listed { before, items, after: ")" });
    }
    let before = "__all__ = ";
    let items = code.strip_prefix(before)?.strip_prefix('[')?.strip_suffix(']')?;
    let items: Vec<&str> = items.split(", ").collect();
    let is_literal = |item: &&str| {
        let name = item.strip_prefix('"').and_then(|item| item.strip_suffix('"'));
        name.is_some_and(|name| is_name(&name))
    };
    // A list of one gets no comma.
    let is_list = items.len() > 1 && items.iter().all(is_literal);
    is_list.then_some(Listed { before, items, after: "]" })
}

/// The statements that were laid out last, by how wide they may be: many nodes have the same ones.
static KNOWN: LazyLock<Mutex<HashMap<(usize, String), String>>> = LazyLock::new(Mutex::default);

/// More are forgotten.
const MOST_KNOWN: usize = 2048;

/// A statement laid out by itself, or what begins one; nothing where that cannot be.
fn piece(code: &str, width: usize, style: &Style) -> Option<String> {
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (width, code.to_owned());
    if let Some(laid) = known().get(&key) {
        return Some(laid.clone());
    }
    let narrow =
        Style { line_length: u16::try_from(width).ok().filter(|w| *w > 0)?, ..style.clone() };
    let continues = ["elif ", "else", "except", "finally", "case ", "@"];
    if continues.iter().any(|word| code.starts_with(word)) || has_text_block(code) {
        return None;
    }
    let laid = if code.ends_with(':') {
        let laid = format(&format!("{code}\n    pass\n"), &narrow).ok()?;
        laid.strip_suffix("    pass\n")?.to_owned()
    } else {
        format(&format!("{code}\n"), &narrow).ok()?
    };
    let mut known = known();
    if known.len() >= MOST_KNOWN {
        known.clear();
    }
    known.insert(key, laid.clone());
    Some(laid)
}

/// Whether a string goes over several lines, which are not to be indented.
fn has_text_block(code: &str) -> bool {
    code.contains("\"\"\"") || code.contains("'''")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Laid out line by line, and as the formatter does it.
    #[track_caller]
    fn assert_laid(text: &str, line_length: u16) {
        let style = Style { line_length, ..Style::default() };
        let laid = line_by_line(text, &style);
        assert_eq!(laid, Some(format(text, &style).unwrap()), "{text}");
    }

    #[test]
    fn what_fits_stays_and_what_does_not_is_broken() {
        for width in [40, 60, 88, 200] {
            assert_laid("x = call(first, second, third_of_them, fourth=4)\n", width);
            assert_laid("from a.b.c import First, Second, Third, Fourth, Fifth\n", width);
            assert_laid("from a.b.c.d.e.f.g.h.i.j.k.l.m.n.o import First\n", width);
            assert_laid("__all__ = [\"First\", \"Second\", \"Third\", \"Fourth\"]\n", width);
            assert_laid(
                "def f(first: int, second: str, third: float) -> int:\n    return 1\n",
                width,
            );
            assert_laid(
                "class A:\n    async def f(self, first: int, second: str) -> int:\n        return {\n  1: 2, 3: 4}\n",
                width,
            );
            assert_laid(
                "# a comment is as long as it is, and nobody breaks it for its author\n",
                width,
            );
            assert_laid(
                "for one in first_of_all_things(and_another, and_one_more_thing):\n    pass\n",
                width,
            );
        }
    }

    #[test]
    fn brackets_are_broken_as_the_formatter_breaks_them() {
        for width in 30..110 {
            for statement in [
                "call(first, second, third=3)",
                "return A.b(a=one.two or three(), b=[1, 2], c=(X(y=1, z=\"a, (b\"),))",
                "x: Envelope[Model, str] = Envelope(\n    payload=event, correlation_id=uuid4()\n)",
                "x: Envelope[Model] = Envelope(\n    payload=event,\n    correlation_id=uuid4(),\n)",
                "PAIRS: tuple[tuple[str, type], ...] = (\n    (\"ModelFirst\", HandlerFirst),\n)",
                "PAIRS = (\n    (\"first\", \"one of them\"),\n    (\"second\", \"another\"),\n)",
                "PAIRS = ((\"first\", \"one of them\"), (\"second\", \"another one\"))",
                "LIST = [\"first\", \"second of them\", [\"third\", [\"fourth\"]]]",
                "Output[None](a=1, b=(\"refused\",), c=Kind.OF_THIS, d={\"a\": 1, \"b\": [2]})",
                "Output[None](\n    a=1,\n    b=(\"refused\",),\n    c=Kind.OF_THIS,\n)",
                "x = call(one for one in all_of_the_many_things_that_there_are_to_see)",
                "x = call((one_thing_in_brackets_that_is_rather_long_for_a_line_of_this))",
                "x = first(a, b, c).second(dddddddddd, eeeeeeeee).third(ffffffffff)",
                "x = await first.second(a, bbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccc)",
                "x = call(*arguments_of_the_first_kind, **arguments_of_the_second_kind)",
                "x = call(a == b, c if ddddddddddddd else eeeeeeeeeee, lambda f, g: f + g)",
                "x = call(a)[\"a long subscript that goes on and on\", \"and another one\"]",
                "x = call(\n    dict[\n        str,\n        int,\n    ],\n    bbbbbbbbbbbbbbbbbbbbbbbbbbbbb)",
                "x = y = call(aaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbb)",
                "x += call(aaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbb)",
                "x = [[\"one alone in its list, which is long enough for a line\"]]",
                "x = call(first, second(third, fourth(a_rather_long_one, and_another_long_one)))",
                "x = call(\n    a,\n    b\n    or c,\n)",
                "assert call(aaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbb) == (ccccccccccc, dddddd)",
            ] {
                assert_laid(&format!("{statement}\n"), width);
                let inner = statement.replace('\n', "\n    ");
                assert_laid(&format!("def f():\n    {inner}\n"), width);
            }
            for head in [
                "async def handle(self, envelope: Envelope[ModelEvent]) -> Output[None]:",
                "def __init__(self, container: Container, registry: Registry) -> None:",
                "def first(self, a: int = 1, *, b: str = \"(\", c: list[str] = [1, 2]) -> None:",
                "def first(a: int, b: Callable[[int, str], None] = call(1, 2)):",
                "def first(\n    a: int,\n    b: str,\n) -> dict[str, tuple[int, ...]]:",
                "def first_of_all_functions() -> dict[str, tuple[int, ...]]:",
            ] {
                assert_laid(&format!("{head}\n    pass\n"), width);
            }
        }
    }

    #[test]
    fn docstrings_are_indented() {
        assert_laid("class A:\n    \"\"\"One.\n\nTwo:\n    three\n\"\"\"\n", 88);
        assert_laid("class A:\n    \"\"\"One.\n\n    Two:\n        three\n    \"\"\"\n", 88);
        assert_laid("def f():\n    r\"\"\"One \\d.\n\nTwo.\n\"\"\"\n", 88);
        assert_laid("\"\"\"One line that is longer than it may be.\"\"\"\n", 20);
    }

    #[test]
    fn what_is_out_of_the_ordinary_is_left_to_the_formatter() {
        let left =
            |text: &str, style: Style| assert_eq!(line_by_line(text, &style), None, "{text}");
        for text in [
            "x = \\\n    1\n",
            "x = \"ü\"\n",
            "x = 1\t\n",
            "x = (\n",
            "x = 1",
            "x = 1 \n",
            "x = call(\"\"\"a\nb\"\"\", 1)\n",
            "class A:\n    r\"\"\"One.\n\nTwo \\\\\nthree.\n\"\"\"\n",
        ] {
            left(text, Style::default());
        }
        let single = Style { quote_style: QuoteStyle::Single, ..Style::default() };
        left("x = \"a\"\n", single);
        left("x = 1\n", Style { docstring_code: true, ..Style::default() });
        left("x = [1]\n", Style { skip_magic_trailing_comma: true, ..Style::default() });
    }

    #[test]
    fn a_string_hides_what_is_in_it() {
        assert_laid("x = [\"# ( ' \", \"[\", 3]  # why (\n", 88);
        assert_laid("x = call(\"a # b\", 'it\"s', \"(\")\n", 20);
    }
}

//! Python text taken apart by ruff's parser, which goes on after errors.
//!
//! The text may come from anybody. The parser recurses, and so does dropping what it yields; what is nested
//! deeper than people nest is refused beforehand, and what is only long is not dropped (see [`Shape`]).

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{ModModule, PySourceType, Stmt};
use ruff_python_parser::{Mode, ParseError, Parsed, lexer, parse_unchecked_source};
use ruff_text_size::{Ranged, TextRange};

use super::identifier::is_of_name;
use crate::search;
use crate::source::{SourceFile, Span};

/// Why a text is no Python, and where it stops being any.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct SyntaxProblem {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// What the parser says.
    pub message: String,
}

/// Whether a text is Python.
///
/// # Errors
/// The first place where it is not.
pub fn parses(text: &str) -> Result<(), SyntaxProblem> {
    let first = with_parsed(text, |parsed| problems(text, parsed.errors()).into_iter().next())?;
    first.map_or(Ok(()), Err)
}

/// Does something with a text taken apart; the errors in it are for the caller to look at.
///
/// # Errors
/// When the text is nested so deep that it is not taken apart at all.
pub(super) fn with_parsed<T>(
    text: &str,
    read: impl FnOnce(&Parsed<ModModule>) -> T,
) -> Result<T, SyntaxProblem> {
    let shape = at_most(text);
    shape.check()?;
    let parsed = parse_unchecked_source(text, PySourceType::Python);
    let result = read(&parsed);
    if shape.longest > MAX_DROPPED {
        std::mem::forget(parsed);
    }
    Ok(result)
}

/// A module taken apart and kept, for whoever looks at more of it than [`super::module::Module`] tells.
#[derive(Debug)]
pub struct Tree {
    /// Nothing only while it is being dropped.
    parsed: Option<Parsed<ModModule>>,
    is_long: bool,
}

impl Tree {
    /// Takes a text apart; the parser goes on after errors.
    ///
    /// # Errors
    /// When the text is nested so deep that it is not taken apart at all.
    pub fn of(text: &str) -> Result<Self, SyntaxProblem> {
        Self::shaped(text, &shape_of(text))
    }

    /// The same for whoever does not ask whether it is long: a long list may be told for it.
    pub(super) fn within_limits(text: &str) -> Result<Self, SyntaxProblem> {
        Self::shaped(text, &at_most(text))
    }

    fn shaped(text: &str, shape: &Shape) -> Result<Self, SyntaxProblem> {
        shape.check()?;
        let parsed = parse_unchecked_source(text, PySourceType::Python);
        Ok(Self { parsed: Some(parsed), is_long: shape.longest > MAX_DROPPED })
    }

    /// The statements of the module.
    #[must_use]
    pub fn body(&self) -> &[Stmt] {
        self.parsed().map(|parsed| parsed.suite().as_ref()).unwrap_or_default()
    }

    /// Whether a statement is so long that looking at it in depth could exhaust the stack.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.is_long
    }

    /// The tokens, comments among them.
    pub(crate) fn tokens(&self) -> &[Token] {
        self.parsed().map(|parsed| &**parsed.tokens()).unwrap_or_default()
    }

    pub(super) fn parsed(&self) -> Option<&Parsed<ModModule>> {
        self.parsed.as_ref()
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // What is only long is as deep when it is dropped.
        if self.is_long {
            std::mem::forget(self.parsed.take());
        }
    }
}

/// More mistakes in one file help nobody, and the place of each costs a walk along its line: that of a file which holds
/// nothing but mistakes in one long line took minutes.
const MOST_PROBLEMS: usize = 20;

/// The parser's first errors with their places.
pub(super) fn problems(text: &str, errors: &[ParseError]) -> Vec<SyntaxProblem> {
    if errors.is_empty() {
        return Vec::new();
    }
    let file = SourceFile::new("", text);
    let problem = |error: &ParseError| {
        let position = file.position(error.range().start().to_u32());
        SyntaxProblem {
            line: position.line,
            column: position.column,
            message: error.error.to_string(),
        }
    };
    errors.iter().take(MOST_PROBLEMS).map(problem).collect()
}

/// The place of a node.
pub(super) fn span(node: &impl Ranged) -> Span {
    span_of(node.range())
}

/// A range of the parser as a span.
pub(super) fn span_of(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

/// Python itself refuses brackets and blocks that are nested deeper.
const MAX_BRACKETS: usize = 200;
const MAX_BLOCKS: usize = 100;

/// The tree of a text takes some fifty times its memory. The largest module of the framework's nodes has 320 KB.
const MAX_BYTES: usize = 2 << 20;

/// The same of a text that is nothing but short words and signs: a module of a megabyte and a half has as many.
const MAX_TOKENS: usize = 300_000;

/// Operators that can stand before each other without brackets, each a level of nesting.
const MAX_OPERATORS: usize = 20_000;

/// A tree as deep as this many tokens is dropped without trouble, on a small stack too.
const MAX_DROPPED: usize = 2_000;

/// Whether a text of so many tokens is small enough to be taken apart.
pub(super) fn is_small(text: &str, tokens: usize) -> bool {
    text.len() <= MAX_BYTES && tokens <= MAX_TOKENS
}

/// How deep a text can be nested, as its tokens tell.
#[derive(Default)]
struct Shape {
    is_large: bool,
    brackets: usize,
    blocks: usize,
    operators: usize,
    /// All tokens.
    tokens: usize,
    /// Most tokens of one logical line that may make it deeper: a chain such as `a.b.c` is as deep as it is long, a list
    /// of names is not.
    longest: usize,
}

impl Shape {
    fn of(text: &str) -> Self {
        if text.len() > MAX_BYTES {
            return Self { is_large: true, ..Self::default() };
        }
        let mut lexer = lexer::lex(text, Mode::Module);
        let (mut most, mut now) = (Self::default(), Self::default());
        loop {
            most.tokens += 1;
            let kind = lexer.next_token();
            now.longest += usize::from(deepens(kind));
            match kind {
                TokenKind::EndOfFile => break,
                TokenKind::Newline => (now.longest, now.operators) = (0, 0),
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => now.brackets += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                    now.brackets = now.brackets.saturating_sub(1);
                }
                TokenKind::Indent => now.blocks += 1,
                TokenKind::Dedent => now.blocks = now.blocks.saturating_sub(1),
                _ if nests(kind) => now.operators += 1,
                _ => {}
            }
            most.longest = most.longest.max(now.longest);
            most.brackets = most.brackets.max(now.brackets);
            most.blocks = most.blocks.max(now.blocks);
            most.operators = most.operators.max(now.operators);
        }
        most
    }

    /// At least as much of everything as [`Shape::of`] finds, with no look at what is a token: most modules that are long
    /// are long lists. Nothing where a string may go over several lines.
    fn by_lines(text: &str) -> Option<Self> {
        let (mut most, mut now) = (Self::default(), Self::default());
        for line in search::lines(text) {
            let (mut bounds, mut signs) = (Most::default(), Signs::behind(now.brackets));
            bounds.take(line, |byte, kind| signs.take(byte, kind));
            if signs.may_go_on(line) {
                return None;
            }
            bounds.take("\n", |_, _| {});
            now.brackets += bounds.brackets;
            most.brackets = most.brackets.max(now.brackets);
            if signs.is_code() {
                now.brackets = signs.depth;
            }
            now.longest += bounds.deepening;
            now.operators += bounds.operators;
            most.tokens += bounds.tokens;
            most.blocks = most.blocks.max(bounds.indent);
            most.longest = most.longest.max(now.longest);
            most.operators = most.operators.max(now.operators);
            if now.brackets == 0 {
                (now.longest, now.operators) = (0, 0);
            }
        }
        most.tokens += Most::AT_THE_END;
        Some(most)
    }

    fn check(&self) -> Result<(), SyntaxProblem> {
        let message = if self.is_large || self.tokens > MAX_TOKENS {
            "the file is too large to be taken apart"
        } else if self.brackets > MAX_BRACKETS {
            "brackets are nested too deep"
        } else if self.blocks > MAX_BLOCKS {
            "blocks are nested too deep"
        } else if self.operators > MAX_OPERATORS {
            "a statement has too many operators"
        } else {
            return Ok(());
        };
        Err(SyntaxProblem { line: 1, column: 1, message: message.to_owned() })
    }
}

/// How deep a text can be nested. Most files are so short that no look at their tokens is needed to tell.
fn shape_of(text: &str) -> Shape {
    if is_flat(text) { Shape::default() } else { Shape::of(text) }
}

/// The same for whoever asks no more than whether a text is within the limits: that of a long text is told line by line,
/// where its lines tell.
fn at_most(text: &str) -> Shape {
    if is_flat(text) {
        return Shape::default();
    }
    let by_lines = (text.len() <= MAX_BYTES).then(|| Shape::by_lines(text)).flatten();
    by_lines.filter(|shape| shape.check().is_ok()).unwrap_or_else(|| Shape::of(text))
}

/// Whether a text is within every limit whatever its tokens are: it has no more brackets than it has signs for them, and
/// no block is indented by less than the blocks around it are in number.
fn is_flat(text: &str) -> bool {
    // Hardly any text that is longer has so few tokens, and telling would take longer than counting them.
    if text.len() > 8 * MAX_DROPPED {
        return false;
    }
    let most = Most::of(text);
    most.brackets <= MAX_BRACKETS && most.indent <= MAX_BLOCKS && most.tokens < MAX_DROPPED
}

/// What the signs of a line tell.
#[derive(Default)]
struct Signs {
    /// How many brackets are open behind it, where all of them are code.
    depth: usize,
    quotes: usize,
    has_comment: bool,
    has_brace: bool,
    /// Whether there is what may end a line for the lexer, and does not for [`str::split`].
    has_line_end: bool,
}

impl Signs {
    /// Of a line before which so many brackets are open.
    fn behind(depth: usize) -> Self {
        Self { depth, ..Self::default() }
    }

    fn take(&mut self, byte: u8, kind: Kind) {
        match kind {
            Kind::Opening => self.depth += 1,
            Kind::Closing => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.quotes += usize::from(matches!(byte, b'"' | b'\''));
        self.has_comment |= byte == b'#';
        self.has_brace |= byte == b'{';
        self.has_line_end |= matches!(byte, b'\r' | b'\x0c');
    }

    /// Whether no bracket stands in a string or a comment, where what closes one closes none.
    fn is_code(&self) -> bool {
        self.quotes == 0 && !self.has_comment
    }

    /// Whether a string that begins in the line may end in another one, as far as the line tells: what stands in the
    /// braces of an f-string may go over several.
    fn may_go_on(&self, line: &str) -> bool {
        let is_docstring = || {
            let inside =
                line.trim().strip_prefix("\"\"\"").and_then(|rest| rest.strip_suffix("\"\"\""));
            inside.is_some_and(|inside| !inside.contains(['"', '\\']))
        };
        line.ends_with('\\')
            || self.has_line_end
            || self.has_brace && self.quotes > 0
            || self.quotes > 2
                && (line.contains("'''") || line.contains("\"\"\"") && !is_docstring())
    }
}

/// At least as many as a text has of each.
#[derive(Default)]
struct Most {
    tokens: usize,
    /// Those that may make a line deeper.
    deepening: usize,
    /// What opens brackets.
    brackets: usize,
    /// What may stand before an operand without a bracket.
    operators: usize,
    /// Of the line whose indentation is longest.
    indent: usize,
    /// Where it is: in a word, in one that is a number as far as it goes, behind the point of a number, behind the blanks
    /// that a line begins with.
    in_word: bool,
    in_number: bool,
    behind_point: bool,
    in_line: bool,
    blanks: usize,
}

impl Most {
    /// The tokens that no byte stands for: the end of the last line and of its blocks, and that of the file.
    const AT_THE_END: usize = 5;

    fn of(text: &str) -> Self {
        let mut most = Self { tokens: Self::AT_THE_END, ..Self::default() };
        most.take(text, |_, _| {});
        most
    }

    /// Takes what comes next; of what is in no word, `sign` is told.
    fn take(&mut self, text: &str, mut sign: impl FnMut(u8, Kind)) {
        let mut rest = text.as_bytes();
        while let [byte, behind @ ..] = rest {
            rest = behind;
            let kind = Kind::of(*byte);
            self.take_one(*byte, kind);
            if !kind.is_of_word() {
                sign(*byte, kind);
            } else if !self.in_number {
                // Nothing changes before the word ends.
                let word = rest.iter().take_while(|byte| Kind::of(**byte).is_of_word()).count();
                rest = rest.get(word..).unwrap_or_default();
            }
        }
    }

    fn take_one(&mut self, byte: u8, kind: Kind) {
        let is_word = kind.is_of_word();
        let is_point = byte == b'.' && self.in_word && self.in_number;
        let behind_point = std::mem::replace(&mut self.behind_point, is_point);
        let begins = !std::mem::replace(&mut self.in_word, is_word);
        match kind {
            // A word is one, but what goes on with a number may be several: `1j2if`, `1.jif`.
            Kind::Letter | Kind::Keyword | Kind::Digit => {
                if begins {
                    self.in_number = kind == Kind::Digit || behind_point;
                }
                let is_another = begins || self.in_number;
                let is_keyword = is_another && kind == Kind::Keyword;
                self.tokens += usize::from(is_another);
                self.deepening += usize::from(is_keyword);
                self.operators += usize::from(is_keyword);
            }
            Kind::Blank => {}
            Kind::LineEnd => {
                self.tokens += 3;
                (self.blanks, self.in_line) = (0, false);
                return;
            }
            Kind::Operator => {
                self.tokens += 2;
                self.deepening += 1;
                self.operators += 1;
            }
            Kind::Opening => {
                self.tokens += 2;
                self.deepening += 1;
                self.brackets += 1;
            }
            Kind::Closing | Kind::Sign | Kind::Odd => {
                self.tokens += 2;
                self.deepening += 1;
            }
            Kind::Flat => self.tokens += 2,
        }
        self.in_line |= !matches!(kind, Kind::Blank | Kind::Odd);
        self.blanks += usize::from(!self.in_line);
        self.indent = self.indent.max(self.blanks);
    }
}

/// What a byte can be part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Of a word.
    Letter,
    /// The same, and of those with which keywords begin.
    Keyword,
    Digit,
    Blank,
    LineEnd,
    /// A sign that stands before an operand.
    Operator,
    Opening,
    Closing,
    /// A sign that makes nothing deeper: a comma, and what strings begin and end with.
    Flat,
    Sign,
    /// What is no blank, and may still stand in the indentation of a block: what is not to be seen, and a backslash.
    Odd,
}

impl Kind {
    fn of(byte: u8) -> Self {
        KINDS.get(usize::from(byte)).copied().unwrap_or(Self::Odd)
    }

    fn is_of_word(self) -> bool {
        matches!(self, Self::Letter | Self::Keyword | Self::Digit)
    }
}

#[allow(clippy::indexing_slicing, reason = "an index that is too large does not compile")]
const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Odd; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'0'..=b'9' => Kind::Digit,
            b'F' | b'N' | b'T' | b'a'..=b'g' | b'i' | b'l'..=b'p' | b'r' | b't' | b'w' | b'y' => {
                Kind::Keyword
            }
            _ if is_of_name(byte) => Kind::Letter,
            b' ' | b'\t' | b'\x0c' => Kind::Blank,
            b'\n' | b'\r' => Kind::LineEnd,
            b'+' | b'-' | b'~' | b'*' => Kind::Operator,
            b'(' | b'[' | b'{' => Kind::Opening,
            b')' | b']' | b'}' => Kind::Closing,
            b',' | b'"' | b'\'' => Kind::Flat,
            b'\\' => Kind::Odd,
            b'!'..=b'~' => Kind::Sign,
            _ => Kind::Odd,
        };
        byte += 1;
    }
    kinds
};

/// Whether the operand behind a token nests without a bracket.
fn nests(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Tilde
            | TokenKind::DoubleStar
            | TokenKind::Not
            | TokenKind::Await
            | TokenKind::Lambda
            | TokenKind::If
            | TokenKind::Else
    )
}

/// Whether an expression may be a level deeper for a token. What is not here stands beside others of its kind.
fn deepens(kind: TokenKind) -> bool {
    !matches!(
        kind,
        TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringStart
            | TokenKind::FStringMiddle
            | TokenKind::FStringEnd
            | TokenKind::TStringStart
            | TokenKind::TStringMiddle
            | TokenKind::TStringEnd
            | TokenKind::Comma
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline
            | TokenKind::Newline
            | TokenKind::Indent
            | TokenKind::Dedent
            | TokenKind::Unknown
            | TokenKind::EndOfFile
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn problems_are_placed_by_line_and_character() {
        assert_eq!(parses("x = 1\n"), Ok(()));
        let problem = parses("x = 1\nname = 'ü' 1\n").unwrap_err();
        assert_eq!((problem.line, problem.column), (2, 12));
    }

    proptest! {
        #[test]
        fn no_text_has_more_tokens_than_are_reckoned_with(
            text in r#"[1jeé0xa_. (){}\[\]'"f!:=*\-\\#\n\r\t\x00]{0,60}"#,
        ) {
            let shape = Shape::of(&text);
            let most = Most::of(&text);
            prop_assert!(shape.tokens <= most.tokens, "{:?} has {}", text, shape.tokens);
            prop_assert!(shape.brackets <= most.brackets, "{:?} has {}", text, shape.brackets);
            prop_assert!(shape.blocks <= most.indent, "{:?} has {}", text, shape.blocks);
        }

        #[test]
        fn lines_tell_of_no_less_than_tokens_do(
            parts in prop::collection::vec(prop::sample::select(PARTS), 0..40),
        ) {
            let text = parts.concat();
            if let Some(most) = Shape::by_lines(&text) {
                let shape = Shape::of(&text);
                let pairs = [
                    (shape.tokens, most.tokens),
                    (shape.longest, most.longest),
                    (shape.brackets, most.brackets),
                    (shape.blocks, most.blocks),
                    (shape.operators, most.operators),
                ];
                prop_assert!(pairs.iter().all(|(of, by)| of <= by), "{:?}: {:?}", text, pairs);
            }
        }
    }

    #[test]
    fn what_passes_for_flat_is_within_the_limits() {
        let many = |text: &str| text.repeat(150);
        let deep: String = (0..60).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
        let texts =
            [many("[") + &many("]"), many("("), many("f'{"), many("-") + "1\n", many("a.b;"), deep];
        for text in &texts {
            assert!(!is_flat(text) || Shape::of(text).check().is_ok(), "{text}");
            assert!(!is_flat(text) || Shape::of(text).longest <= MAX_DROPPED, "{text}");
        }
        assert!(is_flat(&texts[0]));
        assert!(!is_flat(&"[".repeat(201)));
        assert!(!is_flat(&format!("{}x", " ".repeat(101))));
        assert!(!is_flat(&"x\n".repeat(MAX_DROPPED)));
    }

    const PARTS: &[&str] = &[
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "#",
        "\\",
        "\n",
        "\n    ",
        "\n)",
        "\r",
        "\x0c",
        "a",
        "1if",
        "1.",
        "1.j",
        "1.E5",
        "2j",
        "_",
        "else ",
        "not ",
        "if ",
        "-",
        "**",
        " ",
        ",",
        "f\"{",
        "\"\"\"a.\"\"\"\n",
    ];

    #[test]
    fn long_lists_are_told_by_their_lines() {
        let import = "from a import (\n    Long,\n)\n".repeat(1_000);
        let names = "    \"Long\",\n".repeat(3_000);
        let told = |text: &str| Shape::by_lines(text);
        let list =
            told(&format!("\"\"\"Models.\"\"\"\n\n{import}__all__ = [\n{names}]\n")).unwrap();
        assert!(list.check().is_ok() && list.longest < MAX_DROPPED && list.brackets == 1);
        for open in ["\"\"\"\n)\n\"\"\"\n", "'''a'''\n", "\"a\\\nb\"\n", "\"\"\"a\"\"\" \"\"\"\n"] {
            assert!(told(open).is_none(), "{open}");
        }
    }

    #[test]
    fn a_line_of_mistakes_is_told_by_the_first_of_them() {
        let text = "\0".repeat(MAX_TOKENS / 2);
        let found = with_parsed(&text, |parsed| problems(&text, parsed.errors())).unwrap();
        assert_eq!(found.len(), MOST_PROBLEMS);
    }

    #[test]
    fn hostile_nesting_is_refused_or_survived() {
        let (deep, long) = (150_000, 140_000);
        for refused in [
            "[".repeat(deep),
            format!("{}1\n", "-".repeat(deep)),
            format!("{}1\n", "not ".repeat(deep)),
            format!("{}1\n", "lambda: ".repeat(deep)),
            format!("{}1\n", "1 if 1 else ".repeat(deep)),
            format!("1{}\n", "**1".repeat(deep)),
            format!("f'{}", "{f'".repeat(deep)),
            (0..300).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect(),
            "#\n".repeat(MAX_BYTES / 2 + 1),
            "a\n".repeat(MAX_TOKENS / 2),
            format!("1.j{}", "2j".repeat(MAX_TOKENS)),
            format!("{}1\n", "1.jif 1.jelse ".repeat(MAX_OPERATORS)),
        ] {
            let problem = parses(&refused).unwrap_err();
            assert!(problem.message.contains("too"), "{}: {problem}", &refused[..20]);
        }
        for survived in [
            format!("a{}\n", ".b".repeat(long)),
            format!("a{}\n", "()".repeat(long)),
            format!("a{}\n", "*a".repeat(long)),
            format!("if a:\n  a\n{}", "elif a:\n  a\n".repeat(long / 4)),
            format!("a = [{}]\n", "1, ".repeat(long)),
        ] {
            assert_eq!(parses(&survived), Ok(()));
        }
    }
}

//! A file as the merge sees it: logical lines with keys that do not mind the layout, and what is named.
//!
//! In: Python, its lines ended in `\n`. Out: an [`Outline`]: [`Element`]s (a logical line or a comment line,
//! each with the blank lines before it), and [`Segment`]s over them (classes and functions by name, import
//! statements, the rest). Text that does not parse, or that is too large or too deep to be read safely,
//! has no outline; [`Lines`] is what is left to work with then.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::ops::Range;

use ruff_python_ast::comparable::ComparableStmt;
use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{ExceptHandler, Expr, ExprContext, Stmt};
use ruff_python_parser::{Mode, ParseOptions, lexer, parse_module, parse_unchecked};
use ruff_text_size::Ranged as _;

/// Larger files are merged as plain text: the outline takes some twenty times the memory of the text.
const MAX_BYTES: usize = 1 << 20;
/// Brackets and indents within each other.
const MAX_NESTING: usize = 64;
/// Operators, dots and calls in one chain; each may be a level of the syntax tree.
const MAX_CHAIN: usize = 200;

/// Texts as numbers, one for all versions of a file, so that equal means equal.
#[derive(Debug, Default)]
pub(super) struct Keys(HashMap<String, u32>);

impl Keys {
    pub(super) fn of(&mut self, text: String) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(text).or_insert(next)
    }

    /// A key that nothing else has.
    pub(super) fn fresh(&mut self) -> u32 {
        let text = format!("fresh {}", self.0.len());
        self.of(text)
    }
}

/// The physical lines of one version.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    /// Without line ends.
    pub(super) all: Vec<&'a str>,
    /// Where each line begins in the text.
    starts: Vec<usize>,
    /// Where the comment of a line begins, in bytes from its start.
    comments: BTreeMap<usize, usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let all: Vec<&str> = text.split_terminator('\n').collect();
        let mut starts = Vec::with_capacity(all.len());
        let mut at = 0;
        for line in &all {
            starts.push(at);
            at += line.len() + 1;
        }
        Self { all, starts, comments: BTreeMap::new() }
    }

    /// The lines of a range; none where it does not fit.
    pub(super) fn get(&self, range: Range<usize>) -> &[&'a str] {
        self.all.get(range).unwrap_or_default()
    }

    /// A line without its comment, and the comment.
    pub(super) fn split(&self, line: usize) -> (&'a str, Option<&'a str>) {
        let text = self.all.get(line).copied().unwrap_or_default();
        match self.comments.get(&line).and_then(|column| text.split_at_checked(*column)) {
            Some((code, comment)) => (code.trim_end(), Some(comment.trim_end())),
            None => (text, None),
        }
    }

    /// Where a line begins.
    pub(super) fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or_default()
    }

    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }
}

/// What an [`Element`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ElementKind {
    /// A logical line.
    Code,
    /// A line with nothing but a comment.
    Comment,
}

/// One logical line or one comment line.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) kind: ElementKind,
    /// Its physical lines.
    pub(super) lines: Range<usize>,
    /// The blank lines before it.
    pub(super) blanks: Range<usize>,
    /// What it means: equal for two lines that differ in layout and comments alone. Depth counts.
    pub(super) code: u32,
    /// Its comments, in order.
    pub(super) comments: Vec<u32>,
    /// Meaning and comments together.
    pub(super) key: u32,
    /// How many blocks it stands in.
    pub(super) depth: usize,
}

/// A class, a function (with its overloads, or its getter and setter), or `__all__`.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) name: String,
    /// Which one of that name in its container, from zero.
    pub(super) nth: usize,
    /// From the comments right above it to its end.
    pub(super) elements: Range<usize>,
    pub(super) kind: UnitKind,
}

/// What a [`Unit`] is made of.
#[derive(Clone, Debug)]
pub(super) enum UnitKind {
    Function,
    Class {
        head: Range<usize>,
        body: Vec<Segment>,
    },
    /// `__all__` as a list or tuple of plain strings.
    Exports(Exports),
}

/// A part of a module's or a class's body.
#[derive(Clone, Debug)]
pub(super) enum Segment {
    /// One element.
    Loose(usize),
    Unit(Unit),
    /// An import statement, or an `if TYPE_CHECKING:` block, by its number in [`Outline::slots`].
    Slot(usize),
}

/// The strings of `__all__` and where they stand.
#[derive(Clone, Debug)]
pub(super) struct Exports {
    pub(super) names: Vec<(String, Range<usize>)>,
    /// The whole statement, in bytes.
    pub(super) range: Range<usize>,
}

/// An import statement at the top level of a module.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// `from module import ..`: the module with the dots before it. Nothing for `import ..`.
    pub(super) from: Option<String>,
    pub(super) names: Vec<Alias>,
    /// The element that it is.
    pub(super) element: usize,
    /// The statement in bytes.
    pub(super) range: Range<usize>,
}

/// One name of an import statement.
#[derive(Clone, Debug)]
pub(super) struct Alias {
    pub(super) name: String,
    pub(super) asname: Option<String>,
    pub(super) range: Range<usize>,
}

/// Import text that a merge replaces as a whole.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) elements: Range<usize>,
    /// Under `if TYPE_CHECKING:`.
    pub(super) typing: bool,
    /// Nothing in it but import statements.
    pub(super) pure: bool,
    pub(super) statements: Vec<Statement>,
}

/// One version of a file, read.
#[derive(Debug)]
pub(super) struct Outline<'a> {
    pub(super) text: &'a str,
    pub(super) lines: Lines<'a>,
    pub(super) elements: Vec<Element>,
    pub(super) segments: Vec<Segment>,
    pub(super) slots: Vec<Slot>,
    /// The element of the module's docstring.
    pub(super) docstring: Option<usize>,
    /// The blank lines at the end.
    pub(super) tail: Range<usize>,
    /// Every name with the line it stands in, and whether a top-level import puts it there.
    pub(super) names: Vec<(&'a str, usize, bool)>,
    /// Every name behind a dot, with its line.
    attributes: Vec<(&'a str, usize)>,
    /// Names that statements other than imports bind.
    pub(super) bound: BTreeSet<String>,
    /// Classes and functions, methods too.
    defined: BTreeSet<String>,
    /// What one level of indentation is made of.
    pub(super) indent: Option<&'a str>,
    /// Physical lines that begin inside a string that is no docstring.
    in_string: BTreeSet<usize>,
}

impl Outline<'_> {
    /// How often a name is used outside of the top-level imports.
    pub(super) fn uses(&self) -> BTreeMap<&str, usize> {
        let mut uses = BTreeMap::new();
        for (name, _, imported) in &self.names {
            if !imported {
                *uses.entry(*name).or_insert(0) += 1;
            }
        }
        uses
    }

    /// The names that this version binds and that another does not mention.
    pub(super) fn names_bound_but_not_in(&self, other: &Outline<'_>) -> BTreeSet<String> {
        let mentioned: BTreeSet<&str> = other.names.iter().map(|(name, _, _)| *name).collect();
        let imported = self.slots.iter().flat_map(|slot| &slot.statements).flat_map(|statement| {
            statement.names.iter().map(|alias| match &alias.asname {
                Some(asname) => asname.clone(),
                None => alias.name.split('.').next().unwrap_or_default().to_owned(),
            })
        });
        let bound = imported.chain(self.bound.iter().chain(&self.defined).cloned());
        bound.filter(|name| !mentioned.contains(name.as_str())).collect()
    }

    /// Where this version uses names that it does not bind itself, by line from zero.
    ///
    /// Behind a dot only what the base defines counts: a method, but no local name.
    pub(super) fn uses_of(
        &self,
        wanted: &BTreeSet<String>,
        base: &Outline<'_>,
    ) -> BTreeSet<(usize, String)> {
        let own = |name: &str| self.bound.contains(name) || self.defined.contains(name);
        let names = self
            .names
            .iter()
            .filter(|(_, _, in_set)| !in_set)
            .map(|(name, line, _)| (*name, *line));
        let methods =
            self.attributes.iter().copied().filter(|(name, _)| base.defined.contains(*name));
        let found = names.chain(methods).filter(|(name, _)| wanted.contains(*name) && !own(name));
        found.map(|(name, line)| (line, name.to_owned())).collect()
    }

    pub(super) fn elements(&self, range: Range<usize>) -> &[Element] {
        self.elements.get(range).unwrap_or_default()
    }

    /// The top-level elements of imports and `__all__`, which are merged as sets.
    pub(super) fn is_set(&self) -> Vec<bool> {
        let mut set = vec![false; self.elements.len()];
        let mut mark = |range: Range<usize>| {
            set.get_mut(range).unwrap_or_default().fill(true);
        };
        for slot in &self.slots {
            if slot.typing {
                mark(slot.elements.start..slot.elements.start + 1);
            }
            for statement in &slot.statements {
                mark(statement.element..statement.element + 1);
            }
        }
        for segment in &self.segments {
            if let Segment::Unit(Unit { kind: UnitKind::Exports(_), elements, .. }) = segment {
                mark(elements.end.saturating_sub(1)..elements.end);
            }
        }
        set
    }

    /// The same text with another indentation; strings that are no docstrings keep theirs.
    pub(super) fn indented(&self, from: &str, to: &str) -> String {
        let mut text = String::with_capacity(self.text.len());
        for (number, line) in self.lines.all.iter().enumerate() {
            let mut rest = *line;
            if !self.in_string.contains(&number) {
                while let Some(stripped) = rest.strip_prefix(from) {
                    text.push_str(to);
                    rest = stripped;
                }
            }
            text.push_str(rest);
            text.push('\n');
        }
        text
    }
}

/// What an `if TYPE_CHECKING:` block is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typing {
    /// Imports.
    Imports,
    /// A statement like any other: where a rendered one holds more than imports.
    Statement,
}

/// Reads a text, if it can be read.
pub(super) fn outline<'a>(text: &'a str, typing: Typing, keys: &mut Keys) -> Option<Outline<'a>> {
    // Python ends a line at a lone carriage return; nothing here does.
    if text.len() > MAX_BYTES || text.contains('\r') || !is_shallow(text) {
        return None;
    }
    let parsed = parse_module(text).ok()?;
    let simple = simple_statements(parsed.suite());
    let scan = Scan::new(text, &simple, keys).run(parsed.tokens())?;
    let mut outline = Outline {
        text,
        lines: scan.lines,
        elements: scan.elements,
        segments: Vec::new(),
        slots: Vec::new(),
        docstring: None,
        tail: scan.blanks_from..0,
        names: Vec::new(),
        attributes: Vec::new(),
        bound: BTreeSet::new(),
        defined: BTreeSet::new(),
        indent: scan.indent,
        in_string: scan.in_string,
    };
    outline.tail.end = outline.lines.all.len().max(outline.tail.start);
    let whole = 0..outline.elements.len();
    let segmenter = Segmenter { outline: &outline, typing, slots: Vec::new() };
    let docstring = parsed.suite().first().filter(|first| is_docstring(first));
    outline.docstring = docstring.map(|first| segmenter.covered(first).start);
    let segmenter = Segmenter { outline: &outline, typing, slots: Vec::new() };
    let (segments, slots) = segmenter.module(parsed.suite(), whole);
    outline.segments = segments;
    outline.slots = slots;
    let set = outline.is_set();
    for (name, offset, attribute) in names(text, parsed.tokens()) {
        let line = outline.lines.line_of(offset);
        if attribute {
            outline.attributes.push((name, line));
        } else {
            let element = outline.elements.partition_point(|element| element.lines.end <= line);
            let in_set = set.get(element).copied().unwrap_or_default();
            outline.names.push((name, line, in_set));
        }
    }
    let mut binder = Binder::default();
    binder.visit_body(parsed.suite());
    outline.bound = binder.bound;
    outline.defined = binder.defined;
    Some(outline)
}

fn is_docstring(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(text) if text.value.is_string_literal_expr())
}

/// Whether a text parses.
pub(super) fn parses(text: &str) -> bool {
    is_shallow(text) && parse_module(text).is_ok()
}

/// Where the path of a renamed module is imported as a name: `from a.b import c` for the module `a.b.c`.
///
/// Gives the edits that let such a statement follow, with the old name kept for the code below it.
pub(super) fn imported_modules(
    text: &str,
    new_path: impl Fn(&str) -> Option<String>,
) -> Vec<(Range<usize>, String)> {
    if text.len() > MAX_BYTES || !is_shallow(text) {
        return Vec::new();
    }
    let Ok(parsed) = parse_module(text) else { return Vec::new() };
    let mut edits = Vec::new();
    for statement in simple_statements(parsed.suite()) {
        let Stmt::ImportFrom(import) = statement else { continue };
        let Some(module) = import.module.as_ref().filter(|_| import.level == 0) else { continue };
        for alias in &import.names {
            let Some(path) = new_path(&format!("{module}.{}", alias.name)) else { continue };
            let Some((parent, name)) = path.rsplit_once('.') else { continue };
            if parent != module.as_str() {
                // A name among others cannot leave its statement without another line.
                if import.names.len() > 1 {
                    continue;
                }
                edits.push((bytes(module.range()), parent.to_owned()));
            }
            let renamed = match &alias.asname {
                Some(asname) => format!("{name} as {asname}"),
                None => format!("{name} as {}", alias.name),
            };
            edits.push((bytes(alias.range()), renamed));
        }
    }
    edits
}

fn bytes(range: ruff_text_size::TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}

/// Whether reading a text needs no deep recursion: the parser minds its stack, the walks over its tree do not.
fn is_shallow(text: &str) -> bool {
    let mut lexer = lexer::lex(text, Mode::Module);
    // Operators since the last comma, for every open bracket.
    let mut chains = vec![0_usize];
    let mut indents = 0_usize;
    loop {
        let kind = lexer.next_token();
        match kind {
            TokenKind::EndOfFile => return true,
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                chains.push(0);
            }
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => {
                if chains.len() > 1 {
                    chains.pop();
                }
                if let Some(chain) = chains.last_mut() {
                    *chain += 1;
                }
            }
            TokenKind::Newline => {
                chains.truncate(1);
                chains.fill(0);
            }
            TokenKind::Comma => {
                if let Some(chain) = chains.last_mut() {
                    *chain = 0;
                }
            }
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline => {}
            _ => {
                if let Some(chain) = chains.last_mut() {
                    *chain += 1;
                }
            }
        }
        if chains.len() + indents > MAX_NESTING
            || chains.last().is_some_and(|chain| *chain > MAX_CHAIN)
        {
            return false;
        }
    }
}

/// Every statement without a block of its own, in the order of the text.
fn simple_statements(suite: &[Stmt]) -> Vec<&Stmt> {
    let mut statements = Vec::new();
    let mut open: Vec<std::slice::Iter<'_, Stmt>> = vec![suite.iter()];
    while let Some(iter) = open.last_mut() {
        let Some(statement) = iter.next() else {
            open.pop();
            continue;
        };
        match blocks(statement) {
            Some(blocks) => open.extend(blocks.into_iter().rev().map(<[Stmt]>::iter)),
            None => statements.push(statement),
        }
    }
    statements
}

/// The blocks of a compound statement, in the order of the text.
fn blocks(statement: &Stmt) -> Option<Vec<&[Stmt]>> {
    Some(match statement {
        Stmt::FunctionDef(def) => vec![&def.body],
        Stmt::ClassDef(class) => vec![&class.body],
        Stmt::For(each) => vec![&each.body, &each.orelse],
        Stmt::While(each) => vec![&each.body, &each.orelse],
        Stmt::If(choice) => {
            let clauses = choice.elif_else_clauses.iter().map(|clause| clause.body.as_slice());
            std::iter::once(choice.body.as_slice()).chain(clauses).collect()
        }
        Stmt::With(with) => vec![&with.body],
        Stmt::Match(choice) => choice.cases.iter().map(|case| case.body.as_slice()).collect(),
        Stmt::Try(attempt) => {
            let handlers = attempt.handlers.iter().map(|handler| match handler {
                ExceptHandler::ExceptHandler(handler) => handler.body.as_slice(),
            });
            let first = std::iter::once(attempt.body.as_slice());
            first.chain(handlers).chain([attempt.orelse.as_slice(), &attempt.finalbody]).collect()
        }
        Stmt::Return(_)
        | Stmt::Delete(_)
        | Stmt::TypeAlias(_)
        | Stmt::Assign(_)
        | Stmt::AugAssign(_)
        | Stmt::AnnAssign(_)
        | Stmt::Raise(_)
        | Stmt::Assert(_)
        | Stmt::Import(_)
        | Stmt::ImportFrom(_)
        | Stmt::Global(_)
        | Stmt::Nonlocal(_)
        | Stmt::Expr(_)
        | Stmt::Pass(_)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::IpyEscapeCommand(_) => return None,
    })
}

/// The walk over the tokens that makes [`Element`]s.
struct Scan<'a, 's> {
    text: &'a str,
    lines: Lines<'a>,
    keys: &'s mut Keys,
    simple: std::iter::Peekable<std::slice::Iter<'s, &'s Stmt>>,
    elements: Vec<Element>,
    /// The first line that no element covers yet.
    blanks_from: usize,
    /// Widths of the blocks that are open.
    indents: Vec<usize>,
    indent: Option<&'a str>,
    in_string: BTreeSet<usize>,
    /// The tokens of the logical line that is being read.
    tokens: Vec<Token>,
    comments: Vec<u32>,
    /// The last logical line opened a block.
    opened: bool,
}

impl<'a, 's> Scan<'a, 's> {
    fn new(text: &'a str, simple: &'s [&'s Stmt], keys: &'s mut Keys) -> Self {
        Self {
            text,
            lines: Lines::new(text),
            keys,
            simple: simple.iter().peekable(),
            elements: Vec::new(),
            blanks_from: 0,
            indents: Vec::new(),
            indent: None,
            in_string: BTreeSet::new(),
            tokens: Vec::new(),
            comments: Vec::new(),
            opened: false,
        }
    }

    /// Nothing where a line is covered by nothing and yet not blank.
    fn run(mut self, tokens: &[Token]) -> Option<Self> {
        for token in tokens {
            let range = bytes(token.range());
            match token.kind() {
                TokenKind::Indent => {
                    let column = range.end - self.lines.start(self.lines.line_of(range.start));
                    self.indents.push(column);
                    self.indent = self.indent.or_else(|| self.text.get(range));
                }
                TokenKind::Dedent => {
                    self.indents.pop();
                }
                TokenKind::Comment => self.comment(range)?,
                TokenKind::Newline => self.close(range.start)?,
                TokenKind::NonLogicalNewline | TokenKind::EndOfFile => {}
                _ => {
                    self.strings(*token);
                    self.tokens.push(*token);
                }
            }
        }
        let rest = self.lines.get(self.blanks_from..self.lines.all.len());
        rest.iter().all(|line| line.trim().is_empty()).then_some(self)
    }

    /// A comment: part of the logical line that is open, or a line of its own.
    fn comment(&mut self, range: Range<usize>) -> Option<()> {
        let line = self.lines.line_of(range.start);
        let column = range.start - self.lines.start(line);
        let text = self.text.get(range)?.trim_end().to_owned();
        self.lines.comments.insert(line, column);
        let key = self.keys.of(format!("#{text}"));
        if !self.tokens.is_empty() {
            self.comments.push(key);
            return Some(());
        }
        let inside = self.indents.iter().filter(|indent| **indent <= column).count();
        let deeper = self.opened && self.indents.last().is_none_or(|top| column > *top);
        let depth = inside + usize::from(deeper && column > 0);
        let whole = self.keys.of(format!("{depth}#{text}"));
        self.push(ElementKind::Comment, line..line + 1, whole, vec![key], whole, depth)
    }

    /// The end of a logical line.
    fn close(&mut self, end: usize) -> Option<()> {
        let tokens = std::mem::take(&mut self.tokens);
        let comments = std::mem::take(&mut self.comments);
        let start = tokens.first()?.range().start().to_usize();
        let depth = self.indents.len();
        self.opened = tokens.last().is_some_and(|token| token.kind() == TokenKind::Colon);
        let meaning = self.meaning(&tokens, start, end);
        let code = self.keys.of(format!("{depth}{meaning}"));
        let key =
            if comments.is_empty() { code } else { self.keys.of(format!("{code} {comments:?}")) };
        let lines = self.lines.line_of(start)..self.lines.line_of(end) + 1;
        self.push(ElementKind::Code, lines, code, comments, key, depth)
    }

    /// A text that is equal for two logical lines exactly if Python takes them for the same.
    fn meaning(&mut self, tokens: &[Token], start: usize, end: usize) -> String {
        let mut statements = Vec::new();
        while let Some(statement) = self.simple.next_if(|stmt| stmt.start().to_usize() < end) {
            statements.push(*statement);
        }
        let mut meaning = String::new();
        if statements.first().is_some_and(|first| first.start().to_usize() == start) {
            for statement in statements {
                let _ = write!(meaning, "S{:?}", ComparableStmt::from(statement));
            }
        } else {
            meaning.push('T');
            spell(self.text, tokens, &mut meaning);
        }
        meaning
    }

    fn push(
        &mut self,
        kind: ElementKind,
        lines: Range<usize>,
        code: u32,
        comments: Vec<u32>,
        key: u32,
        depth: usize,
    ) -> Option<()> {
        let blanks = self.blanks_from..lines.start;
        let free = lines.start >= self.blanks_from;
        let blank = self.lines.get(blanks.clone()).iter().all(|line| line.trim().is_empty());
        self.blanks_from = lines.end;
        self.elements.push(Element { kind, lines, blanks, code, comments, key, depth });
        (free && blank).then_some(())
    }

    /// Notes the lines that begin inside a string, which indentation must leave alone.
    fn strings(&mut self, token: Token) {
        let docstring = token.kind() == TokenKind::String && self.tokens.is_empty();
        let inside = match token.kind() {
            TokenKind::String => !docstring,
            TokenKind::FStringMiddle | TokenKind::TStringMiddle => true,
            _ => false,
        };
        if inside {
            let range = bytes(token.range());
            self.in_string
                .extend(self.lines.line_of(range.start) + 1..=self.lines.line_of(range.end));
        }
    }
}

/// A bracket that is open while a header is spelled.
struct Bracket {
    /// Where it stands in the list of parts.
    at: usize,
    /// A call, a definition or a list: a comma at its end means nothing.
    plain: bool,
    /// It stands for itself alone: `if (..):`.
    redundant: bool,
    commas: usize,
}

/// The tokens of a header, without what the layout alone puts there.
fn spell(text: &str, tokens: &[Token], out: &mut String) {
    let mut parts: Vec<String> = Vec::with_capacity(tokens.len());
    let mut open: Vec<Bracket> = Vec::new();
    let mut previous: Option<TokenKind> = None;
    for (index, token) in tokens.iter().enumerate() {
        let piece = text.get(bytes(token.range())).unwrap_or_default();
        let mut part = piece.to_owned();
        match token.kind() {
            TokenKind::String => part = plain_quotes(piece),
            TokenKind::Comma => {
                if let Some(bracket) = open.last_mut() {
                    bracket.commas += 1;
                }
            }
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                let follows_value = matches!(
                    previous,
                    Some(
                        TokenKind::Name
                            | TokenKind::Rpar
                            | TokenKind::Rsqb
                            | TokenKind::String
                            | TokenKind::Class
                            | TokenKind::Def
                    )
                );
                let parenthesis = token.kind() == TokenKind::Lpar;
                let redundant = parenthesis
                    && matches!(
                        previous,
                        Some(
                            TokenKind::If
                                | TokenKind::Elif
                                | TokenKind::While
                                | TokenKind::In
                                | TokenKind::With
                                | TokenKind::Rarrow
                        )
                    );
                open.push(Bracket {
                    at: parts.len(),
                    plain: parenthesis == follows_value,
                    redundant,
                    commas: 0,
                });
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                if let Some(bracket) = open.pop() {
                    if previous == Some(TokenKind::Comma) && (bracket.plain || bracket.commas > 1) {
                        parts.pop();
                    }
                    let next = tokens.get(index + 1).map(|token| token.kind());
                    let last = index + 2 == tokens.len() && next == Some(TokenKind::Colon);
                    if bracket.redundant && last && open.is_empty() && bracket.commas == 0 {
                        if let Some(opening) = parts.get_mut(bracket.at) {
                            opening.clear();
                        }
                        part.clear();
                    }
                }
            }
            _ => {}
        }
        previous = Some(token.kind());
        parts.push(part);
    }
    for part in parts.iter().filter(|part| !part.is_empty()) {
        out.push_str(part);
        out.push('\u{1f}');
    }
}

/// A string with the quotes that a formatter would choose, where that is only a matter of quotes.
fn plain_quotes(literal: &str) -> String {
    let plain = literal.strip_suffix('\'').filter(|rest| !rest.contains(['"', '\\', '\n']));
    match plain.and_then(|rest| rest.split_once('\'')) {
        Some((prefix, content)) if !content.contains('\'') => format!("{prefix}\"{content}\""),
        _ => literal.to_owned(),
    }
}

/// Cuts bodies into [`Segment`]s.
struct Segmenter<'o, 'a> {
    outline: &'o Outline<'a>,
    typing: Typing,
    slots: Vec<Slot>,
}

impl Segmenter<'_, '_> {
    fn module(mut self, suite: &[Stmt], elements: Range<usize>) -> (Vec<Segment>, Vec<Slot>) {
        let segments = self.body(suite, elements, true);
        (segments, self.slots)
    }

    fn body(&mut self, suite: &[Stmt], within: Range<usize>, module: bool) -> Vec<Segment> {
        let mut segments: Vec<Segment> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut next = within.start;
        for statement in suite {
            let covered = self.covered(statement);
            if covered.start < next {
                continue;
            }
            let Some((name, elements)) = self.unit(statement, &covered, next..within.end, module)
            else {
                segments.extend((next..covered.start).map(Segment::Loose));
                next = covered.end;
                match self.slot(statement, &covered, module) {
                    Some(slot) => {
                        segments.push(Segment::Slot(self.slots.len()));
                        self.slots.push(slot);
                    }
                    None => segments.extend(covered.map(Segment::Loose)),
                }
                continue;
            };
            let loose = next..elements.start;
            next = elements.end;
            let function = matches!(statement, Stmt::FunctionDef(_));
            if let Some(Segment::Unit(last)) = segments.last_mut()
                && loose.is_empty()
                && function
                && last.name == name
                && matches!(last.kind, UnitKind::Function)
            {
                last.elements.end = elements.end;
                continue;
            }
            segments.extend(loose.map(Segment::Loose));
            let count = seen.entry(name.clone()).or_insert(0);
            let nth = *count;
            *count += 1;
            let kind = self.kind(statement, &covered, &elements);
            segments.push(Segment::Unit(Unit { name, nth, elements, kind }));
        }
        segments.extend((next..within.end).map(Segment::Loose));
        segments
    }

    /// The elements that a statement's lines are in.
    fn covered(&self, statement: &Stmt) -> Range<usize> {
        let range = bytes(statement.range());
        let of = |offset| {
            let line = self.outline.lines.line_of(offset);
            self.outline.elements.partition_point(|element| element.lines.end <= line)
        };
        of(range.start)..of(range.end.saturating_sub(1).max(range.start)) + 1
    }

    /// The name of a unit and its elements, with the comments that belong to it.
    fn unit(
        &self,
        statement: &Stmt,
        covered: &Range<usize>,
        within: Range<usize>,
        module: bool,
    ) -> Option<(String, Range<usize>)> {
        let name = match statement {
            Stmt::FunctionDef(def) => def.name.to_string(),
            Stmt::ClassDef(class) => class.name.to_string(),
            Stmt::Assign(_) | Stmt::AnnAssign(_)
                if module && exports(statement).is_some() && self.alone(statement) =>
            {
                return Some(("__all__".to_owned(), covered.clone()));
            }
            _ => return None,
        };
        let element = |index: usize| self.outline.elements.get(index);
        let depth = element(covered.start)?.depth;
        let (mut start, mut end) = (covered.start, covered.end);
        while start > within.start
            && element(start).is_some_and(|below| below.blanks.is_empty())
            && element(start - 1)
                .is_some_and(|above| above.kind == ElementKind::Comment && above.depth == depth)
        {
            start -= 1;
        }
        while end < within.end
            && element(end)
                .is_some_and(|next| next.kind == ElementKind::Comment && next.depth > depth)
        {
            end += 1;
        }
        Some((name, start..end))
    }

    fn kind(
        &mut self,
        statement: &Stmt,
        covered: &Range<usize>,
        elements: &Range<usize>,
    ) -> UnitKind {
        if let Some(exports) = exports(statement) {
            return UnitKind::Exports(exports);
        }
        let Stmt::ClassDef(class) = statement else { return UnitKind::Function };
        let first = class.body.first().map_or(covered.end, |first| self.covered(first).start);
        // Comments between the header and the first statement belong to the body.
        let head = (covered.start..first).rev().find(|index| {
            self.outline
                .elements
                .get(*index)
                .is_some_and(|element| element.kind == ElementKind::Code)
        });
        match head {
            Some(head) if head < first => UnitKind::Class {
                head: elements.start..head + 1,
                body: self.body(&class.body, head + 1..elements.end, false),
            },
            _ => UnitKind::Function,
        }
    }

    fn slot(&self, statement: &Stmt, covered: &Range<usize>, module: bool) -> Option<Slot> {
        if !module {
            return None;
        }
        if let Some(import) = self.import(statement) {
            let elements = covered.clone();
            return Some(Slot { elements, typing: false, pure: true, statements: vec![import] });
        }
        let Stmt::If(choice) = statement else { return None };
        let typing = match choice.test.as_ref() {
            Expr::Name(name) => name.id.as_str() == "TYPE_CHECKING",
            Expr::Attribute(attribute) => attribute.attr.as_str() == "TYPE_CHECKING",
            _ => false,
        };
        let header = self.outline.elements.get(covered.start)?;
        let first = self.outline.lines.line_of(choice.body.first()?.start().to_usize());
        if !typing || self.typing == Typing::Statement || header.lines.contains(&first) {
            return None;
        }
        let statements: Vec<Statement> =
            choice.body.iter().filter_map(|statement| self.import(statement)).collect();
        let pure = covered.len() == statements.len() + 1;
        // Comments at the end of the block are indented more than the `if`.
        let after =
            (covered.end..self.outline.elements.len()).find(|index| {
                !self.outline.elements.get(*index).is_some_and(|next| {
                    next.kind == ElementKind::Comment && next.depth > header.depth
                })
            });
        let end = after.unwrap_or(self.outline.elements.len());
        Some(Slot {
            elements: covered.start..end,
            typing,
            pure: pure && end == covered.end,
            statements,
        })
    }

    /// An import statement that has its lines for itself.
    fn import(&self, statement: &Stmt) -> Option<Statement> {
        let (from, names) = match statement {
            Stmt::Import(import) => (None, &import.names),
            Stmt::ImportFrom(import) => {
                let dots = ".".repeat(import.level as usize);
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                (Some(format!("{dots}{module}")), &import.names)
            }
            _ => return None,
        };
        let element = self.covered(statement).start;
        self.alone(statement).then(|| Statement {
            from,
            names: names
                .iter()
                .map(|alias| Alias {
                    name: alias.name.to_string(),
                    asname: alias.asname.as_ref().map(ToString::to_string),
                    range: bytes(alias.range()),
                })
                .collect(),
            element,
            range: bytes(statement.range()),
        })
    }

    /// Whether a statement has its lines to itself.
    fn alone(&self, statement: &Stmt) -> bool {
        let lines = &self.outline.lines;
        let covered = self.covered(statement);
        let range = bytes(statement.range());
        let element = self.outline.elements.get(covered.start).filter(|_| covered.len() == 1);
        element.is_some_and(|element| {
            let last = element.lines.end.saturating_sub(1);
            let end = lines.start(last) + lines.split(last).0.trim_end().len();
            let before = self.outline.text.get(lines.start(element.lines.start)..range.start);
            range.end == end && before.is_some_and(|before| before.trim().is_empty())
        })
    }
}

/// `__all__ = [..]` with nothing but plain strings in it.
fn exports(statement: &Stmt) -> Option<Exports> {
    let (target, value) = match statement {
        Stmt::Assign(assign) => match assign.targets.as_slice() {
            [target] => (target, assign.value.as_ref()),
            _ => return None,
        },
        Stmt::AnnAssign(assign) => (assign.target.as_ref(), assign.value.as_deref()?),
        _ => return None,
    };
    let elements = match value {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) if tuple.parenthesized => &tuple.elts,
        _ => return None,
    };
    let named = matches!(target, Expr::Name(name) if name.id.as_str() == "__all__");
    let names: Option<Vec<_>> = elements
        .iter()
        .map(|element| match element {
            Expr::StringLiteral(text) => {
                Some((text.value.to_str().to_owned(), bytes(text.range())))
            }
            _ => None,
        })
        .collect();
    names.filter(|_| named).map(|names| Exports { names, range: bytes(statement.range()) })
}

/// Every name in the code and in strings that may be annotations, with its place and whether it follows a dot.
fn names<'a>(text: &'a str, tokens: &[Token]) -> Vec<(&'a str, usize, bool)> {
    let mut names = Vec::new();
    let mut previous = TokenKind::Newline;
    for token in tokens {
        let kind = token.kind();
        let range = bytes(token.range());
        let at = range.start;
        let piece = text.get(range).unwrap_or_default();
        match kind {
            TokenKind::Name => names.push((piece, at, previous == TokenKind::Dot)),
            TokenKind::String
                if !matches!(
                    previous,
                    TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent
                ) =>
            {
                names.extend(annotation(piece).map(|name| (name, at, false)));
            }
            _ => {}
        }
        if kind != TokenKind::Comment && kind != TokenKind::NonLogicalNewline {
            previous = kind;
        }
    }
    names
}

/// The names that a text uses; all its words where it cannot be read.
pub(super) fn used_names(text: &str) -> BTreeSet<String> {
    if !is_shallow(text) {
        let words = text.split(|c: char| !super::rename::is_word(c));
        return words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
    }
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    let used = names(text, parsed.tokens()).into_iter().filter(|(_, _, attribute)| !attribute);
    used.map(|(name, _, _)| name.to_owned()).collect()
}

/// Where some names stand as words, by line from zero.
pub(super) fn words_of(text: &str, wanted: &BTreeSet<String>) -> BTreeSet<(usize, String)> {
    let mut found = BTreeSet::new();
    for (number, line) in text.split('\n').enumerate() {
        let words = line.split(|c: char| !super::rename::is_word(c));
        found.extend(
            words.filter(|word| wanted.contains(*word)).map(|word| (number, word.to_owned())),
        );
    }
    found
}

/// The names in a string that could be an annotation or an entry of `__all__`.
fn annotation(literal: &str) -> impl Iterator<Item = &str> {
    let content = literal.trim_matches(['"', '\'']);
    let fits = content.chars().all(|c| super::rename::is_word(c) || "[]., |".contains(c));
    let words = content.split(|c: char| !super::rename::is_word(c)).filter(|word| !word.is_empty());
    words.filter(move |_| fits)
}

/// Collects the names that a module binds other than by imports.
#[derive(Default)]
struct Binder {
    bound: BTreeSet<String>,
    defined: BTreeSet<String>,
}

impl<'a> Visitor<'a> for Binder {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(def) => {
                self.defined.insert(def.name.to_string());
            }
            Stmt::ClassDef(class) => {
                self.defined.insert(class.name.to_string());
            }
            _ => {}
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression
            && name.ctx == ExprContext::Store
        {
            self.bound.insert(name.id.to_string());
        }
        visitor::walk_expr(self, expression);
    }

    fn visit_parameter(&mut self, parameter: &'a ruff_python_ast::Parameter) {
        self.bound.insert(parameter.name.to_string());
        visitor::walk_parameter(self, parameter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of the elements of two texts.
    fn keys(a: &str, b: &str) -> (Vec<u32>, Vec<u32>) {
        let mut keys = Keys::default();
        let of = |outline: Outline<'_>| outline.elements.iter().map(|e| e.key).collect::<Vec<_>>();
        (
            of(outline(a, Typing::Imports, &mut keys).unwrap()),
            of(outline(b, Typing::Imports, &mut keys).unwrap()),
        )
    }

    #[track_caller]
    fn same(a: &str, b: &str) {
        let (a_keys, b_keys) = keys(a, b);
        assert_eq!(a_keys, b_keys, "{a}\n---\n{b}");
    }

    #[track_caller]
    fn differ(a: &str, b: &str) {
        let (a_keys, b_keys) = keys(a, b);
        assert_ne!(a_keys, b_keys, "{a}\n---\n{b}");
    }

    #[test]
    fn layout_makes_no_difference() {
        same("x = f(a, 'b')\n", "x = f(\n    a,\n    \"b\",\n)\n");
        same("def f(a, b) -> C:\n    pass\n", "def f(\n  a,\n  b,\n) -> C:\n  pass\n");
        same("if a and b:\n    pass\n", "if (\n    a\n    and b\n):\n    pass\n");
        same("return_ = a + b\n", "return_ = (\n    a + b\n)\n");
        same("x = 'ab'\n", "x = (\n    'a'\n    'b'\n)\n");
        same("with a as b:\n    pass\n", "with (a as b):\n    pass\n");
        same("class A(B, C): ...\n", "class A(\n    B,\n    C,\n): ...\n");
        same("def f() -> X[A, B]:\n    pass\n", "def f() -> (\n    X[A, B,]\n):\n    pass\n");
        same("def f():\n    # a\n    x\n", "def f():\n  # a\n  x\n");
    }

    #[test]
    fn meaning_makes_a_difference() {
        differ("x = (a + b) * c\n", "x = a + b * c\n");
        differ("for x in (a,):\n    pass\n", "for x in (a):\n    pass\n");
        differ("if (a, b):\n    pass\n", "if a:\n    pass\n");
        differ("if (a) or (b):\n    pass\n", "if a or b or c:\n    pass\n");
        differ("def f(x: X[a,]): ...\n", "def f(x: X[a]): ...\n");
        differ("def f(x='a'): ...\n", "def f(x='b'): ...\n");
        differ("x = 1  # a\n", "x = 1\n");
        differ("if a:\n    x\n    y\n", "if a:\n    x\ny\n");
        differ("x = 'a'\n", "x = b'a'\n");
        differ("a; b\n", "a; c\n");
    }

    #[test]
    fn what_cannot_be_read_has_no_outline() {
        let mut keys = Keys::default();
        for text in ["def f(:\n", "x = 1\ry = 2\n", "x = \u{0}\n"] {
            assert!(outline(text, Typing::Imports, &mut keys).is_none(), "{text:?}");
        }
        let deep = [
            format!("x = {}{}\n", "(".repeat(50_000), ")".repeat(50_000)),
            format!("x = {}1\n", "1 + ".repeat(50_000)),
            format!("x = a{}\n", ".f(1, 2)".repeat(50_000)),
            format!("x = {}1\n", "not ".repeat(50_000)),
            format!("x = {}\n", "lambda: ".repeat(50_000) + "1"),
            (0..1000).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect::<String>()
                + &" ".repeat(1000)
                + "y\n",
        ];
        for text in deep {
            assert!(outline(&text, Typing::Imports, &mut keys).is_none(), "{}", &text[..20]);
            assert!(!parses(&text), "{}", &text[..20]);
        }
        let long = format!("x = [{}]\n", "1 + 2, ".repeat(50_000));
        assert!(outline(&long, Typing::Imports, &mut keys).is_some());
    }

    #[test]
    fn recursion_at_the_limit_is_bearable() {
        let mut keys = Keys::default();
        let nested = format!("x = {}{}\n", "f(".repeat(60), ")".repeat(60));
        let chain = format!("x = {}1\n", "-".repeat(198));
        let both =
            format!("x = {}1{}\n", format!("{}f(", "a.".repeat(150)).repeat(60), ")".repeat(60));
        for text in [nested, chain, both] {
            assert!(outline(&text, Typing::Imports, &mut keys).is_some(), "{}", &text[..20]);
        }
    }

    #[test]
    fn members_are_found_by_name() {
        let text = "\
import os
if TYPE_CHECKING:
    from a import B
__all__ = ['C']
# note
@d
class C(B):
    '''Doc.'''

    x = 1

    @property
    def p(self): ...
    @p.setter
    def p(self, x): ...
    # end of p

    def q(self):
        pass
        # end of q
# loose

def f(): ...
";
        let mut keys = Keys::default();
        let outline = outline(text, Typing::Imports, &mut keys).unwrap();
        let shape = |segments: &[Segment]| -> Vec<String> {
            let shown = |segment: &Segment| match segment {
                Segment::Loose(index) => {
                    outline.lines.all[outline.elements[*index].lines.start].trim().to_owned()
                }
                Segment::Unit(unit) => format!("{}:{}", unit.name, unit.elements.len()),
                Segment::Slot(slot) => format!("slot {slot}"),
            };
            segments.iter().map(shown).collect()
        };
        assert_eq!(
            shape(&outline.segments),
            ["slot 0", "slot 1", "__all__:1", "C:13", "# loose", "f:1"]
        );
        let Segment::Unit(Unit { kind: UnitKind::Class { body, head }, .. }) = &outline.segments[3]
        else {
            panic!("no class");
        };
        assert_eq!(head.len(), 3);
        assert_eq!(shape(body), ["'''Doc.'''", "x = 1", "p:4", "# end of p", "q:3"]);
    }
}

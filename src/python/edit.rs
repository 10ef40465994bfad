//! Python text changed in place: names added to lists, lines put between lines.
//!
//! In: a text, and what to add to it. Out: [`Edit`]s, which leave every other byte alone, whatever its line
//! breaks, indentation and comments. Knows nothing of what is worth adding.

use std::cmp::Ordering;
use std::ops::Range;

use ruff_python_ast::Stmt;
use ruff_python_ast::token::TokenKind;
use ruff_text_size::Ranged as _;

use super::module::{Import, Module, is_trivia, module};
use super::syntax::{SyntaxProblem, Tree, span};

/// The longest line that is written in one piece.
pub(super) const WIDTH: usize = 88;

/// What `\n`, `\r\n` or `\r` a text has first.
pub(super) fn line_end(text: &str) -> Option<&'static str> {
    let at = text.find(['\n', '\r'])?;
    let rest = text.get(at..)?;
    Some(if rest.starts_with("\r\n") {
        "\r\n"
    } else if rest.starts_with('\n') {
        "\n"
    } else {
        "\r"
    })
}

pub(super) fn first_line(text: &str) -> &str {
    text.split(['\n', '\r']).next().unwrap_or_default()
}

/// A piece of text that takes the place of another.
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    text: String,
}

impl Edit {
    fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { range: at..at, text: text.into() }
    }
}

/// The edits as they stand in the text.
pub(super) fn in_order(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    edits
}

/// A part of the text with the edits that stand in it, in order and none of which overlap.
pub(super) fn edited(text: &str, part: Range<usize>, edits: &[Edit]) -> String {
    let mut result = String::with_capacity(part.len() + 64);
    let mut done = part.start;
    for edit in edits {
        result.push_str(text.get(done..edit.range.start).unwrap_or_default());
        result.push_str(&edit.text);
        done = edit.range.end;
    }
    result.push_str(text.get(done..part.end).unwrap_or_default());
    result
}

/// The user's text, taken apart as far as editing it needs.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) eol: &'a str,
    tree: Tree,
    pub(super) body: Vec<Statement>,
    pub(super) module: Module,
}

/// One top-level statement.
pub(super) struct Statement {
    pub(super) range: Range<usize>,
    /// Which of the module's imports it is.
    import: Option<usize>,
    /// Whether it is an import or holds some, as `if TYPE_CHECKING:` does.
    pub(super) imports: bool,
}

impl<'a> Source<'a> {
    /// Takes a text apart; the errors in it are for the caller to look at.
    pub(super) fn read(text: &'a str, eol: &'a str) -> Result<Self, SyntaxProblem> {
        let tree = Tree::within_limits(text)?;
        let module = tree.parsed().map(|parsed| module(text, parsed)).unwrap_or_default();
        let statement = |statement: &Stmt| {
            let place = span(statement);
            let behind = module.imports.partition_point(|import| import.span.start < place.start);
            let first = module.imports.get(behind).filter(|first| first.span.end <= place.end);
            let import = first.filter(|first| first.span == place).map(|_| behind);
            Statement { range: place.range(), import, imports: first.is_some() }
        };
        let body = tree.body().iter().map(statement).collect();
        Ok(Self { text, eol, tree, body, module })
    }

    /// The text with the edits, none of which overlap.
    pub(super) fn edited(&self, edits: Vec<Edit>) -> String {
        edited(self.text, 0..self.text.len(), &in_order(edits))
    }

    /// What the text says, without the tree, which takes many times its memory.
    pub(super) fn into_module(self) -> Module {
        self.module
    }

    /// The import that a statement is.
    pub(super) fn import(&self, statement: &Statement) -> Option<&Import> {
        self.module.imports.get(statement.import?)
    }

    fn from(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    /// The tokens that begin in a range, without comments and line breaks that mean nothing.
    pub(super) fn tokens_in(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = (TokenKind, Range<usize>)> {
        self.tokens_from(range.start)
            .take_while(move |(_, token)| token.start < range.end)
            .filter(|(kind, _)| !is_trivia(*kind))
    }

    /// The tokens that begin at a place or behind it.
    fn tokens_from(&self, at: usize) -> impl Iterator<Item = (TokenKind, Range<usize>)> {
        let tokens = self.tree.tokens();
        let first = tokens.partition_point(|token| token.start().to_usize() < at);
        let rest = tokens.get(first..).unwrap_or_default().iter();
        rest.map(|token| (token.kind(), span(token).range()))
    }

    /// The tokens that begin before a place, the last of them first.
    pub(super) fn tokens_before(
        &self,
        at: usize,
    ) -> impl Iterator<Item = (TokenKind, Range<usize>)> {
        let tokens = self.tree.tokens();
        let behind = tokens.partition_point(|token| token.start().to_usize() < at);
        let before = tokens.get(..behind).unwrap_or_default().iter().rev();
        before.map(|token| (token.kind(), span(token).range()))
    }

    pub(super) fn token_count(&self) -> usize {
        self.tree.tokens().len()
    }

    /// Where the logical line that holds `at` ends, its line break included.
    pub(super) fn after_line(&self, at: usize) -> usize {
        let end = self.tokens_from(at).find(|(kind, _)| *kind == TokenKind::Newline);
        end.map_or(self.text.len(), |(_, token)| token.end)
    }

    /// Where the physical line that holds `at` begins.
    fn line_start(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        before.rfind(['\n', '\r']).map_or_else(|| self.start(), |end| end + 1)
    }

    /// Where the physical line that holds `at` ends, without its line break.
    fn line_stop(&self, at: usize) -> usize {
        at + first_line(self.from(at)).len()
    }

    /// Behind the byte order mark.
    pub(super) fn start(&self) -> usize {
        if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// Whether a statement is the first of its line.
    pub(super) fn leads_line(&self, statement: &Range<usize>) -> bool {
        let before = self.line_start(statement.start)..statement.start;
        self.text.get(before).unwrap_or_default().trim().is_empty()
    }

    fn same_line(&self, a: usize, b: usize) -> bool {
        !self.text.get(a..b).unwrap_or_default().contains(['\n', '\r'])
    }

    /// Where the comments begin that stand directly above a statement.
    pub(super) fn above_comments(&self, statement: &Range<usize>) -> usize {
        let mut start = self.line_start(statement.start);
        while start > self.start() {
            let before = self.text.get(..start).unwrap_or_default();
            let line_end = before.strip_suffix('\n').unwrap_or(before);
            let line_end = line_end.strip_suffix('\r').unwrap_or(line_end).len();
            let previous = self.line_start(line_end);
            if !self.text.get(previous..line_end).unwrap_or_default().trim_start().starts_with('#')
            {
                break;
            }
            start = previous;
        }
        start
    }

    /// An insertion of whole lines at the beginning of a line or at the end of the text, which keeps a blank
    /// line to what stands before and behind where it should.
    pub(super) fn lines(
        &self,
        at: usize,
        lines: &str,
        blank_before: bool,
        blank_after: bool,
    ) -> Edit {
        let before = self.text.get(self.start()..at).unwrap_or_default();
        let open = !before.is_empty() && !before.ends_with(['\n', '\r']);
        let line_before = before.trim_end_matches(['\n', '\r']);
        let has_blank = count_ends(before.get(line_before.len()..).unwrap_or_default()) > 1;
        let mut text = String::new();
        if open {
            text.push_str(self.eol);
        }
        if blank_before && !before.trim().is_empty() && !has_blank {
            text.push_str(self.eol);
        }
        text.push_str(lines);
        let rest = self.from(at);
        // A text without a line break at its end goes on without one.
        if !open {
            text.push_str(self.eol);
        }
        if blank_after && !rest.is_empty() && !first_line(rest).trim().is_empty() {
            text.push_str(self.eol);
        }
        Edit::insert(at, text)
    }

    /// The quote that the file's strings have.
    pub(super) fn quote(&self) -> char {
        let strings = self.tree.tokens().iter().filter(|token| token.kind() == TokenKind::String);
        let literals = strings.filter_map(|token| self.text.get(span(token).range()));
        let quotes =
            literals.filter(|literal| !literal.contains("\"\"\"") && !literal.contains("'''"));
        quotes.filter_map(quote_of).next_back().unwrap_or('"')
    }

    /// What one level of indentation is made of.
    fn indent(&self) -> &'static str {
        if self.text.contains("\n\t") || self.text.contains("\r\t") { "\t" } else { "    " }
    }
}

pub(super) fn quote_of(literal: &str) -> Option<char> {
    literal.chars().find(|c| matches!(c, '"' | '\''))
}

/// How many line breaks a text of nothing else has.
fn count_ends(ends: &str) -> usize {
    ends.replace("\r\n", "\n").len()
}

/// A statement of one line, or broken with one entry a line.
pub(super) fn broken(
    head: &str,
    entries: &[String],
    brackets: (&str, &str),
    source: &Source<'_>,
) -> String {
    let (open, close) = brackets;
    let mut text = format!("{head}{open}{}", source.eol);
    for entry in entries {
        text.push_str(&format!("{}{entry},{}", source.indent(), source.eol));
    }
    text.push_str(close);
    text
}

pub(super) type Compare = fn(&str, &str) -> Ordering;

/// Something to add to a list: what it is sorted by, and its text.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) text: String,
}

/// A list between brackets, or without, to which entries can be added.
pub(super) struct List<'a> {
    /// The statement.
    pub(super) whole: Range<usize>,
    /// The opening and the closing bracket.
    pub(super) brackets: Option<(Range<usize>, Range<usize>)>,
    /// The brackets that the list gets when it is broken into lines.
    pub(super) style: (&'static str, &'static str),
    /// What each entry is sorted by, and where it stands.
    pub(super) entries: Vec<(&'a str, Range<usize>)>,
}

impl List<'_> {
    /// Adds entries: at their places where the list is sorted in one of the orders, else at its end.
    pub(super) fn add(
        &self,
        source: &Source<'_>,
        mut new: Vec<Entry>,
        orders: &[Compare],
    ) -> Vec<Edit> {
        let keys: Vec<&str> = self.entries.iter().map(|(key, _)| *key).collect();
        let sorted = |order: &&Compare| keys.is_sorted_by(|a, b| order(a, b) != Ordering::Greater);
        let order = orders.iter().find(sorted);
        if let Some(order) = order {
            new.sort_by(|a, b| order(&a.key, &b.key));
        }
        if let Some(edit) = self.broken(source, &new, order) {
            return vec![edit];
        }
        let mut groups: Vec<(usize, Vec<String>)> = Vec::new();
        for entry in new {
            let place = order.map_or(keys.len(), |order| {
                keys.partition_point(|key| order(key, &entry.key) != Ordering::Greater)
            });
            match groups.last_mut() {
                Some((last, texts)) if *last == place => texts.push(entry.text),
                _ => groups.push((place, vec![entry.text])),
            }
        }
        groups.iter().flat_map(|(place, texts)| self.insert(source, *place, texts)).collect()
    }

    /// The list broken into lines, if it stands on one line that would become too long.
    fn broken(&self, source: &Source<'_>, new: &[Entry], order: Option<&Compare>) -> Option<Edit> {
        let range = match (&self.brackets, self.entries.as_slice()) {
            (Some((open, close)), _) => open.start..close.end,
            (None, [(_, first), .., (_, last)]) => first.start..last.end,
            (None, [(_, only)]) => only.clone(),
            (None, []) => return None,
        };
        let line = source.text.get(source.line_start(range.start)..source.line_stop(range.end))?;
        let added: usize = new.iter().map(|entry| entry.text.chars().count() + 2).sum();
        if !source.same_line(range.start, range.end) || line.chars().count() + added <= WIDTH {
            return None;
        }
        let texts = self
            .entries
            .iter()
            .filter_map(|(key, range)| Some((*key, source.text.get(range.clone())?.to_owned())));
        let mut all: Vec<(&str, String)> = texts.collect();
        all.extend(new.iter().map(|entry| (entry.key.as_str(), entry.text.clone())));
        if let Some(order) = order {
            all.sort_by(|(a, _), (b, _)| order(a, b));
        }
        let all: Vec<String> = all.into_iter().map(|(_, text)| text).collect();
        let style = match &self.brackets {
            Some((open, close)) => {
                (source.text.get(open.clone())?, source.text.get(close.clone())?)
            }
            None => self.style,
        };
        Some(Edit { range, text: broken("", &all, style, source) })
    }

    /// Inserts texts before the entry of an index, or behind the last.
    fn insert(&self, source: &Source<'_>, place: usize, texts: &[String]) -> Vec<Edit> {
        let previous = place.checked_sub(1).and_then(|index| self.entries.get(index));
        let next = self.entries.get(place);
        match (previous, next) {
            (Some((_, previous)), _) => {
                self.insert_behind(source, previous, next.map(|n| &n.1), texts)
            }
            (None, Some((_, first))) => self.insert_first(source, first, texts),
            (None, None) => self.fill(source, texts),
        }
    }

    fn insert_behind(
        &self,
        source: &Source<'_>,
        previous: &Range<usize>,
        next: Option<&Range<usize>>,
        texts: &[String],
    ) -> Vec<Edit> {
        let stop = self.brackets.as_ref().map_or(self.whole.end, |(_, close)| close.start);
        let end = next.map_or(stop, |next| next.start);
        let inline = || vec![Edit::insert(previous.end, format!(", {}", texts.join(", ")))];
        let one_line = match (&self.brackets, next) {
            (None, _) => true,
            (Some(_), Some(next)) => source.same_line(previous.end, next.start),
            (Some((open, close)), None) => source.same_line(open.end, close.start),
        };
        if one_line {
            return inline();
        }
        let comma = source.tokens_in(previous.end..end).find(|(kind, _)| *kind == TokenKind::Comma);
        let comma = comma.map(|(_, range)| range);
        if comma.as_ref().is_some_and(|comma| !source.same_line(previous.end, comma.start)) {
            return inline();
        }
        let indent = self.indent_of(source, previous);
        let behind = comma.as_ref().map_or(previous.end, |comma| comma.end);
        // The closing bracket may stand on the line of the last entry; a comment belongs to that entry.
        let bracket = source.same_line(behind, stop) && next.is_none();
        let at = if bracket { behind } else { source.line_stop(behind) };
        let separator = format!(",{}{indent}", source.eol);
        let mut text = format!("{}{indent}{}", source.eol, texts.join(&separator));
        if comma.is_some() {
            text.push(',');
            return vec![Edit::insert(at, text)];
        }
        if at == behind {
            return vec![Edit::insert(at, format!(",{text}"))];
        }
        vec![Edit::insert(behind, ","), Edit::insert(at, text)]
    }

    fn insert_first(
        &self,
        source: &Source<'_>,
        first: &Range<usize>,
        texts: &[String],
    ) -> Vec<Edit> {
        let above =
            self.brackets.as_ref().filter(|(open, _)| !source.same_line(open.end, first.start));
        let Some((open, _)) = above else {
            return vec![Edit::insert(first.start, format!("{}, ", texts.join(", ")))];
        };
        let indent = self.indent_of(source, first);
        let lines = texts.iter().map(|text| format!("{}{indent}{text},", source.eol));
        vec![Edit::insert(source.line_stop(open.end), lines.collect::<String>())]
    }

    /// Fills a list that is empty so far.
    fn fill(&self, source: &Source<'_>, texts: &[String]) -> Vec<Edit> {
        let Some((open, close)) = &self.brackets else { return Vec::new() };
        if source.same_line(open.end, close.start) {
            // A tuple of one needs its comma.
            let single = self.style.0 == "(" && texts.len() == 1;
            let comma = if single { "," } else { "" };
            return vec![Edit::insert(open.end, format!("{}{comma}", texts.join(", ")))];
        }
        let lines = texts.iter().map(|text| format!("{}{text},{}", source.indent(), source.eol));
        vec![Edit::insert(source.line_start(close.start), lines.collect::<String>())]
    }

    /// The white space before an entry that gets a line of its own below another.
    fn indent_of(&self, source: &Source<'_>, entry: &Range<usize>) -> String {
        let line = source.line_start(entry.start);
        let first = self.entries.iter().map(|(_, range)| range).find(|range| range.start >= line);
        let start = first.map_or(entry.start, |first| first.start);
        let before = source.text.get(line..start).unwrap_or_default();
        if before.trim().is_empty() {
            before.to_owned()
        } else {
            " ".repeat(before.chars().count())
        }
    }
}

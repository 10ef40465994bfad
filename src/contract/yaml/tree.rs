//! Events of the parser -> tree.
//!
//! Two passes. [`Builder`] puts nodes into a flat list, by number, without recursion, so that no input can
//! exhaust the stack. [`Expander`] makes the tree of it, copying what an alias refers to; it counts every node
//! and every byte that it makes, so that a small file cannot become a large tree.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag};

use super::{Kind, Scalar, Value, Yaml, scalar, syntax};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, Span, Spanned};

/// The deepest nesting of collections that is read.
pub const MAX_DEPTH: usize = 128;

/// The most nodes that a tree may have, aliases counted as often as they are used.
pub const MAX_NODES: usize = 100_000;

/// The most bytes that the scalars of a tree may have: far more than a file of the allowed size holds.
const MAX_TEXT: usize = 4 * super::MAX_BYTES;

/// More tabs than this are not shown one by one.
const MOST_TABS: usize = 10;

/// Reads the text into a tree.
pub(super) fn build(file: &SourceFile) -> (Option<Yaml>, Vec<Diagnostic>) {
    let mut builder = Builder::new(file);
    let finished = builder.run();
    let end = finished.err().unwrap_or(file.text().len());
    builder.refuse_tabs(end);
    let has_aliases = !builder.anchors.is_empty();
    let Builder { mut nodes, root, mut found, .. } = builder;
    if finished.is_err() {
        return (None, found);
    }
    let Some(root) = root else {
        let null = Scalar { text: String::new(), plain: true, value: Value::Null };
        return (Some(Yaml { span: Span::default(), kind: Kind::Scalar(null) }), found);
    };
    let mut expander = Expander {
        file,
        nodes: &mut nodes,
        has_aliases,
        left: MAX_NODES,
        text_left: MAX_TEXT,
        found: Vec::new(),
    };
    let tree = expander.expand(root, None, 0).ok();
    found.append(&mut expander.found);
    (tree, found)
}

/// The text behind a key of the mapping at the top, without the tree around it.
pub(super) fn first_text(file: &SourceFile, key: &str) -> Option<Spanned<String>> {
    let mut builder = Builder::new(file);
    let mut is_next = false;
    for next in builder.events() {
        let (event, place) = next.ok()?;
        let span = builder.span(place);
        let is_scalar = matches!(event, Event::Scalar(..));
        builder.take(event, span, None).ok()?;
        // Whatever is odd is for whoever reads all of it.
        if !builder.found.is_empty() || !builder.anchors.is_empty() {
            return None;
        }
        let is_top = builder.open.len() == 1;
        let last = builder.nodes.last().filter(|_| is_top && is_scalar);
        let Some(Raw { span, kind: RawKind::Scalar(scalar) }) = last else {
            // A collection is no text.
            is_next &= builder.open.len() == 1;
            continue;
        };
        if is_next {
            let is_text = scalar.value == Value::String;
            return is_text.then(|| Spanned::new(scalar.text.clone(), *span));
        }
        is_next = scalar.text == key && builder.at_value();
    }
    None
}

/// A node before aliases are followed: children are numbers of other nodes.
#[derive(Clone)]
struct Raw {
    span: Span,
    kind: RawKind,
}

#[derive(Clone)]
enum RawKind {
    Scalar(Scalar),
    Sequence(Vec<usize>),
    Mapping(Vec<(usize, usize)>),
    Alias(usize),
    /// The key `<<`.
    Merge,
}

/// A collection that is still being read.
struct Open {
    node: usize,
    flow: bool,
    items: Items,
}

enum Items {
    Sequence(Vec<usize>),
    Mapping { entries: Vec<(usize, usize)>, key: Option<usize> },
}

struct Builder<'a> {
    file: &'a SourceFile,
    /// Bytes of the byte order mark, which the parser does not get to see.
    base: usize,
    nodes: Vec<Raw>,
    open: Vec<Open>,
    root: Option<usize>,
    document: Option<Span>,
    /// The parser's numbers of anchors -> nodes.
    anchors: BTreeMap<usize, usize>,
    anchor_names: BTreeMap<String, Span>,
    /// Texts in which a tab is a tab and `#` begins no comment: quoted ones and blocks.
    verbatim: Vec<Range<usize>>,
    found: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn new(file: &'a SourceFile) -> Self {
        Self {
            file,
            base: if file.text().starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 },
            nodes: Vec::new(),
            open: Vec::new(),
            root: None,
            document: None,
            anchors: BTreeMap::new(),
            anchor_names: BTreeMap::new(),
            verbatim: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Reads all events, or as far as the offset that it gives as an error.
    fn run(&mut self) -> Result<(), usize> {
        for next in self.events() {
            let (event, place) = next.map_err(|error| self.syntax_error(&error))?;
            let tag_span = place.tag_span().map(|tag| self.span(tag));
            self.take(event, self.span(place), tag_span)?;
        }
        Ok(())
    }

    /// What the parser sees, one by one.
    fn events(
        &self,
    ) -> impl Iterator<Item = Result<(Event<'a>, granit_parser::Span), ScanError>> + use<'a> {
        let text = self.file.text().get(self.base..).unwrap_or_default();
        let options = granit_parser::options! {
            emit_anchor_events: true,
            block_scalar_eof_without_line_feed: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        Parser::new_from_str_with_options(text, options)
    }

    fn span(&self, place: granit_parser::Span) -> Span {
        let range = place.byte_range().unwrap_or_default();
        let offset = |at: usize| u32::try_from(at + self.base).unwrap_or(u32::MAX);
        Span::new(offset(range.start), offset(range.end))
    }

    fn take(&mut self, event: Event<'_>, span: Span, tag_span: Option<Span>) -> Result<(), usize> {
        match event {
            Event::DocumentStart(..) => return self.document(span),
            Event::Anchor(_, name) => self.anchor(&name, span),
            Event::Alias(anchor) => {
                self.refuse_anchor_name(span);
                let node = self.alias(anchor, span);
                self.add(node)?;
            }
            Event::UnresolvedAlias(_) => self.add(null())?,
            Event::Scalar(text, style, anchor, tag) => {
                self.note_verbatim(style, span);
                let node = self.scalar(text.into_owned(), style, tag.as_deref(), span, tag_span);
                self.define(anchor, self.nodes.len());
                self.add(node)?;
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.collection_tag(tag.as_deref(), "seq", tag_span.unwrap_or(span));
                self.begin(style, anchor, span, Items::Sequence(Vec::new()))?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.collection_tag(tag.as_deref(), "map", tag_span.unwrap_or(span));
                self.begin(style, anchor, span, Items::Mapping { entries: Vec::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            // The parser may learn of other events; the version of it that is pinned knows none.
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | _ => {}
        }
        Ok(())
    }

    fn document(&mut self, span: Span) -> Result<(), usize> {
        let Some(first) = self.document.replace(span) else { return Ok(()) };
        let error = Diagnostic::error(
            "yaml-documents",
            self.file,
            span,
            "the file holds more than one YAML document, and a contract is one",
        )
        .label("the second document begins here")
        .related(first, "the first document begins here")
        .help("delete the `---` line, or move what follows it to a file of its own");
        self.found.push(error);
        Err(span.range().start)
    }

    fn anchor(&mut self, name: &str, span: Span) {
        self.refuse_anchor_name(span);
        if let Some(first) = self.anchor_names.insert(name.to_owned(), span) {
            self.found.push(
                Diagnostic::error(
                    "yaml-anchor",
                    self.file,
                    span,
                    format!("the anchor `&{name}` is defined twice, which PyYAML refuses"),
                )
                .label("defined again here")
                .related(first, "first defined here")
                .help("give one of them another name"),
            );
        }
    }

    /// YAML allows nearly all characters in the name of an anchor, PyYAML a few.
    fn refuse_anchor_name(&mut self, span: Span) {
        let written = self.file.slice(span);
        let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if written.chars().skip(1).all(named) {
            return;
        }
        let message = format!("PyYAML takes only letters, digits, `-` and `_` in `{written}`");
        let error = Diagnostic::error("yaml-anchor", self.file, span, message)
            .help("give the anchor another name, here and where it is used");
        self.found.push(error);
    }

    fn define(&mut self, anchor: usize, node: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Raw {
        let target = self.anchors.get(&anchor).copied();
        let Some(target) = target.filter(|node| self.open.iter().all(|open| open.node != *node))
        else {
            self.found.push(
                Diagnostic::error(
                    "yaml-alias",
                    self.file,
                    span,
                    format!(
                        "`{}` stands inside the very value that it refers to",
                        self.file.slice(span)
                    ),
                )
                .help("write the value out"),
            );
            return Raw { span, ..null() };
        };
        Raw { span, kind: RawKind::Alias(target) }
    }

    /// Whether the next node is a key of a mapping.
    fn at_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { items: Items::Mapping { key: None, .. }, .. }))
    }

    /// Whether the next node is the value of a key.
    fn at_value(&self) -> bool {
        matches!(self.open.last(), Some(Open { items: Items::Mapping { key: Some(_), .. }, .. }))
    }

    fn scalar(
        &mut self,
        text: String,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
        tag_span: Option<Span>,
    ) -> Raw {
        let plain = style == ScalarStyle::Plain;
        // The parser writes `~` where nothing is.
        let text = if plain && span.start == span.end { String::new() } else { text };
        let span = if style == ScalarStyle::Literal || style == ScalarStyle::Folded {
            self.without_trailing_space(span)
        } else {
            span
        };
        if style == ScalarStyle::DoubleQuoted {
            self.refuse_surrogates(span);
        }
        // PyYAML resolves `! text` as if it had no quotes.
        let unspecific =
            tag.is_some_and(|tag| tag.parts() == ("!", "") || tag.parts() == ("", "!"));
        let by_text = tag.map_or(plain, |_| unspecific);
        if plain {
            self.refuse_flow_indicator(&text, span);
        }
        if plain && tag.is_none() && text == "<<" && self.at_key() {
            return Raw { span, kind: RawKind::Merge };
        }
        let value = if by_text {
            if text == "=" && self.at_key() { Ok(Value::String) } else { scalar::plain(&text) }
        } else if let Some(tag) = tag {
            self.tagged(tag, &text, tag_span.unwrap_or(span))
        } else {
            Ok(Value::String)
        };
        let value = value.unwrap_or_else(|refused| self.refuse_value(&text, &refused, span));
        Raw { span, kind: RawKind::Scalar(Scalar { text, plain, value }) }
    }

    fn refuse_value(&mut self, text: &str, refused: &scalar::Refused, span: Span) -> Value {
        let message = format!("`{text}` {}", refused.0);
        let error = Diagnostic::error("yaml-value", self.file, span, message)
            .help(format!("put it in quotes if text is meant: `\"{text}\"`"));
        self.found.push(error);
        Value::String
    }

    fn tagged(&mut self, tag: &Tag, text: &str, span: Span) -> Result<Value, scalar::Refused> {
        match core_tag(tag).and_then(|name| scalar::tagged(&name, text)) {
            Some(value) => value,
            None => {
                self.refuse_tag(span);
                Ok(Value::String)
            }
        }
    }

    fn collection_tag(&mut self, tag: Option<&Tag>, expected: &str, span: Span) {
        let Some(tag) = tag else { return };
        let unspecific = tag.parts() == ("!", "") || tag.parts() == ("", "!");
        if !unspecific && core_tag(tag).as_deref() != Some(expected) {
            self.refuse_tag(span);
        }
    }

    fn refuse_tag(&mut self, span: Span) {
        let tag = self.file.slice(span).to_owned();
        self.found.push(
            Diagnostic::error(
                "yaml-tag",
                self.file,
                span,
                format!("the tag `{tag}` has no place in a contract"),
            )
            .label("PyYAML refuses it, or makes of it what no key takes")
            .help("delete the tag; put a text that begins with `!` in quotes"),
        );
    }

    /// Python makes two halves of a character of `"\ud83d\ude00"`, which no encoding takes.
    fn refuse_surrogates(&mut self, span: Span) {
        let escape = escapes(self.file.slice(span)).find(|(_, escape)| surrogate(escape));
        let Some((at, escape)) = escape else { return };
        let start = span.start + u32::try_from(at).unwrap_or_default();
        let length = u32::try_from(escape.len().min(6)).unwrap_or_default();
        self.found.push(
            Diagnostic::error(
                "yaml-character",
                self.file,
                Span::new(start, start + length),
                "the escape stands for half a character, and Python cannot write such text",
            )
            .help("write the character itself, or `\\U` and its eight digits"),
        );
    }

    /// Inside brackets PyYAML takes a `:` at the beginning of a text for an indicator, and every `?`.
    fn refuse_flow_indicator(&mut self, text: &str, span: Span) {
        let flow = self.open.iter().any(|open| open.flow);
        if flow && (text.starts_with(':') || text.contains('?')) {
            self.found.push(
                Diagnostic::error(
                    "yaml-syntax",
                    self.file,
                    span,
                    format!("PyYAML does not read `{text}` in brackets as one text"),
                )
                .help(format!("put it in quotes: `\"{text}\"`")),
            );
        }
    }

    /// The span of a block text without the line breaks behind it.
    fn without_trailing_space(&self, span: Span) -> Span {
        let trimmed = self.file.slice(span).trim_end_matches([' ', '\t', '\n', '\r']).len();
        Span::new(span.start, span.start + u32::try_from(trimmed).unwrap_or_default())
    }

    fn note_verbatim(&mut self, style: ScalarStyle, span: Span) {
        match style {
            ScalarStyle::Plain => {}
            // The span of a block text begins behind the line of its `|`.
            ScalarStyle::SingleQuoted
            | ScalarStyle::DoubleQuoted
            | ScalarStyle::Literal
            | ScalarStyle::Folded => self.verbatim.push(span.range()),
        }
    }

    fn begin(
        &mut self,
        style: StructureStyle,
        anchor: usize,
        span: Span,
        items: Items,
    ) -> Result<(), usize> {
        let node = self.nodes.len();
        self.define(anchor, node);
        // A place is kept for it, so that a parent's number is below those of its children.
        self.nodes.push(Raw { span, ..null() });
        self.room(span)?;
        self.open.push(Open { node, flow: style == StructureStyle::Flow, items });
        Ok(())
    }

    fn end(&mut self, span: Span) {
        let Some(open) = self.open.pop() else { return };
        let end = if open.flow { span.end } else { 0 };
        let (kind, last) = match open.items {
            Items::Sequence(items) => {
                let last = items.last().copied();
                (RawKind::Sequence(items), last)
            }
            Items::Mapping { entries, .. } => {
                let last = entries.last().map(|(_, value)| *value);
                self.refuse_repeated_keys(&entries);
                (RawKind::Mapping(entries), last)
            }
        };
        // The parser ends a block where the next token begins; the block ends with its last line.
        let last = last.and_then(|last| self.nodes.get(last)).map_or(0, |last| last.span.end);
        if let Some(node) = self.nodes.get_mut(open.node) {
            node.span = Span::new(node.span.start, end.max(last));
            node.kind = kind;
        }
        self.attach(open.node);
    }

    fn add(&mut self, node: Raw) -> Result<(), usize> {
        let span = node.span;
        self.nodes.push(node);
        self.room(span)?;
        self.attach(self.nodes.len() - 1);
        Ok(())
    }

    fn room(&mut self, span: Span) -> Result<(), usize> {
        if self.nodes.len() <= MAX_NODES && self.open.len() < MAX_DEPTH {
            return Ok(());
        }
        let deep = self.open.len() >= MAX_DEPTH;
        self.found.push(if deep { too_deep(self.file, span) } else { too_many(self.file, span) });
        Err(span.range().start)
    }

    fn attach(&mut self, node: usize) {
        let Some(Open { items, .. }) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match items {
            Items::Sequence(items) => items.push(node),
            Items::Mapping { entries, key } => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    *key = Some(node);
                    self.refuse_as_key(node);
                }
            },
        }
    }

    fn followed(&self, node: usize) -> Option<&Raw> {
        let raw = self.nodes.get(node)?;
        match raw.kind {
            // An alias never refers to an alias: anchors stand on nodes.
            RawKind::Alias(target) => self.nodes.get(target),
            RawKind::Scalar(_) | RawKind::Sequence(_) | RawKind::Mapping(_) | RawKind::Merge => {
                Some(raw)
            }
        }
    }

    fn refuse_as_key(&mut self, node: usize) {
        let Some(raw) = self.followed(node) else { return };
        let what = match raw.kind {
            RawKind::Sequence(_) => "a list",
            RawKind::Mapping(_) => "a mapping",
            RawKind::Scalar(Scalar { ref text, plain: true, .. }) if text.is_empty() => "nothing",
            RawKind::Scalar(_) if self.file.slice(raw.span).contains(['\n', '\r']) => {
                "of several lines"
            }
            RawKind::Scalar(_) | RawKind::Alias(_) | RawKind::Merge => return,
        };
        let span = self.nodes.get(node).map_or(raw.span, |key| key.span);
        let error =
            Diagnostic::error("yaml-key", self.file, span, format!("the key before `:` is {what}"))
                .help("write a name as the key; put a text such as `{name}` in quotes");
        self.found.push(error);
    }

    /// PyYAML keeps the last value in silence; the framework's strict loader, with which generated tests read the
    /// contract, refuses the file.
    fn refuse_repeated_keys(&mut self, entries: &[(usize, usize)]) {
        let mut seen: BTreeMap<Identity<'_>, Span> = BTreeMap::new();
        let mut repeated = Vec::new();
        for (key, _) in entries {
            let Some(Raw { kind: RawKind::Scalar(scalar), .. }) = self.followed(*key) else {
                continue;
            };
            let Some(span) = self.nodes.get(*key).map(|raw| raw.span) else { continue };
            let Some(first) = seen.insert(Identity::of(scalar), span) else { continue };
            repeated.push(
                Diagnostic::error(
                    "duplicate-key",
                    self.file,
                    span,
                    format!(
                        "the key `{}` stands twice, and PyYAML drops the first value",
                        scalar.text
                    ),
                )
                .label("this value counts")
                .related(first, "this value is dropped")
                .help("delete one of them, or rename it"),
            );
        }
        self.found.extend(repeated);
    }

    /// PyYAML takes no tab between tokens, where the parser is content with some.
    fn refuse_tabs(&mut self, end: usize) {
        let text = self.file.text().get(self.base..end).unwrap_or_default();
        if !text.contains('\t') || self.found.iter().any(|d| d.rule == "yaml-tab") {
            return;
        }
        self.verbatim.sort_by_key(|range| range.start);
        let is_verbatim = |at: usize| {
            let before = self.verbatim.partition_point(|range| range.start <= at);
            let last = before.checked_sub(1).and_then(|index| self.verbatim.get(index));
            last.is_some_and(|range| range.contains(&at))
        };
        let refused = lines(text).flat_map(|(start, line)| {
            let start = start + self.base;
            let begins_comment = |mark: &usize| {
                let before = line.get(..*mark).unwrap_or_default();
                let is_apart = before.is_empty() || before.ends_with([' ', '\t']);
                is_apart && !is_verbatim(start + mark)
            };
            let has_tabs = line.contains('\t');
            let marks = line.match_indices('#').map(|(mark, _)| mark).filter(|_| has_tabs);
            let end = marks.into_iter().find(begins_comment).unwrap_or(line.len());
            let tabs = line.get(..end).unwrap_or_default().match_indices('\t');
            tabs.map(move |(column, _)| start + column).filter(|at| !is_verbatim(*at))
        });
        let errors: Vec<_> = refused.take(MOST_TABS).map(|at| tab(self.file, at)).collect();
        self.found.extend(errors);
    }

    fn syntax_error(&mut self, error: &ScanError) -> usize {
        let offset = error.marker().byte_offset().unwrap_or_default() + self.base;
        let text = self.file.text();
        let at = text.floor_char_boundary(offset);
        let complaint = syntax::complaint(error, text.get(..at).unwrap_or_default());
        // The parser means the tab, and points behind it.
        let at = if complaint.rule == "yaml-tab" { last_tab(text, at).unwrap_or(at) } else { at };
        let width = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let start = u32::try_from(at).unwrap_or(u32::MAX);
        let end = u32::try_from(at + width).unwrap_or(u32::MAX);
        self.found.push(
            Diagnostic::error(complaint.rule, self.file, Span::new(start, end), complaint.message)
                .help(complaint.help),
        );
        at
    }
}

fn null() -> Raw {
    let scalar = Scalar { text: String::new(), plain: true, value: Value::Null };
    Raw { span: Span::default(), kind: RawKind::Scalar(scalar) }
}

/// The lines of a text, each with the place where it begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive(['\n', '\r']).map(move |line| {
        let begins = start;
        start += line.len();
        (begins, line)
    })
}

/// The last tab up to a place, on its line.
fn last_tab(text: &str, at: usize) -> Option<usize> {
    let end = if text.get(at..).is_some_and(|rest| rest.starts_with('\t')) { at + 1 } else { at };
    let before = text.get(..end)?;
    let line = before.rfind(['\n', '\r']).map_or(0, |line_end| line_end + 1);
    before.rfind('\t').filter(|tab| *tab >= line)
}

fn tab(file: &SourceFile, at: usize) -> Diagnostic {
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    Diagnostic::error(
        "yaml-tab",
        file,
        Span::new(start, start.saturating_add(1)),
        "a tab stands where PyYAML allows only spaces",
    )
    .help("replace the tab by spaces")
}

fn too_deep(file: &SourceFile, span: Span) -> Diagnostic {
    let message = format!("collections are nested more than {MAX_DEPTH} deep");
    Diagnostic::error("yaml-too-deep", file, span, message)
        .help("flatten the structure; no contract needs this depth")
}

fn too_many(file: &SourceFile, span: Span) -> Diagnostic {
    let message =
        format!("the file has more than {MAX_NODES} values, aliases counted as often as used");
    Diagnostic::error("yaml-too-many-nodes", file, span, message)
        .help("check that this is a contract; data belongs in files of its own")
}

/// `int` of `!!int` and of `!<tag:yaml.org,2002:int>`.
fn core_tag(tag: &Tag) -> Option<String> {
    tag.suffix_in_namespace("tag:yaml.org,2002:").map(std::borrow::Cow::into_owned)
}

/// The escapes of a double-quoted text: where each begins, and the text from there on.
fn escapes(raw: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut escaped = false;
    raw.char_indices().filter_map(move |(at, character)| {
        let begins = character == '\\' && !escaped;
        escaped = begins;
        if begins { raw.get(at..).map(|rest| (at, rest)) } else { None }
    })
}

/// `\ud800` to `\udfff`, and the same with `\U0000` before.
fn surrogate(escape: &str) -> bool {
    let digits = escape.strip_prefix("\\u").or_else(|| escape.strip_prefix("\\U0000"));
    let mut digits = digits.unwrap_or_default().chars();
    digits.next().is_some_and(|c| c.eq_ignore_ascii_case(&'d'))
        && digits.next().is_some_and(|c| c.is_ascii_hexdigit() && !matches!(c, '0'..='7'))
}

/// What a key is to Python, where `1`, `1.0` and `true` are one key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identity<'a> {
    Null,
    Number(String),
    Time(Cow<'a, str>),
    Text(Cow<'a, str>),
    /// No scalar: nothing is equal to it but itself.
    Other(Span),
}

impl<'a> Identity<'a> {
    fn of(key: &'a Scalar) -> Self {
        match key.value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Number(i128::from(value).to_string()),
            Value::Int(value) => Self::Number(value.to_string()),
            Value::Float(value) => Self::Number(value.to_string()),
            Value::Timestamp => Self::Time(key.text.as_str().into()),
            Value::String => Self::Text(key.text.as_str().into()),
        }
    }

    fn of_node(key: &'a Yaml) -> Self {
        key.as_scalar().map_or(Self::Other(key.span), Self::of)
    }

    fn owned(self) -> Identity<'static> {
        match self {
            Self::Null => Identity::Null,
            Self::Number(text) => Identity::Number(text),
            Self::Time(text) => Identity::Time(text.into_owned().into()),
            Self::Text(text) => Identity::Text(text.into_owned().into()),
            Self::Other(span) => Identity::Other(span),
        }
    }
}

/// The expansion stopped at a limit, which is reported.
struct Stopped;

struct Expander<'a> {
    file: &'a SourceFile,
    nodes: &'a mut [Raw],
    /// Whether a node may be used more than once, so that each use is a copy.
    has_aliases: bool,
    left: usize,
    text_left: usize,
    found: Vec<Diagnostic>,
}

impl Expander<'_> {
    /// The tree below a node; `at` is the place of the alias that led here.
    ///
    /// Recursion is bounded by [`MAX_DEPTH`].
    fn expand(&mut self, node: usize, at: Option<Span>, depth: usize) -> Result<Yaml, Stopped> {
        let Some(Raw { span, kind }) = self.taken(node) else { return Err(Stopped) };
        let span = at.unwrap_or(span);
        if let RawKind::Alias(target) = kind {
            return self.expand(target, Some(span), depth);
        }
        self.count(&kind, span, depth)?;
        let kind = match kind {
            RawKind::Scalar(scalar) => Kind::Scalar(scalar),
            // Only reached through an alias of `&name <<`, which no one writes.
            RawKind::Alias(_) | RawKind::Merge => {
                Kind::Scalar(Scalar { text: "<<".to_owned(), plain: true, value: Value::String })
            }
            RawKind::Sequence(items) => {
                let items: Result<_, _> =
                    items.iter().map(|item| self.expand(*item, None, depth + 1)).collect();
                Kind::Sequence(items?)
            }
            RawKind::Mapping(entries) => Kind::Mapping(self.mapping(&entries, depth)?),
        };
        Ok(Yaml { span, kind })
    }

    /// A node for use in the tree: a copy where an alias may use it again.
    fn taken(&mut self, node: usize) -> Option<Raw> {
        let raw = self.nodes.get_mut(node)?;
        Some(if self.has_aliases { raw.clone() } else { std::mem::replace(raw, null()) })
    }

    fn count(&mut self, kind: &RawKind, span: Span, depth: usize) -> Result<(), Stopped> {
        let text = match kind {
            RawKind::Scalar(scalar) => scalar.text.len(),
            RawKind::Sequence(_) | RawKind::Mapping(_) | RawKind::Alias(_) | RawKind::Merge => 0,
        };
        let left = self.left.checked_sub(1).zip(self.text_left.checked_sub(text));
        let Some((left, text_left)) = left.filter(|_| depth <= MAX_DEPTH) else {
            let deep = depth > MAX_DEPTH;
            self.found.push(if deep {
                too_deep(self.file, span)
            } else {
                too_many(self.file, span)
            });
            return Err(Stopped);
        };
        self.left = left;
        self.text_left = text_left;
        Ok(())
    }

    /// Entries as Python's dict ends up with them: merged ones first, the last of equal keys counts.
    fn mapping(
        &mut self,
        entries: &[(usize, usize)],
        depth: usize,
    ) -> Result<Vec<(Yaml, Yaml)>, Stopped> {
        let is_merge =
            |key: &usize| matches!(self.nodes.get(*key), Some(Raw { kind: RawKind::Merge, .. }));
        let merges: Vec<usize> =
            entries.iter().filter(|(key, _)| is_merge(key)).map(|(_, value)| *value).collect();
        let own = entries.iter().filter(|(key, _)| !is_merge(key)).copied().collect::<Vec<_>>();
        let mut merged = Entries::default();
        let mut doubtful: BTreeMap<Identity<'static>, Span> = BTreeMap::new();
        for value in merges {
            for (key, value) in self.merge(value, depth)? {
                let span = value.span;
                if let Some((name, before)) = merged.insert(key, value)
                    && merged.value(&name).is_none_or(|now| now.kind != before.kind)
                {
                    doubtful.insert(name, span);
                }
            }
        }
        let mut expanded = Vec::with_capacity(own.len());
        for (key, value) in own {
            expanded
                .push((self.expand(key, None, depth + 1)?, self.expand(value, None, depth + 1)?));
        }
        // Where each key stands once and nothing is merged, the entries are as they were written.
        let names: BTreeSet<Identity<'_>> =
            expanded.iter().map(|(key, _)| Identity::of_node(key)).collect();
        if merged.list.is_empty() && names.len() == expanded.len() {
            return Ok(expanded);
        }
        for (key, value) in expanded {
            doubtful.remove(&Identity::of_node(&key).owned());
            merged.insert(key, value);
        }
        self.refuse_doubtful(&merged, &doubtful);
        Ok(merged.list)
    }

    /// What `<<: value` brings in.
    fn merge(&mut self, value: usize, depth: usize) -> Result<Vec<(Yaml, Yaml)>, Stopped> {
        let merged = self.expand(value, None, depth + 1)?;
        let sources = match merged.kind {
            Kind::Sequence(items) => items,
            Kind::Scalar(_) | Kind::Mapping(_) => vec![merged],
        };
        let mut entries = Vec::new();
        for source in sources {
            match source.kind {
                Kind::Mapping(mut found) => entries.append(&mut found),
                Kind::Scalar(_) | Kind::Sequence(_) => self.found.push(
                    Diagnostic::error(
                        "yaml-merge",
                        self.file,
                        source.span,
                        format!("`<<` merges mappings, and this is {}", source.described()),
                    )
                    .help("write `<<: *name`, where `&name` stands on a mapping"),
                ),
            }
        }
        Ok(entries)
    }

    fn refuse_doubtful(&mut self, merged: &Entries, doubtful: &BTreeMap<Identity<'static>, Span>) {
        for (name, other) in doubtful {
            let Some((key, value)) = merged.entry(name) else { continue };
            let text = key.as_scalar().map_or("", |key| key.text.as_str());
            self.found.push(
                Diagnostic::error(
                    "yaml-merge",
                    self.file,
                    value.span,
                    format!(
                        "two mappings merged by `<<` give `{text}` different values, and which one counts \
                         depends on the version of PyYAML"
                    ),
                )
                .related(*other, "the other value")
                .help(format!("give `{text}` its value in the mapping that merges them")),
            );
        }
    }
}

/// The entries of a mapping, each key once.
#[derive(Default)]
struct Entries {
    list: Vec<(Yaml, Yaml)>,
    places: BTreeMap<Identity<'static>, usize>,
}

impl Entries {
    /// Puts an entry where an equal key stood, or at the end; gives the key and the value that it replaces.
    fn insert(&mut self, key: Yaml, value: Yaml) -> Option<(Identity<'static>, Yaml)> {
        let name = Identity::of_node(&key).owned();
        let place = *self.places.entry(name.clone()).or_insert(self.list.len());
        match self.list.get_mut(place) {
            Some(entry) => {
                let (_, before) = std::mem::replace(entry, (key, value));
                Some((name, before))
            }
            None => {
                self.list.push((key, value));
                None
            }
        }
    }

    fn entry(&self, name: &Identity<'_>) -> Option<&(Yaml, Yaml)> {
        self.places.get(name).and_then(|place| self.list.get(*place))
    }

    fn value(&self, name: &Identity<'_>) -> Option<&Yaml> {
        self.entry(name).map(|(_, value)| value)
    }
}

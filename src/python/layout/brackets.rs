//! Statements that are too long for a line, broken at their brackets as the formatter breaks them.
//!
//! In: a statement of ours, on one line or on several. Out: its lines. Calls, tuples, lists and heads of functions alone
//! are broken here, since they are nearly all that there is; whatever else would have to be broken is left to the formatter.

use std::borrow::Cow;

use super::string_end;
use crate::python::identifier::is_of_name;

/// What has commas of its own, or takes none behind it.
const ODD: [&str; 2] = [" for ", "lambda "];

/// Where the lines go, and how long they may be.
pub(super) struct Lines<'a> {
    pub(super) limit: usize,
    pub(super) laid: &'a mut String,
}

/// The brackets that an expression ends with, and what stands before them.
struct Bracketed<'a> {
    /// Up to the opening bracket and with it.
    head: &'a str,
    items: Vec<&'a str>,
    close: &'static str,
    /// Whether they are the arguments of a call, or parameters.
    is_call: bool,
    /// Whether a comma behind the last of them has each stand on a line of its own.
    is_spread: bool,
}

impl Lines<'_> {
    /// Writes a statement; nothing where it is for the formatter to break, and then something may be written already.
    pub(super) fn statement(&mut self, code: &str, indent: usize) -> Option<()> {
        if code.starts_with("def ") || code.starts_with("async def ") {
            return self.function(code, indent);
        }
        let value = match code.strip_prefix("return ") {
            Some(value) => value,
            None => assigned(code)?,
        };
        let prefix = code.get(..code.len() - value.len())?;
        self.expression(prefix, value, "", indent)
    }

    /// The head of a function: `def f(a: int, b: str) -> None:`.
    fn function(&mut self, code: &str, indent: usize) -> Option<()> {
        let open = code.find('(')?;
        let close = open + 1 + closing(code.get(open + 1..)?)?;
        let parameters = bracketed(code.get(..=close)?)?;
        let tail = code.get(close..)?;
        let is_plain = |item: &&str| !item.starts_with(['*', '/']) && !item.contains('\n');
        if tail.contains(['(', '\n']) || !parameters.items.iter().all(is_plain) {
            return None;
        }
        self.line(&[parameters.head], indent)?;
        self.inner(&parameters, indent)?;
        self.line(&[tail], indent)
    }

    /// Writes an expression with what stands before and behind it.
    fn expression(&mut self, prefix: &str, text: &str, behind: &str, indent: usize) -> Option<()> {
        if let Some(flat) = flat(text)?
            && self.line(&[prefix, &flat, behind], indent).is_some()
        {
            return Some(());
        }
        let value = bracketed(text)?;
        if !is_simple(value.head) {
            return None;
        }
        self.line(&[prefix, value.head], indent)?;
        self.inner(&value, indent)?;
        self.line(&[value.close, behind], indent)
    }

    /// What stands between brackets, further in.
    fn inner(&mut self, value: &Bracketed<'_>, indent: usize) -> Option<()> {
        let indent = indent + 4;
        if value.is_call && !value.is_spread {
            let items: Option<Vec<Cow<'_, str>>> =
                value.items.iter().map(|item| flat(item)).collect::<Option<_>>()?;
            let together = items.map(|items| items.join(", "));
            if together.is_some_and(|line| self.line(&[&line], indent).is_some()) {
                return Some(());
            }
        }
        for item in &value.items {
            let (name, value) = named(item);
            self.expression(name, value, ",", indent)?;
        }
        Some(())
    }

    fn line(&mut self, parts: &[&str], indent: usize) -> Option<()> {
        let width: usize = parts.iter().map(|part| part.len()).sum();
        (indent + width <= self.limit).then(|| {
            self.laid.extend(std::iter::repeat_n(' ', indent));
            self.laid.extend(parts.iter().copied());
            self.laid.push('\n');
        })
    }
}

/// What a statement assigns, or all of it where it is an expression; nothing for any other statement.
fn assigned(code: &str) -> Option<&str> {
    match code.split_once(" = ") {
        Some((target, value)) => {
            let name = target.split_once(": ").map_or(target, |(name, _)| name);
            let is_plain = !target.contains(['(', '{', '"', '\'', '\n']);
            (is_name(name) && is_plain).then_some(value)
        }
        None => {
            let head = code.split(['(', '[', '{', '"']).next().unwrap_or_default();
            (!head.is_empty() && !head.contains([' ', ':', '=', '@'])).then_some(code)
        }
    }
}

/// `name=` and the value of an argument; nothing and all of it where it has no name.
fn named(item: &str) -> (&str, &str) {
    let end = item.bytes().take_while(|byte| is_of_name(*byte)).count();
    match item.as_bytes().get(end..end + 2) {
        Some([b'=', next]) if end > 0 && *next != b'=' => item.split_at(end + 1),
        _ => ("", item),
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_of_name)
}

/// Whether it is nothing but names with dots between them and what they are subscripted with, and the last bracket.
fn is_simple(head: &str) -> bool {
    let callee = head.get(..head.len() - 1).unwrap_or_default();
    let (name, subscript) = callee.split_once('[').unwrap_or((callee, "]"));
    let is_path = |byte: u8| is_of_name(byte) || byte == b'.';
    let is_annotation =
        |byte: u8| is_path(byte) || matches!(byte, b'[' | b']' | b',' | b' ' | b'|');
    name.bytes().all(is_path) && subscript.ends_with(']') && subscript.bytes().all(is_annotation)
}

/// Goes through code: brackets and commas, but not those in strings; nothing where there is a comment, or what is no code.
fn marks(text: &str, mut mark: impl FnMut(usize, u8) -> Option<bool>) -> Option<()> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match *byte {
            quote @ (b'"' | b'\'') => {
                at = string_end(bytes, at, quote)?;
                continue;
            }
            b'#' => return None,
            byte @ (b'(' | b'[' | b'{' | b')' | b']' | b'}' | b',') if !mark(at, byte)? => {
                return Some(());
            }
            _ => {}
        }
        at += 1;
    }
    Some(())
}

/// Whether an opening bracket calls or subscripts what stands before it.
fn is_called(text: &str, open: usize) -> bool {
    let before = text.as_bytes().get(..open).and_then(<[u8]>::last);
    before.is_some_and(|byte| is_of_name(*byte) || matches!(byte, b']' | b')'))
}

/// Where the bracket closes that is open at the beginning of the text.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut end) = (0_usize, None);
    marks(text, |at, byte| {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b',' => {}
            _ if depth == 0 => end = Some(at),
            _ => depth -= 1,
        }
        Some(end.is_none())
    })?;
    end
}

/// Takes apart what ends with brackets; nothing where that is no call, tuple or list.
fn bracketed(text: &str) -> Option<Bracketed<'_>> {
    let mut open: Vec<usize> = Vec::new();
    let mut last = None;
    marks(text, |at, byte| {
        match byte {
            b'(' | b'[' | b'{' => open.push(at),
            b',' => {}
            _ => last = Some((open.pop()?, at)),
        }
        Some(true)
    })?;
    let (from, to) = last.filter(|(_, to)| to + 1 == text.len())?;
    let is_call = is_called(text, from);
    let close = match text.as_bytes().get(from)? {
        b'(' => ")",
        b'[' if !is_call => "]",
        _ => return None,
    };
    let (head, inner) = (text.get(..=from)?, text.get(from + 1..to)?);
    let (mut depth, mut start) = (0_usize, 0);
    let mut items = Vec::new();
    marks(inner, |at, byte| {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b',' if depth == 0 => {
                items.push(inner.get(start..at)?.trim_ascii());
                start = at + 1;
            }
            b',' => {}
            _ => depth = depth.checked_sub(1)?,
        }
        Some(true)
    })?;
    let rest = inner.get(start..)?.trim_ascii();
    let commas = items.len();
    if !rest.is_empty() {
        items.push(rest);
    }
    // Brackets round one thing are no tuple.
    let is_odd =
        items.iter().any(|item| item.is_empty() || ODD.iter().any(|word| item.contains(word)));
    let is_one = items.len() == 1 && !is_call && (close == "]" || commas == 0);
    let is_spread = rest.is_empty() && (is_call || items.len() > 1);
    (!items.is_empty() && !is_odd && !is_one).then_some(Bracketed {
        head,
        items,
        close,
        is_call,
        is_spread,
    })
}

/// Code on one line: `Some(None)` where a comma behind the last item of some brackets keeps it on several, and nothing
/// where a line ends in the middle of an expression.
fn flat(text: &str) -> Option<Option<Cow<'_, str>>> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut comma = None;
    let mut is_spread = false;
    let bytes = text.as_bytes();
    marks(text, |at, byte| {
        match byte {
            b'(' | b'[' | b'{' => open.push((at, 0)),
            b',' => {
                comma = Some(at);
                if let Some((_, commas)) = open.last_mut() {
                    *commas += 1;
                }
            }
            _ => {
                let (from, commas) = open.pop()?;
                let is_behind = |comma: usize| {
                    comma > from
                        && text.get(comma + 1..at).is_some_and(|gap| gap.trim_ascii().is_empty())
                };
                let is_called = is_called(text, from);
                let is_tuple = bytes.get(from) == Some(&b'(') && !is_called;
                if comma.is_some_and(is_behind) && !(is_tuple && commas == 1) {
                    // What a comma in a subscript makes of it is for the formatter to know.
                    is_spread = !is_called || bytes.get(from) == Some(&b'(');
                    if !is_spread {
                        return None;
                    }
                }
            }
        }
        Some(true)
    })?;
    if is_spread {
        return Some(None);
    }
    if !text.contains('\n') {
        return Some(Some(Cow::Borrowed(text)));
    }
    let mut flat = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.trim_ascii();
        let continues = flat.ends_with(['(', '[', '{']) || line.starts_with([')', ']', '}']);
        if flat.ends_with(',') && !continues {
            flat.push(' ');
        } else if !flat.is_empty() && !continues {
            return None;
        }
        flat.push_str(line);
    }
    Some(Some(Cow::Owned(flat)))
}

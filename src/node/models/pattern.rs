//! Regular expressions of contracts.
//!
//! Pydantic compiles a `pattern` with Rust's `regex`, and so does this module: what is refused here, pydantic
//! refuses while the class is made. For tests it also finds a text that an expression matches.

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The expression, compiled as pydantic compiles it.
///
/// # Errors
/// Why it cannot be compiled, in a few words.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too large once it is compiled".to_owned(),
        // The last line says what is wrong; those above show where, which the diagnostic does.
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.trim().trim_start_matches("error: ").to_owned()
        }
    })
}

/// A text that the expression matches, of a length between the two, as short as it can be found.
pub(crate) fn sample(pattern: &str, shortest: usize, longest: usize) -> Option<String> {
    let regex = compile(pattern).ok()?;
    let hir = regex_syntax::parse(pattern).ok()?;
    (0..=MOST).find_map(|more| {
        let mut text = String::new();
        write(&hir, more, &mut text)?;
        let length = text.chars().count();
        let fits = (shortest..=longest).contains(&length) && regex.is_match(&text);
        fits.then_some(text)
    })
}

/// A longer text is no sample any more; nor are more repetitions than the expression asks for.
const MOST: u32 = 64;
const LONGEST: usize = 200;

/// Writes a text for a part of an expression, with so many repetitions more than it asks for. What stands at
/// the edges of words and lines takes no room: whether it holds is seen when the whole text is matched.
fn write(hir: &Hir, more: u32, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(member(class)?),
        HirKind::Repetition(repetition) => {
            let wanted = repetition.min.checked_add(more)?;
            for _ in 0..repetition.max.map_or(wanted, |max| max.min(wanted)) {
                write(&repetition.sub, more, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, more, text)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, more, text)?;
            }
        }
        HirKind::Alternation(parts) => {
            let start = text.len();
            parts.iter().find_map(|part| {
                text.truncate(start);
                write(part, more, text)
            })?;
        }
    }
    (text.len() <= LONGEST).then_some(())
}

/// A character of a class: one that reads well, where there is one.
fn member(class: &Class) -> Option<char> {
    const USUAL: [char; 8] = ['a', 'A', '1', '0', '-', '_', '.', ' '];
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.iter().map(|r| (r.start(), r.end())).collect(),
        Class::Bytes(class) => class.iter().map(|r| (r.start().into(), r.end().into())).collect(),
    };
    let has = |wanted: &char| ranges.iter().any(|(from, to)| (from..=to).contains(&wanted));
    USUAL.into_iter().find(|usual| has(usual)).or_else(|| {
        let visible = ranges.iter().map(|(from, _)| *from).find(|c| !c.is_control());
        visible.or_else(|| ranges.first().map(|(from, _)| *from))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_matches_and_is_short() {
        for (pattern, text) in [
            ("^[A-Z]{3}-\\d{4}$", "AAA-1111"),
            ("^(foo|bar)+$", "foo"),
            ("\\bcode\\b", "code"),
            ("(?i)^x?y*z$", "Z"),
            ("^.+@.+\\.de$", "a@a.de"),
            ("^[^a-zA-Z0-9]$", "-"),
            ("^\\p{Greek}$", "Ͱ"),
            ("", ""),
        ] {
            assert_eq!(sample(pattern, 0, usize::MAX).as_deref(), Some(text), "{pattern}");
        }
    }

    #[test]
    fn a_sample_is_as_long_as_it_must_be() {
        assert_eq!(sample("^[a-z]+$", 5, 9).as_deref(), Some("aaaaa"));
        assert_eq!(sample("^(ab)*$", 3, 4).as_deref(), Some("abab"));
        assert_eq!(sample("^[a-z]{2}$", 3, 9), None);
        assert_eq!(sample("^x{500}$", 0, usize::MAX), None);
        assert_eq!(sample("^((x{9}){9}){9}", 0, usize::MAX), None);
    }

    #[test]
    fn what_pydantic_refuses_has_a_reason() {
        for (pattern, reason) in [
            ("([", "unclosed character class"),
            ("(?=a)", "look-around"),
            ("a\\Z", "unrecognized escape sequence"),
            ("(a)\\1", "backreferences are not supported"),
            ("((a{1000}){1000}){1000}", "too large"),
        ] {
            let found = compile(pattern).unwrap_err();
            assert!(found.contains(reason), "{pattern}: {found}");
        }
    }
}

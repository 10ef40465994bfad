//! How much there is to compile of the regular expressions of a contract: a few letters can ask for millions of states.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::reader::Reader;
use crate::contract::yaml::Yaml;
use crate::diagnostic::Diagnostic;

/// The longest pattern, in bytes: each `\p{L}` of one alone takes some kilobytes.
const LONGEST: usize = 4096;

/// What the patterns of a contract may weigh together: two hundred of `^[\w-]{1,64}$`.
const HEAVIEST: u64 = 10_000_000;

/// Whether a pattern is no more than is compiled in time; one that is more is reported.
pub(super) fn may_be_compiled(reader: &mut Reader<'_>, value: &Yaml) -> bool {
    let pattern = value.as_str().unwrap_or_default();
    let is_long = pattern.len() > LONGEST;
    if !is_long {
        let weight = regex_syntax::parse(pattern).map_or(1, |hir| weight(&hir));
        reader.patterns = reader.patterns.saturating_add(weight);
    }
    if !is_long && reader.patterns <= HEAVIEST {
        return true;
    }
    let message = "the patterns of the contract ask for more than any field needs";
    let error = Diagnostic::error("too-many-parts", reader.file, value.span, message)
        .label(if is_long { "this one is too long" } else { "those before this one are enough" })
        .help("write shorter patterns, with fewer repetitions of classes such as `\\w`");
    reader.push(error);
    false
}

/// About how many states an expression has once it is compiled.
fn weight(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() as u64,
        HirKind::Class(Class::Bytes(class)) => class.ranges().len() as u64,
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            weight(&repetition.sub).saturating_mul(u64::from(times))
        }
        HirKind::Capture(capture) => weight(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(weight).fold(0, u64::saturating_add)
        }
    }
}

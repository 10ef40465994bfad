//! The parser's complaints in words that help.

use granit_parser::{ErrorKind, ScanError};

/// A complaint: rule, message and help.
pub(super) struct Complaint {
    pub(super) rule: &'static str,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// What to say about an error of the parser; `before` is the text up to its place.
pub(super) fn complaint(error: &ScanError, before: &str) -> Complaint {
    let kind = error.kind();
    if *kind == ErrorKind::RecursionLimitExceeded {
        return Complaint {
            rule: "yaml-too-deep",
            message: format!("collections are nested more than {} deep", super::MAX_DEPTH),
            help: "flatten the structure; no contract needs this depth",
        };
    }
    if tab(kind) {
        return Complaint {
            rule: "yaml-tab",
            message: "a tab stands where YAML allows only spaces".to_owned(),
            help: "replace the tab by spaces",
        };
    }
    let no_entry = matches!(
        kind,
        ErrorKind::SimpleKeyExpected
            | ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::ExpectedBlockSequenceEntry
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::ExpectedFlowMappingSeparator
    );
    if no_entry && before.ends_with(['}', ']']) {
        return Complaint {
            rule: "yaml-syntax",
            message: "this is no YAML: text goes on behind a closing bracket".to_owned(),
            help: "put a text that begins with `{` or `[` in quotes, such as `\"{env}.orders\"`",
        };
    }
    let (message, help) = in_words(kind);
    let message = message.map_or_else(|| error.info(), str::to_owned);
    Complaint { rule: "yaml-syntax", message: format!("this is no YAML: {message}"), help }
}

fn tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::UnexpectedCharacter { character: '\t' }
    )
}

/// Words for the errors that people make, and for each a next step. The parser's own words do for the rest.
fn in_words(kind: &ErrorKind) -> (Option<&'static str>, &'static str) {
    match kind {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            Some("a `:` stands where no key can end"),
            "put a text that holds `: ` in quotes, and check the indentation",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::ExpectedBlockMappingKey => (
            Some("this line is no `key: value`"),
            "write `key: value`, or indent the line under the key that it belongs to",
        ),
        ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::BlockSequenceEntryNotAllowed => (
            Some("a list item is not where its list is"),
            "begin every item of a list with `- ` in the same column, on lines of their own",
        ),
        ErrorKind::UnclosedQuotedScalar => (
            Some("the quote that opens here is never closed"),
            "close the quote; inside single quotes write `''` for one, inside double quotes `\\\"`",
        ),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            (Some("a bracket is opened and never closed"), "add the missing `]` or `}`")
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => (
            Some("something is missing between two items in brackets"),
            "separate the items by `, ` and put texts with special characters in quotes",
        ),
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            (Some("this bracket closes nothing"), "match every `[` with `]` and every `{` with `}`")
        }
        ErrorKind::UnexpectedCharacter { .. } => {
            (Some("no text can begin with this character"), "put the text in quotes")
        }
        ErrorKind::UnknownAnchor => (
            Some("this alias names no anchor above it"),
            "define `&name` first; put a text that begins with `*` in quotes",
        ),
        ErrorKind::UndeclaredTagHandle => (
            Some("this tag is not known"),
            "delete the tag; put a text that begins with `!` in quotes",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            Some("double quotes know no such escape"),
            "write `\\\\` for a backslash, or use single quotes",
        ),
        _ => (None, "mend the line, or the one above it"),
    }
}

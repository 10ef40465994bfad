//! YAML as a tree in which every node knows its place, with scalars read as PyYAML reads them.

/// One node of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Yaml {
    /// Where it stands.
    pub span: crate::source::Span,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A scalar.
    Scalar(Scalar),
    /// `- a` or `[a]`.
    Sequence(Vec<Yaml>),
    /// Keys and values, in order.
    Mapping(Vec<(Yaml, Yaml)>),
}

/// A scalar: its text and what PyYAML makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text, escapes and folding resolved.
    pub text: String,
    /// Whether it was written without quotes, so that its value depends on its text.
    pub plain: bool,
    /// What PyYAML's `safe_load` makes of it.
    pub value: Value,
}

/// The value of a scalar in YAML 1.1.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true`, `yes`, `on` and their opposites.
    Bool(bool),
    /// `1`, `0x1F`, `010` (8), `1_000`, `1:30` (90).
    Int(i128),
    /// `1.0`, `.inf`.
    Float(f64),
    /// `2024-01-01`: a date or a time.
    Timestamp,
    /// Anything else, and everything in quotes.
    String,
}

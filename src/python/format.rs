//! Code laid out as `ruff format` lays it out.

/// The settings of `ruff format` that change what is emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// `line-length`, in columns.
    pub line_length: u16,
    /// `indent-width`, in columns.
    pub indent_width: u8,
    /// `format.indent-style`.
    pub indent_style: IndentStyle,
    /// `format.quote-style`.
    pub quote_style: QuoteStyle,
    /// `format.line-ending`.
    pub line_ending: LineEnding,
    /// `format.skip-magic-trailing-comma`.
    pub skip_magic_trailing_comma: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            line_length: 88,
            indent_width: 4,
            indent_style: IndentStyle::Space,
            quote_style: QuoteStyle::Double,
            line_ending: LineEnding::Lf,
            skip_magic_trailing_comma: false,
        }
    }
}

/// What a level of indentation is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndentStyle {
    /// Spaces.
    Space,
    /// Tabs.
    Tab,
}

/// Which quotes strings get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteStyle {
    /// `"`
    Double,
    /// `'`
    Single,
    /// Those that they have.
    Preserve,
}

/// How lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnding {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
}

//! Text -> words, numbers, quoted texts and signs, each with its place.

use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, Span};

/// What a piece of the text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Letters, digits and underscores, the first no digit. Other letters than ASCII's are told apart later, where
    /// it is known what the name is for.
    Name(String),
    /// Digits, perhaps with a sign and a fraction.
    Number(String),
    /// A text, escapes resolved.
    Text(String),
    /// One of [`SIGNS`].
    Sign(&'static str),
    /// The end of the text.
    End,
}

/// Longer ones first, so that `->` is not read as `-`.
const SIGNS: [&str; 20] = [
    "->", ">=", "<=", "..", "(", ")", "[", "]", "{", "}", ",", ":", ".", "?", "|", "=", ">", "<",
    "~", "-",
];

/// Reads a whole text; the last token is [`Token::End`].
///
/// # Errors
/// The first place that is none of these.
pub(super) fn tokens(file: &SourceFile) -> Result<Vec<(Token, Span)>, Box<Diagnostic>> {
    let mut lexer = Lexer { file, at: 0 };
    let mut tokens = Vec::new();
    loop {
        let (token, span) = lexer.next()?;
        let is_last = token == Token::End;
        tokens.push((token, span));
        if is_last {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    file: &'a SourceFile,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.file.text().get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> Result<(Token, Span), Box<Diagnostic>> {
        let blank = self.rest().len() - self.rest().trim_start().len();
        self.at += blank;
        let start = self.at;
        let token = self.token()?;
        Ok((token, self.span(start, self.at)))
    }

    fn token(&mut self) -> Result<Token, Box<Diagnostic>> {
        let Some(first) = self.rest().chars().next() else { return Ok(Token::End) };
        if first.is_alphabetic() || first == '_' {
            return Ok(Token::Name(self.take(|c| c.is_alphanumeric() || c == '_')));
        }
        if matches!(first, '"' | '\'') {
            return self.quoted(first);
        }
        if let Some(number) = number(self.rest()).map(str::to_owned) {
            self.at += number.len();
            return Ok(Token::Number(number));
        }
        if let Some(sign) = SIGNS.into_iter().find(|sign| self.rest().starts_with(sign)) {
            self.at += sign.len();
            return Ok(Token::Sign(sign));
        }
        let span = self.span(self.at, self.at + first.len_utf8());
        let message = format!("`{}` means nothing here", first.escape_debug());
        Err(Box::new(
            Diagnostic::error("spec-syntax", self.file, span, message)
                .help("texts stand in quotes: \"like this\""),
        ))
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let taken: String = self.rest().chars().take_while(|c| belongs(*c)).collect();
        self.at += taken.len();
        taken
    }

    fn quoted(&mut self, quote: char) -> Result<Token, Box<Diagnostic>> {
        let start = self.at;
        self.at += quote.len_utf8();
        let mut text = String::new();
        loop {
            let Some(character) = self.rest().chars().next() else {
                let span = self.span(start, self.at);
                let found =
                    Diagnostic::error("spec-syntax", self.file, span, "this text has no end")
                        .label("begins here")
                        .help(format!("close it with {quote}"));
                return Err(Box::new(found));
            };
            self.at += character.len_utf8();
            match character {
                '\\' => text.push_str(&self.escape()?),
                c if c == quote => return Ok(Token::Text(text)),
                other => text.push(other),
            }
        }
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<String, Box<Diagnostic>> {
        let start = self.at.saturating_sub(1);
        let Some(character) = self.rest().chars().next() else { return Ok("\\".to_owned()) };
        if self.rest().starts_with("u{") {
            self.at += 2;
            let digits = self.take(|c| c.is_ascii_hexdigit());
            let known = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
            let closed = self.rest().starts_with('}');
            self.at += usize::from(closed);
            return known.filter(|_| closed).map(String::from).ok_or_else(|| {
                let span = self.span(start, self.at);
                let message = "this is the number of no character";
                Box::new(
                    Diagnostic::error("spec-syntax", self.file, span, message)
                        .help("write it as `\\u{1F600}`"),
                )
            });
        }
        self.at += character.len_utf8();
        Ok(match character {
            'n' => "\n".to_owned(),
            'r' => "\r".to_owned(),
            't' => "\t".to_owned(),
            '"' | '\'' | '\\' => character.to_string(),
            other => format!("\\{other}"),
        })
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span::new(at(start), at(end))
    }
}

/// The number that a text begins with. The two dots of `1..40` are none of its own.
fn number(text: &str) -> Option<&str> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(unsigned);
    let sign = text.len() - unsigned.len();
    let behind = unsigned.get(whole..).and_then(|rest| rest.strip_prefix('.'));
    let fraction = behind.map_or(0, digits);
    let length = sign + whole + if fraction > 0 { fraction + 1 } else { 0 };
    if whole == 0 { None } else { text.get(..length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Token> {
        let mut tokens: Vec<Token> = tokens(&SourceFile::new("x", text))
            .unwrap()
            .into_iter()
            .map(|(token, _)| token)
            .collect();
        assert_eq!(tokens.pop(), Some(Token::End));
        tokens
    }

    fn text(text: &str) -> Token {
        Token::Text(text.to_owned())
    }

    #[test]
    fn signs_and_numbers_are_told_apart() {
        let sign = Token::Sign;
        let number = |text: &str| Token::Number(text.to_owned());
        assert_eq!(read("1..40"), [number("1"), sign(".."), number("40")]);
        assert_eq!(read("..-1.50"), [sign(".."), number("-1.50")]);
        assert_eq!(read("->-1>=-"), [sign("->"), number("-1"), sign(">="), sign("-")]);
        assert_eq!(read("a.b_1"), [Token::Name("a".into()), sign("."), Token::Name("b_1".into())]);
    }

    #[test]
    fn texts_have_their_escapes_and_expressions_keep_theirs() {
        assert_eq!(read(r#""a\"b\\c\nd""#), [text("a\"b\\c\nd")]);
        assert_eq!(read(r#""^\d+\.[a-z]$""#), [text(r"^\d+\.[a-z]$")]);
        assert_eq!(read(r#"'it\'s "x"' "it's""#), [text("it's \"x\""), text("it's")]);
        assert_eq!(read(r#""\u{1F600}""#), [text("\u{1F600}")]);
    }

    #[test]
    fn what_cannot_be_read_is_underlined() {
        for (written, place) in [
            ("a: \"b", "\"b"),
            ("a @ b", "@"),
            ("\"\\u{D800}\"", "\\u{D800}"),
            ("\"\\u{41\"", "\\u{41"),
            ("\"a\\", "\"a\\"),
        ] {
            let file = SourceFile::new("x", written);
            let found = tokens(&file).unwrap_err();
            assert_eq!(file.slice(found.primary.span), place, "{written}");
        }
    }
}

//! Text of a scalar -> its value, by the rules of PyYAML's `SafeLoader`.
//!
//! These are YAML 1.1 as PyYAML implements it, which no YAML library of Rust does: `on` is true, `010` is eight,
//! `1:30` is ninety, and `1e3` is text. Knows nothing of quotes: whoever calls says whether the text was plain.

use super::Value;

/// Why a scalar has no value, mostly because PyYAML raises an exception; the rest of a sentence that begins with
/// the scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused(pub(super) String);

/// What PyYAML makes of a scalar without quotes or tag.
pub(super) fn plain(text: &str) -> Result<Value, Refused> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Ok(Value::Null),
        "=" | "<<" => {
            Err(Refused("is a sign of YAML 1.1 that PyYAML refuses as a value".to_owned()))
        }
        _ => match boolean(text) {
            Some(value) => Ok(Value::Bool(value)),
            None => number_or_time(text),
        },
    }
}

/// What PyYAML makes of a scalar with one of the tags of YAML 1.1: `!!int`, `!!str`, ...
///
/// Nothing for a tag that is for no scalar, or that stands for a Python object no contract has a use for.
pub(super) fn tagged(tag: &str, text: &str) -> Option<Result<Value, Refused>> {
    let no = |what: &str| Err(Refused(format!("is no {what}, as its tag says")));
    Some(match tag {
        "str" => Ok(Value::String),
        "null" => Ok(Value::Null),
        "bool" => {
            boolean(&text.to_lowercase()).map_or_else(|| no("boolean"), |b| Ok(Value::Bool(b)))
        }
        "int" => integer(text).unwrap_or_else(|| no("integer")),
        "float" => float(text)
            .or_else(|| bare_float(text))
            .map_or_else(|| no("number"), |value| Ok(Value::Float(value))),
        "timestamp" => timestamp(text).unwrap_or_else(|| no("date or time")),
        _ => return None,
    })
}

fn number_or_time(text: &str) -> Result<Value, Refused> {
    // Most scalars are words: one look at the first character spares them the rest.
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return Ok(Value::String);
    }
    if let Some(value) = float(text) {
        return Ok(Value::Float(value));
    }
    integer(text).or_else(|| timestamp(text)).unwrap_or(Ok(Value::String))
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// What is left of a text while a pattern is held against it.
#[derive(Clone, Copy)]
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Takes as many characters as satisfy `accepts`.
    fn take(&mut self, accepts: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|c| !accepts(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    /// Takes one of `characters`, if it is next.
    fn eat(&mut self, characters: &[char]) -> bool {
        let rest = self.0.strip_prefix(characters);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Takes between `least` and `most` digits; nothing where there are fewer.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self.0.chars().take(most).take_while(char::is_ascii_digit).count();
        let (taken, rest) = self.0.split_at_checked(count).filter(|_| count >= least)?;
        self.0 = rest;
        taken.parse().ok()
    }

    /// `[0-9][0-9_]*`
    fn number(&mut self) -> Option<&'a str> {
        if !self.0.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        Some(self.take(digit_or_underscore))
    }

    /// `(:[0-5]?[0-9])+`
    fn sixtieths(&mut self) -> bool {
        let mut any = false;
        while self.eat(&[':']) {
            let part = self.take(|c| c.is_ascii_digit());
            if !(part.len() == 1 || part.len() == 2 && part.starts_with(|c| c <= '5')) {
                return false;
            }
            any = true;
        }
        any
    }

    /// `([eE][-+][0-9]+)?` and the end.
    fn exponent_and_end(mut self) -> bool {
        if self.0.is_empty() {
            return true;
        }
        self.eat(&['e', 'E'])
            && self.eat(&['-', '+'])
            && !self.take(|c| c.is_ascii_digit()).is_empty()
            && self.0.is_empty()
    }
}

fn digit_or_underscore(c: char) -> bool {
    c.is_ascii_digit() || c == '_'
}

/// The sign, and the text behind it.
fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    }
}

fn float(text: &str) -> Option<f64> {
    let (negative, unsigned) = signed(text);
    let sign = if negative { -1.0 } else { 1.0 };
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Some(sign * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => return Some(f64::NAN),
        _ => {}
    }
    let fits = fraction_alone(text) || with_dot(unsigned);
    let digits = unsigned.replace('_', "");
    if fits {
        digits.parse().ok().map(|value: f64| sign * value)
    } else {
        sexagesimal_float(unsigned, sign)
    }
}

/// `.5`, but neither `._5` nor `-.5`, which are text.
fn fraction_alone(text: &str) -> bool {
    let mut rest = Rest(text);
    rest.eat(&['.']) && rest.number().is_some() && rest.exponent_and_end()
}

/// `1.5`, `1.`, `1.5e+3`, but not `1.5e3`, which is text.
fn with_dot(unsigned: &str) -> bool {
    let mut rest = Rest(unsigned);
    if rest.number().is_none() || !rest.eat(&['.']) {
        return false;
    }
    rest.take(digit_or_underscore);
    rest.exponent_and_end()
}

/// `190:20:30.15`
fn sexagesimal_float(unsigned: &str, sign: f64) -> Option<f64> {
    let mut rest = Rest(unsigned);
    rest.number()?;
    if !(rest.sixtieths() && rest.eat(&['.'])) {
        return None;
    }
    rest.take(digit_or_underscore);
    if !rest.0.is_empty() {
        return None;
    }
    let mut value = 0.0;
    let mut base = 1.0;
    for part in unsigned.replace('_', "").split(':').rev() {
        value += part.parse::<f64>().ok()? * base;
        base *= 60.0;
    }
    Some(sign * value)
}

/// What `!!float` takes beyond what is a float by itself: `1`, `1e3`.
fn bare_float(text: &str) -> Option<f64> {
    let digits = text.replace('_', "");
    let numeric =
        digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'));
    if numeric { digits.parse().ok() } else { None }
}

/// Nothing where the text does not look like an integer.
fn integer(text: &str) -> Option<Result<Value, Refused>> {
    let (negative, unsigned) = signed(text);
    let magnitude = if let Some(digits) = unsigned.strip_prefix("0b") {
        in_base(digits, 2, |c| matches!(c, '0' | '1' | '_'))?
    } else if let Some(digits) = unsigned.strip_prefix("0x") {
        in_base(digits, 16, |c| c.is_ascii_hexdigit() || c == '_')?
    } else if unsigned == "0" {
        Ok(0)
    } else if let Some(digits) = unsigned.strip_prefix('0') {
        in_base(digits, 8, |c| matches!(c, '0'..='7' | '_'))?
    } else {
        decimal(unsigned)?
    };
    Some(magnitude.map(|value| Value::Int(if negative { -value } else { value })))
}

/// Digits behind a prefix; nothing where there are none or other characters among them.
fn in_base(
    digits: &str,
    base: u32,
    accepts: impl Fn(char) -> bool,
) -> Option<Result<i128, Refused>> {
    if digits.is_empty() || !digits.chars().all(accepts) {
        return None;
    }
    let digits = digits.replace('_', "");
    if digits.is_empty() {
        // `0_` is zero, but `0b_` and `0x_` make Python raise a ValueError.
        let none = || Err(Refused("is a number without digits, at which PyYAML fails".to_owned()));
        return Some(if base == 8 { Ok(0) } else { none() });
    }
    Some(i128::from_str_radix(&digits, base).map_err(|_| too_large()))
}

fn decimal(unsigned: &str) -> Option<Result<i128, Refused>> {
    let mut rest = Rest(unsigned);
    rest.number()?;
    let whole = rest.0.is_empty() || rest.sixtieths() && rest.0.is_empty();
    if !whole {
        return None;
    }
    let sum = unsigned
        .replace('_', "")
        .split(':')
        .try_fold(0_i128, |sum, part| sum.checked_mul(60)?.checked_add(part.parse().ok()?));
    Some(sum.ok_or_else(too_large))
}

fn too_large() -> Refused {
    Refused("is a number too large for any key of a contract".to_owned())
}

/// Nothing where the text does not look like a date or a time.
fn timestamp(text: &str) -> Option<Result<Value, Refused>> {
    let mut rest = Rest(text);
    let year = rest.digits(4, 4)?;
    let month = part_of_date(&mut rest)?;
    let day = part_of_date(&mut rest)?;
    let date_fits = (1..=12).contains(&month) && year > 0 && day > 0 && day <= days(year, month);
    // `2024-1-1` alone is text; before a time it is a date.
    let time_fits = if rest.0.is_empty() && text.len() == 10 { true } else { time(&mut rest)? };
    Some(if date_fits && time_fits {
        Ok(Value::Timestamp)
    } else {
        Err(Refused("looks like a date and is none, at which PyYAML fails".to_owned()))
    })
}

/// `-1` or `-01`
fn part_of_date(rest: &mut Rest<'_>) -> Option<u32> {
    if !rest.eat(&['-']) {
        return None;
    }
    rest.digits(1, 2)
}

/// The time behind a date, to the end: whether Python has such a time.
fn time(rest: &mut Rest<'_>) -> Option<bool> {
    if !rest.eat(&['T', 't']) && rest.take(blank).is_empty() {
        return None;
    }
    let hour = rest.digits(1, 2)?;
    let minute = rest.eat(&[':']).then(|| rest.digits(2, 2))??;
    let second = rest.eat(&[':']).then(|| rest.digits(2, 2))??;
    if rest.eat(&['.']) {
        rest.take(|c| c.is_ascii_digit());
    }
    let zone_fits = rest.0.is_empty() || zone(rest)?;
    Some(hour < 24 && minute < 60 && second < 60 && zone_fits)
}

/// `Z`, `+2`, ` -02:30`, to the end: whether it is less than a day.
fn zone(rest: &mut Rest<'_>) -> Option<bool> {
    rest.take(blank);
    if rest.eat(&['Z']) {
        return rest.0.is_empty().then_some(true);
    }
    if !rest.eat(&['-', '+']) {
        return None;
    }
    let hours = rest.digits(1, 2)?;
    let minutes = if rest.eat(&[':']) { rest.digits(2, 2)? } else { 0 };
    rest.0.is_empty().then_some(hours * 60 + minutes < 24 * 60)
}

fn blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

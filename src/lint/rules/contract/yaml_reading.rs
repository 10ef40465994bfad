use crate::contract::Yaml;
use crate::contract::yaml::{Kind, Scalar, Value};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// PyYAML reads a value as something else than it looks like.
    ///
    /// # What it checks
    ///
    /// Values and keys without quotes that YAML 1.1 and YAML 1.2 read differently: `yes`, `no`, `on` and `off`
    /// (booleans), `010` (eight), `1_000` (a thousand), `1:30` (ninety), dates, and `1e3` (text).
    ///
    /// # Why
    ///
    /// The framework reads contracts with PyYAML, which follows YAML 1.1; people, editors and other tools
    /// follow YAML 1.2. Where a text is needed and PyYAML reads none, that is an error of its own.
    ///
    /// # Example
    ///
    /// ```yaml
    /// performance: {single_operation_max_ms: 30_000}
    /// # thirty thousand to PyYAML, text elsewhere
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// performance: {single_operation_max_ms: 30000}
    /// # the same everywhere
    /// ```
    YamlReading, "yaml-reading", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut open = vec![subject.root()];
    while let Some(node) = open.pop() {
        match &node.kind {
            Kind::Scalar(scalar) if scalar.plain => {
                if let Some(looks) = looks_like(scalar) {
                    found.push(finding(subject, node, &scalar.text, looks));
                }
            }
            Kind::Scalar(_) => {}
            Kind::Sequence(items) => open.extend(items),
            Kind::Mapping(entries) => {
                open.extend(entries.iter().flat_map(|(key, value)| [key, value]))
            }
        }
    }
}

fn finding(subject: &Subject<'_>, node: &Yaml, text: &str, looks: &str) -> Diagnostic {
    let message =
        format!("PyYAML reads `{text}` as {}, and it looks like {looks}", node.described());
    let help = match node.as_bool() {
        Some(value) => format!("write `{value}` if that is meant, else `\"{text}\"`"),
        None => format!("write it in plain digits if a number is meant, else as `\"{text}\"`"),
    };
    subject.finding(Severity::Warning, ID, node.span, message).help(help)
}

/// What a reader would take a scalar for, where that is not what PyYAML makes of it.
fn looks_like(scalar: &Scalar) -> Option<&'static str> {
    let text = scalar.text.as_str();
    let digits = text.trim_start_matches(['-', '+']);
    match scalar.value {
        Value::Bool(_) => (!text.eq_ignore_ascii_case("true")
            && !text.eq_ignore_ascii_case("false"))
        .then_some("text"),
        Value::Int(_) if digits.contains('_') || digits.contains(':') => Some("text"),
        Value::Int(_) => {
            let octal = digits.len() > 1
                && digits.starts_with('0')
                && digits.bytes().all(|b| b.is_ascii_digit());
            octal.then_some("a decimal number")
        }
        Value::Float(_) => (digits.contains('_') || digits.contains(':')).then_some("text"),
        Value::Timestamp => Some("text"),
        Value::String => is_number(digits).then_some("a number"),
        Value::Null => None,
    }
}

/// Numbers of YAML 1.2 alone: `1e3`, `0o17`.
fn is_number(text: &str) -> bool {
    let octal = text
        .strip_prefix("0o")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| (b'0'..=b'7').contains(&b)));
    let begins = text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let known =
        text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+'));
    octal || begins && known && text.contains(['e', 'E']) && text.parse::<f64>().is_ok()
}

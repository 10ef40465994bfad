//! What a contract says, whatever its layout: one text for all spellings of the same values.
//!
//! Comments, quoting, layout and the order of keys leave it alone; the order of lists counts.

use std::fmt::Write as _;

use super::yaml::{Kind, Value, Yaml};

/// The values of a tree as one text.
#[must_use]
pub fn canonical(tree: &Yaml) -> String {
    let mut text = String::new();
    write(tree, &mut text);
    text
}

/// Trees are as deep as [`super::yaml`] lets them be, so that recursion is bounded.
fn write(node: &Yaml, out: &mut String) {
    match &node.kind {
        Kind::Scalar(scalar) => match &scalar.value {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => {
                let _ = write!(out, "{value}");
            }
            Value::Int(value) => {
                let _ = write!(out, "{value}");
            }
            Value::Float(value) => {
                let _ = write!(out, "{value:?}");
            }
            Value::Timestamp => {
                let _ = write!(out, "@{:?}", scalar.text);
            }
            Value::String => {
                let _ = write!(out, "{:?}", scalar.text);
            }
        },
        Kind::Sequence(items) => {
            out.push('[');
            for item in items {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Kind::Mapping(entries) => {
            let mut written: Vec<String> = entries
                .iter()
                .map(|(key, value)| {
                    let mut entry = canonical(key);
                    entry.push(':');
                    write(value, &mut entry);
                    entry
                })
                .collect();
            written.sort();
            out.push('{');
            for entry in written {
                out.push_str(&entry);
                out.push(',');
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::yaml;
    use crate::source::SourceFile;

    fn of(text: &str) -> String {
        canonical(&yaml::read(&SourceFile::new("c.yaml", text)).0.unwrap())
    }

    #[test]
    fn layout_leaves_it_alone_and_values_do_not() {
        assert_eq!(of("a: 1 # one\nb: [x, 'y']\n"), of("b:\n  - x\n  - y\n\"a\": 0x1\n"));
        assert_ne!(of("a: [x, y]"), of("a: [y, x]"));
        assert_ne!(of("a: '1'"), of("a: 1"));
        assert_ne!(of("a: {b: c}"), of("a: 'b: c'"));
    }
}

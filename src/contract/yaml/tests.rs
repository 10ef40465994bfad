//! Tests of the reader. What PyYAML gives was asked of PyYAML 6 and is written down here.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Severity;
use crate::source::Span;
use crate::spec::testing::text;

fn file(text: &str) -> SourceFile {
    SourceFile::new("contract.yaml", text)
}

/// The tree of a text in which nothing is wrong.
fn tree(text: &str) -> Yaml {
    let (tree, found) = read(&file(text));
    assert_eq!(found, [], "{text:?}");
    tree.unwrap()
}

/// The rules of the errors and warnings of a text, and the text that each points at.
fn complaints(text: &str) -> Vec<(&'static str, String)> {
    let file = file(text);
    let (_, found) = read(&file);
    found.iter().map(|d| (d.rule, file.slice(d.primary.span).to_owned())).collect()
}

/// The one complaint about a text.
fn complaint(text: &str) -> (&'static str, String) {
    let found = complaints(text);
    assert_eq!(found.len(), 1, "{text:?}: {found:?}");
    found.into_iter().next().unwrap()
}

/// A tree without its places, in one line.
fn shown(node: &Yaml) -> String {
    match &node.kind {
        Kind::Sequence(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        Kind::Mapping(entries) => {
            let entries =
                entries.iter().map(|(key, value)| format!("{}: {}", shown(key), shown(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Kind::Scalar(scalar) => match &scalar.value {
            Value::String => format!("{:?}", scalar.text),
            other => other.described(),
        },
    }
}

/// Plain scalars, and what `yaml.safe_load` makes of them.
#[rustfmt::skip]
const SCALARS: &[(&str, &str)] = &[
    ("", "null"),
    ("~", "null"),
    ("null", "null"),
    ("Null", "null"),
    ("NULL", "null"),
    ("nULL", "text"),
    ("none", "text"),
    ("true", "boolean true"),
    ("True", "boolean true"),
    ("TRUE", "boolean true"),
    ("tRUE", "text"),
    ("false", "boolean false"),
    ("False", "boolean false"),
    ("FALSE", "boolean false"),
    ("yes", "boolean true"),
    ("Yes", "boolean true"),
    ("YES", "boolean true"),
    ("yES", "text"),
    ("no", "boolean false"),
    ("No", "boolean false"),
    ("NO", "boolean false"),
    ("on", "boolean true"),
    ("On", "boolean true"),
    ("ON", "boolean true"),
    ("off", "boolean false"),
    ("Off", "boolean false"),
    ("OFF", "boolean false"),
    ("y", "text"),
    ("Y", "text"),
    ("n", "text"),
    ("N", "text"),
    ("0", "integer 0"),
    ("-0", "integer 0"),
    ("+1", "integer 1"),
    ("-7", "integer -7"),
    ("007", "integer 7"),
    ("010", "integer 8"),
    ("-010", "integer -8"),
    ("08", "text"),
    ("0_7", "integer 7"),
    ("0_", "integer 0"),
    ("0o10", "text"),
    ("1_000", "integer 1000"),
    ("_1", "text"),
    ("1__0", "integer 10"),
    ("0x1F", "integer 31"),
    ("0X1F", "text"),
    ("-0xff", "integer -255"),
    ("0x_", "refused"),
    ("0b101", "integer 5"),
    ("-0b11", "integer -3"),
    ("0b_", "refused"),
    ("0b2", "text"),
    ("1:30", "integer 90"),
    ("12:30:45", "integer 45045"),
    ("-1:30", "integer -90"),
    ("1:60", "text"),
    ("1:5:09", "integer 3909"),
    ("0:30", "text"),
    ("99999999999999999999", "integer 99999999999999999999"),
    ("170141183460469231731687303715884105727", "integer 170141183460469231731687303715884105727"),
    ("170141183460469231731687303715884105728", "refused"),
    ("1.0", "float 1"),
    ("1.", "float 1"),
    (".5", "float 0.5"),
    ("-.5", "text"),
    ("+.5", "text"),
    ("._5", "text"),
    ("1_000.5", "float 1000.5"),
    ("1.5e3", "text"),
    ("1.5e+3", "float 1500"),
    ("1.5E-3", "float 0.0015"),
    ("1e3", "text"),
    ("1.0e3", "text"),
    ("1.0e+3", "float 1000"),
    ("1.e+3", "float 1000"),
    ("12e03", "text"),
    ("190:20:30.15", "float 685230.15"),
    ("1:30.", "float 90"),
    ("1.0e+400", "float inf"),
    (".inf", "float inf"),
    ("-.inf", "float -inf"),
    ("+.Inf", "float inf"),
    (".INF", "float inf"),
    (".iNF", "text"),
    (".nan", "float NaN"),
    (".NaN", "float NaN"),
    ("-.nan", "text"),
    ("1.2.3", "text"),
    ("v1", "text"),
    ("1.0.0", "text"),
    ("2024-01-01", "timestamp"),
    ("2024-1-1", "text"),
    ("2024-02-29", "timestamp"),
    ("2023-02-29", "refused"),
    ("2024-13-01", "refused"),
    ("0000-01-01", "refused"),
    ("2024-01-01T10:00:00Z", "timestamp"),
    ("2024-01-01 1:02:03", "timestamp"),
    ("2024-01-01t24:00:00", "refused"),
    ("2024-1-1 10:00:00.5 +02:00", "timestamp"),
    ("2024-01-01 10:00:00 -24", "refused"),
    ("2024-01-01 10:00", "text"),
    ("=", "refused"),
    ("<<", "refused"),
    ("--", "text"),
    ("text", "text"),
    ("12abc", "text"),
    ("1,000", "text"),
];

#[test]
fn scalars_have_the_values_that_pyyaml_gives_them() {
    for (text, expected) in SCALARS {
        let source = file(&format!("k: {text}"));
        let (tree, found) = read(&source);
        let node = tree.unwrap();
        let scalar = node.get("k").unwrap().as_scalar().unwrap();
        assert_eq!(scalar.text, *text);
        let refused =
            found.iter().any(|d| d.rule == "yaml-value" && source.slice(d.primary.span) == *text);
        assert_eq!(found.len(), usize::from(refused), "{text}: {found:?}");
        let value = match &scalar.value {
            _ if refused => "refused".to_owned(),
            Value::Null => "null".to_owned(),
            Value::Bool(value) => format!("boolean {value}"),
            Value::Int(value) => format!("integer {value}"),
            Value::Float(value) => format!("float {value}"),
            Value::Timestamp => "timestamp".to_owned(),
            Value::String => "text".to_owned(),
        };
        assert_eq!(value, *expected, "{text}");
    }
}

#[test]
fn quotes_make_text_of_everything() {
    for text in ["'1'", "\"on\"", "'null'", "\"2024-01-01\"", "'='", "'<<'", "''"] {
        let tree = tree(&format!("k: {text}"));
        let scalar = tree.get("k").unwrap().as_scalar().unwrap();
        assert_eq!(scalar.value, Value::String, "{text}");
        assert!(!scalar.plain);
    }
}

#[test]
fn trees_are_those_of_pyyaml() {
    for (text, expected) in [
        ("", "null"),
        ("# nothing", "null"),
        ("---\n...\n", "null"),
        ("a: 1\n...\n", r#"{"a": the number 1}"#),
        (
            "a:\n- x\n- - y\n  - z\nb: [1, {c: d}, e: f]",
            r#"{"a": ["x", ["y", "z"]], "b": [the number 1, {"c": "d"}, {"e": "f"}]}"#,
        ),
        ("a: [1,\n2\n]", r#"{"a": [the number 1, the number 2]}"#),
        ("{\"a\":1, b:2}", r#"{"a": the number 1, "b:2": null}"#),
        ("a: |\n  x\n   y\n\nb: >-\n  x\n  y\n\n  z\n", r#"{"a": "x\n y\n", "b": "x y\nz"}"#),
        // Without a line break at the end of the file PyYAML adds none.
        ("a: |\n  x", r#"{"a": "x"}"#),
        ("a: 'it''s'\nb: \"\\x41\\u00e9\\n\"", r#"{"a": "it's", "b": "Aé\n"}"#),
        ("a: x\n  y\n\n  z", r#"{"a": "x y\nz"}"#),
        ("%YAML 1.1\n---\na: !!int '7'\n", r#"{"a": the number 7}"#),
        (
            "a: !!str 1\nb: !!float 1e3\nc: ! '12'\nd: !!seq []\ne: !!map {}",
            r#"{"a": "1", "b": the number 1000, "c": the number 12, "d": [], "e": {}}"#,
        ),
        ("=: 1", r#"{"=": the number 1}"#),
        ("on: 1\nn: 2", r#"{the boolean true: the number 1, "n": the number 2}"#),
        ("? a\n: b", r#"{"a": "b"}"#),
    ] {
        assert_eq!(shown(&tree(text)), expected, "{text:?}");
    }
}

#[test]
fn a_byte_order_mark_and_any_line_break_are_fine() {
    for text in
        ["\u{FEFF}a: x\nb: y\n", "a: x\r\nb: y\r\n", "a: x\rb: y", "\u{FEFF}# c\r\na: x\r\nb: y"]
    {
        let tree = tree(text);
        assert_eq!(shown(&tree), r#"{"a": "x", "b": "y"}"#, "{text:?}");
        assert_eq!(file(text).slice(tree.get("b").unwrap().span), "y", "{text:?}");
        assert_eq!(file(text).slice(tree.entry("a").unwrap().0.span), "a", "{text:?}");
    }
}

#[test]
fn spans_are_where_things_stand() {
    let text = "é: &x 'q'\nlist:\n  # first\n  - a b\n  - {c: d}  # last\n\ntext: |\n  one\n  two\n\nnext: *x\nnone:\n";
    let source = file(text);
    let tree = tree(text);
    let at = |key: &str| source.slice(tree.get(key).unwrap().span).to_owned();
    assert_eq!(at("é"), "'q'");
    assert_eq!(at("list"), "- a b\n  - {c: d}");
    assert_eq!(at("text"), "one\n  two");
    assert_eq!(at("next"), "*x");
    assert_eq!(at("none"), "");
    let none = tree.get("none").unwrap().span;
    assert_eq!(none, Span::new(none.start, none.start));
    assert_eq!(source.position(none.start).line, 12);
    let item = &tree.get("list").unwrap().as_sequence().unwrap()[1];
    assert_eq!(source.slice(item.span), "{c: d}");
    assert_eq!(tree.span, Span::new(0, none.start));
}

#[test]
fn of_repeated_keys_the_last_counts_and_both_are_shown() {
    let source = file("a: 1\nb: 2\n'a': 3\n");
    let (tree, found) = read(&source);
    assert_eq!(shown(&tree.unwrap()), r#"{"a": the number 3, "b": the number 2}"#);
    let [error] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((error.rule, error.severity), ("duplicate-key", Severity::Error));
    assert_eq!(source.slice(error.primary.span), "'a'");
    assert_eq!(error.related.first().map(|label| label.span), Some(Span::new(0, 1)));
    // One key to Python, which has `True == 1 == 1.0`.
    assert_eq!(complaints("1: a\nyes: b\n1.0: c\n").len(), 2);
    assert_eq!(complaints("1: a\n'1': b\n"), []);
}

#[test]
fn merge_keys_are_expanded() {
    let anchors = "a: &a {x1: 1, y1: 2}\nb: &b {z1: 3}\n";
    let merged = |rest: &str| shown(tree(&format!("{anchors}c: {rest}")).get("c").unwrap());
    assert_eq!(
        merged("{k: 0, <<: *a}"),
        r#"{"x1": the number 1, "y1": the number 2, "k": the number 0}"#
    );
    assert_eq!(
        merged("{<<: [*a, *b], y1: 9}"),
        r#"{"x1": the number 1, "y1": the number 9, "z1": the number 3}"#
    );
    assert_eq!(merged("{'<<': 1}"), r#"{"<<": the number 1}"#);
    assert_eq!(complaint("a: {<<: 1}"), ("yaml-merge", "1".to_owned()));
    assert_eq!(complaint("a: {<<: [{b: c}, x]}"), ("yaml-merge", "x".to_owned()));
}

#[test]
fn mappings_that_disagree_are_not_merged_by_guessing() {
    let text = "a: &a {xx: 1}\nb: &b {xx: 2}\nc: {<<: [*a, *b]}\n";
    assert_eq!(complaint(text).0, "yaml-merge");
    assert_eq!(complaints(&text.replace("*b]", "*b], xx: 3")), []);
    assert_eq!(complaints(&text.replace("xx: 2", "xx: 1")), []);
}

#[test]
fn aliases_are_copies_and_never_endless() {
    assert_eq!(shown(&tree("a: &x [1]\nb: *x")), r#"{"a": [the number 1], "b": [the number 1]}"#);
    assert_eq!(complaint("a: &x [*x]"), ("yaml-alias", "*x".to_owned()));
    assert_eq!(complaint("a: &x {b: {c: *x}}"), ("yaml-alias", "*x".to_owned()));
    assert_eq!(complaint("a: *x").0, "yaml-syntax");
    assert_eq!(complaint("a: &x 1\nb: &x 2"), ("yaml-anchor", "&x".to_owned()));
    assert_eq!(complaint("a: &x.y 1"), ("yaml-anchor", "&x.y".to_owned()));
}

#[test]
fn what_pyyaml_refuses_is_refused_at_its_place() {
    for (text, rule, place) in [
        ("a: !env X", "yaml-tag", "!env"),
        ("a: !!python/name:os.system x", "yaml-tag", "!!python/name:os.system"),
        ("a: !!set {b}", "yaml-tag", "!!set"),
        ("a: !!int {b: c}", "yaml-tag", "!!int"),
        ("a: !!int x", "yaml-value", "x"),
        ("[a]: 1", "yaml-key", "[a]"),
        ("a: {{b: c}: d}", "yaml-key", "{b: c}"),
        (": a", "yaml-key", ""),
        ("a: {b\n c: d}", "yaml-key", "b\n c"),
        ("a: [:b]", "yaml-syntax", ":b"),
        ("a: [b?]", "yaml-syntax", "b?"),
        ("a: [!!str b?]", "yaml-syntax", "b?"),
        ("a:\t1", "yaml-tab", "\t"),
        ("a: 1\t# c", "yaml-tab", "\t"),
        ("a: |\t\n  x", "yaml-tab", "\t"),
        ("a:\n\tb: 1", "yaml-tab", "\t"),
        ("a: \"\\ud83d\\ude00\"", "yaml-character", "\\ud83d"),
        ("a: b: c", "yaml-syntax", ":"),
        ("a: 'b", "yaml-syntax", "'"),
        ("a: {env}.b", "yaml-syntax", "."),
        ("a: @b", "yaml-syntax", "@"),
        ("a: 1\n---\nb: 2\n", "yaml-documents", "---"),
    ] {
        assert_eq!(complaint(text), (rule, place.to_owned()), "{text:?}");
    }
}

#[test]
fn tabs_are_fine_inside_texts_and_comments() {
    for text in
        ["# a\tb\na: 1 #\tc", "a: 'x\ty'", "a: \"x\ty\"", "a: |\n  x\ty\n", "a: >\n  x\n  \ty\n"]
    {
        assert_eq!(complaints(text), [], "{text:?}");
    }
    assert_eq!(complaints("# many\n".repeat(500).as_str()), []);
    assert_eq!(complaints("\u{FEFF}# c\td\na: x\n"), []);
    // `#` begins a comment behind a blank alone, and nowhere in a text.
    for text in ["a: b#\tc", "a: 'x #' \t", "a: |\n  # x\nb:\tc # d\te\n", "a: [b#,\tc] # d"] {
        let (rule, place) = complaint(text);
        assert_eq!((rule, place.as_str()), ("yaml-tab", "\t"), "{text:?}");
    }
}

#[test]
fn characters_that_pyyaml_takes_otherwise_are_refused() {
    for character in
        ['\0', '\u{1}', '\u{7F}', '\u{85}', '\u{9F}', '\u{2028}', '\u{2029}', '\u{FFFE}']
    {
        // In a comment too: for PyYAML the comment ends at U+2028.
        let (rule, place) = complaint(&format!("# x{character}a: 1\n"));
        assert_eq!((rule, place), ("yaml-character", character.to_string()));
    }
    assert_eq!(complaints("a: \u{A0}\u{FFFD}\u{1F600}"), []);
}

#[test]
fn bytes_that_are_no_text_are_named() {
    assert_eq!(text_of("a: é".as_bytes(), "c.yaml").unwrap().text(), "a: é");
    let latin = text_of(b"a: 1\nb: caf\xE9\n", "c.yaml").unwrap_err();
    assert_eq!(latin.rule, "yaml-encoding");
    assert_eq!(latin.message, "line 2 of `c.yaml` is not UTF-8: byte 0xE9");
    assert_eq!(latin.primary.file.position(latin.primary.span.start).column, 7);
    for wide in [&b"\xFF\xFEa\0"[..], b"\xFE\xFF\0a", b"\xFF\xFE\0\0a\0\0\0"] {
        let error = text_of(wide, "c.yaml").unwrap_err();
        assert!(error.message.contains("UTF-16"), "{}", error.message);
    }
    let large = text_of(&vec![b'#'; MAX_BYTES + 1], "c.yaml").unwrap_err();
    assert_eq!(large.rule, "yaml-too-large");
    assert!(text_of(&vec![b'#'; MAX_BYTES], "c.yaml").is_ok());
}

/// Nine levels of ten aliases each: a billion values out of a few hundred bytes.
fn alias_bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    text
}

#[test]
fn hostile_input_is_an_error_and_quick() {
    let started = std::time::Instant::now();
    let long = "x".repeat(600_000);
    for (text, rule) in [
        (alias_bomb(), "yaml-too-many-nodes"),
        (format!("a: &a {long}\nb: [{}]", vec!["*a"; 90_000].join(", ")), "yaml-too-many-nodes"),
        ("[".repeat(100_000), "yaml-too-deep"),
        ("{a: ".repeat(100_000), "yaml-too-deep"),
        ("- ".repeat(100_000), "yaml-too-deep"),
        ("? ".repeat(100_000), "yaml-too-deep"),
        ("&a ".repeat(100_000), "yaml-syntax"),
        ("- a\n".repeat(200_000), "yaml-too-many-nodes"),
        (format!("[{}]", ",".repeat(200_000)), "yaml-syntax"),
        ("a: 1\n".repeat(300_000), "yaml-too-large"),
        ("\"".to_owned() + &long, "yaml-syntax"),
        ("\t".repeat(100_000), "yaml-tab"),
    ] {
        let (tree, found) = read(&file(&text));
        let rules: Vec<_> = found.iter().map(|d| d.rule).collect();
        assert!(rules.contains(&rule), "{:?}: {rules:?}", text.get(..20));
        assert!(tree.is_none() || rule == "yaml-tab", "{rule}");
    }
    // Generous: all of it takes a second in a debug build.
    assert!(started.elapsed().as_secs() < 30);
}

#[test]
fn depth_counts_through_aliases() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(complaints(&nested(MAX_DEPTH)), []);
    assert_eq!(complaint(&nested(MAX_DEPTH + 1)).0, "yaml-too-deep");
    let alias = format!("a: &a {}\nb: {}*a{}", nested(100), "[".repeat(60), "]".repeat(60));
    assert_eq!(complaint(&alias).0, "yaml-too-deep");
}

#[test]
fn accessors_answer_for_their_own_kind_alone() {
    let tree = tree("text: a\nflag: on\nnumber: 010\nnone: ~\nlist: [a]\n");
    let get = |key: &str| tree.get(key).unwrap();
    assert_eq!(get("text").as_str(), Some("a"));
    assert_eq!(get("flag").as_bool(), Some(true));
    assert_eq!(get("flag").as_str(), None);
    assert_eq!(get("number").as_int(), Some(8));
    assert!(get("none").is_null() && !get("text").is_null());
    assert_eq!(get("list").as_sequence().map(<[_]>::len), Some(1));
    assert!(get("list").as_mapping().is_none() && get("list").entries().is_empty());
    assert_eq!(get("number").described(), "the number 8");
    assert!(tree.get("absent").is_none());
}

proptest! {
    #[test]
    fn every_text_in_quotes_is_read_as_it_was(text in text()) {
        let root = tree(&format!("a: {}\nb: 1\n", quoted(&text)));
        prop_assert_eq!(root.get("a").unwrap().as_str(), Some(text.as_str()));
        prop_assert_eq!(root.entries().len(), 2);
    }
}

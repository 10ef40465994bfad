//! Texts that became code, or hid it, in one generator or another.

/// A call that no output may hold.
macro_rules! canary {
    ($before:literal, $after:literal) => {
        concat!($before, "__import__('os').system('id')", $after)
    };
}

/// Quotes, and the ends of strings and docstrings.
const QUOTES: [&str; 12] = [
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "x\"\"",
    "x\"",
    canary!("\" + ", " + \""),
    canary!("' + ", " + '"),
    canary!("\"\"\" + ", " + \"\"\""),
    canary!("\"\"\"\n", "\n\"\"\""),
    canary!("'''\n", "\n'''"),
    canary!("x\"\"\"\n\n\n", "\n\n\nr\"\"\"y"),
];

const BACKSLASHES: [&str; 9] = [
    "\\",
    "x\\",
    "\\\\",
    "\\\"",
    canary!("\\\"\"\"\n", ""),
    canary!("\\\\\"\"\"\n", "\n\"\"\""),
    "\\N{QUOTATION MARK}",
    "\\u0022\\u0022\\u0022",
    "\\x22\\x0a\\101",
];

/// What any program takes for the end of a line.
const LINE_ENDS: [&str; 12] = [
    "\n", "\r", "\r\n", "\n\n", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}", "\u{1c}",
    "\u{1d}", "\u{1e}",
];

const TEMPLATES: [&str; 8] = [
    canary!("{{ ", " }}"),
    "{{ self }}{{ handler.class_name }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{%- raw -%}",
    "{% endraw %}{{ 7 * 7 }}",
    "{# x",
    "${7*7}",
    "<%= 7 %>",
];

const COMMENTS: [&str; 7] = [
    "# noqa",
    "# type: ignore",
    "# -*- coding: utf-7 -*-",
    "#!/bin/sh",
    "x # fmt: off",
    "# onex: allow(no-route): because",
    "<<<<<<< yours",
];

const KEYWORDS: [&str; 12] = [
    "class", "None", "True", "import", "await", "lambda", "match", "type", "case", "_", "print",
    "exec",
];

/// Names that mean something to Python, to pydantic, or to the generated files.
const RESERVED: [&str; 18] = [
    "__class__",
    "__init__",
    "__import__",
    "__del__",
    "__getattr__",
    "__all__",
    "__",
    "_x",
    "self",
    "cls",
    "model_config",
    "model_dump",
    "BaseModel",
    "Field",
    "UUID",
    "str",
    "ModelHandlerOutput",
    "annotations",
];

/// Twins and look-alikes: ligatures, full width, mathematical, ordinals, Cyrillic, Greek, combining marks.
const TWINS: [&str; 9] =
    ["ﬁle", "ｅｖａｌ", "𝐞𝐯𝐚𝐥", "ªb", "Оrder", "οrder", "e\u{301}vent", "ſelf", "K"];

const HIDDEN: [&str; 19] = [
    "\u{202e}evil",
    "a\u{202a}b\u{202c}",
    "\u{2066}a\u{2069}",
    "a\u{200f}b",
    "a\u{200b}b",
    "a\u{200d}b",
    "\u{feff}a",
    "a\u{2060}b",
    "a\u{ad}b",
    "a\u{3164}b",
    "\0",
    "a\0b",
    "\u{1b}[2J",
    "\u{1b}]8;;x\u{7}",
    "\u{7f}",
    "\u{9b}31m",
    "a\u{fffe}",
    "\u{10ffff}",
    "\u{e0041}",
];

const FORMATS: [&str; 9] = [
    "{}",
    "{0.__class__}",
    "{x!r:>{y}}",
    "%s%n%(x)s",
    "%",
    "{{}}",
    "f\"{1}\"",
    "$(id)`id`;id",
    "%0A::error::x",
];

const PATHS: [&str; 12] = [
    "../../x",
    "/etc/passwd",
    "a/b",
    "C:\\x",
    "..",
    ".",
    "~",
    "a/../b",
    "a.b",
    "a..b",
    ".a",
    "a.class",
];

const EXPRESSIONS: [&str; 12] = [
    canary!("", ""),
    canary!("str = ", ""),
    canary!("list[", "]"),
    canary!("x: int = 1; ", ""),
    canary!("x); ", "; (y"),
    canary!("x, y=", ""),
    "a; import os",
    "os.system",
    "a as b",
    "*",
    "@x",
    "a b",
];

/// What YAML and TOML would read as something else than text.
const OTHERS: [&str; 14] = [
    "- a",
    "a: b",
    "&a",
    "*a",
    "!!python/object:x",
    "<<",
    "{",
    "[x",
    "null",
    "yes",
    "0x1f",
    "1e3",
    "::error file=a::b",
    "2024-01-01",
];

/// All of them, the long ones too.
pub(super) fn all() -> Vec<String> {
    let fixed = [
        &QUOTES[..],
        &BACKSLASHES,
        &LINE_ENDS,
        &TEMPLATES,
        &COMMENTS,
        &KEYWORDS,
        &RESERVED,
        &TWINS,
        &HIDDEN,
        &FORMATS,
        &PATHS,
        &EXPRESSIONS,
        &OTHERS,
    ];
    let mut all: Vec<String> = fixed.concat().into_iter().map(str::to_owned).collect();
    all.extend(LINE_ENDS.map(|end| format!(canary!("x{}", ""), end)));
    all.extend(LINE_ENDS.map(|end| format!(canary!("x{}    ", "{0}\"\"\""), end)));
    all.extend(["a".repeat(129), "a".repeat(5000), "a.".repeat(2000), "word ".repeat(1000)]);
    all
}

/// Those that can be the name of a file.
pub(super) fn file_names() -> Vec<String> {
    let fits = |text: &String| {
        !text.contains(['\0', '/'])
            && text.len() < 200
            && ![".", "..", "__init__"].contains(&text.as_str())
    };
    all().into_iter().filter(fits).collect()
}

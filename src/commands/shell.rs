//! Words of a command that is printed to be pasted, as a POSIX shell takes them.

/// A word that the shell hands on as it is.
///
/// What a shell could read as anything else stands in quotes: `~`, `=` in front, `*`, blanks, and so on. What does not
/// print is written by its bytes, since it would not survive a terminal.
pub(super) fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./+@%:,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    if text.chars().any(is_unprintable) {
        return format!("$'{}'", text.chars().map(escaped).collect::<String>());
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A path, which no command takes for a flag.
pub(super) fn path(text: &str) -> String {
    if text.starts_with('-') { word(&format!("./{text}")) } else { word(text) }
}

/// A flag and its value, which may begin with a dash.
pub(super) fn flag(flag: &str, value: &str) -> String {
    let between = if value.starts_with('-') { '=' } else { ' ' };
    format!("{flag}{between}{}", word(value))
}

fn is_unprintable(character: char) -> bool {
    character != '\n' && crate::python::is_hidden(character)
}

fn escaped(character: char) -> String {
    match character {
        '\'' => "\\'".to_owned(),
        '\\' => "\\\\".to_owned(),
        c if is_unprintable(c) => {
            c.to_string().bytes().map(|byte| format!("\\{byte:03o}")).collect()
        }
        c => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_needs_quotes_gets_them() {
        for (text, written) in [
            ("a/b-c.d", "a/b-c.d"),
            ("shop:till,desk", "shop:till,desk"),
            ("it's; rm", "'it'\\''s; rm'"),
            ("~/nodes", "'~/nodes'"),
            ("=ls", "'=ls'"),
            ("$(id)", "'$(id)'"),
            ("", "''"),
            ("a\tb'\\", "$'a\\011b\\'\\\\'"),
        ] {
            assert_eq!(word(text), written);
        }
    }

    #[test]
    fn a_dash_in_front_makes_no_flag() {
        assert_eq!(path("-x"), "./-x");
        assert_eq!(flag("--description", "-x y"), "--description='-x y'");
        assert_eq!(flag("--producer", "till"), "--producer till");
    }

    #[cfg(unix)]
    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn a_shell_reads_the_word_that_was_meant(text in crate::spec::testing::text()) {
            prop_assume!(!text.contains('\0'));
            let command = format!("printf '%s' {}", word(&text));
            let read = std::process::Command::new("bash").args(["-c", &command]).output().unwrap();
            prop_assert_eq!(String::from_utf8(read.stdout).unwrap(), text, "{}", command);
        }
    }
}

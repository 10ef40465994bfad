//! What `onex explain` says of a kind of finding.
//!
//! Rules bring their own text; what is found while a project is read is explained in reading.md, a section each.

use super::{Rule, registry, summary, text_of};
use crate::diagnostic::{Severity, nearest};

/// The findings that no rule makes.
const READING: &str = include_str!("reading.md");

/// One kind of finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Its id.
    pub id: &'static str,
    /// Its severity; where that differs, that of the worst.
    pub severity: Severity,
    /// What it is about, in one sentence.
    pub summary: &'static str,
    /// The whole text, in Markdown.
    pub text: String,
}

/// Every kind of finding: the rules first, each group in order of the ids.
#[must_use]
pub fn all() -> Vec<Explained> {
    let rules = registry::RULES.iter().map(|rule| of_rule(*rule));
    rules.chain(READING.split("\n# ").skip(1).filter_map(of_section)).collect()
}

/// What an id stands for.
///
/// # Errors
/// The id that may have been meant, if one is near.
pub fn explain(id: &str) -> Result<Explained, Option<&'static str>> {
    let all = all();
    match all.iter().find(|explained| explained.id == id) {
        Some(explained) => Ok(explained.clone()),
        None => Err(nearest(id, all.iter().map(|explained| explained.id))),
    }
}

fn of_rule(rule: &'static dyn Rule) -> Explained {
    Explained {
        id: rule.id(),
        severity: rule.severity(),
        summary: summary(rule),
        text: text_of(rule),
    }
}

fn of_section(section: &'static str) -> Option<Explained> {
    let (id, rest) = section.split_once("\n\n")?;
    let (first, more) = rest.split_once("\n\n").unwrap_or((rest, ""));
    let (severity, summary) = first.split_once(": ")?;
    let severity = if severity == "error" { Severity::Error } else { Severity::Warning };
    let text = format!("{}\n\n{}\n", summary.trim(), more.trim());
    Some(Explained { id: id.trim(), severity, summary: summary.trim(), text })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    #[test]
    fn every_id_is_explained_once() {
        let all = all();
        let ids: BTreeSet<&str> = all.iter().map(|explained| explained.id).collect();
        assert_eq!(ids.len(), all.len(), "an id is there twice");
        for explained in &all {
            assert!(explained.summary.ends_with('.'), "{}", explained.id);
            let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(explained.id.chars().all(known), "{}", explained.id);
        }
    }

    #[test]
    fn a_near_id_is_offered() {
        assert_eq!(explain("workflow-cicle"), Err(Some("workflow-cycle")));
        assert_eq!(explain("zzzzz"), Err(None));
        assert!(explain("yaml-tab").unwrap().text.contains("spaces"));
    }

    /// Every id that is written down in the sources, tests aside, can be explained.
    #[test]
    fn whatever_is_reported_is_explained() {
        let known: BTreeSet<&str> = all().iter().map(|explained| explained.id).collect();
        let mut unknown = BTreeSet::new();
        for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            if file.ends_with("diagnostic.rs") || file.file_name().unwrap() == "tests.rs" {
                continue;
            }
            for call in ["error(", "warning("] {
                for (at, _) in text.match_indices(call) {
                    let Some(rest) = text[at + call.len()..].trim_start().strip_prefix('"') else {
                        continue;
                    };
                    let id = rest.split('"').next().unwrap_or_default();
                    let is_id = !id.is_empty()
                        && id
                            .chars()
                            .all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit());
                    if is_id && !known.contains(id) {
                        unknown.insert(id.to_owned());
                    }
                }
            }
        }
        assert!(unknown.is_empty(), "not explained: {unknown:?}");
    }

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files.extend(sources(&path));
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
        files
    }
}

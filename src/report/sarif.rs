//! A report as SARIF 2.1.0, which code scanning and editors read.
//!
//! Columns count characters, as the file says. Paths are relative to the working directory where they can be.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write as _};

use serde_json::{Value, json};

use super::human::visible;
use super::{Listing, Problem, Report, json};
use crate::diagnostic::{Diagnostic, Label};
use crate::lint::explain::{self, Explained};
use crate::lock::digest;

/// Prints the reports of one run as one document.
///
/// # Errors
/// When standard output cannot be written.
pub fn print(reports: &[Report]) -> io::Result<()> {
    io::stdout().lock().write_all(json::text(&document(reports))?.as_bytes())
}

/// The whole document.
#[must_use]
pub fn document(reports: &[Report]) -> Value {
    let found = || reports.iter().flat_map(|report| &report.diagnostics);
    let ids: BTreeSet<&str> = found().map(|diagnostic| diagnostic.rule).collect();
    let rules: Vec<Explained> =
        explain::all().into_iter().filter(|rule| ids.contains(rule.id)).collect();
    let index: BTreeMap<&str, usize> =
        rules.iter().enumerate().map(|(index, rule)| (rule.id, index)).collect();
    let mut seen = BTreeMap::new();
    let mut results: Vec<Value> = found().map(|found| result(found, &index, &mut seen)).collect();
    // What a check was asked for is a result; anywhere else a problem says why there is none.
    let problems = reports.iter().flat_map(|report| {
        let is_check = report.listing == Listing::Drift;
        report.problems.iter().map(move |problem| (is_check && problem.file.is_some(), problem))
    });
    let (drift, trouble): (Vec<_>, Vec<_>) = problems.partition(|(is_drift, _)| *is_drift);
    results.extend(drift.into_iter().map(|(_, problem)| drifted(problem)));
    let notifications: Vec<Value> =
        trouble.iter().map(|(_, problem)| notification(problem)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "onex",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(described).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": trouble.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    })
}

fn described(rule: &Explained) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.text, "markdown": rule.text },
        "defaultConfiguration": { "level": rule.severity.as_str() },
    })
}

fn result<'a>(
    found: &'a Diagnostic,
    rules: &BTreeMap<&str, usize>,
    seen: &mut BTreeMap<(&'a str, &'a str, &'a str), usize>,
) -> Value {
    let key = (found.rule, found.primary.file.path(), found.message.as_str());
    let count = seen.entry(key).or_default();
    let fingerprint = digest(&format!("{}\n{}\n{}\n{count}", key.0, key.1, key.2));
    *count += 1;
    let mut text = visible(&found.message);
    if let Some(help) = &found.help {
        let _ = write!(text, "\n\n{}", visible(help));
    }
    let mut result = json!({
        "ruleId": found.rule,
        "level": found.severity.as_str(),
        "message": { "text": text },
        "locations": [{ "physicalLocation": place(&found.primary) }],
        // The place is no part of it, so that a finding stays the same when lines above it change.
        "partialFingerprints": { "onex/v1": fingerprint },
    });
    if let Some(object) = result.as_object_mut() {
        if let Some(index) = rules.get(found.rule) {
            object.insert("ruleIndex".to_owned(), json!(index));
        }
        if !found.related.is_empty() {
            let related = found.related.iter().enumerate().map(|(id, label)| related(id, label));
            object.insert("relatedLocations".to_owned(), related.collect());
        }
    }
    result
}

fn related(id: usize, label: &Label) -> Value {
    let mut location = json!({ "id": id, "physicalLocation": place(label) });
    if let Some(object) = location.as_object_mut()
        && !label.text.is_empty()
    {
        object.insert("message".to_owned(), json!({ "text": visible(&label.text) }));
    }
    location
}

fn place(label: &Label) -> Value {
    let start = label.file.position(label.span.start);
    let end = label.file.position(label.span.end);
    json!({
        "artifactLocation": { "uri": uri(label.file.path()) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    })
}

/// A whole file that is not as it should be: the region is its first line, where annotations find it.
fn drifted(problem: &Problem) -> Value {
    let file = problem.file.as_deref().unwrap_or_default();
    let mut text = visible(&problem.message);
    if let Some(help) = &problem.help {
        let _ = write!(text, "\n\n{}", visible(help));
    }
    json!({
        "ruleId": problem.rule,
        "level": problem.severity.as_str(),
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(file) },
            "region": { "startLine": 1, "startColumn": 1 },
        }}],
        "partialFingerprints": { "onex/v1": digest(&format!("{}\n{file}", problem.rule)) },
    })
}

fn notification(problem: &Problem) -> Value {
    let mut text = visible(&problem.message);
    if let Some(help) = &problem.help {
        let _ = write!(text, "\n\n{}", visible(help));
    }
    let mut notification = json!({
        "descriptor": { "id": problem.rule },
        "level": problem.severity.as_str(),
        "message": { "text": text },
    });
    if let (Some(object), Some(file)) = (notification.as_object_mut(), &problem.file) {
        let location =
            json!([{ "physicalLocation": { "artifactLocation": { "uri": uri(file) } } }]);
        object.insert("locations".to_owned(), location);
    }
    notification
}

/// A path as a reference: whatever a URI gives a meaning to is escaped.
fn uri(path: &str) -> String {
    let path = path.replace(std::path::MAIN_SEPARATOR, "/");
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    if uri.starts_with('/') { format!("file://{uri}") } else { uri }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Span};

    fn report(text: &str) -> Report {
        let file = SourceFile::new("src/c.yaml", text);
        let at = u32::try_from(text.find("name").unwrap()).unwrap();
        let finding = |at: u32| {
            Diagnostic::warning("contract-name", &file, Span::new(at, at + 4), "the name")
                .related(Span::new(at, at + 1), "here")
                .help("rename it")
        };
        Report { diagnostics: vec![finding(at), finding(at)], ..Report::default() }
    }

    fn fingerprints(document: &Value) -> Vec<String> {
        let results = document["runs"][0]["results"].as_array().unwrap();
        let print =
            |result: &Value| result["partialFingerprints"]["onex/v1"].as_str().unwrap().to_owned();
        results.iter().map(print).collect()
    }

    #[test]
    fn fingerprints_outlive_lines_that_are_added_above() {
        let (before, after) =
            (document(&[report("name: x\n")]), document(&[report("# new\n\nname: x\n")]));
        assert_eq!(fingerprints(&before), fingerprints(&after));
        assert_ne!(fingerprints(&before)[0], fingerprints(&before)[1]);
        let line = |document: &Value| {
            document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64()
        };
        assert_eq!((line(&before), line(&after)), (Some(1), Some(3)));
    }

    #[test]
    fn rules_are_described_once() {
        let document = document(&[report("name: x\n")]);
        let rules = document["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        assert_eq!(rules.len(), 1);
        assert_eq!(rules[0]["id"], "contract-name");
        assert_eq!(document["runs"][0]["results"][1]["ruleIndex"], 0);
    }

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("a b/c%d:e.yaml"), "a%20b/c%25d%3Ae.yaml");
        assert_eq!(uri("../ä.yaml"), "../%C3%A4.yaml");
        assert_eq!(uri("/tmp/x.yaml"), "file:///tmp/x.yaml");
    }
}

//! What this program is built from, and how: deny.toml and the profile, held against the facts.
//!
//! cargo-deny judges the same file in the public workflow. It takes minutes to compile on a small machine, and what can be
//! known without a network it does not know better.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;
use toml_edit::{DocumentMut, Item};

use crate::readme::repository;

fn toml(file: &str) -> DocumentMut {
    fs::read_to_string(repository().join(file)).unwrap().parse().unwrap()
}

/// The texts of a list.
fn texts(list: &Item) -> BTreeSet<String> {
    let texts = list.as_array().unwrap().iter();
    texts.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// What cargo knows of every package that is compiled on this machine.
fn packages() -> Vec<Value> {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(rustc.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--filter-platform",
            host,
        ])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether a licence expression can be met with licences of a list.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    // The old form of OR.
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = expression.split_whitespace().peekable();
    let met = any(&mut words, allowed);
    assert_eq!(words.next(), None, "{expression}");
    met
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut met = all(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= all(words, allowed);
    }
    met
}

fn all(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let first = words.next().unwrap();
    if first == "(" {
        let met = any(words, allowed);
        assert_eq!(words.next(), Some(")"));
        return met;
    }
    if words.next_if_eq(&"WITH").is_some() {
        return allowed.contains(&format!("{first} WITH {}", words.next().unwrap()));
    }
    allowed.contains(first)
}

#[test]
fn licence_expressions_are_read_as_they_are_meant() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "A WITH B".to_owned()]);
    for met in ["MIT", "GPL/MIT", "GPL OR MIT AND MIT", "(GPL OR MIT) AND A WITH B"] {
        assert!(is_allowed(met, &allowed), "{met}");
    }
    for unmet in ["GPL", "MIT AND GPL", "A", "(MIT OR GPL) AND GPL", "GPL OR MIT AND GPL"] {
        assert!(!is_allowed(unmet, &allowed), "{unmet}");
    }
}

#[test]
fn every_dependency_has_a_licence_that_is_allowed() {
    let allowed = texts(&toml("deny.toml")["licenses"]["allow"]);
    let packages = packages();
    assert!(packages.len() > 50, "{} packages", packages.len());
    for package in packages {
        let license = package["license"].as_str().unwrap_or_default();
        assert!(is_allowed(license, &allowed), "{}: {license:?}", package["name"]);
    }
}

/// Cargo.lock names what is compiled on other machines, too.
#[test]
fn every_dependency_comes_from_the_registry_and_none_is_banned() {
    let deny = toml("deny.toml");
    let registries = texts(&deny["sources"]["allow-registry"]);
    assert_eq!(texts(&deny["sources"]["allow-git"]), BTreeSet::new());
    let banned = deny["bans"]["deny"].as_array().unwrap().iter();
    let banned: BTreeSet<String> = banned
        .map(|ban| ban.as_inline_table().unwrap().get("name").unwrap().as_str().unwrap().to_owned())
        .collect();
    for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
        let locked = toml(lock);
        for package in locked["package"].as_array_of_tables().unwrap() {
            let name = package["name"].as_str().unwrap();
            assert!(!banned.contains(name), "{lock}: {name} is banned");
            match package.get("source").and_then(Item::as_str) {
                None => assert!(name.starts_with("onex-scaffold"), "{lock}: {name} has no source"),
                Some(source) => {
                    let registry = source.strip_prefix("registry+").unwrap_or(source);
                    assert!(registries.contains(registry), "{lock}: {name} comes from {source}");
                    assert!(package.get("checksum").is_some(), "{lock}: {name} has no checksum");
                }
            }
        }
    }
}

#[test]
fn unsafe_code_is_forbidden_and_overflow_is_an_error() {
    let manifest = toml("Cargo.toml");
    assert_eq!(manifest["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
    let release = &manifest["profile"]["release"];
    assert_eq!(release["overflow-checks"].as_bool(), Some(true));
}

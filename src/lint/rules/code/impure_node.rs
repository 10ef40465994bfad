use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Role, Source, Subject, rule};
use crate::python::facts::Value;
use crate::python::module::{Condition, Import};
use crate::source::Span;

use super::{finding, handlers};

rule! {
    /// An orchestrator reaches out into the world.
    ///
    /// # What it checks
    ///
    /// That node.py, the models and the handlers which the contract names import no client for a network, a
    /// database or a message broker, start no processes, open no files, and do not read the environment.
    ///
    /// # Why
    ///
    /// An orchestrator decides; effect nodes do. What a handler reads by itself is in no event, so the same event
    /// gives different answers, and tests need the world to be there. The framework's validator of purity refuses
    /// these imports below `nodes`.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// import os
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     def limit(self) -> str:
    ///         return os.environ["LIMIT"]
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// class HandlerOrderPlaced:
    ///     def limit(self, event) -> int:
    ///         return event.limit
    /// ```
    ImpureNode, "impure-node", Warning
}

/// Modules that reach out: by their first parts.
const CLIENTS: [&str; 21] = [
    "aiofiles",
    "aiohttp",
    "aiokafka",
    "asyncpg",
    "boto3",
    "confluent_kafka",
    "ftplib",
    "httpx",
    "kafka",
    "paramiko",
    "psycopg",
    "psycopg2",
    "pymongo",
    "redis",
    "requests",
    "smtplib",
    "socket",
    "sqlalchemy",
    "sqlite3",
    "subprocess",
    "urllib.request",
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let handlers = handlers(subject);
    let pure = subject.sources.written().filter(|source| match source.role {
        Role::Node | Role::Model => true,
        Role::Handler => handlers.iter().any(|handler| handler.source.path == source.path),
        Role::Init | Role::Test | Role::Other => false,
    });
    for source in pure {
        let mut report = |span: Span, message: String| {
            let help = "leave it to an effect node: raise an intent, and answer the event that comes of it";
            found.push(finding(Severity::Warning, ID, source, span, message).help(help));
        };
        for import in &source.module().imports {
            if import.condition == Condition::TypeChecking {
                continue;
            }
            for (module, span) in modules(import) {
                if let Some(client) = CLIENTS.iter().find(|client| is_within(&module, client)) {
                    report(span, format!("`{client}` reaches out of the node"));
                }
            }
        }
        for call in source.facts().calls.iter().map(|placed| &placed.call) {
            match call.callee.name() {
                Some("open") => report(call.span, "this opens a file".to_owned()),
                Some("os.system" | "os.popen") => {
                    report(call.span, "this starts a process".to_owned())
                }
                Some(name) if name == "os.getenv" || name.starts_with("os.environ.") => {
                    report(call.span, "this reads the environment".to_owned());
                }
                _ => {}
            }
        }
        for span in environment_by_key(source) {
            report(span, "this reads the environment".to_owned());
        }
    }
}

/// `os.environ["KEY"]` where it is assigned, returned or passed.
fn environment_by_key(source: &Source) -> Vec<Span> {
    let facts = source.facts();
    let assigned = facts.assignments.iter().filter_map(|assigned| assigned.value.as_ref());
    let returned = facts.functions.iter().flat_map(|function| &function.returned);
    let returned = returned.filter_map(|(_, value)| value.as_ref());
    let arguments = facts.calls.iter().flat_map(|placed| {
        let keywords = placed.call.keywords.iter().map(|keyword| &keyword.value);
        placed.call.arguments.iter().chain(keywords)
    });
    let parts = assigned.chain(returned).chain(arguments).flat_map(Value::walk);
    let mut spans: Vec<Span> = parts
        .filter(|part| part.subscript().is_some_and(|(outer, _)| outer.is_named("os.environ")))
        .map(|part| part.span)
        .collect();
    spans.sort();
    spans.dedup();
    spans
}

/// The modules that an import may load, each with its place.
fn modules(import: &Import) -> Vec<(String, Span)> {
    let names = import.names.iter();
    match &import.from {
        None => names.map(|name| (name.name.clone(), name.span)).collect(),
        Some(origin) if origin.level == 0 => {
            names.map(|name| (format!("{}.{}", origin.module, name.name), name.span)).collect()
        }
        Some(_) => Vec::new(),
    }
}

fn is_within(module: &str, client: &str) -> bool {
    module.strip_prefix(client).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";
    const IMPORT: &str = "from uuid import uuid4\n";
    const EVENT: &str = "        event = envelope.payload\n";

    fn with(import: &str, line: &str) -> Vec<String> {
        let sample = Sample::new().edit(FILE, IMPORT, &format!("{IMPORT}{import}"));
        sample.edit(FILE, EVENT, &format!("{EVENT}{line}")).lines(super::ID)
    }

    #[test]
    fn imports_calls_and_the_environment_are_found() {
        assert_eq!(
            with("import httpx\n", ""),
            ["handler_payment_taken.py:7 warning: `httpx` reaches out of the node"]
        );
        assert_eq!(
            with("from urllib import request\n", ""),
            ["handler_payment_taken.py:7 warning: `urllib.request` reaches out of the node"]
        );
        assert_eq!(
            with("", "        text = open('x').read()\n"),
            ["handler_payment_taken.py:74 warning: this opens a file"]
        );
        for read in ["os.environ['A']", "os.getenv('A')", "os.environ.get('A', '')"] {
            assert_eq!(
                with("import os\n", &format!("        limit = {read}\n")),
                ["handler_payment_taken.py:75 warning: this reads the environment"]
            );
        }
    }

    #[test]
    fn what_only_sounds_alike_is_fine() {
        assert!(with("from urllib.parse import quote\nimport requests_toolbelt\n", "").is_empty());
        assert!(with("import os.path\n", "        os.path.join('a')\n").is_empty());
        let other = Sample::new().file("services/client.py", "import httpx\n");
        assert!(other.lines(super::ID).is_empty());
    }
}

use heck::ToUpperCamelCase;

use crate::diagnostic::Diagnostic;
use crate::lint::{Subject, rule};
use crate::project::Pyproject;
use crate::project::pyproject::NODES_GROUP;
use crate::source::Span;

rule! {
    /// The node is not registered, so that no runtime finds it.
    ///
    /// # What it checks
    ///
    /// That `[project.entry-points."onex.nodes"]` of pyproject.toml names the node's package, its `node`
    /// module, or a class in that.
    ///
    /// # Why
    ///
    /// The auto-wiring and `onex node` discover nodes by this entry point alone.
    ///
    /// # Example
    ///
    /// ```toml
    /// # pyproject.toml
    /// [project]
    /// name = "shop"
    /// version = "0.1.0"
    ///
    /// [project.entry-points."onex.nodes"]
    /// node_order_payment_orchestrator = "shop.nodes.node_payment_orchestrator.node:NodePaymentOrchestrator"
    /// ```
    ///
    /// # Instead
    ///
    /// ```toml
    /// # pyproject.toml
    /// [project]
    /// name = "shop"
    /// version = "0.1.0"
    ///
    /// [project.entry-points."onex.nodes"]
    /// node_order_payment_orchestrator = "shop.nodes.node_order_payment_orchestrator.node:NodeOrderPaymentOrchestrator"
    /// ```
    EntryPoint, "entry-point", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(pyproject), Some(package)) = (subject.pyproject, subject.package()) else { return };
    let package = package.to_string();
    let Some(entries) = registered(pyproject) else { return };
    let severity = subject.wiring_severity();
    if entries.iter().any(|(_, target)| names(target, &package)) {
        return;
    }
    let folder = subject.folder.name();
    let line = format!("{folder} = \"{package}.node:{}\"", folder.to_upper_camel_case());
    let finding = match entries.iter().find(|(name, _)| name == folder) {
        Some((_, target)) => {
            let message = format!(
                "the entry point `{folder}` leads to `{target}`, and the node is `{package}`"
            );
            let at = pyproject.text().find(target.as_str()).unwrap_or_default();
            let at = u32::try_from(at).unwrap_or_default();
            let span = Span::new(at, at + u32::try_from(target.len()).unwrap_or_default());
            let finding = subject.finding(severity, ID, subject.anchor(), message);
            finding.related_in(pyproject.file(), span, "leads elsewhere")
        }
        None => {
            let message = format!("pyproject.toml has no entry point for `{package}`");
            subject.finding(severity, ID, subject.anchor(), message)
        }
    };
    found.push(finding.help(format!("add to [project.entry-points.\"{NODES_GROUP}\"]: {line}")));
}

/// The entry points of the group; nothing where pyproject.toml is not what gives them.
fn registered(pyproject: &Pyproject) -> Option<Vec<(String, String)>> {
    let project = pyproject.table(&["project"]);
    let dynamic = project.and_then(|project| project.get("dynamic")?.as_array());
    if dynamic.is_some_and(|names| names.iter().any(|name| name.as_str() == Some("entry-points"))) {
        return None;
    }
    let poetry = pyproject.table(&["tool", "poetry"]);
    project.or(poetry)?;
    let groups = [
        ["project", "entry-points", NODES_GROUP].as_slice(),
        ["tool", "poetry", "plugins", NODES_GROUP].as_slice(),
    ];
    let tables = groups.into_iter().filter_map(|path| pyproject.table(path));
    let entries = tables.flat_map(|table| {
        let read = |(name, target): (&str, &toml_edit::Item)| {
            Some((name.to_owned(), target.as_str()?.to_owned()))
        };
        table.iter().filter_map(read).collect::<Vec<_>>()
    });
    Some(entries.collect())
}

/// Whether a target is the package, or anything in it.
fn names(target: &str, package: &str) -> bool {
    let module = target.split(':').next().unwrap_or(target).trim();
    module.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

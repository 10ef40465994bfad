//! What the framework's runtimes would refuse, drop or misroute, found before anything runs.
//!
//! In: a [`Subject`], which is one node with everything that belongs to it, read beforehand. Out: diagnostics.
//! Every kind of finding is a [`Rule`] in a file of its own; [`registry`] is the one list of them. Reads no
//! file, runs nothing, prints nothing.

pub mod conform;
pub mod emitted;
pub mod explain;
pub mod fix;
pub mod gather;
pub mod ground;
pub mod local;
pub mod registry;
pub mod rules;
pub mod source;
pub mod style;
pub mod subject;
pub mod suppress;
pub mod wiring;

#[cfg(test)]
mod mutations;
#[cfg(test)]
pub(crate) mod sample;

use std::cell::OnceCell;

use crate::diagnostic::{self, Diagnostic, Severity};
use crate::parallel;

pub use gather::{Gathered, Gleaned, Known, gather, gather_on, known};
pub use ground::Ground;
pub use source::{Role, Source, Sources};
pub use subject::{Neighbour, Neighbours, Subject};

/// One kind of mistake.
pub trait Rule: Sync {
    /// Its name in kebab case, which is also its id.
    fn id(&self) -> &'static str;

    /// The severity of its findings; where they differ, that of the worst.
    fn severity(&self) -> Severity;

    /// Its documentation in Markdown: one line that sums it up, then the four headings of [`HEADINGS`].
    fn doc(&self) -> &'static str;

    /// Looks at a node and adds what it finds.
    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Diagnostic>);
}

/// The headings that every rule's documentation has, in this order.
///
/// The fenced block under `Example` is something that the rule finds, the one under `Instead` the same done
/// right: `yaml` replaces top-level keys of a sample contract, `python` a file of the sample node, which its
/// first line names (`# handlers/handler_order_placed.py`). A test holds both against the rule.
pub const HEADINGS: [&str; 4] = ["What it checks", "Why", "Example", "Instead"];

/// Declares a rule: its documentation, a unit struct, its id and severity; the module's `check` does the work.
///
/// The doc comment is the only place where the text stands: `explain` and the README show it.
macro_rules! rule {
    ($(#[doc = $doc:literal])+ $name:ident, $id:literal, $severity:ident) => {
        $(#[doc = $doc])+
        pub(crate) struct $name;

        /// The rule's id.
        const ID: &str = $id;

        impl $crate::lint::Rule for $name {
            fn id(&self) -> &'static str {
                ID
            }

            fn severity(&self) -> $crate::diagnostic::Severity {
                $crate::diagnostic::Severity::$severity
            }

            fn doc(&self) -> &'static str {
                concat!($($doc, "\n"),+)
            }

            fn check(
                &self,
                subject: &$crate::lint::Subject<'_>,
                found: &mut Vec<$crate::diagnostic::Diagnostic>,
            ) {
                check(subject, found);
            }
        }
    };
}
pub(crate) use rule;

/// A rule's documentation without the space that every line of a doc comment begins with.
#[must_use]
pub fn text_of(rule: &dyn Rule) -> String {
    let lines = rule.doc().lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

/// The first line of a rule's documentation: what it is about, in one sentence.
#[must_use]
pub fn summary(rule: &dyn Rule) -> &'static str {
    rule.doc().lines().next().unwrap_or_default().trim()
}

/// Everything that is to be said about a project's nodes, sorted.
#[must_use]
pub fn lint(gathered: &Gathered) -> Vec<Diagnostic> {
    let Gathered { ground, nodes } = gathered;
    let looked = parallel::map(nodes, |node| look(ground, node));
    conclude(ground, looked, nodes.len())
}

/// What is found in one node, before it is known what is suppressed.
#[derive(Debug, Default)]
pub struct Looked {
    found: Vec<Diagnostic>,
    comments: Vec<suppress::Comment>,
}

/// What reading a node and the rules find in it.
#[must_use]
pub fn look(ground: &Ground, node: &Gleaned) -> Looked {
    let mut found = node.found.clone();
    with_subject(ground, node, |subject| {
        for rule in registry::RULES {
            let mut of_rule = Vec::new();
            rule.check(subject, &mut of_rule);
            found.append(&mut of_rule);
        }
    });
    let comments = suppress::comments(node, &mut found);
    Looked { found, comments }
}

/// What is left of everything that was found once what is suppressed is taken out, sorted; `nodes` is the number of
/// nodes that were looked at.
#[must_use]
pub fn conclude(
    ground: &Ground,
    looked: impl IntoIterator<Item = Looked>,
    nodes: usize,
) -> Vec<Diagnostic> {
    let mut all = Looked { found: ground.found.clone(), comments: Vec::new() };
    for looked in looked {
        all.found.extend(looked.found);
        all.comments.extend(looked.comments);
    }
    let everything = nodes == ground.all.count();
    let mut found = suppress::apply(ground, all.found, all.comments, everything);
    diagnostic::sort(&mut found);
    found
}

/// Where the code of a project's nodes no longer fits their contracts, sorted: see [`conform`].
#[must_use]
pub fn nonconforming(gathered: &Gathered) -> Vec<Diagnostic> {
    let Gathered { ground, nodes } = gathered;
    let found = parallel::map(nodes, |node| nonconforming_in(ground, node));
    let mut found: Vec<Diagnostic> = found.into_iter().flatten().collect();
    diagnostic::sort(&mut found);
    found
}

/// Where the code of one node no longer fits its contract.
#[must_use]
pub fn nonconforming_in(ground: &Ground, node: &Gleaned) -> Vec<Diagnostic> {
    with_subject(ground, node, conform::conform).unwrap_or_default()
}

/// Looks at a node with everything that rules may look at; nothing for a node that rules do not apply to.
fn with_subject<T>(
    ground: &Ground,
    node: &Gleaned,
    look: impl FnOnce(&Subject<'_>) -> T,
) -> Option<T> {
    let contract = node.contract.as_ref().filter(|_| node.is_linted())?;
    let subject = Subject {
        contract,
        project: &node.project,
        pyproject: ground.pyproject.as_ref(),
        node: node.node.as_ref(),
        style: node.style,
        folder: &node.folder,
        sources: &node.sources,
        strays: &node.strays,
        contracts: &ground.all,
        handlers: OnceCell::new(),
    };
    Some(look(&subject))
}

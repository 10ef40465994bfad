//! The text of a contract: read, linted, mended.

use std::sync::Arc;

use onex_scaffold::contract;
use onex_scaffold::diagnostic::Diagnostic;
use onex_scaffold::lint::{self, Gathered, Gleaned, Ground, Neighbour, Source, Sources, fix};
use onex_scaffold::node::{self, HandlerStyle};
use onex_scaffold::source::SourceFile;
use onex_scaffold::workspace::Disk;

use crate::{PROJECT, stops, told};

/// Findings have places, and what `lint --fix` writes is a contract that has nothing left to fix.
pub fn holds(text: &str) {
    let gathered = gathered(text, Sources::default());
    told(&lint::lint(&gathered));
    told(&lint::nonconforming(&gathered));
    for node in &gathered.nodes {
        if let Some(contract) = &node.contract {
            // The walk over the whole tree ends.
            assert!(!contract::canonical(&contract.root).is_empty());
        }
        if let Some(fixed) = fix::fixed(node) {
            let (again, found) = read(&fixed);
            assert!(again.is_some() && !stops(&found) || stops(&node.found), "{fixed}\n{found:?}");
            let again = self::gathered(&fixed, Sources::default());
            assert_eq!(again.nodes.first().and_then(fix::fixed), None, "{fixed}");
        }
    }
}

fn read(text: &str) -> (Option<contract::Contract>, Vec<Diagnostic>) {
    contract::parse(&SourceFile::new("contract.yaml", text))
}

/// A project with one node: its contract, and its files of Python.
pub(crate) fn gathered(text: &str, sources: Sources) -> Gathered {
    let (contract, mut found) = read(text);
    told(&found);
    let folder = PROJECT.nodes_folder().ours("node_a_orchestrator");
    let style = HandlerStyle::default();
    let node = contract.as_ref().filter(|_| !stops(&found)).and_then(|contract| {
        match node::resolve(contract, &PROJECT, &Disk::default(), style) {
            Ok((node, warnings)) => {
                found.extend(warnings);
                Some(node)
            }
            Err(trouble) => {
                found.extend(trouble);
                None
            }
        }
    });
    let file = SourceFile::new("contract.yaml", text);
    let name = contract.as_ref().and_then(|contract| contract.name.clone());
    let neighbour = Neighbour { folder: folder.clone(), file, name };
    let project = Arc::new(PROJECT.clone());
    let node =
        Gleaned { folder, contract, found, project, node, style, sources, strays: Vec::new() };
    let mut ground = Ground::default();
    ground.all = std::iter::once(neighbour).collect();
    Gathered { ground, nodes: vec![node] }
}

/// A file of the node's handlers.
pub(crate) fn handler(text: &str) -> Sources {
    let folder = PROJECT.nodes_folder().ours("node_a_orchestrator");
    let path = folder.ours("handlers").ours("handler_a.py");
    let file = SourceFile::new(path.as_str(), text);
    [Source::new(path, file, lint::Role::Handler)].into_iter().collect()
}

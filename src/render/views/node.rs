//! node.py: the thin shell.

use serde::Serialize;

use super::Context;
use crate::node::Step;
use crate::python::imports::{Imports, NameClash, Need, dunder_all};
use crate::python::{Code, Comment, DocText, Identifier, paragraphs, sentence};
use crate::render::docstring::Docstring;
use crate::render::engine::View;

#[derive(Debug, Serialize)]
pub(crate) struct NodeView {
    header: Vec<Comment>,
    module_doc: DocText,
    imports: Code,
    dunder_all: Code,
    class_name: Identifier,
    class_doc: DocText,
}

impl View for NodeView {
    const TEMPLATE: &'static str = "orchestrator/node.py.j2";
}

impl NodeView {
    pub(crate) fn new(context: Context<'_>) -> Result<Self, NameClash> {
        let node = context.node;
        let mut imports = Imports::new();
        imports.add_ours("omnibase_core.nodes", "NodeOrchestrator", Need::Runtime)?;
        imports.add_ours(
            "omnibase_core.models.container.model_onex_container",
            "ModelONEXContainer",
            Need::Annotation,
        )?;
        let width = context.line_length();
        let name = format!("The node {}.", node.folder);
        let shell = [name.as_str(), "The node, generated from contract.yaml."];
        let mut class_doc = Docstring::of_description(width, 4, &node.description, &name).paragraph(
            "Generated from contract.yaml, which says what happens; the handlers say how. Nothing \
             belongs in this class: it holds no logic, and regenerating rewrites the file.",
        );
        if !node.steps.is_empty() {
            let steps: Vec<String> = node.steps.iter().map(step).collect();
            class_doc = class_doc.numbered("Workflow:", &steps);
        }
        Ok(Self {
            header: context.header(),
            module_doc: Docstring::new(width, 0, shell).finish(),
            imports: context.imports(imports),
            dunder_all: dunder_all([&node.class_name]),
            class_name: node.class_name.clone(),
            class_doc: class_doc.finish(),
        })
    }
}

/// `validate_order (compute, after receive_order): Validate order data.`
fn step(step: &Step) -> String {
    let line = |text: &str| paragraphs(text).join(" ");
    let waits: Vec<String> = step.after.iter().map(|id| line(id)).collect();
    let after = (!waits.is_empty()).then(|| format!("after {}", waits.join(", ")));
    let by = Some(line(&step.by)).filter(|by| !by.is_empty());
    let notes: Vec<String> = by.into_iter().chain(after).collect();
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
    let said = Some(line(&step.description)).filter(|said| !said.is_empty());
    let said = said.map(|said| format!(": {}", sentence(&said))).unwrap_or_default();
    format!("{}{notes}{said}", line(&step.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_one_line_however_the_contract_breaks_it() {
        let text = |text: &str| text.to_owned();
        let broken = Step {
            id: text("charge\n card"),
            description: text("Charge\n\nthe card\n"),
            by: text("effect\n"),
            after: vec![text("place\norder")],
        };
        assert_eq!(step(&broken), "charge card (effect, after place order): Charge the card.");
        let bare = Step { id: text("a"), description: text(" \n"), by: text(""), after: vec![] };
        assert_eq!(step(&bare), "a");
    }
}

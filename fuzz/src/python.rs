//! Python that people wrote: read, and looked at by every rule.

use onex_scaffold::lint;
use onex_scaffold::python::{facts, module};
use onex_scaffold::source::SourceFile;

use crate::contract::{gathered, handler};
use crate::{placed, told};

const CONTRACT: &str = include_str!("../project/contract.yaml");

/// Everything that is read has a place in the text, and the rules find their way around in it.
pub fn holds(text: &str) {
    let module = module::read(text);
    let file = SourceFile::new("handler_a.py", text);
    let imports = module.imports.iter().map(|import| import.span);
    let names = module.imports.iter().flat_map(|import| &import.names).map(|name| name.span);
    let classes = module.classes.iter().map(|class| class.span);
    for span in module.docstring.into_iter().chain(imports).chain(names).chain(classes) {
        placed(&file, span);
    }
    let facts = facts::read(text, None);
    let functions = facts.functions.iter().flat_map(|f| [f.span, f.signature, f.name.span]);
    for span in functions.chain(facts.strings.iter().map(|string| string.span)) {
        placed(&file, span);
    }
    let gathered = gathered(CONTRACT, handler(text));
    told(&lint::lint(&gathered));
    told(&lint::nonconforming(&gathered));
}

//! The whole way from the text of a contract to the files of its node.

use std::collections::BTreeSet;

use onex_scaffold::contract;
use onex_scaffold::diagnostic::Diagnostic;
use onex_scaffold::node::{self, HandlerStyle};
use onex_scaffold::plan;
use onex_scaffold::python::format;
use onex_scaffold::render::{self, RenderedFile};
use onex_scaffold::source::SourceFile;
use onex_scaffold::workspace::Disk;
use ruff_python_ast::{Expr, Stmt};

use crate::{PROJECT, stops, told};

const STYLES: [HandlerStyle; 4] = [
    HandlerStyle::Envelope,
    HandlerStyle::Dual,
    HandlerStyle::DefinitionB,
    HandlerStyle::Template,
];

/// Refused with a place, or files that parse, are laid out already, and do nothing when they are imported.
pub fn holds(text: &str) {
    match files(text) {
        Err(found) => {
            assert!(stops(&found), "refused without a reason");
            told(&found);
        }
        Ok(files) => {
            let paths: BTreeSet<String> =
                files.iter().map(|file| file.path.folded()).collect();
            // On a disk that folds names, two of these would be one file: then none is written anywhere.
            let plan = plan::plan(&files, &[], &Disk::default(), |_, _| Err(String::new()));
            assert_eq!(paths.len() < files.len(), plan.conflicts().next().is_some());
            for file in files.iter().filter(|file| file.path.name().ends_with(".py")) {
                is_python(file);
            }
        }
    }
}

/// The files of a contract, in the handler style that its length chooses.
pub(crate) fn files(text: &str) -> Result<Vec<RenderedFile>, Vec<Diagnostic>> {
    let (contract, found) = contract::parse(&SourceFile::new("contract.yaml", text));
    let Some(contract) = contract.filter(|_| !stops(&found)) else { return Err(found) };
    let style = STYLES[text.len() % STYLES.len()];
    let (node, warnings) = node::resolve(&contract, &PROJECT, &Disk::default(), style)?;
    told(&warnings);
    Ok(render::render(&node, &PROJECT, text).unwrap_or_else(|error| panic!("{error}")))
}

fn is_python(file: &RenderedFile) {
    let (path, text) = (&file.path, &file.text);
    let hidden = text.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(hidden, None, "{path} holds a control character");
    let parsed = ruff_python_parser::parse_module(text)
        .unwrap_or_else(|error| panic!("{path} does not parse: {error}\n{text}"));
    for statement in parsed.suite() {
        assert!(declares(statement), "{path} does something when it is imported:\n{text}");
    }
    let style = &PROJECT.settings_at(path).format;
    assert_eq!(format::format(text, style).as_ref(), Ok(text), "{path} is not laid out");
}

/// Whether a statement at the top of a module declares something, and does nothing else.
fn declares(statement: &Stmt) -> bool {
    match statement {
        Stmt::ClassDef(_) | Stmt::FunctionDef(_) | Stmt::Import(_) | Stmt::ImportFrom(_) => true,
        Stmt::Assign(_) | Stmt::AnnAssign(_) | Stmt::TypeAlias(_) | Stmt::Pass(_) => true,
        Stmt::Expr(docstring) => docstring.value.is_string_literal_expr(),
        Stmt::If(guard) => matches!(&*guard.test, Expr::Name(name) if name.id == "TYPE_CHECKING"),
        _ => false,
    }
}

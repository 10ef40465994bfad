//! A project's pyproject.toml: its settings, and the entry points that are written into it.

use onex_scaffold::node::ClassPath;
use onex_scaffold::project::{Pyproject, Registration, Scaffold};
use onex_scaffold::python::{DottedPath, Identifier};
use onex_scaffold::source::SourceFile;

use crate::told;

/// An entry point that is added is there, the others stay, and taking it out again loses none of them.
pub fn holds(text: &str) {
    let pyproject = match Pyproject::parse(SourceFile::new("pyproject.toml", text)) {
        Ok(pyproject) => pyproject,
        Err(problem) => return told(&[*problem]),
    };
    let (_, found) = Scaffold::read(&pyproject);
    told(&found);
    // Nothing is known of these but that they come to an end.
    let _ = (pyproject.declared_packages(), pyproject.declared_roots(), pyproject.test_path());
    let _ = (pyproject.markers(), pyproject.depends_on("omnibase-core"));

    let node = Identifier::parse("node_a").expect("a name");
    let class = ClassPath {
        module: DottedPath::parse("app.nodes.node_a.node").expect("a path"),
        name: Identifier::parse("NodeA").expect("a name"),
    };
    match pyproject.with_entry_point(&node, &class) {
        Err(problem) => told(&[*problem]),
        Ok(Registration::Standing) => {}
        Ok(Registration::Impossible(warning)) => told(&[*warning]),
        Ok(Registration::Added(added)) => {
            let after = parsed(&added);
            assert_eq!(after.entry_point("node_a"), Some("app.nodes.node_a.node:NodeA"), "{added}");
            let others = |pyproject: &Pyproject| -> Vec<(String, String)> {
                let all = pyproject.entry_points().into_iter();
                let others = all.filter(|(name, _)| *name != "node_a");
                others.map(|(name, target)| (name.to_owned(), target.to_owned())).collect()
            };
            assert_eq!(others(&after), others(&pyproject), "{added}");
            let without = parsed(&after.without_entry_point("node_a"));
            assert_eq!(others(&without), others(&pyproject), "{added}");
        }
    }
}

fn parsed(text: &str) -> Pyproject {
    Pyproject::parse(SourceFile::new("pyproject.toml", text))
        .unwrap_or_else(|problem| panic!("{}\n{text}", problem.message))
}

//! The files of a new project around its first node.
//!
//! In: a [`Project`] and a [`Node`]. Out: [`RenderedFile`]s. The node's own files are not among them, nor are the
//! packages that it lies in: those come with every node.

use serde::Serialize;

use super::engine::{self, TemplateError, View};
use super::text::{MarkdownText, TomlKey, TomlString};
use super::{Ownership, RenderedFile};
use crate::node::Node;
use crate::project::Project;
use crate::python::paragraphs;
use crate::workspace::RelPath;

/// `pyproject.toml` of a new project.
#[derive(Serialize)]
struct PyprojectToml {
    name: TomlString,
    description: TomlString,
    node: TomlKey,
    target: TomlString,
    folder: TomlString,
}

impl View for PyprojectToml {
    const TEMPLATE: &'static str = "project/pyproject.toml.j2";
}

/// `README.md` of a new project.
#[derive(Serialize)]
struct Readme {
    name: MarkdownText,
    description: MarkdownText,
    nodes: MarkdownText,
    node: MarkdownText,
}

impl View for Readme {
    const TEMPLATE: &'static str = "project/README.md.j2";
}

/// A `.gitignore` has no escapes, so there is nothing that could be filled in.
const GITIGNORE: &str = "\
*.egg-info/
.mypy_cache/
.onex/
.pytest_cache/
.ruff_cache/
.venv/
__pycache__/
dist/
";

/// Renders them.
///
/// # Errors
/// When a template is wrong.
pub fn new_project(project: &Project, node: &Node) -> Result<Vec<RenderedFile>, TemplateError> {
    let root = RelPath::root();
    let yours =
        |path: RelPath, text: String| RenderedFile { path, ownership: Ownership::Yours, text };
    Ok(vec![
        yours(root.ours(".gitignore"), GITIGNORE.to_owned()),
        yours(root.ours("README.md"), engine::render(&readme(project, node))?),
        yours(root.ours("pyproject.toml"), engine::render(&pyproject(project, node))?),
        yours(project.package_folder().ours("py.typed"), String::new()),
    ])
}

fn pyproject(project: &Project, node: &Node) -> PyprojectToml {
    PyprojectToml {
        name: TomlString::new(&distribution(project)),
        description: TomlString::new(&one_line(node)),
        node: TomlKey::new(node.folder.as_str()),
        target: TomlString::new(&format!("{}.node:{}", node.module, node.class_name)),
        folder: TomlString::new(project.package_folder().as_str()),
    }
}

fn readme(project: &Project, node: &Node) -> Readme {
    Readme {
        name: MarkdownText::new(&distribution(project)),
        description: MarkdownText::new(&one_line(node)),
        nodes: MarkdownText::code(project.nodes_folder().as_str()),
        node: MarkdownText::code(node.folder.as_str()),
    }
}

/// The name that the project is installed by: `order-desk` for the package `order_desk`.
fn distribution(project: &Project) -> String {
    project.package.as_str().trim_matches('_').replace('_', "-")
}

/// The first paragraph of what the node does: metadata holds one line.
fn one_line(node: &Node) -> String {
    paragraphs(&node.description).into_iter().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::{HandlerStyle, NodeKind, Routing, Strategy};
    use crate::project::{Place, Wish, detect};
    use crate::python::{DottedPath, Identifier};
    use crate::render::engine::fit::assert_fits;
    use crate::workspace::{Workspace, Write};

    /// A node without handlers, which is enough for what stands around it.
    fn node(description: &str) -> Node {
        Node {
            kind: NodeKind::Orchestrator,
            folder: Identifier::ours("node_parcel_orchestrator"),
            class_name: Identifier::ours("NodeParcelOrchestrator"),
            module: DottedPath::ours("order_desk.nodes.node_parcel_orchestrator"),
            description: description.to_owned(),
            style: HandlerStyle::Envelope,
            routing: Routing { strategy: Strategy::PayloadTypeMatch, mended: Vec::new() },
            steps: Vec::new(),
            handlers: Vec::new(),
            intents: Vec::new(),
            models: Vec::new(),
            named_models: Vec::new(),
            referred: Vec::new(),
            standing: Vec::new(),
        }
    }

    fn planned(root: &std::path::Path) -> Project {
        let workspace = Workspace::open(root).unwrap();
        let wish = Wish { given: Some("order_desk"), named: None };
        detect(&Place::Free(root.to_owned()), &workspace, wish).unwrap().project
    }

    fn text<'a>(files: &'a [RenderedFile], path: &str) -> &'a str {
        let file = files.iter().find(|file| file.path.as_str() == path);
        &file.unwrap_or_else(|| panic!("no {path}")).text
    }

    #[test]
    fn every_template_fits_its_view() {
        let project = planned(std::path::Path::new("nowhere"));
        let node = node("Sends parcels back.");
        assert_fits(&pyproject(&project, &node));
        assert_fits(&readme(&project, &node));
    }

    #[test]
    fn a_project_that_was_written_is_the_one_that_was_planned() {
        let folder = tempfile::tempdir().unwrap();
        let project = planned(folder.path());
        let files = new_project(&project, &node("Sends parcels back.")).unwrap();
        let writes: Vec<Write> = files
            .iter()
            .map(|f| Write { path: f.path.clone(), text: &f.text, replaces: None })
            .collect();
        let mut workspace = Workspace::open(folder.path()).unwrap();
        workspace.write(&writes, &[]).unwrap();
        let place = Place::Standing(folder.path().to_owned());
        let found = detect(&place, &workspace, Wish::default()).unwrap();
        let pyproject = found.pyproject.unwrap();
        assert!(found.warnings.is_empty(), "{:?}", found.warnings);
        let found = found.project;
        assert_eq!(found.package_folder(), project.package_folder());
        assert_eq!(found.tests, project.tests);
        assert_eq!(found.settings.format, project.settings.format);
        assert!(found.settings.imports.found.contains("order_desk"));
        assert!(found.tests_are_a_package && found.unit_marker && !found.is_new);
        assert_eq!(pyproject.name(), Some("order-desk"));
        assert_eq!(
            pyproject.entry_point("node_parcel_orchestrator"),
            Some("order_desk.nodes.node_parcel_orchestrator.node:NodeParcelOrchestrator")
        );
        for needed in ["omnibase-core", "pytest", "pytest-asyncio", "mypy", "ruff"] {
            assert!(pyproject.depends_on(needed), "{needed}");
        }
    }

    #[test]
    fn a_description_cannot_add_to_the_files() {
        let hostile = "x\"\n[tool.evil]\ny = 1\n\n# second\u{202e} `rm`";
        let project = planned(std::path::Path::new("nowhere"));
        let files = new_project(&project, &node(hostile)).unwrap();
        let toml: toml_edit::DocumentMut = text(&files, "pyproject.toml").parse().unwrap();
        assert_eq!(toml["project"]["description"].as_str(), Some("x\" [tool.evil] y = 1"));
        assert!(toml["tool"].get("evil").is_none());
        assert!(text(&files, "README.md").contains("x\" \\[tool.evil\\] y = 1\n"));
    }
}

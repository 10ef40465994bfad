//! Which files a node consists of, and where each of them stands.

use std::collections::{BTreeMap, BTreeSet};

use super::docstring::Docstring;
use super::engine::{self, View};
use super::views::contract_test::ContractTestView;
use super::views::init::InitView;
use super::views::model::ModelView;
use super::views::node::NodeView;
use super::views::{Context, ViewError, handler, handler_test};
use super::{Ownership, RenderError, RenderProblem, RenderedFile};
use crate::node::{ClassPath, Handler, Model};
use crate::project::Settings;
use crate::python::format::FormatError;
use crate::python::imports::{NameClash, excuse_long};
use crate::python::layout::lay_out;
use crate::python::{DocText, DottedPath, Identifier};
use crate::workspace::RelPath;

/// Every file of the node, sorted by path.
pub(super) fn files(
    context: Context<'_>,
    contract: &str,
) -> Result<Vec<RenderedFile>, RenderError> {
    let (node, project) = (context.node, context.project);
    let mut files = Files { context, files: BTreeMap::new() };
    let folder = project.module_folder(&node.module);
    files.add(folder.ours("contract.yaml"), Ownership::Yours, contract.to_owned());
    files.python(
        project.module_file(&node.module.child(Identifier::ours("node"))),
        Ownership::Generated,
        || view(NodeView::new(context)),
    )?;
    for handler in node.handlers.iter().filter(|handler| !handler.stands) {
        files.handler(handler)?;
    }
    for model in &node.models {
        files.model(model)?;
    }
    files.inits()?;
    files.tests()?;
    Ok(files.files.into_values().collect())
}

/// A view as text, not yet formatted.
fn view<V: View>(made: Result<V, NameClash>) -> Result<String, ViewError> {
    Ok(engine::render(&made?)?)
}

/// Lays out a text as the project wants it.
fn finish(text: &str, settings: &Settings, path: &RelPath) -> Result<String, FormatError> {
    let text = lay_out(text, &settings.format)?;
    Ok(match settings.reported_length(path) {
        Some(columns) => excuse_long(&text, columns, settings.format.indent_width),
        None => text,
    })
}

struct Files<'a> {
    context: Context<'a>,
    files: BTreeMap<RelPath, RenderedFile>,
}

impl Files<'_> {
    fn add(&mut self, path: RelPath, ownership: Ownership, text: String) {
        self.files.insert(path.clone(), RenderedFile { path, ownership, text });
    }

    fn python(
        &mut self,
        path: RelPath,
        ownership: Ownership,
        text: impl FnOnce() -> Result<String, ViewError>,
    ) -> Result<(), RenderError> {
        let settings = self.context.project.settings_at(&path);
        let finished = text()
            .map_err(RenderProblem::from)
            .and_then(|text| finish(&text, settings, &path).map_err(RenderProblem::from));
        match finished {
            Ok(text) => {
                self.add(path, ownership, text);
                Ok(())
            }
            Err(cause) => Err(RenderError { path, cause }),
        }
    }

    fn handler(&mut self, handler: &Handler) -> Result<(), RenderError> {
        let context = self.context;
        let path = context.project.module_file(&handler.class.module);
        self.python(path, Ownership::Scaffolded, || handler::render(context, handler))?;
        let tests = self.tests_folder();
        let stem = Identifier::parse(handler.class.module.last())
            .map(|module| module.affixed("test_", ""))
            .unwrap_or_else(|_| Identifier::ours("test_handler"));
        self.python(tests.python_file(&stem), Ownership::Scaffolded, || {
            handler_test::render(context.of_tests(), handler)
        })
    }

    fn model(&mut self, model: &Model) -> Result<(), RenderError> {
        let context = self.context;
        let path = context.project.module_file(&model.file);
        let ownership = if model.defined { Ownership::Generated } else { Ownership::Scaffolded };
        self.python(path, ownership, || view(ModelView::new(model, context.project)))
    }

    fn tests_folder(&self) -> RelPath {
        let nodes = self.context.project.tests.folder(&Identifier::ours("nodes"));
        nodes.folder(&self.context.node.folder)
    }

    /// The `__init__.py` of every package that a file of the node stands in.
    fn inits(&mut self) -> Result<(), RenderError> {
        let context = self.context;
        let node = context.node;
        let mut packages: BTreeSet<DottedPath> = BTreeSet::new();
        let handlers = node.module.child(Identifier::ours("handlers"));
        let models = node.module.child(Identifier::ours("models"));
        packages.extend([handlers.clone(), models.clone()]);
        packages.extend(node.handlers.iter().filter_map(|handler| handler.class.module.parent()));
        packages.extend(node.models.iter().filter_map(|model| model.file.parent()));
        let whole: BTreeSet<DottedPath> = packages.iter().flat_map(ancestors).collect();
        for package in whole {
            let exported = exported(context, &package);
            let doc = self.package_doc(&package);
            let path = context.project.init_file(&package);
            self.python(path, Ownership::Scaffolded, || {
                view(InitView::new(context, doc, &exported))
            })?;
        }
        Ok(())
    }

    fn package_doc(&self, package: &DottedPath) -> DocText {
        let (node, project) = (self.context.node, self.context.project);
        let width = self.context.line_length();
        let parts = package
            .strip_prefix(&node.module)
            .map(|parts| parts.iter().map(Identifier::as_str).collect::<Vec<_>>().join("."));
        match parts.as_deref() {
            Some("") => {
                let name = format!("The node {}.", node.folder);
                Docstring::of_description(width, 0, &node.description, &name)
            }
            Some("handlers") => {
                let long = format!("Handlers of {}.", node.folder);
                Docstring::new(width, 0, [long.as_str(), "Handlers of the node."])
            }
            Some("models") => {
                let long = format!("Models of {}.", node.folder);
                Docstring::new(width, 0, [long.as_str(), "Models of the node."])
            }
            Some(_) | None if *package == project.nodes_module() => {
                Docstring::new(width, 0, [format!("The nodes of {}.", project.package).as_str()])
            }
            Some(_) | None => {
                let long = format!("The package {package}.");
                let short = format!("The package {}.", package.last());
                Docstring::new(width, 0, [long.as_str(), &short])
            }
        }
        .finish()
    }

    fn tests(&mut self) -> Result<(), RenderError> {
        let context = self.context.of_tests();
        let folder = self.tests_folder();
        let node_doc = Docstring::new(
            context.line_length(),
            0,
            [format!("Tests of {}.", context.node.folder).as_str(), "Tests of the node."],
        );
        let nodes_doc = Docstring::new(context.line_length(), 0, ["Tests of the nodes."]);
        let mut inits = vec![(folder.clone(), node_doc), (folder.parent(), nodes_doc)];
        if context.project.tests_are_a_package {
            let doc = format!("Tests of {}.", context.project.package);
            let doc = Docstring::new(context.line_length(), 0, [doc.as_str()]);
            inits.push((context.project.tests.clone(), doc));
        }
        for (folder, doc) in inits {
            let path = folder.ours("__init__.py");
            self.python(path, Ownership::Scaffolded, || {
                view(InitView::new(context, doc.finish(), &[]))
            })?;
        }
        self.python(folder.ours("test_contract.py"), Ownership::Generated, || {
            view(ContractTestView::new(context))
        })
    }
}

/// A package and those that hold it.
fn ancestors(package: &DottedPath) -> Vec<DottedPath> {
    (1..=package.parts().len()).filter_map(|count| package.prefix(count)).collect()
}

/// The classes that a package re-exports, with the modules that they stand in.
fn exported(context: Context<'_>, package: &DottedPath) -> Vec<ClassPath> {
    let node = context.node;
    let handlers = node.handlers.iter().filter(|handler| !handler.stands);
    let handlers = handlers.filter(|h| h.class.module.parent().as_ref() == Some(package));
    let models = node.models.iter().filter(|model| {
        model.class.module == *package
            && model.file != *package
            && model.file.parent().as_ref() == Some(package)
    });
    let models = models.map(|m| ClassPath { module: m.file.clone(), name: m.class.name.clone() });
    handlers.map(|handler| handler.class.clone()).chain(models).collect()
}

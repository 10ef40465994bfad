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
use crate::node::{ClassPath, Handler, Model, Node};
use crate::parallel;
use crate::project::{Project, Settings};
use crate::python::format::FormatError;
use crate::python::imports::{NameClash, excuse_long};
use crate::python::layout::lay_out;
use crate::python::{DocText, DottedPath, Identifier};
use crate::workspace::RelPath;

/// Which cores render the files of a node.
#[derive(Clone, Copy)]
pub(super) enum Cores {
    /// The one that asks.
    This,
    /// All that there are.
    Every,
}

/// Every file of the node, sorted by path.
pub(super) fn files(
    node: &Node,
    project: &Project,
    contract: &str,
    cores: Cores,
) -> Result<Vec<RenderedFile>, RenderError> {
    let context = Context { node, project, settings: &project.settings };
    let layout = Layout { context };
    let render = |file: Python<'_>| file.rendered(context);
    let rendered: Vec<Result<RenderedFile, RenderError>> = match cores {
        Cores::This => layout.python().into_iter().map(render).collect(),
        Cores::Every => parallel::map(layout.python(), render),
    };
    // What is wanted for several reasons is the same file for each.
    let mut files = BTreeMap::new();
    for file in rendered.into_iter().chain([Ok(layout.contract(contract))]) {
        let file = file?;
        files.insert(file.path.clone(), file);
    }
    Ok(files.into_values().collect())
}

/// Lays out a text as the project wants it.
fn finish(text: &str, settings: &Settings, path: &RelPath) -> Result<String, FormatError> {
    let text = lay_out(text, &settings.format)?;
    Ok(match settings.reported_length(path) {
        Some(columns) => excuse_long(&text, columns, settings.format.indent_width),
        None => text,
    })
}

/// A Python file that a node has, still without its text.
struct Python<'a> {
    path: RelPath,
    ownership: Ownership,
    content: Content<'a>,
}

/// What a file is there for.
enum Content<'a> {
    Node,
    Handler(&'a Handler),
    HandlerTest(&'a Handler),
    Model(&'a Model),
    /// An `__init__.py`: what it says, and the classes that it re-exports.
    Package(DocText, Vec<ClassPath>),
    /// The same of a package of tests, which exports nothing.
    TestPackage(DocText),
    ContractTest,
}

impl Python<'_> {
    fn rendered(self, context: Context<'_>) -> Result<RenderedFile, RenderError> {
        let Self { path, ownership, content } = self;
        let settings = context.project.settings_at(&path);
        let text = content.text(context).map_err(RenderProblem::from);
        match text.and_then(|text| Ok(finish(&text, settings, &path)?)) {
            Ok(text) => Ok(RenderedFile { path, ownership, text }),
            Err(cause) => Err(RenderError { path, cause }),
        }
    }
}

impl Content<'_> {
    /// The text, not yet laid out.
    fn text(self, context: Context<'_>) -> Result<String, ViewError> {
        match self {
            Self::Node => view(NodeView::new(context)),
            Self::Handler(handler) => handler::render(context, handler),
            Self::HandlerTest(handler) => handler_test::render(context.of_tests(), handler),
            Self::Model(model) => view(ModelView::new(model, context.project)),
            Self::Package(doc, exported) => view(InitView::new(context, doc, &exported)),
            Self::TestPackage(doc) => view(InitView::new(context.of_tests(), doc, &[])),
            Self::ContractTest => view(ContractTestView::new(context.of_tests())),
        }
    }
}

/// A view as text.
fn view<V: View>(made: Result<V, NameClash>) -> Result<String, ViewError> {
    Ok(engine::render(&made?)?)
}

/// Where the files of a node stand.
#[derive(Clone, Copy)]
struct Layout<'a> {
    context: Context<'a>,
}

impl<'a> Layout<'a> {
    fn contract(&self, text: &str) -> RenderedFile {
        let folder = self.context.project.module_folder(&self.context.node.module);
        let (path, text) = (folder.ours("contract.yaml"), text.to_owned());
        RenderedFile { path, ownership: Ownership::Yours, text }
    }

    fn python(&self) -> Vec<Python<'a>> {
        let (node, project) = (self.context.node, self.context.project);
        let file = |path, ownership, content| Python { path, ownership, content };
        let test = self.tests_folder().ours("test_contract.py");
        let module = project.module_file(&node.module.child(Identifier::ours("node")));
        // The test is the largest of them: no core is to begin with it when all others are done.
        let mut files = vec![
            file(module, Ownership::Generated, Content::Node),
            file(test, Ownership::Generated, Content::ContractTest),
        ];
        for handler in node.handlers.iter().filter(|handler| !handler.stands) {
            let path = project.module_file(&handler.class.module);
            files.push(file(path, Ownership::Scaffolded, Content::Handler(handler)));
            let test = self.test_of(handler);
            files.push(file(test, Ownership::Scaffolded, Content::HandlerTest(handler)));
        }
        files.extend(node.models.iter().map(|model| {
            let who = if model.defined { Ownership::Generated } else { Ownership::Scaffolded };
            file(project.module_file(&model.file), who, Content::Model(model))
        }));
        let inits = self.packages().chain(self.test_packages());
        files.extend(inits.map(|(path, content)| file(path, Ownership::Scaffolded, content)));
        files
    }

    fn tests_folder(&self) -> RelPath {
        let nodes = self.context.project.tests.folder(&Identifier::ours("nodes"));
        nodes.folder(&self.context.node.folder)
    }

    fn test_of(&self, handler: &Handler) -> RelPath {
        let stem = Identifier::parse(handler.class.module.last())
            .map(|module| module.affixed("test_", ""))
            .unwrap_or_else(|_| Identifier::ours("test_handler"));
        self.tests_folder().python_file(&stem)
    }

    /// The `__init__.py` of every package that a file of the node stands in.
    fn packages(&self) -> impl Iterator<Item = (RelPath, Content<'a>)> {
        let layout = *self;
        let node = layout.context.node;
        let mut packages: BTreeSet<DottedPath> = BTreeSet::new();
        let handlers = node.module.child(Identifier::ours("handlers"));
        let models = node.module.child(Identifier::ours("models"));
        packages.extend([handlers, models]);
        packages.extend(node.handlers.iter().filter_map(|handler| handler.class.module.parent()));
        packages.extend(node.models.iter().filter_map(|model| model.file.parent()));
        let whole: BTreeSet<DottedPath> = packages.iter().flat_map(ancestors).collect();
        whole.into_iter().map(move |package| {
            let exported = exported(layout.context, &package);
            let content = Content::Package(layout.package_doc(&package), exported);
            (layout.context.project.init_file(&package), content)
        })
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

    /// The `__init__.py` of the packages that the tests stand in.
    fn test_packages(&self) -> impl Iterator<Item = (RelPath, Content<'a>)> {
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
        let content = |doc: Docstring| Content::TestPackage(doc.finish());
        inits.into_iter().map(move |(folder, doc)| (folder.ours("__init__.py"), content(doc)))
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

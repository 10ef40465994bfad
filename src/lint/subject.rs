//! One node and everything that rules may look at.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::rules::code::HandlerCode;
use super::source::{Source, Sources};
use crate::contract::{ClassRef, Contract, RoutingEntry, Yaml};
use crate::diagnostic::{Diagnostic, Severity};
use crate::node::{HandlerStyle, Node, Strategy};
use crate::project::{Project, Pyproject};
use crate::python::DottedPath;
use crate::python::module::Class;
use crate::source::{SourceFile, Span};
use crate::workspace::RelPath;

/// One node and everything that rules may look at.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The contract, as far as it can be read.
    pub contract: &'a Contract,
    /// The project that the node is in.
    pub project: &'a Project,
    /// The project's pyproject.toml; nothing for an installed package.
    pub pyproject: Option<&'a Pyproject>,
    /// The node, where it can be generated from the contract.
    pub node: Option<&'a Node>,
    /// How its handlers are called.
    pub style: HandlerStyle,
    /// The folder that the contract stands in.
    pub folder: &'a RelPath,
    /// The Python files of the node: its folder, its tests, and the modules that the contract names as far as
    /// the project holds them.
    pub sources: &'a Sources,
    /// Other YAML files that belong to this node to report.
    pub strays: &'a [SourceFile],
    /// Every contract of the project, this one too.
    pub contracts: &'a Neighbours,
    pub(super) handlers: OnceCell<Vec<HandlerCode<'a>>>,
}

/// Another contract of the project.
#[derive(Clone, Debug)]
pub struct Neighbour {
    /// The folder that it stands in.
    pub folder: RelPath,
    /// Its file.
    pub file: SourceFile,
    /// Its `name`, and where that stands.
    pub name: Option<crate::source::Spanned<String>>,
}

/// The contracts of a project, and where to find them: every node asks for others by name.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    /// Sorted by path.
    all: Vec<Neighbour>,
    /// By the names of the contracts.
    named: BTreeMap<String, Vec<usize>>,
    /// By the names of the folders that they stand in.
    folders: BTreeMap<String, Vec<usize>>,
}

impl Neighbours {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.all.len()
    }

    fn at<'n>(
        &'n self,
        index: &BTreeMap<String, Vec<usize>>,
        key: &str,
    ) -> impl Iterator<Item = &'n Neighbour> {
        let found: Vec<usize> = index.get(key).cloned().unwrap_or_default();
        found.into_iter().filter_map(|index| self.all.get(index))
    }
}

impl FromIterator<Neighbour> for Neighbours {
    fn from_iter<I: IntoIterator<Item = Neighbour>>(all: I) -> Self {
        let mut neighbours = Self { all: all.into_iter().collect(), ..Self::default() };
        for (index, neighbour) in neighbours.all.iter().enumerate() {
            let folder = neighbour.folder.name().to_owned();
            neighbours.folders.entry(folder).or_default().push(index);
            if let Some(name) = &neighbour.name {
                neighbours.named.entry(name.value.clone()).or_default().push(index);
            }
        }
        neighbours
    }
}

impl<'a> Subject<'a> {
    /// The contract's tree.
    #[must_use]
    pub fn root(&self) -> &'a Yaml {
        &self.contract.root
    }

    /// The contract's file.
    #[must_use]
    pub fn file(&self) -> &'a SourceFile {
        &self.contract.file
    }

    /// The other contracts of the project, sorted by path.
    pub fn neighbours(&self) -> impl Iterator<Item = &'a Neighbour> {
        let own = self.folder;
        self.contracts.all.iter().filter(move |other| other.folder != *own)
    }

    /// The other contracts of the project that have a name, sorted by path.
    pub fn neighbours_named(&self, name: &str) -> impl Iterator<Item = &'a Neighbour> {
        let own = self.folder;
        let named = self.contracts.at(&self.contracts.named, name);
        named.filter(move |other| other.folder != *own)
    }

    /// Whether another contract of the project stands in a folder of a name.
    #[must_use]
    pub fn has_neighbour_in(&self, folder: &str) -> bool {
        let mut there = self.contracts.at(&self.contracts.folders, folder);
        there.any(|other| other.folder != *self.folder)
    }

    /// The routing entries, in order.
    #[must_use]
    pub fn entries(&self) -> &'a [RoutingEntry] {
        self.contract.routing.as_ref().map_or(&[], |routing| routing.entries.as_slice())
    }

    /// The severity of what RuntimeLocal alone refuses: a warning for the handler styles that it cannot run in
    /// any case.
    #[must_use]
    pub fn local_severity(&self) -> Severity {
        match self.style {
            HandlerStyle::Dual | HandlerStyle::DefinitionB => Severity::Error,
            HandlerStyle::Envelope | HandlerStyle::Template => Severity::Warning,
        }
    }

    /// The severity of what the production wiring refuses, drops or misroutes: a warning for the handler style
    /// that no runtime can run in any case.
    #[must_use]
    pub fn wiring_severity(&self) -> Severity {
        match self.style {
            HandlerStyle::Envelope | HandlerStyle::Dual | HandlerStyle::DefinitionB => {
                Severity::Error
            }
            HandlerStyle::Template => Severity::Warning,
        }
    }

    /// Whether RuntimeLocal can run the node's handlers.
    #[must_use]
    pub fn runs_locally(&self) -> bool {
        self.local_severity() == Severity::Error
    }

    /// Where to point for something that is missing at the top: the contract's name, else its first key.
    #[must_use]
    pub fn anchor(&self) -> Span {
        let name = self.contract.name.as_ref().map(|name| name.span);
        let first = || self.root().entries().first().map(|(key, _)| key.span);
        name.or_else(first).unwrap_or_default()
    }

    /// Where a top-level key stands, else the [`Subject::anchor`].
    #[must_use]
    pub fn key(&self, key: &str) -> Span {
        self.root().entry(key).map_or_else(|| self.anchor(), |(key, _)| key.span)
    }

    /// The entries as they are written: those that are read otherwise have no place here.
    #[must_use]
    pub fn written_entries(&self) -> &'a [Yaml] {
        let handlers = self.root().get("handler_routing").and_then(|r| r.get("handlers"));
        handlers.and_then(Yaml::as_sequence).unwrap_or_default()
    }

    /// Whether the routing goes by the class of the payload, as it does where it does not say.
    #[must_use]
    pub fn routes_by_payload(&self) -> bool {
        let routing = self.contract.routing.as_ref();
        let strategy = routing.and_then(|routing| routing.strategy.as_ref());
        strategy.is_none_or(|strategy| strategy.value == Strategy::PayloadTypeMatch.as_str())
    }

    /// A finding in the contract.
    #[must_use]
    pub fn finding(
        &self,
        severity: Severity,
        rule: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> Diagnostic {
        let error = Diagnostic::error(rule, self.file(), span, message);
        Diagnostic { severity, ..error }
    }

    /// The module that a class reference names, absolute; nothing where it names none, or none that can be.
    #[must_use]
    pub fn module_of(&self, class: &ClassRef) -> Option<DottedPath> {
        let module = &class.module.as_ref()?.value;
        match module.strip_prefix('.') {
            Some(rest) => DottedPath::parse(&format!("{}.{rest}", self.package()?)).ok(),
            None => DottedPath::parse(module).ok(),
        }
    }

    /// The node's package, by the folder that the contract stands in.
    #[must_use]
    pub fn package(&self) -> Option<DottedPath> {
        self.project.package_at(self.folder)
    }

    /// The class that a reference names, where the project holds it, and the file it stands in.
    #[must_use]
    pub fn class(&self, class: &ClassRef) -> Option<(&'a Source, &'a Class)> {
        self.sources.class(self.project, &self.module_of(class)?, &class.name.value)
    }

    /// The file and class of an entry's handler.
    #[must_use]
    pub fn handler(&self, entry: &RoutingEntry) -> Option<(&'a Source, &'a Class)> {
        self.class(&entry.handler)
    }
}

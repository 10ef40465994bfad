//! Contract and project -> [`Node`]: names checked and derived, classes placed, stubs planned.
//!
//! In: a [`Contract`], the [`Project`] and what stands at [`paths_to_read`]. Out: a [`Node`] and warnings, or every
//! error at once. Knows nothing of templates.

use std::collections::{BTreeMap, BTreeSet};

use super::kind::{Category, HandlerStyle, NodeKind, Strategy};
use super::models::Classes;
use super::place::{self, Place, Places, State};
use super::stub::{self, Shape};
use super::{
    ClassPath, Field, FieldType, Handler, Intent, Model, Node, Route, Routing, mend, models,
    naming, reserved, workflow,
};
use crate::contract::{ClassRef, Contract, Definition, IntentRoute, RoutingEntry};
use crate::diagnostic::{self, Diagnostic};
use crate::project::Project;
use crate::python::{DottedPath, Identifier, NameProblem, StrLiteral, py};
use crate::source::{SourceFile, Span, Spanned};
use crate::workspace::{Disk, RelPath};

/// The files that [`resolve`] must be able to see.
#[must_use]
pub fn paths_to_read(contract: &Contract, project: &Project) -> Vec<RelPath> {
    let mut ignored = Vec::new();
    let base = Base::find(contract, project, &mut ignored);
    let mut paths = BTreeSet::new();
    let references = class_references(contract).map(|r| (r.module.as_ref(), &r.name));
    let defined = contract.definitions.iter().map(|d| (d.module.as_ref(), &d.name));
    let named = references.chain(defined);
    let named =
        named.filter_map(|(module, name)| Some((module?.value.as_str(), name.value.as_str())));
    let dotted = entry_outputs(contract).filter_map(|output| output.value.rsplit_once('.'));
    // Most classes are named several times.
    let classes: BTreeSet<(&str, &str)> = named.chain(dotted).collect();
    for (module, name) in classes {
        let name = Identifier::parse(name).ok();
        if let Ok(module) = base.absolute(module) {
            paths.extend(place::files_of(project, &module, name.as_ref()));
        }
    }
    let outputs = entry_outputs(contract).map(|output| class_part(&output.value));
    let defined = contract.definitions.iter().map(|d| class_part(&d.name.value));
    let own: BTreeSet<&str> = outputs.chain(defined).collect();
    for name in own.into_iter().filter_map(|name| Identifier::parse(name).ok()) {
        paths.extend(place::files_of(project, &base.models, Some(&name)));
    }
    for intent in &contract.intents {
        let class = naming::intent_payload_class(&intent.intent_type.value).ok();
        paths.extend(place::files_of(project, &base.models, class.as_ref()));
    }
    paths.into_iter().collect()
}

/// Resolves a contract.
///
/// # Errors
/// Everything that keeps the contract from being generated from, sorted by place.
pub fn resolve(
    contract: &Contract,
    project: &Project,
    disk: &Disk,
    style: HandlerStyle,
) -> Result<(Node, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut found = Vec::new();
    let node = Resolver::new(contract, project, disk, &mut found).run(style, &mut found);
    diagnostic::sort(&mut found);
    if found.iter().any(Diagnostic::is_error) { Err(found) } else { Ok((node, found)) }
}

/// Every reference to a class outside the definitions.
fn class_references(contract: &Contract) -> impl Iterator<Item = &ClassRef> {
    let entries = contract.routing.iter().flat_map(|routing| &routing.entries);
    let in_entries = entries.flat_map(|e| [Some(&e.handler), e.event_model.as_ref()]);
    let io = [contract.input_model.as_ref(), contract.output_model.as_ref()];
    in_entries.chain(io).flatten()
}

fn entry_outputs(contract: &Contract) -> impl Iterator<Item = &Spanned<String>> {
    let entries = contract.routing.iter().flat_map(|routing| &routing.entries);
    entries.flat_map(|entry| &entry.output_events)
}

/// The class in a name that may be dotted.
fn class_part(text: &str) -> &str {
    text.rsplit_once('.').map_or(text, |(_, class)| class)
}

/// The node's own names, which need nothing but the contract and the package.
struct Base {
    folder: Identifier,
    module: DottedPath,
    handlers: DottedPath,
    models: DottedPath,
}

impl Base {
    /// A contract without a usable name is reported, and gets a folder that stands in for its own, so that all
    /// that is wrong with the rest can be told as well.
    fn find(contract: &Contract, project: &Project, found: &mut Vec<Diagnostic>) -> Self {
        let folder = node_folder(contract, project).unwrap_or_else(|| {
            found.push(unnamed(contract));
            Identifier::ours("node_unnamed_orchestrator")
        });
        let module = project.nodes_module().child(folder.clone());
        let handlers = module.child(Identifier::ours("handlers"));
        let models = module.child(Identifier::ours("models"));
        Self { folder, module, handlers, models }
    }

    /// A module path; one with a leading dot is relative to the node's package.
    fn absolute(&self, module: &str) -> Result<DottedPath, NameProblem> {
        match module.strip_prefix('.') {
            Some(rest) => DottedPath::parse(&format!("{}.{rest}", self.module)),
            None => DottedPath::parse(module),
        }
    }
}

/// The folder that the handler modules name, else the contract's name with `node_` in front.
///
/// Handler modules that name several folders are settled by the contract's name, else by the first of them.
pub(crate) fn node_folder(contract: &Contract, project: &Project) -> Option<Identifier> {
    let own =
        contract.name.as_ref().and_then(|name| naming::folder_for_contract_name(&name.value).ok());
    let entries = contract.routing.iter().flat_map(|routing| &routing.entries);
    let modules = entries.filter_map(|entry| entry.handler.module.as_ref());
    let mut named = modules.filter_map(|module| {
        let module = DottedPath::parse(&module.value).ok()?;
        let rest = module.strip_prefix(&project.nodes_module())?.to_vec();
        rest.get(1).filter(|part| part.as_str() == "handlers")?;
        rest.into_iter().next()
    });
    let named: Vec<Identifier> = named.by_ref().collect();
    if let Some(own) = own.as_ref().filter(|own| named.contains(own)) {
        return Some(own.clone());
    }
    named.into_iter().next().or(own)
}

fn unnamed(contract: &Contract) -> Diagnostic {
    let help = "give the contract a name such as `name: \"node_order_orchestrator\"`";
    match &contract.name {
        Some(name) => Diagnostic::error(
            "unusable-name",
            &contract.file,
            name.span,
            format!("no node can be named after `{}`", name.value),
        )
        .label("a name is made of letters, digits and underscores")
        .help(help),
        None => Diagnostic::error(
            "missing-name",
            &contract.file,
            Span::default(),
            "the contract has no `name`, and no handler module names the node's folder",
        )
        .help(help),
    }
}

struct Resolver<'a> {
    contract: &'a Contract,
    project: &'a Project,
    base: Base,
    places: Places<'a>,
    definitions: BTreeMap<&'a str, &'a Definition>,
}

impl<'a> Resolver<'a> {
    fn new(
        contract: &'a Contract,
        project: &'a Project,
        disk: &'a Disk,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let base = Base::find(contract, project, found);
        let given = contract.definitions.iter().filter(|d| d.fields.is_some());
        let given = given.map(|definition| definition.name.value.as_str()).collect();
        let places = Places::new(project, disk, &contract.file, given);
        let definitions = contract.definitions.iter().map(|d| (d.name.value.as_str(), d)).collect();
        Self { contract, project, base, places, definitions }
    }

    fn run(mut self, style: HandlerStyle, found: &mut Vec<Diagnostic>) -> Node {
        let class_name = naming::node_class_name(&self.base.folder).unwrap_or_else(|problem| {
            let message =
                format!("no class can be named after `{}`: it {problem}", self.base.folder);
            let span = self.name_span();
            found.push(Diagnostic::error("unusable-name", &self.contract.file, span, message));
            Identifier::ours("NodeUnnamed")
        });
        let io: Vec<ClassPath> = [&self.contract.input_model, &self.contract.output_model]
            .into_iter()
            .flatten()
            .filter_map(|reference| self.model(reference, found))
            .collect();
        let strategy = self.strategy(found);
        let drafts = self.drafts(found);
        let intents = self.intents(found);
        let models = self.models(&drafts, &intents, found);
        self.refuse_collisions(&class_name, &drafts, found);
        self.refuse_files_that_are_packages(&drafts, found);
        self.refuse_tests_in_one_file(&drafts, found);
        let shapes = self.shapes(&models);
        self.refuse_other_kinds(found);
        let handlers = drafts
            .into_iter()
            .map(|draft| draft.finish(strategy, &intents, &shapes, &self.contract.file, found))
            .collect();
        if self.contract.routing.as_ref().is_none_or(|routing| routing.entries.is_empty()) {
            found.push(no_routing(self.contract));
        }
        let mut named_models: BTreeSet<ClassPath> = io.into_iter().collect();
        named_models.extend(self.places.all().map(|place| place.class.clone()));
        let standing = |generated: bool| -> Vec<DottedPath> {
            let fits = |place: &&Place| match &place.state {
                State::Standing(fields) => fields.is_some() == generated,
                State::Elsewhere | State::Missing => false,
            };
            let files: BTreeSet<DottedPath> =
                self.places.all().filter(fits).filter_map(|place| place.file.clone()).collect();
            files.into_iter().collect()
        };
        let (referred, others_files) = (standing(true), standing(false));
        let description = self.contract.description.as_ref().map(|d| d.value.trim().to_owned());
        Node {
            kind: NodeKind::Orchestrator,
            class_name,
            module: self.base.module.clone(),
            description: description
                .filter(|d| !d.is_empty())
                .unwrap_or_else(|| self.base.folder.to_string()),
            style,
            routing: Routing { strategy, mended: mend::mends(self.contract) },
            steps: self.contract.workflow.as_ref().map(workflow::steps).unwrap_or_default(),
            handlers,
            intents,
            models,
            named_models: named_models.into_iter().collect(),
            referred,
            standing: others_files,
            folder: self.base.folder,
        }
    }

    /// Where the contract gives its name.
    fn name_span(&self) -> Span {
        self.contract.name.as_ref().map(|name| name.span).unwrap_or_default()
    }

    /// A contract of another archetype would give a node that it does not describe.
    fn refuse_other_kinds(&self, found: &mut Vec<Diagnostic>) {
        let Some(kind) = &self.contract.node_type else { return };
        let word = kind.value.to_lowercase();
        if mend::NODE_TYPES.contains(&word.as_str()) || word == "orchestrator" {
            return;
        }
        found.push(
            Diagnostic::error(
                "not-an-orchestrator",
                &self.contract.file,
                kind.span,
                format!("`{}` is no orchestrator", shown(&kind.value)),
            )
            .label("only orchestrators can be generated yet")
            .help("write `node_type: ORCHESTRATOR_GENERIC` if it is one; `onex new node` makes the others"),
        );
    }

    fn strategy(&self, found: &mut Vec<Diagnostic>) -> Strategy {
        let Some(strategy) = self.contract.routing.as_ref().and_then(|r| r.strategy.as_ref())
        else {
            return Strategy::PayloadTypeMatch;
        };
        let known = Strategy::ALL.into_iter().find(|known| known.as_str() == strategy.value);
        known.unwrap_or_else(|| {
            let names = Strategy::ALL.map(Strategy::as_str);
            let mut problem = Diagnostic::error(
                "unknown-routing-strategy",
                &self.contract.file,
                strategy.span,
                format!("`{}` is no routing strategy of the framework", strategy.value),
            )
            .label(format!("one of {}", names.join(", ")));
            if let Some(meant) = diagnostic::nearest(&strategy.value, names) {
                problem = problem.help(format!("did you mean `{meant}`?"));
            }
            found.push(problem);
            Strategy::PayloadTypeMatch
        })
    }

    /// A class name, or the reason why it is none.
    fn class_name(
        &self,
        name: &Spanned<String>,
        example: &str,
        found: &mut Vec<Diagnostic>,
    ) -> Option<Identifier> {
        let refuse = |why: String, help: &str| {
            let message = format!("`{}` cannot be a class name: it {why}", shown(&name.value));
            Diagnostic::error("unusable-name", &self.contract.file, name.span, message).help(help)
        };
        match Identifier::parse(&name.value) {
            Ok(class) if reserved::is_reserved(class.as_str()) => {
                let why = "is a name that generated code uses for something else".to_owned();
                found.push(refuse(why, "give the class a name of its own"));
                None
            }
            Ok(class) => Some(class),
            Err(problem) => {
                let help = format!("write a plain name such as `{example}`");
                found.push(refuse(problem.to_string(), &help));
                None
            }
        }
    }

    fn module(&self, module: &Spanned<String>, found: &mut Vec<Diagnostic>) -> Option<DottedPath> {
        match self.base.absolute(&module.value) {
            Ok(path) => Some(path),
            Err(problem) => {
                let message =
                    format!("`{}` is no module path: a part of it {problem}", shown(&module.value));
                found.push(
                    Diagnostic::error("unusable-module", &self.contract.file, module.span, message)
                        .help("write names with dots between them, such as `myapp.models.events`"),
                );
                None
            }
        }
    }

    /// A model that the contract refers to; one without a module lives where its definition says, else in
    /// the node's own models.
    fn model(&mut self, reference: &ClassRef, found: &mut Vec<Diagnostic>) -> Option<ClassPath> {
        let name = self.class_name(&reference.name, "ModelOrderPlaced", found);
        let module = match &reference.module {
            Some(module) => self.module(module, found),
            None => self.home_of(&reference.name.value, found),
        };
        let (name, module) = (name?, module?);
        self.refuse_a_module_with_the_class_name(reference, &module, &name, found);
        Some(self.places.place(&module, &name, reference.span, found))
    }

    /// `myapp.models.ModelX` as a module and `ModelX` as a name: the class was written twice.
    fn refuse_a_module_with_the_class_name(
        &self,
        reference: &ClassRef,
        module: &DottedPath,
        name: &Identifier,
        found: &mut Vec<Diagnostic>,
    ) {
        if module.last() == name.as_str()
            && let Some(module) = &reference.module
        {
            found.push(
                Diagnostic::error(
                    "unusable-module",
                    &self.contract.file,
                    module.span,
                    format!("`{}` ends with the class itself", module.value),
                )
                .help("`module` is the module alone; the class stands in `name`"),
            );
        }
    }

    /// Where a class lives that is named without its module.
    fn home_of(&self, name: &str, found: &mut Vec<Diagnostic>) -> Option<DottedPath> {
        let references = class_references(self.contract).filter(|r| r.name.value == name);
        let entry_models = references.filter_map(|r| r.module.as_ref()).next();
        let defined = self.definitions.get(name).and_then(|definition| definition.module.as_ref());
        match entry_models.or(defined) {
            Some(module) => self.module(module, found),
            None => Some(self.base.models.clone()),
        }
    }

    /// One draft per handler class, in the order in which the contract first names them.
    fn drafts(&mut self, found: &mut Vec<Diagnostic>) -> Vec<Draft<'a>> {
        let mut drafts: Vec<Draft<'a>> = Vec::new();
        let mut index: BTreeMap<ClassPath, usize> = BTreeMap::new();
        let Some(routing) = &self.contract.routing else { return drafts };
        for entry in &routing.entries {
            let handler = self.handler(entry, found);
            let event = entry.event_model.as_ref().and_then(|model| self.model(model, found));
            let outputs = self.outputs(entry, found);
            let (category, of_category) = self.category(entry, found);
            let Some(class) = handler else { continue };
            let route = DraftRoute { entry, event, outputs };
            let at = *index.entry(class.clone()).or_insert_with(|| {
                let stands = self.handler_stands(&class, entry.handler.span, found);
                drafts.push(Draft {
                    class,
                    category,
                    of_category,
                    stands,
                    span: entry.handler.span,
                    routes: Vec::new(),
                });
                drafts.len() - 1
            });
            if let Some(draft) = drafts.get_mut(at) {
                if draft.category != category {
                    found.push(self.mixed_categories(draft, category, of_category));
                }
                draft.routes.push(route);
            }
        }
        drafts
    }

    /// A handler tells the registry one category, and gets no message of another.
    fn mixed_categories(&self, draft: &Draft<'_>, category: Category, span: Span) -> Diagnostic {
        let message = format!(
            "`{}` would consume {} as well as {}",
            draft.class.name,
            category.plural(),
            draft.category.plural()
        );
        Diagnostic::error("mixed-categories", &self.contract.file, span, message)
            .label(format!("this entry routes {}", category.plural()))
            .related(draft.of_category, format!("an earlier one routes {}", draft.category.plural()))
            .help(format!(
                "split the handler, and give the {} one of their own: the framework's registry knows each handler by one category",
                category.plural()
            ))
    }

    fn handler(&self, entry: &RoutingEntry, found: &mut Vec<Diagnostic>) -> Option<ClassPath> {
        let name = self.class_name(&entry.handler.name, "HandlerOrderPlaced", found);
        let Some(given) = &entry.handler.module else {
            let name = name?;
            let file = naming::handler_module_name(&name).ok()?;
            return Some(ClassPath { module: self.base.handlers.child(file), name });
        };
        let module = self.module(given, found)?;
        if module.first() != self.project.package.as_str() {
            found.push(
                Diagnostic::error(
                    "foreign-handler-module",
                    &self.contract.file,
                    given.span,
                    format!("`{module}` is not in this project's package `{}`", self.project.package),
                )
                .label("handlers are written into the project, and so must be in its package")
                .help(format!(
                    "name a module such as `{}.{}`, or generate into the project that has the package `{}`",
                    self.base.handlers,
                    name.as_ref().and_then(|n| naming::handler_module_name(n).ok()).map_or_else(
                        || "handler_order_placed".to_owned(),
                        |file| file.to_string()
                    ),
                    module.first(),
                )),
            );
            return None;
        }
        if module.parts().len() == 1 {
            found.push(
                Diagnostic::error(
                    "unusable-module",
                    &self.contract.file,
                    given.span,
                    format!("`{module}` is the package itself, not a module in it"),
                )
                .help(format!(
                    "name a module such as `{}.handler_order_placed`",
                    self.base.handlers
                )),
            );
            return None;
        }
        Some(ClassPath { module, name: name? })
    }

    /// Whether the handler's file is there already; then the class must be in it.
    fn handler_stands(&self, class: &ClassPath, span: Span, found: &mut Vec<Diagnostic>) -> bool {
        let path = self.project.module_file(&class.module);
        let Some(text) = self.places.disk.text(&path) else { return false };
        if crate::python::module::read(text).class(class.name.as_str()).is_none() {
            let message = format!("{path} is there and has no class `{}`", class.name);
            found.push(
                Diagnostic::error("class-not-found", &self.contract.file, span, message)
                    .label("the contract takes the handler from this file")
                    .help(format!("add `class {}` to {path}, or name another module", class.name)),
            );
        }
        true
    }

    fn outputs(&mut self, entry: &RoutingEntry, found: &mut Vec<Diagnostic>) -> Vec<ClassPath> {
        let mut outputs: Vec<ClassPath> = Vec::new();
        for output in &entry.output_events {
            let span = output.span;
            if output.value.starts_with("onex.") {
                let message = format!("`{}` is a topic, not a class", shown(&output.value));
                found.push(
                    Diagnostic::error("unusable-name", &self.contract.file, span, message)
                        .label("`output_events` holds the classes of events")
                        .help("write the class, such as `ModelOrderValidated`; its topic stands in `published_events`"),
                );
                continue;
            }
            let reference = match output.value.rsplit_once('.') {
                Some((module, class)) => ClassRef {
                    name: Spanned::new(class.to_owned(), span),
                    module: Some(Spanned::new(module.to_owned(), span)),
                    span,
                },
                None => ClassRef { name: output.clone(), module: None, span },
            };
            if let Some(class) = self.model(&reference, found)
                && !outputs.contains(&class)
            {
                outputs.push(class);
            }
        }
        outputs
    }

    /// The category and where the contract gives it: from `message_category`, else from the kind segment of the topic, else from the class name, as the
    /// framework infers it.
    fn category(&self, entry: &RoutingEntry, found: &mut Vec<Diagnostic>) -> (Category, Span) {
        let topic = entry.topic.as_ref().or(entry.subscribe_topic.as_ref());
        let of_topic = topic.and_then(|topic| {
            let kind = topic.value.split('.').find_map(category_of_word)?;
            Some((kind, topic.span))
        });
        let given = entry.message_category.as_ref();
        let given = given.and_then(|g| Some((category_of_word(&g.value.to_lowercase())?, g.span)));
        match given.or(of_topic) {
            Some((Some(category), span)) => (category, span),
            Some((None, span)) => {
                found.push(
                    Diagnostic::error(
                        "intent-to-orchestrator",
                        &self.contract.file,
                        span,
                        "an orchestrator cannot consume intents: the framework's registry refuses it",
                    )
                    .help("route events or commands here; intents go to effect nodes"),
                );
                (Category::Event, span)
            }
            None => {
                let model = entry.event_model.as_ref().map(|model| &model.name);
                let span = model.map_or(entry.span, |name| name.span);
                let is_command = model.is_some_and(|name| name.value.contains("Command"));
                (if is_command { Category::Command } else { Category::Event }, span)
            }
        }
    }

    fn intents(&mut self, found: &mut Vec<Diagnostic>) -> Vec<Intent> {
        let mut intents = Vec::new();
        let mut payloads: BTreeMap<Identifier, &Spanned<String>> = BTreeMap::new();
        for route in &self.contract.intents {
            let kind = &route.intent_type;
            let class = match naming::intent_payload_class(&kind.value) {
                Ok(class) => class,
                Err(problem) => {
                    let message = format!(
                        "no payload class can be named after `{}`: it {problem}",
                        shown(&kind.value)
                    );
                    found.push(
                        Diagnostic::error("unusable-name", &self.contract.file, kind.span, message)
                            .help("write an intent type such as `payment.process`"),
                    );
                    continue;
                }
            };
            if let Some(first) = payloads.insert(class.clone(), kind) {
                found.push(
                    Diagnostic::error(
                        "colliding-names",
                        &self.contract.file,
                        kind.span,
                        format!(
                            "`{}` and `{}` both need the payload class `{class}`",
                            first.value, kind.value
                        ),
                    )
                    .related(first.span, "the first of them")
                    .help("give one of the intents another name"),
                );
                continue;
            }
            if let Some(intent) = self.intent(route, &class, found) {
                intents.push(intent);
            }
        }
        intents
    }

    fn intent(
        &mut self,
        route: &IntentRoute,
        class: &Identifier,
        found: &mut Vec<Diagnostic>,
    ) -> Option<Intent> {
        let (kind, target) = (&route.intent_type, &route.target);
        // The bounds of the framework's ModelIntent.
        for (text, limit) in [(kind, 100), (target, 200)] {
            if text.value.is_empty() || text.value.chars().count() > limit {
                found.push(
                    Diagnostic::error(
                        "unusable-intent",
                        &self.contract.file,
                        text.span,
                        format!("the framework takes 1 to {limit} characters here"),
                    )
                    .help("write a name such as `payment.process` or `node_payment_effect`"),
                );
                return None;
            }
        }
        let module = self.home_of(class.as_str(), found)?;
        let payload = self.places.place(&module, class, kind.span, found);
        Some(Intent { intent_type: kind.value.clone(), target: target.value.clone(), payload })
    }

    /// The models to write: all that are missing, with their fields.
    fn models(
        &mut self,
        drafts: &[Draft<'a>],
        intents: &[Intent],
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Model> {
        self.place_definitions(found);
        let classes: Classes =
            self.places.all().map(|p| (p.class.name.to_string(), p.import())).collect();
        let circles =
            models::circles(&self.contract.definitions, &classes, &self.contract.file, found);
        let missing = self.places.all().filter(|place| matches!(place.state, State::Missing));
        let messages = Messages::of(drafts);
        let mut written = Vec::new();
        for place in missing {
            let Some(model) = self.write(place, &classes, &messages, intents, found) else {
                continue;
            };
            let circle = circles.get(&place.import()).cloned().unwrap_or_default();
            written.push(Model { circle, ..model });
        }
        written
    }

    /// Definitions that nothing else names live beside the model that refers to them first, else in the
    /// node's own models.
    fn place_definitions(&mut self, found: &mut Vec<Diagnostic>) {
        let mut homes: BTreeMap<String, DottedPath> = self
            .places
            .all()
            .filter_map(|place| Some((place.class.name.to_string(), place.home()?)))
            .collect();
        let placed: BTreeSet<String> =
            self.places.all().map(|place| place.class.name.to_string()).collect();
        let mut referrers: BTreeMap<&str, &str> = BTreeMap::new();
        for definition in &self.contract.definitions {
            for name in models::references(definition) {
                referrers.entry(name).or_insert(&definition.name.value);
            }
        }
        let written = self.contract.definitions.iter().filter(|d| d.fields.is_some());
        for definition in written {
            if placed.contains(&definition.name.value) {
                continue;
            }
            let Some(name) = self.class_name(&definition.name, "ModelOrderPlaced", found) else {
                continue;
            };
            let module = match &definition.module {
                Some(module) => self.module(module, found),
                None => {
                    Some(self.beside_the_referrer(&definition.name.value, &referrers, &mut homes))
                }
            };
            if let Some(module) = module {
                self.places.place(&module, &name, definition.name.span, found);
            }
        }
    }

    /// Goes up the chain of references until a model is met whose home is known, and remembers the way.
    fn beside_the_referrer(
        &self,
        name: &str,
        referrers: &BTreeMap<&str, &str>,
        homes: &mut BTreeMap<String, DottedPath>,
    ) -> DottedPath {
        let mut way = BTreeSet::new();
        let mut at = name;
        let mut home = None;
        while home.is_none() && way.insert(at) {
            match referrers.get(at) {
                Some(referrer) => at = referrer,
                None => break,
            }
            home = homes.get(at).cloned();
        }
        let home = home.unwrap_or_else(|| self.base.models.clone());
        homes.extend(way.into_iter().map(|name| (name.to_owned(), home.clone())));
        home
    }

    fn write(
        &self,
        place: &Place,
        classes: &Classes,
        messages: &Messages<'_>,
        intents: &[Intent],
        found: &mut Vec<Diagnostic>,
    ) -> Option<Model> {
        let class = &place.class;
        let file = place.file.clone()?;
        let definition = self.definitions.get(class.name.as_str()).filter(|d| d.fields.is_some());
        let intent = intents.iter().find(|intent| intent.payload == *class);
        let mut model = match definition {
            Some(definition) => models::model_of(
                definition,
                class.clone(),
                file,
                classes,
                &self.contract.file,
                found,
            ),
            None => Model::scaffold(class.clone(), file, self.purpose(class, messages)),
        };
        if let Some(intent) = intent {
            if definition.is_none() {
                model.description = format!("Payload of the intent {}.", intent.intent_type);
                model.fields.clear();
            }
            model.fields.retain(|field| field.name.as_str() != "intent_type");
            model.fields.insert(0, intent_type_field(&intent.intent_type));
        }
        Some(model)
    }

    /// What a model without a definition is for.
    ///
    /// A model outside the node's own package may belong to other nodes as well, whose contracts say other things:
    /// its text depends on its name alone.
    fn purpose(&self, class: &ClassPath, messages: &Messages<'_>) -> String {
        if class.module.strip_prefix(&self.base.module).is_none() {
            return models::spoken(&class.name);
        }
        let published = self.contract.published_events.iter().chain(&self.contract.consumed_events);
        let said = published
            .filter(|event| {
                let kind = event.event_type.as_ref().map(|t| t.value.trim_start_matches("Model"));
                kind.is_some_and(|kind| kind == class.name.as_str().trim_start_matches("Model"))
            })
            .find_map(|event| event.description.as_ref());
        if let Some(said) = said {
            return said.value.clone();
        }
        if messages.handled.contains(class) {
            format!("A message that {} handles.", self.base.folder)
        } else if messages.emitted.contains(class) {
            format!("An event that {} emits.", self.base.folder)
        } else {
            format!("A model of {}.", self.base.folder)
        }
    }

    /// Two classes that need one file, on a disk that knows no case too, and two handlers in one module.
    fn refuse_collisions(
        &self,
        node: &Identifier,
        drafts: &[Draft<'a>],
        found: &mut Vec<Diagnostic>,
    ) {
        if reserved::is_reserved(node.as_str()) {
            let message = format!(
                "the node's class would be `{node}`, a name that generated code uses for something else"
            );
            let error =
                Diagnostic::error("unusable-name", &self.contract.file, self.name_span(), message);
            found.push(
                error.help("give the node a name of its own, such as `node_order_orchestrator`"),
            );
        }
        for draft in drafts.iter().filter(|draft| draft.class.name == *node) {
            let message = format!("the handler is called `{node}`, as the node itself");
            found.push(
                Diagnostic::error("colliding-names", &self.contract.file, draft.span, message)
                    .label("the node's class in node.py has this name")
                    .help("give the handler a name of its own, such as `HandlerOrderPlaced`"),
            );
        }
        let mut names: BTreeMap<&Identifier, Span> = BTreeMap::new();
        for draft in drafts {
            if let Some(first) = names.insert(&draft.class.name, draft.span) {
                let message = format!("two handlers are called `{}`", draft.class.name);
                found.push(
                    Diagnostic::error("colliding-names", &self.contract.file, draft.span, message)
                        .related(first, "the first of them")
                        .help(
                            "the framework looks handlers up by class name: give one another name",
                        ),
                );
            }
        }
        let mut taken: BTreeMap<String, (String, Span)> = BTreeMap::new();
        let handlers =
            drafts.iter().map(|draft| (&draft.class.module, &draft.class.name, draft.span));
        let models = self.places.all().filter(|place| matches!(place.state, State::Missing));
        let models = models.filter_map(|p| Some((p.file.as_ref()?, &p.class.name, p.span)));
        for (module, class, span) in handlers.chain(models) {
            let path = self.project.module_file(module);
            let Some((first, at)) = taken.insert(path.folded(), (class.to_string(), span)) else {
                continue;
            };
            if first == class.as_str() && module.to_string() == module.to_string().to_lowercase() {
                // The same class reached by two spellings of its module is written once.
                continue;
            }
            found.push(
                Diagnostic::error(
                    "colliding-names",
                    &self.contract.file,
                    span,
                    format!("`{first}` and `{class}` both belong into {path}"),
                )
                .related(at, "the first of them")
                .help("one class per file: give one of them another name or a module of its own"),
            );
        }
    }

    /// Two handlers whose tests need one file: a test is called after its handler's module.
    fn refuse_tests_in_one_file(&self, drafts: &[Draft<'a>], found: &mut Vec<Diagnostic>) {
        let mut tests: BTreeMap<String, (&str, Span)> =
            [("contract".to_owned(), ("the contract", self.name_span()))].into();
        for draft in drafts.iter().filter(|draft| !draft.stands) {
            let stem = draft.class.module.last().to_lowercase();
            let class = draft.class.name.as_str();
            let Some((other, at)) = tests.insert(stem.clone(), (class, draft.span)) else {
                continue;
            };
            if drafts
                .iter()
                .any(|d| d.class.name.as_str() == other && d.class.module == draft.class.module)
            {
                // Two classes in one module, which is reported as such.
                continue;
            }
            let message =
                format!("the tests of `{class}` and of {other} would both be test_{stem}.py");
            found.push(
                Diagnostic::error("colliding-names", &self.contract.file, draft.span, message)
                    .related(at, "the first of them")
                    .help("a test is called after the last part of its handler's module: change that of one"),
            );
        }
    }

    /// A name that would be a file and a folder: Python imports the folder alone.
    fn refuse_files_that_are_packages(&self, drafts: &[Draft<'a>], found: &mut Vec<Diagnostic>) {
        let own =
            (self.base.module.child(Identifier::ours("node")), "the node itself", self.name_span());
        let handlers =
            drafts.iter().map(|d| (d.class.module.clone(), d.class.name.as_str(), d.span));
        let models = self.places.all();
        let models = models.filter_map(|p| Some((p.file.clone()?, p.class.name.as_str(), p.span)));
        let files: Vec<(DottedPath, &str, Span)> =
            std::iter::once(own).chain(handlers).chain(models).collect();
        let folded = |module: &DottedPath| module.spelt().to_ascii_lowercase();
        let mut packages: BTreeMap<String, (&str, Span)> = BTreeMap::new();
        for package in [&self.base.handlers, &self.base.models] {
            packages.insert(folded(package), ("the node itself", self.name_span()));
        }
        for (module, user, span) in &files {
            for package in std::iter::successors(module.parent(), DottedPath::parent) {
                packages.entry(folded(&package)).or_insert((user, *span));
            }
        }
        for (module, user, span) in files {
            let Some((other, at)) = packages.get(&folded(&module)) else { continue };
            let message = format!("`{module}` would be a file and a package at once");
            found.push(
                Diagnostic::error("colliding-names", &self.contract.file, span, message)
                    .label(format!("{user} is to stand in {}", self.project.module_file(&module)))
                    .related(*at, format!("{other} needs the package of that name"))
                    .help(format!(
                        "give one of them another module, such as `{}`",
                        self.free_module(&module)
                    )),
            );
        }
    }

    /// A module of the same kind that is no package.
    fn free_module(&self, taken: &DottedPath) -> DottedPath {
        let is_models = *taken == self.base.models;
        let stem =
            Identifier::ours(if is_models { "model_order_placed" } else { "handler_order_placed" });
        if is_models { self.base.models.child(stem) } else { self.base.handlers.child(stem) }
    }

    /// What is known of every class's fields, for building values.
    fn shapes(&self, models: &[Model]) -> BTreeMap<ClassPath, Shape> {
        // Other models import a class from its file, the contract perhaps from the package around it.
        let planned = models.iter().flat_map(|model| {
            let in_file = ClassPath { module: model.file.clone(), name: model.class.name.clone() };
            let shape = Shape::of_model(model);
            [(in_file, shape.clone()), (model.class.clone(), shape)]
        });
        let standing = self.places.all().filter_map(|place| {
            let class = place.class.clone();
            match &place.state {
                State::Standing(Some(fields)) => Some((place, Shape::of_standing(class, fields))),
                State::Standing(None) => Some((place, Shape::unknown(class))),
                State::Elsewhere | State::Missing => None,
            }
        });
        let standing = standing.flat_map(|(place, shape)| {
            [(place.import(), shape.clone()), (place.class.clone(), shape)]
        });
        let mut shapes = planned.chain(standing).collect();
        stub::note_readable(&mut shapes);
        shapes
    }
}

/// Text of a contract inside a message: short, and without what a reader could not see.
fn shown(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    let dots = if text.chars().count() > 60 { "..." } else { "" };
    format!("{}{dots}", short.escape_debug())
}

/// The category that a word of a topic stands for; `Some(None)` for intents.
#[expect(
    clippy::option_option,
    reason = "a word that says nothing and one that says `intent` are two things"
)]
fn category_of_word(word: &str) -> Option<Option<Category>> {
    match word {
        "evt" | "event" | "events" => Some(Some(Category::Event)),
        "cmd" | "command" | "commands" => Some(Some(Category::Command)),
        "intent" | "intents" => Some(None),
        _ => None,
    }
}

fn no_routing(contract: &Contract) -> Diagnostic {
    let span = contract.routing.as_ref().map(|r| r.span).or(contract.name.as_ref().map(|n| n.span));
    Diagnostic::warning(
        "no-routing-entries",
        &contract.file,
        span.unwrap_or_default(),
        "the contract routes no message, so the node has no handlers",
    )
    .help("add an entry with `event_model` and `handler` under `handler_routing.handlers`")
}

fn intent_type_field(intent_type: &str) -> Field {
    let literal = py!("{}", StrLiteral::new(intent_type));
    Field {
        name: Identifier::ours("intent_type"),
        holds: FieldType::Literal(vec![literal.clone()]),
        default: Some(super::Default::Value(literal)),
        constraints: Vec::new(),
        description: String::new(),
        validations: Vec::new(),
    }
}

/// A handler whose stub is not planned yet.
struct Draft<'a> {
    class: ClassPath,
    category: Category,
    /// Where the contract gives the category.
    of_category: Span,
    stands: bool,
    span: Span,
    routes: Vec<DraftRoute<'a>>,
}

struct DraftRoute<'a> {
    entry: &'a RoutingEntry,
    event: Option<ClassPath>,
    outputs: Vec<ClassPath>,
}

/// What the handlers of a node take and give.
struct Messages<'a> {
    handled: BTreeSet<&'a ClassPath>,
    emitted: BTreeSet<&'a ClassPath>,
}

impl<'a> Messages<'a> {
    fn of(drafts: &'a [Draft<'_>]) -> Self {
        let routes = || drafts.iter().flat_map(|draft| &draft.routes);
        Self {
            handled: routes().filter_map(|route| route.event.as_ref()).collect(),
            emitted: routes().flat_map(|route| &route.outputs).collect(),
        }
    }
}

impl Draft<'_> {
    fn finish(
        self,
        strategy: Strategy,
        intents: &[Intent],
        shapes: &BTreeMap<ClassPath, Shape>,
        file: &SourceFile,
        found: &mut Vec<Diagnostic>,
    ) -> Handler {
        self.refuse_ambiguous_names(intents, file, found);
        let routes =
            self.routes.iter().map(|r| r.finish(strategy, intents, shapes, file, found)).collect();
        Handler { class: self.class, category: self.category, stands: self.stands, routes }
    }

    /// In one Python file one name means one class.
    fn refuse_ambiguous_names(
        &self,
        intents: &[Intent],
        file: &SourceFile,
        found: &mut Vec<Diagnostic>,
    ) {
        let mut names: BTreeMap<&Identifier, &ClassPath> = BTreeMap::new();
        let of_routes =
            self.routes.iter().flat_map(|route| route.event.iter().chain(&route.outputs));
        let payloads = intents.iter().map(|intent| &intent.payload);
        for class in std::iter::once(&self.class).chain(of_routes).chain(payloads) {
            let first = *names.entry(&class.name).or_insert(class);
            if first != class {
                found.push(
                    Diagnostic::error(
                        "colliding-names",
                        file,
                        self.span,
                        format!(
                            "{} would have to import `{}` from both {} and {}",
                            self.class.name, class.name, first.module, class.module
                        ),
                    )
                    .help(
                        "give one of the classes another name, or split the entry in two handlers",
                    ),
                );
            }
        }
    }
}

impl DraftRoute<'_> {
    /// What the framework's routing table files this entry under.
    fn key(&self, strategy: Strategy) -> Option<String> {
        match strategy {
            Strategy::PayloadTypeMatch => self.event.as_ref().map(|event| event.name.to_string()),
            Strategy::OperationMatch => self.entry.operation.as_ref().map(|o| o.value.clone()),
            Strategy::TopicPattern => self.entry.event_type.as_ref().map(|t| t.value.clone()),
        }
    }

    fn finish(
        &self,
        strategy: Strategy,
        intents: &[Intent],
        shapes: &BTreeMap<ClassPath, Shape>,
        file: &SourceFile,
        found: &mut Vec<Diagnostic>,
    ) -> Route {
        let incoming = self.event.as_ref().and_then(|event| shapes.get(event));
        let raises = !self.entry.output_intents.is_empty();
        let recipe = |class: &ClassPath| stub::recipe(class, shapes.get(class), incoming);
        let routed: Vec<&Intent> = if raises {
            let wanted = self.entry.output_intents.iter();
            wanted.filter_map(|kind| find_intent(kind, intents, file, found)).collect()
        } else {
            intents.iter().collect()
        };
        Route {
            event: self.event.clone(),
            sample: self.event.as_ref().map(|event| stub::sample(event, shapes)),
            topic: self
                .entry
                .topic
                .as_ref()
                .or(self.entry.subscribe_topic.as_ref())
                .map(|t| t.value.clone()),
            key: self.key(strategy),
            description: self
                .entry
                .description
                .as_ref()
                .map(|d| d.value.clone())
                .unwrap_or_default(),
            outputs: self.outputs.iter().map(recipe).collect(),
            intents: routed.iter().map(|i| ((*i).clone(), recipe(&i.payload))).collect(),
            raises,
        }
    }
}

fn find_intent<'i>(
    kind: &Spanned<String>,
    intents: &'i [Intent],
    file: &SourceFile,
    found: &mut Vec<Diagnostic>,
) -> Option<&'i Intent> {
    let known = intents.iter().find(|intent| intent.intent_type == kind.value);
    if known.is_none() {
        let names = intents.iter().map(|intent| intent.intent_type.as_str());
        let near = diagnostic::nearest(&kind.value, names);
        let help = near.map_or_else(
            || {
                format!(
                    "add `\"{}\": <effect node>` to intent_consumption.intent_routing_table",
                    shown(&kind.value)
                )
            },
            |near| format!("did you mean `{near}`?"),
        );
        found.push(
            Diagnostic::error(
                "unrouted-intent",
                file,
                kind.span,
                format!(
                    "`{}` is in `output_intents` and in no intent routing table",
                    shown(&kind.value)
                ),
            )
            .help(help),
        );
    }
    known
}

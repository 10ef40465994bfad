//! The node as it will stand: every name derived, every default applied, nothing optional left to wonder about.
//!
//! In: a [`crate::contract::Contract`], the [`crate::project::Project`] and what already stands on disk. Out: a
//! [`Node`] ([`resolve`]), which knows nothing of files' texts and nothing of how the contract spelt things.

pub mod kind;
mod mend;
pub mod models;
pub mod naming;
mod place;
mod reserved;
pub mod resolve;
mod stub;
pub mod workflow;

use std::collections::BTreeSet;

use crate::python::{Code, DottedPath, Identifier};

pub use kind::{Category, HandlerStyle, NodeKind, Strategy};
pub use resolve::{paths_to_read, resolve};

/// A node, ready to be rendered.
#[derive(Clone, Debug)]
pub struct Node {
    /// Which archetype.
    pub kind: NodeKind,
    /// The folder, which is also the entry point's name: `node_order_workflow_orchestrator`.
    pub folder: Identifier,
    /// The class in node.py: `NodeOrderWorkflowOrchestrator`.
    pub class_name: Identifier,
    /// The node's package: `myapp.nodes.node_order_workflow_orchestrator`.
    pub module: DottedPath,
    /// What the contract says that the node does; never empty.
    pub description: String,
    /// How handlers are called.
    pub style: HandlerStyle,
    /// What the contract's routing table looks like to the framework.
    pub routing: Routing,
    /// The workflow's steps, every one behind those that it waits for.
    pub steps: Vec<Step>,
    /// One per handler class, in the order in which the contract first names them.
    pub handlers: Vec<Handler>,
    /// The intents that the contract routes, in its order.
    pub intents: Vec<Intent>,
    /// The models that this project is to hold and does not yet hold, sorted by class.
    pub models: Vec<Model>,
    /// Every model class that the contract names and Python must be able to import, sorted.
    pub named_models: Vec<ClassPath>,
    /// The files of generated models of the project that the node refers to and that are there already: another
    /// node's definitions give them.
    pub referred: Vec<DottedPath>,
    /// The files of other classes of the project that are there already.
    pub standing: Vec<DottedPath>,
}

impl Node {
    /// The class in node.py, with its module.
    #[must_use]
    pub fn class(&self) -> ClassPath {
        let module = self.module.child(Identifier::ours("node"));
        ClassPath { module, name: self.class_name.clone() }
    }
}

/// `handler_routing` as the framework's routing model sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routing {
    /// How messages find their handler.
    pub strategy: Strategy,
    /// What the file spells in a way that the framework's models refuse, and the contract test mends in memory.
    pub mended: Vec<Mend>,
}

/// Something that the framework's contract models refuse although it is clear what is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mend {
    /// `contract_version` is missing or text.
    ContractVersion,
    /// `node_type` is no name of the framework's enum.
    NodeType,
    /// A top-level `version` key.
    VersionKey,
    /// `handler_routing` has no `version`, or one that is text.
    RoutingVersion,
    /// Routing entries are spelt flat, as strings, by key or beside `handler_routing`.
    Entries,
}

/// A class and the module to import it from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassPath {
    /// The module that the import names.
    pub module: DottedPath,
    /// The class.
    pub name: Identifier,
}

/// One step of the workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `node_id`.
    pub id: String,
    /// What it does, or nothing.
    pub description: String,
    /// What kind of node does it: `effect`, `compute`, ...; empty where the contract does not say.
    pub by: String,
    /// The steps that it waits for.
    pub after: Vec<String>,
}

/// One handler class and all that it serves.
#[derive(Clone, Debug)]
pub struct Handler {
    /// The class; its module is a file of its own.
    pub class: ClassPath,
    /// What the registry is told it consumes.
    pub category: Category,
    /// Whether the class is there already, so that neither it nor its test is written.
    pub stands: bool,
    /// One per routing entry that names this handler.
    pub routes: Vec<Route>,
}

/// One routing entry as its handler sees it.
#[derive(Clone, Debug)]
pub struct Route {
    /// The class of the payload; nothing where the contract names none and a mapping arrives.
    pub event: Option<ClassPath>,
    /// An expression that makes such an event; nothing for a mapping.
    pub sample: Option<Sample>,
    /// The topic that the message comes in on, where the contract says.
    pub topic: Option<String>,
    /// What `handler_routing` looks this entry up by; nothing where the entry has no such key.
    pub key: Option<String>,
    /// What the entry says about itself; may be empty.
    pub description: String,
    /// What may be emitted, in the contract's order.
    pub outputs: Vec<Recipe>,
    /// The intents that may be raised: those of `output_intents`, or all that the node routes.
    pub intents: Vec<(Intent, Recipe)>,
    /// Whether the entry has `output_intents`, so that its stub raises those it can build.
    pub raises: bool,
}

impl Route {
    /// The events that can be built from the incoming one.
    pub fn buildable(&self) -> impl Iterator<Item = &Recipe> {
        self.outputs.iter().filter(|recipe| recipe.is_complete())
    }

    /// The intents that a stub raises by itself.
    pub fn raised(&self) -> impl Iterator<Item = &(Intent, Recipe)> {
        self.intents.iter().filter(|(_, recipe)| self.raises && recipe.is_complete())
    }
}

/// How to build a model from an incoming event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// What is built.
    pub class: ClassPath,
    /// Its arguments, in the order of its fields; nothing where its fields are not known.
    pub arguments: Option<Vec<Argument>>,
}

/// One argument of a [`Recipe`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The field.
    pub name: Identifier,
    /// The type to provide where the incoming event has no such field, as its annotation reads.
    pub missing: Option<String>,
}

impl Recipe {
    /// Whether every argument can be copied from the incoming event.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let complete = |arguments: &Vec<Argument>| arguments.iter().all(|a| a.missing.is_none());
        self.arguments.as_ref().is_some_and(complete)
    }
}

/// An expression that builds a valid value, and what it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// The expression.
    pub code: Code,
    /// The classes to import.
    pub classes: BTreeSet<ClassPath>,
    /// The names of the standard library to import: module and name.
    pub names: BTreeSet<(&'static str, &'static str)>,
    /// Whether it calls `unvalidated(ModelX, ..)`, which makes an instance of which not all fields are known.
    pub unvalidated: bool,
    /// Whether it does so with a class of somebody's own inside a message, which may be no model.
    pub foreign: bool,
}

/// An intent that the contract routes to an effect node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// `payment.process`.
    pub intent_type: String,
    /// `node_payment_effect`.
    pub target: String,
    /// The typed payload: `ModelPaymentProcessIntentPayload`.
    pub payload: ClassPath,
}

/// A model class that the node brings into the project.
#[derive(Clone, Debug)]
pub struct Model {
    /// How others import it.
    pub class: ClassPath,
    /// The file that it stands in: `myapp.models.events.model_order_placed_event`.
    pub file: DottedPath,
    /// What it is for; never empty.
    pub description: String,
    /// Whether the contract's `definitions` give the fields, which makes the file a generated one.
    pub defined: bool,
    /// The fields, in order.
    pub fields: Vec<Field>,
    /// The models that hold each other by way of this one, itself among them, each in its file; mostly none.
    pub circle: BTreeSet<ClassPath>,
    /// `frozen` of the model's configuration.
    pub frozen: bool,
    /// `extra` of the model's configuration.
    pub extra: Extra,
}

impl Model {
    /// A model whose fields the contract does not give: it carries the id that runtimes correlate by, and the
    /// rest is the user's.
    #[must_use]
    pub fn scaffold(class: ClassPath, file: DottedPath, description: String) -> Self {
        let correlation_id = Field {
            name: Identifier::ours("correlation_id"),
            holds: FieldType::Uuid,
            default: Some(Default::Uuid4),
            constraints: Vec::new(),
            description: String::new(),
            validations: Vec::new(),
        };
        Self {
            class,
            file,
            description,
            defined: false,
            fields: vec![correlation_id],
            circle: BTreeSet::new(),
            frozen: true,
            extra: Extra::Forbid,
        }
    }
}

/// What a model does with fields that it does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// Refuse them.
    Forbid,
    /// Drop them.
    Ignore,
    /// Keep them.
    Allow,
}

/// One field of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name in Python.
    pub name: Identifier,
    /// What it holds.
    pub holds: FieldType,
    /// What it is when nothing is given; nothing for a required field.
    pub default: Option<Default>,
    /// Arguments of `Field(...)` such as `ge=1`, in order: name and value.
    pub constraints: Vec<(Identifier, Code)>,
    /// What it means; may be empty.
    pub description: String,
    /// What the contract wants validated by hand.
    pub validations: Vec<String>,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// `str`
    Str,
    /// `int`
    Int,
    /// `float`
    Float,
    /// `bool`
    Bool,
    /// `bytes`
    Bytes,
    /// `UUID`
    Uuid,
    /// `datetime`
    DateTime,
    /// `date`
    Date,
    /// `timedelta`
    TimeDelta,
    /// `Decimal`
    Decimal,
    /// `object`: anything at all, without the `Any` that switches checking off.
    Object,
    /// `tuple[T, ...]` in a frozen model.
    Tuple(Box<FieldType>),
    /// `list[T]` in one that can change.
    List(Box<FieldType>),
    /// `dict[K, V]`
    Map(Box<FieldType>, Box<FieldType>),
    /// `Literal[...]`: ready-made literals.
    Literal(Vec<Code>),
    /// A class: another model.
    Class(ClassPath),
    /// An enumeration.
    Enum(ClassPath),
    /// `Annotated[T, Field(...)]`: an item, a key or a value with constraints of its own.
    Constrained(Box<FieldType>, Vec<(Identifier, Code)>),
    /// `T | None`
    Optional(Box<FieldType>),
}

/// A field's default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Default {
    /// `= value`: an expression that names no class but those of the field's type.
    Value(Code),
    /// `default_factory=list`.
    NewList,
    /// `default_factory=dict`.
    NewDict,
    /// `default_factory=uuid4`.
    Uuid4,
    /// `default_factory=lambda: datetime.now(UTC)`.
    Now,
}

//! The node as it will stand: every name derived, every default applied, nothing optional left to wonder about.
//!
//! In: a [`crate::contract::Contract`], the [`crate::project::Project`] and what already stands on disk. Out: a
//! [`Node`] ([`resolve`]), which knows nothing of files' texts and nothing of how the contract spelt things.

pub mod kind;
pub mod models;
pub mod naming;
pub mod resolve;

use crate::python::{Code, DottedPath, Identifier};

pub use kind::{Category, HandlerStyle, NodeKind, Strategy};

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
    /// How messages find their handler.
    pub strategy: Strategy,
    /// Whether `handler_routing.version` is there, which the framework's routing model demands.
    pub routing_version_given: bool,
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
}

/// One handler class and all that it serves.
#[derive(Clone, Debug)]
pub struct Handler {
    /// The class; its module is a file of its own.
    pub class: ClassPath,
    /// What the registry is told it consumes.
    pub category: Category,
    /// One per routing entry that names this handler.
    pub routes: Vec<Route>,
}

/// One routing entry as its handler sees it.
#[derive(Clone, Debug)]
pub struct Route {
    /// The class of the payload; nothing where the contract names none and a mapping arrives.
    pub event: Option<ClassPath>,
    /// `operation`.
    pub operation: Option<String>,
    /// The topic that the message comes in on, where the contract says.
    pub topic: Option<String>,
    /// What the entry says about itself; may be empty.
    pub description: String,
    /// What may be emitted.
    pub outputs: Vec<ClassPath>,
    /// The first of `outputs` that can be built from the incoming event alone.
    pub emits: Option<Construction>,
    /// The intents of `output_intents` that can be built so.
    pub raises: Vec<Construction>,
}

/// A model that can be built by copying fields of the same name from the incoming event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Construction {
    /// What is built.
    pub class: ClassPath,
    /// The fields to copy; all others have defaults.
    pub copied: Vec<Identifier>,
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
    /// `frozen` of the model's configuration.
    pub frozen: bool,
    /// `extra` of the model's configuration.
    pub extra: Extra,
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
    /// A class: an enum or another model.
    Class(ClassPath),
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

//! The contract as its author wrote it: every value with its place, nothing derived, nothing checked against
//! the outside.
//!
//! In: the text of one contract.yaml. Out: a [`Contract`] and diagnostics ([`parse`]). All spellings that the
//! framework knows for one thing are read into one type here, so that no later stage asks how something was
//! spelt. Names are plain text still: [`crate::node::resolve`] decides which of them are usable.

pub mod add;
mod answered;
mod canonical;
pub mod edit;
pub mod parse;
pub mod write;
pub mod yaml;

use crate::source::{SourceFile, Span, Spanned};

pub use canonical::canonical;
pub use parse::{name_of, parse};
pub use write::write;
pub use yaml::Yaml;

/// One contract.yaml.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The text that all spans point into.
    pub file: SourceFile,
    /// The whole tree, for rules that look at keys this type does not name.
    pub root: Yaml,
    /// `name`, else `node_name`, else `contract_name`.
    pub name: Option<Spanned<String>>,
    /// `node_type`, in whatever case.
    pub node_type: Option<Spanned<String>>,
    /// `contract_version`.
    pub contract_version: Option<Spanned<Version>>,
    /// `node_version`.
    pub node_version: Option<Spanned<Version>>,
    /// `description`.
    pub description: Option<Spanned<String>>,
    /// `input_model`.
    pub input_model: Option<ClassRef>,
    /// `output_model`.
    pub output_model: Option<ClassRef>,
    /// `workflow_coordination.workflow_definition`.
    pub workflow: Option<Workflow>,
    /// `handler_routing`, a top-level `handler:` block or a `default_handler`, as one.
    pub routing: Option<Routing>,
    /// `event_bus`.
    pub event_bus: Option<EventBus>,
    /// `terminal_event`: a topic.
    pub terminal_event: Option<Spanned<String>>,
    /// `published_events`.
    pub published_events: Vec<EventTopic>,
    /// `consumed_events`.
    pub consumed_events: Vec<EventTopic>,
    /// `intent_consumption.intent_routing_table`, in order.
    pub intents: Vec<IntentRoute>,
    /// The models of `definitions`.
    pub definitions: Vec<Definition>,
}

/// A semantic version, written as a mapping of three numbers or as `"1.2.3"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Major.
    pub major: u64,
    /// Minor.
    pub minor: u64,
    /// Patch.
    pub patch: u64,
    /// Whether it was written as text, which some of the framework's models refuse.
    pub as_text: bool,
}

/// A class that the contract names: `{name, module}`, `{class, module}`, `module.Class`, `module:Class` or a
/// bare class name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassRef {
    /// The class.
    pub name: Spanned<String>,
    /// The module, where one was given. With a dot in front it is relative to the node's own package:
    /// `.handlers.handler_x` for `handlers/handler_x:HandlerX`, `.handler` for `handler:HandlerX`.
    pub module: Option<Spanned<String>>,
    /// The whole reference.
    pub span: Span,
}

/// `workflow_definition`.
#[derive(Clone, Debug, Default)]
pub struct Workflow {
    /// `workflow_metadata.workflow_name`.
    pub name: Option<Spanned<String>>,
    /// `workflow_metadata.workflow_version`.
    pub version: Option<Spanned<Version>>,
    /// `workflow_metadata.description`.
    pub description: Option<Spanned<String>>,
    /// `execution_graph.nodes`.
    pub steps: Vec<WorkflowStep>,
    /// `coordination_rules.execution_mode` (or beside it, as some contracts have it).
    pub execution_mode: Option<Spanned<String>>,
    /// `coordination_rules.failure_recovery_strategy`.
    pub failure_recovery_strategy: Option<Spanned<String>>,
}

/// One entry of `execution_graph.nodes`.
#[derive(Clone, Debug)]
pub struct WorkflowStep {
    /// `node_id`.
    pub id: Spanned<String>,
    /// `node_type`.
    pub node_type: Option<Spanned<String>>,
    /// `depends_on`.
    pub depends_on: Vec<Spanned<String>>,
    /// `description`.
    pub description: Option<Spanned<String>>,
    /// The whole entry.
    pub span: Span,
}

/// `handler_routing`, or what counts as such.
#[derive(Clone, Debug)]
pub struct Routing {
    /// The key that the routing stands under.
    pub span: Span,
    /// `version`.
    pub version: Option<Spanned<Version>>,
    /// `routing_strategy`.
    pub strategy: Option<Spanned<String>>,
    /// `handlers`, in order; `default_handler` and a top-level `handler:` count as one entry where there is
    /// no other.
    pub entries: Vec<RoutingEntry>,
    /// `default_handler`, wherever it stands.
    pub default_handler: Option<ClassRef>,
}

/// One routing entry: which message goes to which handler, and what comes of it.
#[derive(Clone, Debug)]
pub struct RoutingEntry {
    /// The whole entry.
    pub span: Span,
    /// `handler{name,module}`, `handler_class`/`handler_module`, `handler_key`, or a dotted string.
    pub handler: ClassRef,
    /// `event_model`, or `routing_key` where that names a class, or the `input_model` of a top-level `handler:`.
    pub event_model: Option<ClassRef>,
    /// `operation`, or `routing_key` where that is none.
    pub operation: Option<Spanned<String>>,
    /// `event_type`, such as `orders.order-placed`.
    pub event_type: Option<Spanned<String>>,
    /// `message_category`.
    pub message_category: Option<Spanned<String>>,
    /// `topic`.
    pub topic: Option<Spanned<String>>,
    /// `subscribe_topic`.
    pub subscribe_topic: Option<Spanned<String>>,
    /// `output_events`: class names, or dotted paths to classes.
    pub output_events: Vec<Spanned<String>>,
    /// `output_intents`: intent types; a key of this program that the framework ignores.
    pub output_intents: Vec<Spanned<String>>,
    /// `description`.
    pub description: Option<Spanned<String>>,
}

/// `event_bus`.
#[derive(Clone, Debug, Default)]
pub struct EventBus {
    /// `version`.
    pub version: Option<Spanned<Version>>,
    /// `subscribe_topics`.
    pub subscribe_topics: Vec<Spanned<String>>,
    /// `publish_topics`.
    pub publish_topics: Vec<Spanned<String>>,
}

/// One entry of `published_events` or `consumed_events`.
#[derive(Clone, Debug)]
pub struct EventTopic {
    /// `topic`.
    pub topic: Option<Spanned<String>>,
    /// `event_type`: the class name without `Model`.
    pub event_type: Option<Spanned<String>>,
    /// `description`.
    pub description: Option<Spanned<String>>,
    /// The whole entry.
    pub span: Span,
}

/// One line of the intent routing table.
#[derive(Clone, Debug)]
pub struct IntentRoute {
    /// The intent type, such as `payment.process`.
    pub intent_type: Spanned<String>,
    /// The effect node that answers it.
    pub target: Spanned<String>,
}

/// One model of `definitions`.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The class name: `name` where given, else the key.
    pub name: Spanned<String>,
    /// `module`, where given.
    pub module: Option<Spanned<String>>,
    /// `description`.
    pub description: Option<Spanned<String>>,
    /// `properties`, in order, or nothing for an entry that only names a class elsewhere.
    pub fields: Option<Vec<FieldDefinition>>,
    /// `required`.
    pub required: Vec<Spanned<String>>,
    /// `frozen`.
    pub frozen: Option<Spanned<bool>>,
    /// `extra`; a boolean `additionalProperties` is read as `allow` or `forbid`.
    pub extra: Option<Spanned<String>>,
    /// The whole entry, key included.
    pub span: Span,
}

/// One field of a model.
#[derive(Clone, Debug)]
pub struct FieldDefinition {
    /// The field's name.
    pub name: Spanned<String>,
    /// What it holds.
    pub schema: Schema,
}

/// What a field, an item or a value holds, in the vocabulary of the contract.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The whole description.
    pub span: Span,
    /// `type`; a bare string such as `item_type: string` is a schema with a type alone. A string with a
    /// `format` is what that says: `uuid`, `datetime`, `date`, `timedelta`, `decimal`, `bytes`.
    pub kind: Option<Spanned<String>>,
    /// `ref` or `$ref`, without `#/definitions/`.
    pub reference: Option<Spanned<String>>,
    /// `description`.
    pub description: Option<Spanned<String>>,
    /// `nullable`.
    pub nullable: Option<Spanned<bool>>,
    /// `default`, whatever it is; an explicit null too.
    pub default: Option<Yaml>,
    /// `default_factory`.
    pub default_factory: Option<Spanned<String>>,
    /// `item_type` or `items`.
    pub items: Option<Box<Schema>>,
    /// `key_type`.
    pub keys: Option<Box<Schema>>,
    /// `value_type` or `additionalProperties` (where that is no boolean).
    pub values: Option<Box<Schema>>,
    /// `enum`, or `const` alone: scalars.
    pub choices: Vec<Yaml>,
    /// `enum_class`.
    pub enum_class: Option<Spanned<String>>,
    /// `module` of the enum class.
    pub module: Option<Spanned<String>>,
    /// Constraints (`ge`, `max_length`, ...), in order; the JSON Schema spellings (`minimum`, `maxLength`,
    /// `minItems`, ...) are read as these.
    pub constraints: Vec<(Spanned<Constraint>, Yaml)>,
    /// `validation`: what people should check by hand; each entry's description or name.
    pub validations: Vec<Spanned<String>>,
}

/// A constraint that pydantic's `Field` knows by the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Constraint {
    /// At least.
    Ge,
    /// Greater than.
    Gt,
    /// At most.
    Le,
    /// Less than.
    Lt,
    /// Shortest length.
    MinLength,
    /// Greatest length.
    MaxLength,
    /// A regular expression.
    Pattern,
    /// A divisor.
    MultipleOf,
}

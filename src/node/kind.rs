//! The closed sets that a node is described in.

/// An archetype of node. Only orchestrators exist yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Coordinates a workflow: emits events and intents, never a result.
    Orchestrator,
}

/// How a handler is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum HandlerStyle {
    /// `handle(envelope) -> ModelHandlerOutput[None]`: what the production wiring and the registry call.
    #[default]
    Envelope,
    /// Envelope or bare event: every runtime, RuntimeLocal too.
    Dual,
    /// `handle(request) -> event`: typed event in, typed event out, no intents.
    DefinitionB,
    /// `handle(event, input_envelope_id, correlation_id)`: the shape of the template; only unit tests call it.
    Template,
}

impl HandlerStyle {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Envelope, Self::Dual, Self::DefinitionB, Self::Template];

    /// The style of a name; nothing where there is none of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.as_str() == name)
    }

    /// The name as it is written on the command line and in settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Envelope => "envelope",
            Self::Dual => "dual",
            Self::DefinitionB => "definition-b",
            Self::Template => "template",
        }
    }
}

/// What kind of message a handler consumes. Orchestrators consume no intents: the framework's registry
/// refuses that shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Something happened.
    Event,
    /// Something is to be done.
    Command,
}

impl Category {
    /// Several of them, for messages.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Event => "events",
            Self::Command => "commands",
        }
    }

    /// The member of the framework's `EnumMessageCategory`.
    #[must_use]
    pub fn member(self) -> &'static str {
        match self {
            Self::Event => "EVENT",
            Self::Command => "COMMAND",
        }
    }
}

/// How messages find their handler: `routing_strategy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// By the class of the payload.
    PayloadTypeMatch,
    /// By the operation that the message names.
    OperationMatch,
    /// By the pattern of the topic.
    TopicPattern,
}

impl Strategy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PayloadTypeMatch, Self::OperationMatch, Self::TopicPattern];

    /// The value of `routing_strategy`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PayloadTypeMatch => "payload_type_match",
            Self::OperationMatch => "operation_match",
            Self::TopicPattern => "topic_pattern",
        }
    }
}

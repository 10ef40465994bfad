//! What was answered so far, and what stands already where something is added to a node.

use crate::python::Identifier;
use crate::spec::{self, Answers, Event, Field, Given, Known, names};

/// Answers on their way.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// What was answered.
    pub(super) answers: Answers,
    /// What stands; nothing where the node is new.
    pub(super) known: Option<Known>,
}

impl Draft {
    /// Nothing answered but what the node is and where its topics belong.
    pub(super) fn new(folder: Identifier, description: String, producer: String) -> Self {
        let answers = Answers {
            folder,
            description,
            producer,
            routes: Vec::new(),
            events: Vec::new(),
            models: Vec::new(),
            intents: Vec::new(),
            steps: Vec::new(),
        };
        Self { answers, known: None }
    }

    /// Whether something is added to a node that stands: then one thing is wanted, no less and no more.
    pub(super) fn is_addition(&self) -> bool {
        self.known.is_some()
    }

    /// What the flags would say.
    pub(super) fn given(&self) -> Given {
        Given { known: self.known.clone(), ..spec::given(&self.answers) }
    }

    /// The messages that are handled.
    pub(super) fn handled(&self) -> Vec<Identifier> {
        let standing = self.known.iter().flat_map(Known::handled);
        standing.chain(self.answers.routes.iter().map(|route| &route.event)).cloned().collect()
    }

    /// Whether the fields of a message are nothing to ask for: they were answered, or it stands.
    pub(super) fn has_event(&self, name: &Identifier) -> bool {
        self.standing(name).is_some() || self.answers.events.iter().any(|known| known.name == *name)
    }

    /// The fields of a message, as far as they are known.
    pub(super) fn fields_of(&self, name: &Identifier) -> &[Field] {
        let answered = self.answers.events.iter().find(|event| event.name == *name);
        let standing = || self.standing(name)?.fields.as_deref();
        answered.map(|event| event.fields.as_slice()).or_else(standing).unwrap_or_default()
    }

    /// Whether a model is described.
    pub(super) fn has_model(&self, name: &Identifier) -> bool {
        self.models().any(|model| model == name)
    }

    /// The models that are described.
    pub(super) fn models(&self) -> impl Iterator<Item = &Identifier> {
        let standing = self.known.iter().flat_map(|known| &known.models);
        self.answers.models.iter().map(|model| &model.name).chain(standing)
    }

    /// The steps of the workflow, in order.
    pub(super) fn steps(&self) -> Vec<Identifier> {
        let standing = self.known.iter().flat_map(|known| &known.steps);
        standing.chain(self.answers.steps.iter().map(|step| &step.id)).cloned().collect()
    }

    /// The intents that are routed, each with the node that answers it.
    pub(super) fn intents(&self) -> Vec<(String, String)> {
        let standing = self.known.iter().flat_map(|known| known.intents.clone());
        let answered = self.answers.intents.iter();
        standing
            .chain(answered.map(|intent| (intent.intent_type(), intent.target.to_string())))
            .collect()
    }

    /// The class of a message.
    pub(super) fn class_of(&self, name: &Identifier) -> String {
        match self.standing(name) {
            Some(message) => message.class.clone(),
            None => self.answers.class_of(name),
        }
    }

    /// The topic of a message.
    pub(super) fn topic_of(&self, name: &Identifier) -> String {
        let standing = self.standing(name).and_then(|message| message.topic.clone());
        standing.unwrap_or_else(|| names::topic(name, &self.answers.producer))
    }

    /// Notes a message, unless it is known.
    pub(super) fn add_event(&mut self, name: &Identifier, fields: &[Field]) {
        if !self.has_event(name) {
            self.answers.events.push(Event { name: name.clone(), fields: fields.to_vec() });
        }
    }

    fn standing(&self, name: &Identifier) -> Option<&spec::Standing> {
        self.known.as_ref()?.message(name)
    }
}

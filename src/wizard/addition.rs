//! The interview for one route, intent or step of a node that stands: the questions of a new node, and only those
//! that make sense with what is there.

use super::draft::Draft;
use super::parts;
use crate::ask::{Choice, Session, Turn};
use crate::python::Identifier;
use crate::spec::{Answers, Known, Model};

/// What is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A message that the node handles, and what comes of it.
    Route,
    /// Something that an effect node is to do.
    Intent,
    /// A step of the workflow.
    Step,
}

impl Part {
    /// The word of the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Intent => "intent",
            Self::Step => "step",
        }
    }
}

/// The node that something is added to, as questions need to know it.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its folder.
    pub folder: Identifier,
    /// The producer of its topics.
    pub producer: String,
    /// What its contract holds.
    pub known: Known,
    /// Models that were described already, by flags.
    pub models: Vec<Model>,
}

/// Asks which of several nodes is meant; one alone is not asked for.
///
/// # Errors
/// When the interview has to turn round or stop.
pub fn which(session: &mut Session<'_>, nodes: &[String]) -> Result<usize, Turn> {
    if nodes.len() < 2 {
        return Ok(0);
    }
    let options = nodes.iter().map(|node| (node.clone(), String::new())).collect();
    session.choice(&Choice { label: "Node", options, default: 0 })
}

/// Asks for one more.
///
/// # Errors
/// When the interview has to turn round or stop.
pub fn addition(session: &mut Session<'_>, part: Part, node: &Node) -> Result<Answers, Turn> {
    session.say(&summary(node))?;
    let Node { folder, producer, known, models } = node.clone();
    let mut draft = Draft::new(folder, String::new(), producer);
    draft.known = Some(known);
    draft.answers.models = models;
    match part {
        Part::Route => parts::route(session, &mut draft)?,
        Part::Intent => parts::intent(session, &mut draft)?,
        Part::Step => parts::step(session, &mut draft)?,
    };
    Ok(draft.answers)
}

/// What the node is now, in a few lines.
fn summary(node: &Node) -> String {
    let Known { messages, steps, intents, .. } = &node.known;
    let (handled, emitted): (Vec<_>, Vec<_>) =
        messages.iter().partition(|message| message.is_handled);
    let names = |messages: Vec<&crate::spec::Standing>| {
        messages.iter().map(|message| message.name.to_string()).collect::<Vec<_>>()
    };
    let lists = [
        ("handles", names(handled)),
        ("emits", names(emitted)),
        ("raises", intents.iter().map(|(kind, _)| kind.clone()).collect()),
        ("steps", steps.iter().map(Identifier::to_string).collect()),
    ];
    let told = lists.iter().filter(|(_, list)| !list.is_empty());
    let told: Vec<String> =
        told.map(|(what, list)| format!("  {what}: {}", list.join(", "))).collect();
    let help = "Enter takes what is offered, Esc goes back,\nCtrl-C leaves everything as it is.\n ";
    format!("{}\n{}\n{help}", node.folder, told.join("\n"))
}

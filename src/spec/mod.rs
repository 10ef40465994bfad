//! What people answer when a node is made, and the compact text for it.
//!
//! In: the values of `--route`, `--model`, `--intent`, `--step` and their like ([`Given`]), or answers that were
//! collected otherwise. Out: [`Answers`] and diagnostics with a place in the text that was typed ([`read`]), and the
//! same text again ([`words`]). Knows nothing of contracts, files and terminals.
//!
//! The syntax, as the help of the command line shows it:
#![doc = concat!("```text\n", include_str!("syntax.txt"), "```")]
//!
//! `Model` in front of a name and `Event` behind that of a message may be written and change nothing, so that class
//! names can be pasted. The words that contracts have for types (`string`, `integer`, ...) are read as well.

mod check;
pub mod names;
mod parse;
pub mod print;
#[cfg(test)]
pub(crate) mod testing;
mod token;

use crate::contract::Constraint;
use crate::diagnostic::{self, Diagnostic};
use crate::python::Identifier;
use crate::source::SourceFile;

pub use check::{Origins, blame};
pub use print::given;

/// The syntax, for the help of the command line.
pub const SYNTAX: &str = include_str!("syntax.txt");

/// Everything that a node is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// The node's folder, which is its name: `node_order_payment_orchestrator`.
    pub folder: Identifier,
    /// What the node does; never empty.
    pub description: String,
    /// The third segment of its topics: `orders`.
    pub producer: String,
    /// The messages that it handles, in order; never empty.
    pub routes: Vec<Route>,
    /// Every message that a route names, in the order in which they are named first.
    pub events: Vec<Event>,
    /// The models that fields refer to.
    pub models: Vec<Model>,
    /// The intents that it raises.
    pub intents: Vec<Intent>,
    /// The steps of its workflow; none where they are to follow from the routes.
    pub steps: Vec<Step>,
}

/// One message that the node handles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The message: `OrderPlaced`.
    pub event: Identifier,
    /// What may come of it, in order.
    pub outputs: Vec<Identifier>,
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its name, without `Model` and `Event`: `OrderPlaced`.
    pub name: Identifier,
    /// Its fields, `correlation_id` aside.
    pub fields: Vec<Field>,
}

/// A class that fields refer to.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its name, without `Model`: `OrderItem`.
    pub name: Identifier,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// Something that the node wants done by an effect node.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// The parts of its type: `payment`, `process`.
    pub kind: Vec<Identifier>,
    /// What the payload carries.
    pub fields: Vec<Field>,
    /// The effect node that answers it: `node_payment_effect`.
    pub target: Identifier,
    /// The messages whose handlers raise it, in order.
    pub from: Vec<Identifier>,
}

/// A step of the workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name: `validate_order`.
    pub id: Identifier,
    /// The kind of node that takes it.
    pub kind: StepKind,
    /// The steps that it waits for, in order.
    pub after: Vec<Identifier>,
}

/// Which kind of node takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// It talks to the outside.
    Effect,
    /// It computes.
    Compute,
    /// It keeps state.
    Reducer,
    /// It coordinates others.
    Orchestrator,
}

impl StepKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Effect, Self::Compute, Self::Reducer, Self::Orchestrator];

    /// The word of the syntax.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Effect => "effect",
            Self::Compute => "compute",
            Self::Reducer => "reducer",
            Self::Orchestrator => "orchestrator",
        }
    }

    /// What such a node does, for a list to choose from.
    #[must_use]
    pub fn explained(self) -> &'static str {
        match self {
            Self::Effect => "talks to the outside: a bus, a database, a service",
            Self::Compute => "computes something from what it is given",
            Self::Reducer => "keeps state and says what follows from it",
            Self::Orchestrator => "coordinates other nodes, as this one does",
        }
    }
}

/// A field of an event, a model or a payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Identifier,
    /// What it holds.
    pub holds: Held,
    /// What it is when it is not given.
    pub default: Option<Value>,
}

/// What a field, an item, a key or a value holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The type.
    pub kind: Kind,
    /// Whether it may be null.
    pub optional: bool,
    /// What holds of it besides, sorted, each at most once.
    pub constraints: Vec<(Constraint, Literal)>,
}

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A type without parts.
    Word(Word),
    /// `list[T]`
    List(Box<Held>),
    /// `map[K, V]`
    Map(Box<Held>, Box<Held>),
    /// `"low"|"high"`: at least one value.
    Enum(Vec<Literal>),
    /// A model, by its name.
    Model(Identifier),
}

/// A type without parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// `str`
    Str,
    /// `int`
    Int,
    /// `float`
    Float,
    /// `bool`
    Bool,
    /// `uuid`
    Uuid,
    /// `datetime`
    DateTime,
    /// `date`
    Date,
    /// `duration`
    Duration,
    /// `decimal`
    Decimal,
    /// `bytes`
    Bytes,
    /// `object`: texts to anything.
    Object,
    /// `any`
    Any,
}

impl Word {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Str,
        Self::Int,
        Self::Float,
        Self::Bool,
        Self::Uuid,
        Self::DateTime,
        Self::Date,
        Self::Duration,
        Self::Decimal,
        Self::Bytes,
        Self::Object,
        Self::Any,
    ];

    /// The word of the syntax.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Str => "str",
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Uuid => "uuid",
            Self::DateTime => "datetime",
            Self::Date => "date",
            Self::Duration => "duration",
            Self::Decimal => "decimal",
            Self::Bytes => "bytes",
            Self::Object => "object",
            Self::Any => "any",
        }
    }

    /// The word of a name: that of the syntax, or the one that contracts have for it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let of_contracts = match name {
            "string" => Some(Self::Str),
            "integer" => Some(Self::Int),
            "number" => Some(Self::Float),
            "boolean" => Some(Self::Bool),
            "timedelta" => Some(Self::Duration),
            _ => None,
        };
        of_contracts.or_else(|| Self::ALL.into_iter().find(|word| word.as_str() == name))
    }
}

/// A single value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A text.
    Text(String),
    /// A number as it is written: digits, perhaps with a sign and a fraction, without zeros in front.
    Number(String),
    /// A boolean.
    Bool(bool),
    /// `null`
    Null,
}

/// A default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A single value.
    Single(Literal),
    /// A list of values; may be empty.
    List(Vec<Literal>),
    /// An empty map.
    EmptyMap,
    /// The time at which the model is made.
    Now,
    /// A new uuid.
    New,
}

/// The answers as they were given, in texts.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// NAME.
    pub name: Option<String>,
    /// `--description`
    pub description: Option<String>,
    /// `--producer`
    pub producer: Option<String>,
    /// `--route`
    pub routes: Vec<String>,
    /// `--model`
    pub models: Vec<String>,
    /// `--intent`
    pub intents: Vec<String>,
    /// `--step`
    pub steps: Vec<String>,
    /// What stands already, where something is added to it; then no route is needed.
    pub known: Option<Known>,
}

/// What a contract holds that additions to it may name.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The messages that it names, those that are handled first.
    pub messages: Vec<Standing>,
    /// The models that are described.
    pub models: Vec<Identifier>,
    /// The steps of the workflow.
    pub steps: Vec<Identifier>,
    /// The intents that are routed, as they are written, each with the node that answers it.
    pub intents: Vec<(String, String)>,
}

/// A message that a contract names.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its name, without `Model` and `Event`.
    pub name: Identifier,
    /// Its class, however that was chosen.
    pub class: String,
    /// Its topic, where the contract says it.
    pub topic: Option<String>,
    /// Whether the node handles it, rather than only emitting it.
    pub is_handled: bool,
    /// Its fields where the contract describes it, as far as the syntax can say them.
    pub fields: Option<Vec<Field>>,
}

impl Known {
    /// The message of a name.
    #[must_use]
    pub fn message(&self, name: &Identifier) -> Option<&Standing> {
        self.messages.iter().find(|message| message.name == *name)
    }

    /// The messages that are handled.
    pub fn handled(&self) -> impl Iterator<Item = &Identifier> {
        self.messages.iter().filter(|message| message.is_handled).map(|message| &message.name)
    }
}

/// More findings than this help nobody: the next run shows those that are left.
const MOST_FINDINGS: usize = 50;

/// Reads answers out of their texts, as far as that can be done, and names everything that is wrong with them.
///
/// `producer` is the one to take where none is given.
#[must_use]
pub fn read(given: &Given, producer: &str) -> (Option<(Answers, Origins)>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let routes = each("--route", &given.routes, &mut found, parse::route);
    let models = each("--model", &given.models, &mut found, parse::model);
    let steps = each("--step", &given.steps, &mut found, parse::step);
    let raw = check::Raw {
        all_routes: routes.len() == given.routes.len(),
        all_models: models.len() == given.models.len(),
        all_steps: steps.len() == given.steps.len(),
        routes,
        models,
        steps,
        known: given.known.clone(),
        name: given.name.clone().map(|name| SourceFile::new("NAME", name)),
        description: given.description.clone(),
        producer: given.producer.clone().map(|text| SourceFile::new("--producer", text)),
        intents: each("--intent", &given.intents, &mut found, parse::intent),
    };
    let answers = check::check(raw, producer, &mut found);
    let sound = !found.iter().any(Diagnostic::is_error);
    if found.len() > MOST_FINDINGS {
        found.sort_by_key(|finding| finding.severity);
        found.truncate(MOST_FINDINGS);
    }
    diagnostic::sort(&mut found);
    (answers.filter(|_| sound), found)
}

/// Parses every value of one flag; the text is named after the flag, and after its turn where there are several.
fn each<T>(
    flag: &str,
    texts: &[String],
    found: &mut Vec<Diagnostic>,
    parse: impl Fn(&SourceFile, &mut Vec<Diagnostic>) -> Option<T>,
) -> Vec<T> {
    let mut values = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let shown = if texts.len() == 1 {
            flag.to_owned()
        } else {
            format!("{flag} ({} of {})", index + 1, texts.len())
        };
        values.extend(parse(&SourceFile::new(shown, text.clone()), found));
    }
    values
}

/// A message as it is named at a prompt: its fields may follow in parentheses.
pub type NamedEvent = (Identifier, Option<Vec<Field>>);

/// Reads one list of fields without its parentheses, as it is typed at a prompt.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_fields(text: &str) -> Result<Vec<Field>, Vec<Diagnostic>> {
    alone(text, parse::fields_alone)
}

/// Reads messages with commas between them.
///
/// # Errors
/// Everything that is wrong with them.
pub fn read_events(text: &str) -> Result<Vec<NamedEvent>, Vec<Diagnostic>> {
    alone(text, parse::events_alone)
}

/// The type of an intent, in its parts; fields may follow in parentheses.
pub type NamedIntent = (Vec<Identifier>, Option<Vec<Field>>);

/// Reads the type of an intent; its fields may follow in parentheses.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_intent(text: &str) -> Result<NamedIntent, Vec<Diagnostic>> {
    alone(text, parse::intent_alone)
}

/// Reads a name in small letters: that of a node or of a step.
///
/// # Errors
/// Why it is none.
pub fn read_name(text: &str) -> Result<Identifier, Vec<Diagnostic>> {
    alone(text, parse::name_alone)
}

fn alone<T>(
    text: &str,
    parse: impl Fn(&SourceFile, &mut Vec<Diagnostic>) -> Option<T>,
) -> Result<T, Vec<Diagnostic>> {
    let mut found = Vec::new();
    match parse(&SourceFile::new("answer", text), &mut found) {
        Some(read) if found.is_empty() => Ok(read),
        Some(_) | None => Err(found),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::testing::{answers, id, read_words};
    use super::*;

    fn routed(routes: &[&str]) -> Given {
        let routes = routes.iter().map(|route| (*route).to_owned()).collect();
        Given { name: Some("order-payment".to_owned()), routes, ..Given::default() }
    }

    fn sound(given: &Given) -> Answers {
        let (read, found) = read(given, "orders");
        assert!(found.is_empty(), "{found:#?}");
        read.unwrap().0
    }

    /// Every finding as `rule: the text that it underlines`, in the order of the report.
    fn findings(given: &Given) -> Vec<String> {
        let (read, found) = read(given, "orders");
        assert!(read.is_none(), "{given:?}");
        for diagnostic in &found {
            assert!(diagnostic.help.is_some(), "{diagnostic:?} needs a next step");
        }
        let line = |d: &Diagnostic| format!("{}: {}", d.rule, d.primary.file.slice(d.primary.span));
        found.iter().map(line).collect()
    }

    fn route(text: &str) -> Vec<String> {
        findings(&routed(&[text]))
    }

    fn field(text: &str) -> Field {
        read_fields(text).unwrap_or_else(|found| panic!("{found:#?}")).remove(0)
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(answers in answers()) {
            let words = given(&answers).words();
            let (read, found) = read_words(&words);
            prop_assert!(found.is_empty(), "{:?} {:#?}", words, found);
            prop_assert_eq!(read.unwrap(), answers);
        }

        #[test]
        fn no_text_is_too_strange_to_be_refused(text in ".{0,60}", start in 0_usize..4) {
            let front = ["", "A(", "A -> ", "A(a: "][start];
            let mut given = routed(&[&format!("{front}{text}")]);
            given.models.push(text.clone());
            given.intents.push(text.clone());
            given.steps.push(text);
            let (_, found) = read(&given, "orders");
            for diagnostic in found {
                let length = diagnostic.primary.file.text().len();
                prop_assert!(diagnostic.primary.span.range().end <= length);
                prop_assert!(diagnostic.primary.file.text().get(diagnostic.primary.span.range()).is_some());
            }
        }
    }

    #[test]
    fn the_example_of_the_documentation_is_read() {
        let mut given = routed(&[
            "OrderPlaced(order_id: uuid, items: list[OrderItem]) -> OrderValidated(order_id: uuid, total: float), OrderValidationFailed",
        ]);
        given.models = vec!["OrderItem(price: float, quantity: int >= 1)".to_owned()];
        given.intents =
            vec!["payment.process(order_id: uuid, amount: float) -> node_payment_effect from OrderPlaced".to_owned()];
        given.steps = vec![
            "receive_order: effect".to_owned(),
            "validate_order: compute after receive_order".to_owned(),
        ];
        let answers = sound(&given);
        assert_eq!(answers.folder.as_str(), "node_order_payment_orchestrator");
        assert_eq!(answers.description, "Coordinates the order payment workflow.");
        assert_eq!(answers.producer, "orders");
        assert_eq!(
            answers.routes,
            [Route {
                event: id("OrderPlaced"),
                outputs: vec![id("OrderValidated"), id("OrderValidationFailed")],
            }]
        );
        assert_eq!(answers.events.len(), 3);
        assert_eq!(answers.intents[0].from, [id("OrderPlaced")]);
        assert_eq!(answers.steps[1].after, [id("receive_order")]);
    }

    #[test]
    fn every_type_constraint_and_default_is_read() {
        for text in [
            "a: str len 1..40 = \"x\"",
            "a: int >= 1 <= 5 = 3",
            "a: float > 0.5 < 1.5",
            "a: decimal multiple of 0.01 = 0.00",
            "a: uuid = new",
            "a: datetime = now",
            "a: date = \"2024-01-31\"",
            "a: duration = 60",
            "a: bytes len ..3",
            "a: object = {}",
            "a: any",
            "a: str ~ \"^[A-Z]+$\"",
            "a: list[str len 1..] len 2",
            "a: map[str, list[OrderItem?]]",
            "a: \"low\"|\"high\" = \"low\"",
            "a: 1|2|true?",
            "a: list[int] = [1, 2]",
            "a: str? = null",
        ] {
            assert_eq!(field(text).to_string(), text);
        }
        assert_eq!(field("a: list [ string ]= [ ]").to_string(), "a: list[str] = []");
        assert_eq!(field("a: int = 007").to_string(), "a: int = 7");
        assert_eq!(field("a: int = -0").to_string(), "a: int = 0");
        assert_eq!(field("a: str ~ '^\\d+$'").to_string(), "a: str ~ \"^\\\\d+$\"");
        assert_eq!(field("a: ModelOrderItem").to_string(), "a: OrderItem");
    }

    #[test]
    fn fields_are_given_once_and_named_afterwards() {
        let answers = sound(&routed(&["A(x: int) -> B(y: str)", "B -> C", "D -> C()"]));
        assert_eq!(answers.events.iter().map(|e| e.fields.len()).collect::<Vec<_>>(), [1, 1, 0, 0]);
        let late = sound(&routed(&["A -> B", "ModelBEvent(y: str)"]));
        assert_eq!(late.events[1].fields.len(), 1);
        assert_eq!(
            findings(&routed(&["A -> B(x: int)", "B(x: str) -> C"])),
            ["spec-conflict: (x: str)"]
        );
    }

    #[test]
    fn mistakes_are_underlined() {
        assert_eq!(route("order_placed"), ["spec-syntax: order_placed"]);
        assert_eq!(route("A(x uuid)"), ["spec-syntax: uuid"]);
        assert_eq!(route("A(x: uid)"), ["spec-syntax: uid"]);
        assert_eq!(route("A(x: int"), ["spec-syntax: "]);
        assert_eq!(route("A => B"), ["spec-syntax: ="]);
        assert_eq!(route("A -> "), ["spec-syntax: "]);
        assert_eq!(route("A(class: int)"), ["spec-syntax: class"]);
        assert_eq!(route("A(model_dump: int)"), ["spec-syntax: model_dump"]);
        assert_eq!(route("A(größe: int)"), ["spec-syntax: größe"]);
        assert_eq!(route("A(x: int, x: str)"), ["spec-duplicate: x: str"]);
        assert_eq!(route("A(x: int >= 1 >= 2)"), ["spec-syntax: >= 2"]);
        assert_eq!(route("A(x: list[Item])"), ["unknown-model: Item"]);
        assert_eq!(route("A(x: \"a\"|\"a\")"), ["spec-syntax: \"a\""]);
        assert_eq!(route("A(x: 1.5|2)"), ["spec-syntax: 1.5"]);
        assert_eq!(route("A(x: str len a)"), ["spec-syntax: a"]);
        assert_eq!(route("A(x: date < \"soon\")"), ["spec-syntax: \"soon\""]);
        assert_eq!(route("A -> A"), ["spec-circle: A"]);
        assert_eq!(route("A -> B, B"), ["spec-duplicate: B"]);
        assert_eq!(route("A -> OrderID, OrderId"), ["colliding-names: OrderId"]);
        let deep = format!("A(x: {}int{})", "list[".repeat(9), "]".repeat(9));
        assert_eq!(route(&deep), ["spec-syntax: list"]);
        assert_eq!(findings(&routed(&["A", "A"])), ["spec-duplicate: A"]);
    }

    #[test]
    fn several_mistakes_are_told_at_once() {
        assert_eq!(
            route("A(x: uid, y: int, z: [1], w: str) -> b"),
            ["spec-syntax: uid", "spec-syntax: [", "spec-syntax: b"]
        );
        let mut all = routed(&["A(x: uid)"]);
        all.name = Some("a b".to_owned());
        all.producer = Some("Order_Desk".to_owned());
        all.models = vec!["Y(a: Z)".to_owned()];
        all.intents = vec!["p.q -> node from C".to_owned()];
        all.steps = vec!["a: effect".to_owned(), "b: effect after c".to_owned()];
        assert_eq!(
            findings(&all),
            [
                "unknown-event: C",
                "unknown-model: Z",
                "unusable-producer: Order_Desk",
                "spec-syntax: uid",
                "unknown-step: c",
                "unusable-name: a b",
            ]
        );
    }

    #[test]
    fn what_could_not_be_read_is_not_missed_as_well() {
        let mut all = routed(&["A", "B b"]);
        all.models = vec!["X".to_owned(), "Y(a: X)".to_owned()];
        all.intents = vec!["p.q -> node from B".to_owned()];
        all.steps = vec!["a: magic".to_owned(), "b: effect after a".to_owned()];
        assert_eq!(findings(&all), ["spec-syntax: ", "spec-syntax: b", "spec-syntax: magic"]);
    }

    #[test]
    fn steps_cannot_wait_for_each_other() {
        let mut circle = routed(&["A"]);
        circle.steps = ["a: effect", "b: compute after c", "c: compute after b, a"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(findings(&circle), ["spec-circle: b"]);
        circle.steps = ["a: effect after a", "a: effect"].map(str::to_owned).to_vec();
        assert_eq!(findings(&circle), ["spec-circle: a", "spec-duplicate: a"]);
    }

    #[test]
    fn a_model_cannot_need_itself() {
        let of = |models: &[&str]| {
            let mut given = routed(&["A(m: M)"]);
            given.models = models.iter().map(|model| (*model).to_owned()).collect();
            given
        };
        assert_eq!(findings(&of(&["M(m: M)"])), ["spec-circle: M"]);
        assert_eq!(findings(&of(&["M(n: N)", "N(m: M)"])), ["spec-circle: M"]);
        sound(&of(&["M(m: M?, ms: list[M])"]));
    }

    #[test]
    fn two_things_cannot_need_one_class() {
        let mut twice = routed(&["A -> OrderItem"]);
        twice.models = vec!["OrderItem(a: int)".to_owned()];
        twice.intents = ["p.q -> n", "p_q -> n"].map(str::to_owned).to_vec();
        assert_eq!(findings(&twice), ["colliding-names: p_q", "colliding-names: OrderItem"]);
    }

    #[test]
    fn the_run_ends_with_what_comes_of_the_first_message() {
        let terminal = |routes: &[&str]| sound(&routed(routes)).terminal().map(ToString::to_string);
        assert_eq!(terminal(&["A -> B, C"]).as_deref(), Some("B"));
        assert_eq!(terminal(&["A -> B", "B -> C", "D -> E"]).as_deref(), Some("C"));
        assert_eq!(terminal(&["A -> B", "B -> A, C"]).as_deref(), Some("C"));
        assert_eq!(terminal(&["A", "B -> C"]).as_deref(), Some("C"));
        assert_eq!(terminal(&["A"]), None);
    }
}

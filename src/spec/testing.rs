//! Answers of every kind, for tests that hold for all of them. Their texts are as hostile as texts can be.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{
    Answers, Event, Field, Held, Intent, Kind, Literal, Model, Route, Step, StepKind, Value, Word,
};
use crate::contract::Constraint;
use crate::python::Identifier;

pub(crate) fn id(text: &str) -> Identifier {
    Identifier::parse(text).unwrap()
}

fn ids(texts: &[&str]) -> Vec<Identifier> {
    texts.iter().map(|text| id(text)).collect()
}

/// Texts that shells, YAML, Python and terminals each read in their own way.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let hostile = select(vec![
        "",
        "yes",
        "null",
        "~",
        "1:30",
        "010",
        "0x1F",
        "=",
        "<<",
        "- a",
        "a: b",
        "#x",
        "a #b",
        "'",
        "\"",
        "\\",
        "\\n",
        "\"\"\"",
        "{{ x }}",
        "{% x %}",
        "$(id)",
        "`id`",
        "%d",
        "*a",
        "&a",
        "!!str",
        "@",
        "|",
        ">",
        "a\nb",
        "a\n\nb\n",
        " a ",
        "\ta",
        "a\r\nb",
        "\u{1b}[2J",
        "\u{85}",
        "\u{2028}",
        "\u{202e}",
        "\u{feff}",
        "\u{0}",
        "\u{7f}",
        "\u{a0}",
        "\u{fffe}",
        "\u{10ffff}",
        "é",
        "日本",
        "😀",
        "...",
        "---",
    ]);
    prop_oneof![hostile.prop_map(str::to_owned), any::<String>(), "[ -~]{0,12}"]
}

/// Texts of that kind that are regular expressions; as a pattern, others are refused.
fn pattern() -> impl Strategy<Value = String> {
    let compiles = |text: &String| regex::Regex::new(text).is_ok();
    text().prop_map(move |text| if compiles(&text) { text } else { regex::escape(&text) })
}

fn whole(number: impl ToString) -> Literal {
    Literal::Number(number.to_string())
}

fn lengths() -> impl Strategy<Value = Vec<(Constraint, Literal)>> {
    (0_u8..5, 0_u8..5, 0_u8..4).prop_map(|(shortest, more, which)| {
        let shortest_is = (Constraint::MinLength, whole(shortest));
        let longest_is = (Constraint::MaxLength, whole(shortest + more));
        match which {
            0 => vec![shortest_is],
            1 => vec![longest_is],
            2 => vec![shortest_is, longest_is],
            _ => Vec::new(),
        }
    })
}

fn bounds() -> impl Strategy<Value = Vec<(Constraint, Literal)>> {
    (-9_i32..9, 2_i32..9, 0_u8..5).prop_map(|(low, more, which)| match which {
        0 => vec![(Constraint::Ge, whole(low))],
        1 => vec![(Constraint::Gt, whole(low)), (Constraint::Lt, whole(low + more))],
        2 => vec![(Constraint::Ge, whole(low)), (Constraint::Le, whole(low + more))],
        3 => vec![(Constraint::MultipleOf, whole(more))],
        _ => Vec::new(),
    })
}

/// A date or a time with a bound.
fn moments() -> impl Strategy<Value = Held> {
    let kinds = select(vec![(Word::Date, "2024-02-29"), (Word::DateTime, "2024-01-31T12:00:00Z")]);
    let bounds = select(vec![Constraint::Ge, Constraint::Gt, Constraint::Le, Constraint::Lt]);
    (kinds, bounds).prop_map(|((word, limit), bound)| Held {
        kind: Kind::Word(word),
        optional: false,
        constraints: vec![(bound, Literal::Text(limit.to_owned()))],
    })
}

/// A type without parts, and what may be said of it besides.
fn word() -> impl Strategy<Value = Held> {
    let held =
        |kind: Word, constraints| Held { kind: Kind::Word(kind), optional: false, constraints };
    let texts = (lengths(), proptest::option::of(pattern())).prop_map(move |(mut all, pattern)| {
        all.extend(pattern.map(|pattern| (Constraint::Pattern, Literal::Text(pattern))));
        held(Word::Str, all)
    });
    let numbers = (select(vec![Word::Int, Word::Float, Word::Decimal]), bounds())
        .prop_map(move |(word, bounds)| held(word, bounds));
    let bytes = lengths().prop_map(move |lengths| held(Word::Bytes, lengths));
    let others = select(vec![
        Word::Bool,
        Word::Uuid,
        Word::DateTime,
        Word::Date,
        Word::Duration,
        Word::Object,
        Word::Any,
    ]);
    let others = others.prop_map(move |word| held(word, Vec::new()));
    prop_oneof![texts, numbers, bytes, moments(), others]
}

fn choices() -> impl Strategy<Value = Kind> {
    let choice = prop_oneof![
        text().prop_map(Literal::Text),
        any::<i64>().prop_map(whole),
        any::<bool>().prop_map(Literal::Bool)
    ];
    vec(choice, 1..4).prop_map(|choices| {
        let mut distinct: Vec<Literal> = Vec::new();
        for choice in choices {
            if !distinct.contains(&choice) {
                distinct.push(choice);
            }
        }
        Kind::Enum(distinct)
    })
}

fn held(models: Vec<Identifier>) -> impl Strategy<Value = Held> {
    let bare = |kind| Held { kind, optional: false, constraints: Vec::new() };
    let model = if models.is_empty() {
        word().boxed()
    } else {
        select(models).prop_map(move |name| bare(Kind::Model(name))).boxed()
    };
    let leaf = prop_oneof![4 => word(), 1 => choices().prop_map(bare), 2 => model];
    let leaf = (leaf, any::<bool>()).prop_map(|(held, optional)| Held { optional, ..held });
    leaf.prop_recursive(2, 6, 2, move |inner| {
        let key = select(vec![Word::Str, Word::Int, Word::Uuid]);
        let list = (inner.clone(), lengths()).prop_map(|(item, constraints)| Held {
            kind: Kind::List(Box::new(item)),
            optional: false,
            constraints,
        });
        let map = (key, inner, lengths()).prop_map(move |(key, value, constraints)| Held {
            kind: Kind::Map(Box::new(bare(Kind::Word(key))), Box::new(value)),
            optional: false,
            constraints,
        });
        prop_oneof![list, map]
    })
}

/// A default that the type takes; only where no constraint could refuse it.
fn default_of(held: &Held) -> BoxedStrategy<Option<Value>> {
    let single = |literal: Literal| Just(Some(Value::Single(literal))).boxed();
    if !held.constraints.is_empty() {
        return Just(None).boxed();
    }
    let some: BoxedStrategy<Option<Value>> = match &held.kind {
        Kind::Word(Word::Str) => text().prop_map(|t| Some(Value::Single(Literal::Text(t)))).boxed(),
        Kind::Word(Word::Int | Word::Duration | Word::Float) => single(whole(-3)),
        Kind::Word(Word::Decimal) => single(Literal::Number("0.50".to_owned())),
        Kind::Word(Word::Bool) => single(Literal::Bool(true)),
        Kind::Word(Word::Uuid) => Just(Some(Value::New)).boxed(),
        Kind::Word(Word::DateTime) => Just(Some(Value::Now)).boxed(),
        Kind::Word(Word::Date) => single(Literal::Text("2024-02-29".to_owned())),
        Kind::Word(Word::Bytes) => single(Literal::Text("a\\b".to_owned())),
        Kind::Word(Word::Object) | Kind::Map(..) => Just(Some(Value::EmptyMap)).boxed(),
        Kind::List(_) => Just(Some(Value::List(Vec::new()))).boxed(),
        Kind::Enum(choices) => single(choices[0].clone()),
        Kind::Word(Word::Any) | Kind::Model(_) => Just(None).boxed(),
    };
    prop_oneof![some, Just(None)].boxed()
}

fn fields(models: Vec<Identifier>, at_least: usize) -> impl Strategy<Value = Vec<Field>> {
    const NAMES: [&str; 12] = [
        "order_id", "total", "name", "status", "on", "y", "null_", "date", "list_", "match", "a1",
        "category",
    ];
    subsequence(NAMES.to_vec(), at_least..5).prop_flat_map(move |names| {
        let field = |name: &'static str| {
            held(models.clone()).prop_flat_map(move |holds| {
                let default = default_of(&holds);
                (Just(holds), default).prop_map(move |(holds, default)| Field {
                    name: id(name),
                    holds,
                    default,
                })
            })
        };
        names.into_iter().map(field).collect::<Vec<_>>()
    })
}

/// Messages, which of them are handled, and what comes of each.
fn routes() -> impl Strategy<Value = Vec<Route>> {
    let events =
        ids(&["OrderPlaced", "OrderPaid", "PlaceOrderCommand", "S3Upload", "Refused", "Done"]);
    let outputs = vec(subsequence(events.clone(), 0..4), 6);
    (subsequence(events, 1..4), outputs).prop_map(|(handled, outputs)| {
        let route = |(event, outputs): (Identifier, Vec<Identifier>)| Route {
            outputs: outputs.into_iter().filter(|output| *output != event).collect(),
            event,
        };
        handled.into_iter().zip(outputs).map(route).collect()
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let names = ids(&["receive_order", "validate", "pay", "ship"]);
    let edges = vec(any::<[bool; 4]>(), 4);
    let kinds = vec(select(StepKind::ALL.to_vec()), 4);
    (0_usize..5, edges, kinds).prop_map(move |(count, edges, kinds)| {
        let step = |index: usize| Step {
            id: names[index].clone(),
            kind: kinds[index],
            after: (0..index)
                .filter(|before| edges[index][*before])
                .map(|b| names[b].clone())
                .collect(),
        };
        (0..count).map(step).collect()
    })
}

fn intents(
    handled: Vec<Identifier>,
    models: Vec<Identifier>,
) -> impl Strategy<Value = Vec<Intent>> {
    let kinds =
        vec![ids(&["payment", "process"]), ids(&["notify"]), ids(&["stock", "item", "reserve"])];
    let from = vec(subsequence(handled.clone(), 0..=handled.len()), 3);
    let payloads = vec(fields(models, 0), 3);
    (subsequence(kinds, 0..=3), from, payloads).prop_map(|(kinds, from, payloads)| {
        let parts = kinds.into_iter().zip(from).zip(payloads);
        parts
            .map(|((kind, from), fields)| Intent {
                kind,
                fields,
                target: id("node_payment_effect"),
                from,
            })
            .collect()
    })
}

/// Names that fields of a list of models may hold without a circle: those of the models behind it.
fn models() -> impl Strategy<Value = Vec<Model>> {
    let names = ids(&["OrderItem", "Address", "Country"]);
    (0_usize..4).prop_flat_map(move |count| {
        let model = |index: usize| {
            let name = names[index].clone();
            fields(names[index + 1..count].to_vec(), 1)
                .prop_map(move |fields| Model { name: name.clone(), fields })
        };
        (0..count).map(model).collect::<Vec<_>>()
    })
}

/// Whole answers that are sound: every name that they refer to is there.
pub(crate) fn answers() -> impl Strategy<Value = Answers> {
    let description = text().prop_map(|text| text.trim().to_owned());
    let description =
        description.prop_map(|text| if text.is_empty() { "It.".to_owned() } else { text });
    (routes(), models(), steps(), description).prop_flat_map(
        |(routes, models, steps, description)| {
            let names: Vec<Identifier> = models.iter().map(|model| model.name.clone()).collect();
            let mut order: Vec<Identifier> = Vec::new();
            let mut seen = BTreeSet::new();
            for route in &routes {
                for name in std::iter::once(&route.event).chain(&route.outputs) {
                    if seen.insert(name.clone()) {
                        order.push(name.clone());
                    }
                }
            }
            let event = |name: Identifier| {
                fields(names.clone(), 0)
                    .prop_map(move |fields| Event { name: name.clone(), fields })
            };
            let events: Vec<_> = order.into_iter().map(event).collect();
            let handled = routes.iter().map(|route| route.event.clone()).collect();
            let intents = intents(handled, names);
            (events, intents).prop_map(move |(events, intents)| Answers {
                folder: id("node_order_flow_orchestrator"),
                description: description.clone(),
                producer: "order-desk".to_owned(),
                routes: routes.clone(),
                events,
                models: models.clone(),
                intents,
                steps: steps.clone(),
            })
        },
    )
}

/// The answers that the words of a command line give, and what is wrong with them.
pub(crate) fn read_words(
    words: &[String],
) -> (Option<Answers>, Vec<crate::diagnostic::Diagnostic>) {
    let mut given = super::Given { name: words.first().cloned(), ..super::Given::default() };
    for pair in words[1..].chunks(2) {
        let value = pair[1].clone();
        match pair[0].as_str() {
            "--description" => given.description = Some(value),
            "--producer" => given.producer = Some(value),
            "--route" => given.routes.push(value),
            "--model" => given.models.push(value),
            "--intent" => given.intents.push(value),
            "--step" => given.steps.push(value),
            other => panic!("{other}"),
        }
    }
    let (read, found) = super::read(&given, "elsewhere");
    (read.map(|(answers, _)| answers), found)
}

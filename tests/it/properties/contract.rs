//! Random contracts, and what people do to them.
//!
//! A project's contracts are a value of small numbers that index pools of names, so that any numbers are a contract
//! and names are shared often; [`Spec::text`] writes one as YAML.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use onex_scaffold::node::HandlerStyle;
use proptest::prelude::*;

/// Where models and handlers live that belong to no node alone.
const PACKAGE: &str = "app";

const FOLDERS: [&str; 4] = [
    "node_alpha_orchestrator",
    "node_beta_orchestrator",
    "node_gamma_orchestrator",
    "node_delta_orchestrator",
];

const CLASSES: [&str; 7] = [
    "ModelOrderPlacedEvent",
    "ModelOrderPaidEvent",
    "ModelParcelSentEvent",
    "ModelInvoiceWritten",
    "ModelInvoiceLost",
    "ModelRefund",
    "ModelStockLow",
];

const HANDLERS: [&str; 6] = [
    "HandlerOrderPlaced",
    "HandlerOrderPaid",
    "HandlerParcel",
    "HandlerInvoice",
    "HandlerRefund",
    "HandlerStock",
];

const STEMS: [&str; 6] = [
    "handler_order_placed",
    "handler_order_paid",
    "handler_parcel",
    "handler_invoice",
    "handler_refund",
    "handler_stock",
];

const INTENTS: [&str; 3] = ["payment.process", "courier.send", "stock.fill"];

const TOPICS: [&str; 6] = ["a-placed", "a-paid", "b-sent", "b-written", "c-lost", "c-low"];

/// All the contracts of a project.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    pub(super) nodes: Vec<Node>,
    /// The fields of each class where a contract defines it: the same in all of them.
    shapes: [u8; CLASSES.len()],
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    folder: usize,
    style: usize,
    description: u8,
    entries: Vec<Entry>,
    intents: Vec<usize>,
    /// Input and output model.
    ends: Option<(usize, usize)>,
    defined: BTreeSet<usize>,
    class_homes: [u8; CLASSES.len()],
    handler_homes: [u8; HANDLERS.len()],
}

#[derive(Clone, Debug)]
struct Entry {
    handler: usize,
    event: Option<usize>,
    topic: Option<usize>,
    description: u8,
    outputs: Vec<usize>,
    raised: Vec<usize>,
}

/// One thing that is done to the contracts: which one, and where; read modulo what is there.
pub(super) type Change = (u8, u8, u8, u8);

/// Whether a change takes a node away.
pub(super) fn is_deletion(change: &Change) -> bool {
    change.0.is_multiple_of(KINDS)
}

/// How many kinds of changes there are.
const KINDS: u8 = 26;

fn some<T>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>>
where
    T: std::fmt::Debug + Clone + 'static,
{
    (any::<bool>(), value).prop_map(|(is, value)| is.then_some(value))
}

fn entry() -> impl Strategy<Value = Entry> {
    let several = |of: usize| prop::collection::vec(0..of, 0..3);
    let event = prop::option::weighted(0.9, 0..CLASSES.len());
    let parts = (
        0..HANDLERS.len(),
        event,
        some(0..TOPICS.len()),
        0..3u8,
        several(CLASSES.len()),
        several(INTENTS.len()),
    );
    parts.prop_map(|(handler, event, topic, description, outputs, raised)| Entry {
        handler,
        event,
        topic,
        description,
        outputs: distinct(outputs),
        raised: distinct(raised),
    })
}

fn node() -> impl Strategy<Value = Node> {
    let homes = 0..6u8;
    let parts = (
        0..HandlerStyle::ALL.len(),
        0..3u8,
        prop::collection::vec(entry(), 0..=4),
        prop::collection::vec(0..INTENTS.len(), 0..3),
        some((0..CLASSES.len(), 0..CLASSES.len())),
        prop::collection::btree_set(0..CLASSES.len(), 0..4),
        prop::array::uniform7(homes.clone()),
        prop::array::uniform6(homes),
    );
    parts.prop_map(
        |(style, description, entries, intents, ends, defined, class_homes, handler_homes)| Node {
            folder: 0,
            style,
            description,
            entries,
            intents: distinct(intents),
            ends,
            defined,
            class_homes,
            handler_homes,
        },
    )
}

/// One node mostly, two sometimes.
pub(super) fn spec() -> impl Strategy<Value = Spec> {
    let nodes = prop_oneof![
        3 => prop::collection::vec(node(), 1..=1),
        2 => prop::collection::vec(node(), 2..=2),
    ];
    (nodes, prop::array::uniform7(any::<u8>())).prop_map(|(mut nodes, shapes)| {
        for (index, node) in nodes.iter_mut().enumerate() {
            node.folder = index;
        }
        Spec { nodes, shapes }
    })
}

fn distinct(mut all: Vec<usize>) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    all.retain(|one| seen.insert(*one));
    all
}

/// A number as an index of something that is not empty.
fn index(number: u8, of: usize) -> usize {
    usize::from(number) % of.max(1)
}

/// What became of folders while the contracts changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Folder {
    /// `git mv`: the name that it had, and has.
    Moved(&'static str, &'static str),
    /// It was deleted.
    Deleted(&'static str),
}

impl Spec {
    /// The folder, the style and the contract of each node.
    pub(super) fn contracts(&self) -> Vec<(&'static str, HandlerStyle, String)> {
        let nodes = self.nodes.iter();
        nodes
            .map(|node| {
                (FOLDERS[node.folder], HandlerStyle::ALL[node.style], node.text(&self.shapes))
            })
            .collect()
    }

    /// The same with some changes.
    pub(super) fn changed(&self, changes: &[Change]) -> (Self, Vec<Folder>) {
        let mut new = self.clone();
        let mut folders = Vec::new();
        for change in changes {
            new.change(*change, &mut folders);
        }
        (new, folders)
    }

    fn change(&mut self, (kind, which, at, to): Change, folders: &mut Vec<Folder>) {
        let count = self.nodes.len();
        let which = index(which, count);
        match kind % KINDS {
            0 if count > 1 => {
                let gone = self.nodes.remove(which);
                folders.push(Folder::Deleted(FOLDERS[gone.folder]));
            }
            1 | 2 => {
                let taken: BTreeSet<usize> = self.nodes.iter().map(|node| node.folder).collect();
                let free: Vec<usize> =
                    (0..FOLDERS.len()).filter(|folder| !taken.contains(folder)).collect();
                let node = &mut self.nodes[which];
                let new = free[index(to, free.len())];
                folders.push(Folder::Moved(FOLDERS[node.folder], FOLDERS[new]));
                node.folder = new;
            }
            // A class gets another name in all contracts, as its fields do.
            3 | 4 => {
                let (from, to) = (index(at, CLASSES.len()), index(to, CLASSES.len()));
                self.shapes[to] = self.shapes[from];
                for node in &mut self.nodes {
                    node.rename_class(from, to);
                }
            }
            5 => self.shapes[index(at, CLASSES.len())] = to,
            kind => self.nodes[which].change(kind, at, to),
        }
    }
}

impl Node {
    fn change(&mut self, kind: u8, at: u8, to: u8) {
        let entries = self.entries.len();
        let here = index(at, entries);
        let there = index(to, entries);
        let (class, handler) = (index(to, CLASSES.len()), index(to, HANDLERS.len()));
        match kind {
            6 | 7 => {
                let from = index(at, CLASSES.len());
                self.rename_class(from, class);
            }
            8 => self.class_homes[index(at, CLASSES.len())] = to,
            9 => self.handler_homes[index(at, HANDLERS.len())] = to,
            10 | 11 => {
                let from = index(at, HANDLERS.len());
                for entry in self.entries.iter_mut().filter(|entry| entry.handler == from) {
                    entry.handler = handler;
                }
                self.handler_homes[handler] = self.handler_homes[from];
            }
            12 => self.description = to % 3,
            13 => {
                if !self.defined.remove(&class) {
                    self.defined.insert(class);
                }
            }
            14 => {
                let intent = index(to, INTENTS.len());
                let before = self.intents.len();
                self.intents.retain(|known| *known != intent);
                if self.intents.len() == before {
                    self.intents.push(intent);
                }
            }
            15 | 16 => self.entries.insert(
                here,
                Entry {
                    handler: index(at, HANDLERS.len()),
                    event: Some(class),
                    topic: (to > 128).then(|| index(to, TOPICS.len())),
                    description: to % 3,
                    outputs: vec![index(at, CLASSES.len())],
                    raised: Vec::new(),
                },
            ),
            17 => self.ends = (to > 64).then(|| (index(at, CLASSES.len()), class)),
            _ if entries == 0 => {}
            18 | 19 => {
                self.entries.remove(here);
            }
            20 => {
                let entry = self.entries.remove(here);
                self.entries.insert(index(to, entries), entry);
            }
            21 => {
                let (one, other) = (self.entries[here].handler, self.entries[there].handler);
                (self.entries[here].handler, self.entries[there].handler) = (other, one);
            }
            22 => self.entries[here].handler = handler,
            23 => self.entries[here].event = (to != 0).then_some(class),
            24 => {
                let entry = &mut self.entries[here];
                let topic = index(to, TOPICS.len());
                match to % 3 {
                    0 => entry.topic = if entry.topic == Some(topic) { None } else { Some(topic) },
                    1 => entry.description = to / 3 % 3,
                    _ => {
                        let intent = index(to, INTENTS.len());
                        let before = entry.raised.len();
                        entry.raised.retain(|known| *known != intent);
                        if entry.raised.len() == before {
                            entry.raised.push(intent);
                        }
                    }
                }
            }
            _ => {
                let outputs = &mut self.entries[here].outputs;
                match (to / 7 % 3, outputs.len()) {
                    (0, _) | (_, 0) => outputs.push(class),
                    (1, count) => {
                        outputs.remove(index(at, count));
                    }
                    (_, count) => outputs[index(at, count)] = class,
                }
                self.entries[here].outputs = distinct(std::mem::take(outputs));
            }
        }
    }

    fn rename_class(&mut self, from: usize, to: usize) {
        let rename = |class: &mut usize| {
            if *class == from {
                *class = to;
            }
        };
        for entry in &mut self.entries {
            entry.event.iter_mut().for_each(rename);
            entry.outputs.iter_mut().for_each(rename);
            entry.outputs = distinct(std::mem::take(&mut entry.outputs));
        }
        if let Some((input, output)) = &mut self.ends {
            rename(input);
            rename(output);
        }
        if self.defined.remove(&from) {
            self.defined.insert(to);
        }
        self.class_homes[to] = self.class_homes[from];
    }

    fn module(&self) -> String {
        format!("{PACKAGE}.nodes.{}", FOLDERS[self.folder])
    }

    /// The node's own models mostly; a package that nodes share; a file.
    fn class_module(&self, class: usize) -> String {
        match self.class_homes[class] % 6 {
            0 | 1 => format!("{}.models", self.module()),
            2 | 3 => format!("{PACKAGE}.models.events"),
            4 => format!("{PACKAGE}.models.other"),
            _ => format!("{PACKAGE}.models.model_of_{class}"),
        }
    }

    fn handler_module(&self, handler: usize) -> String {
        let stem = STEMS[handler];
        match self.handler_homes[handler] % 6 {
            0..=3 => format!("{}.handlers.{stem}", self.module()),
            4 => format!("{}.handlers.{stem}_moved", self.module()),
            _ => format!("{}.work.{stem}", self.module()),
        }
    }

    fn class(&self, class: usize) -> String {
        format!("{{name: \"{}\", module: \"{}\"}}", CLASSES[class], self.class_module(class))
    }

    fn text(&self, shapes: &[u8; CLASSES.len()]) -> String {
        let mut text = String::new();
        let folder = FOLDERS[self.folder];
        let described = ["Does what it does.", "Keeps orders and parcels in step.", ""];
        let _ = write!(
            text,
            "contract_version: {{major: 1, minor: 0, patch: 0}}\n\
             node_version: {{major: 1, minor: 0, patch: 0}}\n\
             name: \"{folder}\"\n\
             node_type: \"ORCHESTRATOR_GENERIC\"\n\
             description: \"{}\"\n",
            described[usize::from(self.description)]
        );
        if let Some((input, output)) = self.ends {
            let (input, output) = (self.class(input), self.class(output));
            let _ = write!(text, "input_model: {input}\noutput_model: {output}\n");
        }
        if !self.entries.is_empty() {
            text.push_str(
                "handler_routing:\n  version: {major: 1, minor: 0, patch: 0}\n  \
                 routing_strategy: \"payload_type_match\"\n  handlers:\n",
            );
        }
        for entry in &self.entries {
            self.entry(entry, &mut text);
        }
        let intents: BTreeSet<usize> = self
            .intents
            .iter()
            .chain(self.entries.iter().flat_map(|entry| &entry.raised))
            .copied()
            .collect();
        if !intents.is_empty() {
            text.push_str("intent_consumption:\n  intent_routing_table:\n");
            for intent in intents {
                let _ = writeln!(text, "    \"{}\": \"node_other_effect\"", INTENTS[intent]);
            }
        }
        if !self.defined.is_empty() {
            text.push_str("definitions:\n");
        }
        for class in &self.defined {
            self.definition(*class, shapes[*class], &mut text);
        }
        text
    }

    fn entry(&self, entry: &Entry, text: &mut String) {
        let _ = writeln!(
            text,
            "    - handler: {{name: \"{}\", module: \"{}\"}}",
            HANDLERS[entry.handler],
            self.handler_module(entry.handler)
        );
        if let Some(event) = entry.event {
            let _ = writeln!(text, "      event_model: {}", self.class(event));
        }
        if let Some(topic) = entry.topic {
            let _ = writeln!(text, "      topic: \"onex.evt.{PACKAGE}.{}.v1\"", TOPICS[topic]);
        }
        match entry.description {
            0 => {}
            1 => text.push_str("      description: \"Looks at what came.\"\n"),
            _ => text.push_str("      description: \"Weighs what came, and says so.\"\n"),
        }
        if !entry.outputs.is_empty() {
            let outputs = entry.outputs.iter();
            let outputs: Vec<String> = outputs
                .map(|class| format!("\"{}.{}\"", self.class_module(*class), CLASSES[*class]))
                .collect();
            let _ = writeln!(text, "      output_events: [{}]", outputs.join(", "));
        }
        if !entry.raised.is_empty() {
            let raised = entry.raised.iter().map(|intent| format!("\"{}\"", INTENTS[*intent]));
            let raised: Vec<String> = raised.collect();
            let _ = writeln!(text, "      output_intents: [{}]", raised.join(", "));
        }
    }

    fn definition(&self, class: usize, shape: u8, text: &mut String) {
        let fields = BTreeMap::from([
            (1, "correlation_id: {type: uuid, default_factory: uuid4}"),
            (2, "count: {type: integer, ge: 1}"),
            (4, "remark: {type: string, default: \"\"}"),
            (8, "parts: {type: array, items: {type: string}}"),
            (16, "total: {type: decimal, default: \"0.00\"}"),
            (32, "due: {type: datetime, nullable: true, default: null}"),
        ]);
        let _ = writeln!(
            text,
            "  {}:\n    module: \"{}\"\n    description: \"What happened.\"\n    properties:",
            CLASSES[class],
            self.class_module(class)
        );
        text.push_str("      place: {type: integer}\n");
        for (bit, field) in fields {
            if shape & bit != 0 {
                let _ = writeln!(text, "      {field}");
            }
        }
        let also = if shape & 2 != 0 && shape & 64 != 0 { ", count" } else { "" };
        let _ = writeln!(text, "    required: [place{also}]");
    }
}

//! The safe fixes: what a contract lacks for the framework's models and runtimes, as far as it follows from the rest.
//!
//! In: a node. Out: the text of its contract with versions as mappings, topics that a runtime can dispatch, an event
//! bus, an entry's own topic and a topic for every output event, or nothing where there is nothing to fix. Comments,
//! order and quotes stay; a second run finds nothing to do. What could be meant in more than one way is left alone.

mod edit;
mod topics;

use std::collections::BTreeSet;

use edit::Edits;
use heck::ToSnakeCase;

use super::{Gleaned, local, wiring};
use crate::contract::yaml::Kind;
use crate::contract::{ClassRef, Contract, RoutingEntry, Version, Yaml};
use crate::source::{SourceFile, Spanned};
use topics::Topics;

/// A time limit that suits most, where the contract gives none.
const LIMIT: u32 = 30_000;

/// The fixed text of a node's contract; nothing where there is nothing to fix, or a fix would not come out.
#[must_use]
pub fn fixed(node: &Gleaned) -> Option<String> {
    let contract = node.contract.as_ref().filter(|_| node.is_linted())?;
    let first = fixed_once(contract, node)?;
    // What one fix adds, the next builds upon.
    let mut text = first;
    for _ in 0..4 {
        let (next, _) =
            crate::contract::parse(&SourceFile::new(contract.file.path(), text.clone()));
        match next.and_then(|contract| fixed_once(&contract, node)) {
            Some(more) => text = more,
            None => return Some(text),
        }
    }
    None
}

fn fixed_once(contract: &Contract, node: &Gleaned) -> Option<String> {
    let mut fixer = Fixer {
        contract,
        topics: Topics::of(contract, &node.project),
        edits: Edits::of(&contract.file),
    };
    fixer.versions();
    fixer.enums();
    fixer.placeholders();
    fixer.entries();
    fixer.published();
    fixer.event_bus();
    fixer.input_model();
    fixer.performance();
    let text = fixer.edits.applied(&contract.root)?;
    (text != contract.file.text()).then_some(text)
}

struct Fixer<'a> {
    contract: &'a Contract,
    topics: Topics,
    edits: Edits<'a>,
}

impl Fixer<'_> {
    fn root(&self) -> &Yaml {
        &self.contract.root
    }

    fn entries_of(&self) -> &[RoutingEntry] {
        self.contract.routing.as_ref().map_or(&[], |routing| routing.entries.as_slice())
    }

    /// Versions as mappings, and those that are missing.
    fn versions(&mut self) {
        let contract = self.contract;
        let root = &contract.root;
        for (key, version) in [
            ("contract_version", &contract.contract_version),
            ("node_version", &contract.node_version),
        ] {
            self.as_mapping(root.get(key), version.as_ref());
        }
        if root.get("contract_version").is_none() && root.get("version").is_none() {
            self.edits.add_first(root, &format!("contract_version: {}", mapping(&FIRST)));
        }
        let Some(block) = root.get("handler_routing").filter(|b| b.as_mapping().is_some()) else {
            return;
        };
        self.as_mapping(
            block.get("version"),
            contract.routing.as_ref().and_then(|r| r.version.as_ref()),
        );
        if block.get("version").is_none() {
            self.edits.add_first(block, &format!("version: {}", mapping(&FIRST)));
        }
    }

    /// A version that is text becomes a mapping of the same numbers; text behind the numbers is left alone.
    fn as_mapping(&mut self, value: Option<&Yaml>, version: Option<&Spanned<Version>>) {
        let (Some(value), Some(version)) = (value, version) else { return };
        let text = value.as_str().unwrap_or_default();
        let numbers = |c: char| c.is_ascii_digit() || c == '.';
        if version.value.as_text && text.chars().all(numbers) {
            self.edits.replace(value, mapping(&version.value));
        }
    }

    /// Words that are a member of the framework's enum but for their case or ending.
    fn enums(&mut self) {
        let contract = self.contract;
        if let Some(kind) =
            contract.node_type.as_ref().filter(|k| k.value.eq_ignore_ascii_case("orchestrator"))
        {
            self.edits.rewrite(kind.span, "ORCHESTRATOR_GENERIC");
        }
        let workflow = contract.workflow.as_ref();
        if let Some(strategy) = workflow.and_then(|w| w.failure_recovery_strategy.as_ref()) {
            let upper = strategy.value.to_uppercase();
            let known = ["RETRY", "ROLLBACK", "COMPENSATE", "ABORT"].contains(&upper.as_str());
            if known && upper != strategy.value {
                self.edits.rewrite(strategy.span, &upper);
            }
        }
    }

    /// Topics of the template's form become such as can be dispatched.
    fn placeholders(&mut self) {
        let contract = self.contract;
        let mut seen = BTreeSet::new();
        for topic in wiring::topics(contract) {
            if let Some(plain) = topics::plain(&topic.value)
                && seen.insert(topic.span)
            {
                self.edits.rewrite(topic.span, &plain);
            }
        }
    }

    /// An entry's own topic, and what it is called by.
    fn entries(&mut self) {
        let contract = self.contract;
        let handlers = contract.root.get("handler_routing").and_then(|block| block.get("handlers"));
        let written = handlers.and_then(Yaml::as_sequence).unwrap_or_default();
        let entries = self.entries_of().to_vec();
        // Otherwise an entry could not be told from its neighbour.
        if written.len() != entries.len() {
            return;
        }
        let no_bus = wiring::subscribed(contract).is_empty();
        for (index, (node, entry)) in written.iter().zip(&entries).enumerate() {
            if node.as_mapping().is_none() {
                continue;
            }
            let topic = self.topics.of_entry(contract, entry, index);
            let mut lines = Vec::new();
            let mut add = |key: &str, value: String| {
                if node.get(key).is_none() {
                    lines.push(format!("{key}: \"{value}\""));
                }
            };
            if let Some(topic) = topic {
                let unrouted = wiring::topics_of(contract, entry, entries.len()).is_empty();
                let subscribed =
                    wiring::subscribed(contract).iter().any(|known| known.value == topic);
                if no_bus || unrouted && subscribed {
                    add("topic", topic.clone());
                    if let Some(alias) = wiring::alias(&topic) {
                        add("event_type", alias);
                    }
                }
                let heard = local::input_topic(contract, entry, index);
                if no_bus || subscribed && heard != Some(topic.as_str()) {
                    add("subscribe_topic", topic);
                }
            }
            if no_bus || index == 0 {
                let class = &entry.handler.name.value;
                let word = class.strip_prefix("Handler").filter(|rest| !rest.is_empty());
                add("operation", word.unwrap_or(class).to_snake_case());
            }
            self.edits.add(node, &["handler"], &lines);
        }
    }

    /// A topic for every output event that has none and that no entry of the node takes.
    fn published(&mut self) {
        let missing = self.topics.unpublished(self.contract);
        if missing.is_empty() {
            return;
        }
        let items: Vec<Vec<String>> = missing
            .iter()
            .map(|(name, topic)| {
                vec![format!("topic: \"{topic}\""), format!("event_type: \"{name}\"")]
            })
            .collect();
        match self.contract.root.get("published_events") {
            Some(list) if list.as_sequence().is_some_and(|list| !list.is_empty()) => {
                self.edits.push(list, &items);
            }
            Some(_) => {}
            None => {
                let mut lines = vec!["published_events:".to_owned()];
                for item in items {
                    lines.extend(item.iter().enumerate().map(|(index, line)| {
                        format!("  {}{line}", if index == 0 { "- " } else { "  " })
                    }));
                }
                self.below(&["event_bus", "handler_routing"], &lines);
            }
        }
    }

    /// Adds top-level lines below the first of the keys that is there.
    fn below(&mut self, keys: &[&str], lines: &[String]) {
        let contract = self.contract;
        if let Some(entry) = keys.iter().find_map(|key| contract.root.entry(key)) {
            self.edits.add_below(entry, lines);
        }
    }

    /// The event bus and the topic that ends the workflow.
    ///
    /// RuntimeLocal publishes what the first handler gives on the first of the topics, and waits for the terminal
    /// event: both are the topic of the first entry's first output.
    fn event_bus(&mut self) {
        let contract = self.contract;
        let entries = self.entries_of().to_vec();
        let subscribe: Vec<String> = entries
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| self.topics.of_entry(contract, entry, index))
            .collect();
        let publish = self.topics.publish(contract);
        let has_bus = contract.root.get("event_bus").is_some();
        let mut lines = Vec::new();
        if !has_bus && !subscribe.is_empty() && subscribe.len() == entries.len() {
            lines.push("event_bus:".to_owned());
            lines.push(format!("  version: {}", mapping(&FIRST)));
            lines.extend(list("subscribe_topics", &subscribe));
            lines.extend(list("publish_topics", &publish));
        }
        let end = if has_bus {
            local::output_topic(contract, &entries, 0).map(str::to_owned)
        } else {
            publish.first().cloned()
        };
        let end = end.filter(|topic| !wiring::has_placeholder(topic));
        if local::terminals(contract).is_empty()
            && (has_bus || !lines.is_empty())
            && let Some(topic) = end
        {
            lines.push(format!("terminal_event: \"{topic}\""));
        }
        if !lines.is_empty() {
            self.below(&["event_bus", "handler_routing"], &lines);
        }
    }

    /// The event of the first topic in the place of the template's input model, which no topic carries.
    fn input_model(&mut self) {
        let contract = self.contract;
        let Some(input) =
            contract.input_model.as_ref().filter(|m| m.name.value == "ModelOrchestratorInput")
        else {
            return;
        };
        let Some(first) = wiring::subscribed(contract).first() else { return };
        let taken = self.entries_of().iter().enumerate().find(|(index, entry)| {
            local::input_topic(contract, entry, *index) == Some(first.value.as_str())
        });
        let Some(model) = taken.and_then(|(_, entry)| entry.event_model.clone()) else { return };
        let (Some(module), Some(node)) = (&model.module, contract.root.get("input_model")) else {
            return;
        };
        self.refer(node, input, &model, &module.value);
    }

    fn refer(&mut self, node: &Yaml, old: &ClassRef, new: &ClassRef, module: &str) {
        match &node.kind {
            Kind::Scalar(scalar) => {
                let mark = if scalar.text.contains(':') { ':' } else { '.' };
                self.edits.rewrite(node.span, &format!("{module}{mark}{}", new.name.value));
            }
            Kind::Mapping(_) => {
                self.edits.rewrite(old.name.span, &new.name.value);
                if let Some(old) = &old.module {
                    self.edits.rewrite(old.span, module);
                }
            }
            Kind::Sequence(_) => {}
        }
    }

    fn performance(&mut self) {
        if self.root().get("performance").is_none() {
            let lines = ["performance:".to_owned(), format!("  single_operation_max_ms: {LIMIT}")];
            let keys = ["output_model", "input_model", "description", "node_type", "name"];
            self.below(&keys, &lines);
        }
    }
}

const FIRST: Version = Version { major: 1, minor: 0, patch: 0, as_text: false };

fn mapping(version: &Version) -> String {
    let Version { major, minor, patch, .. } = version;
    format!("{{ major: {major}, minor: {minor}, patch: {patch} }}")
}

fn list(key: &str, topics: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let items = topics.iter().filter(|topic| seen.insert(topic.as_str()));
    let items: Vec<String> = items.map(|topic| format!("    - \"{topic}\"")).collect();
    if items.is_empty() {
        return vec![format!("  {key}: []")];
    }
    std::iter::once(format!("  {key}:")).chain(items).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::sample::Sample;

    /// The contract of a sample after its fixes; nothing where there are none.
    fn after(sample: &Sample) -> Option<String> {
        let gathered = sample.gathered();
        fixed(gathered.nodes.first().unwrap())
    }

    /// What the fixes change, as lines with a mark, and that a second run changes nothing.
    fn changes(sample: Sample) -> String {
        let before = sample.read("contract.yaml");
        let text = after(&sample).unwrap_or_else(|| before.clone());
        assert_eq!(after(&sample.file("contract.yaml", &text)), None, "a second run changes more");
        let diff = similar::TextDiff::from_lines(&before, &text);
        let changed = diff.iter_all_changes().filter(|c| c.tag() != similar::ChangeTag::Equal);
        changed.map(|change| format!("{}{}", change.tag(), change.value())).collect()
    }

    #[test]
    fn a_clean_contract_is_left_alone() {
        assert_eq!(after(&Sample::new()), None);
        assert_eq!(after(&Sample::local()), None);
    }

    #[test]
    fn versions_become_mappings_of_the_same_numbers() {
        let sample = Sample::new().edit(
            "contract.yaml",
            "node_version: {major: 1, minor: 2, patch: 0}",
            "node_version: '1.2.3' # why",
        );
        assert_eq!(
            changes(sample),
            "-node_version: '1.2.3' # why\n+node_version: { major: 1, minor: 2, patch: 3 } # why\n"
        );
        // What stands behind the numbers would be lost.
        let more = Sample::new().edit(
            "contract.yaml",
            "node_version: {major: 1, minor: 2, patch: 0}",
            "node_version: \"1.2.3-rc1\"",
        );
        assert_eq!(changes(more), "");
    }

    #[test]
    fn what_is_missing_is_put_in_its_place() {
        let sample = Sample::local()
            .edit(
                "contract.yaml",
                "contract_version: {major: 1, minor: 0, patch: 0}\n",
                "# first\n",
            )
            .edit("contract.yaml", "performance:\n  single_operation_max_ms: 5000\n", "")
            .edit("contract.yaml", "terminal_event: \"onex.evt.billing.invoice-opened.v1\"\n", "")
            .edit("contract.yaml", "      operation: \"delivery_made\"\n", "");
        assert_eq!(
            changes(sample),
            "+contract_version: { major: 1, minor: 0, patch: 0 }\n\
             +performance:\n+  single_operation_max_ms: 30000\n\
             +      operation: \"delivery_made\"\n\
             +terminal_event: \"onex.evt.billing.invoice-opened.v1\"\n"
        );
    }

    #[test]
    fn entries_that_get_no_messages_get_the_topics_that_fit_their_events() {
        let sample = Sample::new()
            .edit("contract.yaml", "      topic: \"onex.evt.shop.order-placed.v1\"\n      subscribe_topic: \"onex.evt.shop.order-placed.v1\"\n      event_type: \"shop.order-placed\"\n", "")
            .edit("contract.yaml", "      topic: \"onex.evt.shop.payment-taken.v1\"\n      subscribe_topic: \"onex.evt.shop.payment-taken.v1\"\n      event_type: \"shop.payment-taken\"\n", "");
        assert_eq!(
            changes(sample),
            "+      topic: \"onex.evt.shop.order-placed.v1\"\n+      event_type: \"shop.order-placed\"\n\
             +      topic: \"onex.evt.shop.payment-taken.v1\"\n+      event_type: \"shop.payment-taken\"\n"
        );
    }

    #[test]
    fn a_topic_that_fits_none_is_not_guessed() {
        let sample = Sample::new()
            .edit("contract.yaml", "      topic: \"onex.evt.shop.order-placed.v1\"\n      subscribe_topic: \"onex.evt.shop.order-placed.v1\"\n      event_type: \"shop.order-placed\"\n", "")
            .edit("contract.yaml", "  subscribe_topics:\n    - \"onex.evt.shop.order-placed.v1\"", "  subscribe_topics:\n    - \"onex.evt.shop.basket-left.v1\"");
        assert_eq!(changes(sample), "");
    }

    #[test]
    fn output_events_get_a_topic() {
        let event =
            "  - topic: \"onex.evt.shop.order-refused.v1\"\n    event_type: \"OrderRefused\"\n";
        let sample = Sample::new().edit("contract.yaml", event, "");
        assert_eq!(
            changes(sample),
            "+  - topic: \"onex.evt.shop.order-refused.v1\"\n+    event_type: \"OrderRefused\"\n"
        );
    }

    #[test]
    fn flow_style_stays_flow_style() {
        let contract = "name: node_invoice_orchestrator\n\
            contract_version: {major: 1, minor: 0, patch: 0}\n\
            node_type: 'orchestrator'\n\
            description: x\n\
            performance: {single_operation_max_ms: 1}\n\
            handler_routing: {handlers: [{event_model: {name: ModelAEvent, module: billing.models.a}, \
            handler: {name: HandlerA, module: billing.nodes.node_invoice_orchestrator.handlers.handler_a}, \
            output_events: [ModelB]}]}\n\
            published_events: [{topic: onex.evt.billing.c.v1, event_type: C}]";
        let sample = Sample::local().file("contract.yaml", contract);
        let text = after(&sample).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2], "node_type: 'ORCHESTRATOR_GENERIC'");
        assert!(lines[5].starts_with(
            "handler_routing: {version: { major: 1, minor: 0, patch: 0 }, handlers: [{"
        ));
        assert!(
            lines[5].contains(
                "handler_a}, topic: \"onex.evt.billing.a.v1\", event_type: \"billing.a\", "
            )
        );
        assert_eq!(
            text.lines().find(|line| line.starts_with("published_events")).unwrap(),
            "published_events: [{topic: onex.evt.billing.c.v1, event_type: C}, \
             {topic: \"onex.evt.billing.b.v1\", event_type: \"B\"}]"
        );
        assert!(text.contains("\nterminal_event: \"onex.evt.billing.b.v1\"\n"), "{text}");
        assert_eq!(after(&sample.file("contract.yaml", &text)), None);
    }

    #[test]
    fn line_ends_stay() {
        let sample = Sample::local().edit(
            "contract.yaml",
            "performance:\n  single_operation_max_ms: 5000\n",
            "",
        );
        let text = sample.read("contract.yaml").replace('\n', "\r\n");
        let fixed = after(&sample.file("contract.yaml", &text)).unwrap();
        assert_eq!(fixed.matches('\n').count(), fixed.matches("\r\n").count());
    }

    /// Whatever is changed in the corpus of mistakes, a fix keeps the rest and is done in one run.
    #[test]
    fn fixes_of_mistakes_are_done_in_one_run() {
        let mut fixed_ones = 0;
        for sample in crate::lint::mutations::samples() {
            if let Some(text) = after(&sample) {
                fixed_ones += 1;
                assert_eq!(after(&sample.file("contract.yaml", &text)), None);
            }
        }
        assert!(fixed_ones > 20, "{fixed_ones}");
    }
}

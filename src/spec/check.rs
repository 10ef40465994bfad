//! What the flags say, taken together -> [`Answers`]: names that belong together are found, and those that do not
//! are reported at their place.

use std::collections::BTreeMap;

use super::parse::{Fields, RawEvent, RawField, RawIntent, RawModel, RawRoute, RawStep};
use super::{Answers, Event, Field, Intent, Kind, Known, Model, Route, Step, names};
use crate::contract::Contract;
use crate::diagnostic::{Diagnostic, Label, nearest};
use crate::node::{NodeKind, naming};
use crate::python::Identifier;
use crate::source::{SourceFile, Span, Spanned};

/// Everything that was given, each part read by itself.
pub(super) struct Raw {
    pub(super) name: Option<SourceFile>,
    pub(super) description: Option<String>,
    pub(super) producer: Option<SourceFile>,
    pub(super) routes: Vec<RawRoute>,
    pub(super) models: Vec<RawModel>,
    pub(super) intents: Vec<RawIntent>,
    pub(super) steps: Vec<RawStep>,
    /// Whether every route could be read; else a name that none of them has may be in one of the others.
    pub(super) all_routes: bool,
    /// The same of models.
    pub(super) all_models: bool,
    /// The same of steps.
    pub(super) all_steps: bool,
    /// What stands already.
    pub(super) known: Option<Known>,
}

/// Where in the flags the classes and fields of a contract come from.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    classes: BTreeMap<String, Label>,
    fields: BTreeMap<(String, String), Label>,
}

/// Findings about a contract that was written from answers, told at the place of the answer where there is one.
#[must_use]
pub fn blame(found: Vec<Diagnostic>, contract: &Contract, origins: &Origins) -> Vec<Diagnostic> {
    let translated = |label: &Label| {
        if label.file != contract.file {
            return None;
        }
        let at = label.span.start;
        let holds = |span: Span| span.start <= at && at <= span.end;
        let definition = contract.definitions.iter().find(|definition| holds(definition.span));
        if let Some(definition) = definition {
            let class = &definition.name.value;
            let fields = definition.fields.as_deref().unwrap_or_default();
            let field =
                fields.iter().find(|field| holds(field.name.span) || holds(field.schema.span));
            let of_field = field.and_then(|field| {
                origins.fields.get(&(class.clone(), field.name.value.clone())).cloned()
            });
            return of_field.or_else(|| origins.classes.get(class).cloned());
        }
        // A name in the routing, in quotes.
        let named = contract.file.slice(label.span).trim_matches('"');
        origins.classes.get(named).cloned()
    };
    let told = |mut diagnostic: Diagnostic| {
        if let Some(origin) = translated(&diagnostic.primary) {
            // What stands beside the underline in YAML means little beside that of a flag.
            diagnostic.primary = Label { text: String::new(), ..origin };
            diagnostic.related.retain(|label| label.file != contract.file);
        }
        diagnostic
    };
    found.into_iter().map(told).collect()
}

/// Puts the parts together; nothing where the name or every route is missing, or cannot be read.
pub(super) fn check(
    raw: Raw,
    producer: &str,
    found: &mut Vec<Diagnostic>,
) -> Option<(Answers, Origins)> {
    let folder = raw.name.as_ref().and_then(|name| folder(name, found));
    let producer = segment(raw.producer.as_ref(), producer, found);
    let needs_route = raw.known.is_none();
    let known = raw.known.clone().unwrap_or_default();
    let mut checker = Checker { origins: Origins::default(), known, found };
    let routes = checker.routes(&raw.routes);
    let events = checker.events(&raw.routes);
    checker.classes(&raw, &routes);
    if raw.all_models {
        checker.references(&raw);
        checker.refuse_endless(&raw.models);
    }
    let intents = checker.intents(&raw.intents, &routes, raw.all_routes);
    let steps = checker.steps(&raw.steps, raw.all_steps);
    let origins = checker.origins;
    let folder = folder?;
    let described = raw.description.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let description = described.map_or_else(|| names::description(&folder), str::to_owned);
    let model =
        |model: &RawModel| Model { name: model.name.value.clone(), fields: plain(&model.fields) };
    let models = raw.models.iter().map(model).collect();
    let answers = Answers { folder, description, producer, routes, events, models, intents, steps };
    (!needs_route || !answers.routes.is_empty()).then_some((answers, origins))
}

/// The node's folder.
fn folder(name: &SourceFile, found: &mut Vec<Diagnostic>) -> Option<Identifier> {
    match naming::folder_for_name(name.text().trim(), NodeKind::Orchestrator) {
        Ok(folder) => Some(folder),
        Err(problem) => {
            let text = name.text().escape_debug();
            let message = format!("`{text}` cannot be a node's name: it {problem}");
            found.push(
                Diagnostic::error("unusable-name", name, whole(name), message)
                    .help("write letters, digits, `-` and `_`, such as `order_payment`"),
            );
            None
        }
    }
}

fn segment(given: Option<&SourceFile>, otherwise: &str, found: &mut Vec<Diagnostic>) -> String {
    let Some(given) = given else { return otherwise.to_owned() };
    if !names::is_segment(given.text()) {
        let text = given.text().escape_debug();
        let message = format!("`{text}` cannot be the producer in a topic");
        let help = match names::producer(given.text()) {
            Some(segment) => format!("write `{segment}`"),
            None => "write small letters and digits with `-` between words, such as `order-desk`"
                .to_owned(),
        };
        let error = Diagnostic::error("unusable-producer", given, whole(given), message);
        found.push(error.help(help));
    }
    given.text().to_owned()
}

fn whole(file: &SourceFile) -> Span {
    Span::new(0, u32::try_from(file.text().len()).unwrap_or(u32::MAX))
}

fn plain(fields: &Fields) -> Vec<Field> {
    fields.fields.iter().map(|field| field.field.clone()).collect()
}

fn mentions(routes: &[RawRoute]) -> impl Iterator<Item = &RawEvent> {
    routes.iter().flat_map(|route| std::iter::once(&route.event).chain(&route.outputs))
}

struct Checker<'a> {
    origins: Origins,
    known: Known,
    found: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn refuse(&mut self, rule: &'static str, at: &Label, message: String, help: impl Into<String>) {
        self.found.push(Diagnostic::error(rule, &at.file, at.span, message).help(help));
    }

    fn refuse_beside(
        &mut self,
        rule: &'static str,
        at: &Label,
        message: String,
        first: &Label,
        help: impl Into<String>,
    ) {
        let error = Diagnostic::error(rule, &at.file, at.span, message);
        self.found.push(error.related_in(&first.file, first.span, "the first one").help(help));
    }

    fn routes(&mut self, raw: &[RawRoute]) -> Vec<Route> {
        let mut handled: BTreeMap<&Identifier, Label> = BTreeMap::new();
        let mut routes = Vec::new();
        for route in raw {
            let event = &route.event.name.value;
            let at = label(&route.event.file, route.event.name.span);
            if let Some(first) = handled.get(event).cloned() {
                let message =
                    format!("`{event}` has two routes, and a message goes to one handler");
                let help = "put the outputs of both behind one arrow, with commas between them";
                self.refuse_beside("spec-duplicate", &at, message, &first, help);
                continue;
            }
            if self.known.handled().any(|known| known == event) {
                let message = format!("the node handles `{event}` already");
                let help = "edit its entry in the contract, or give the message another name";
                self.refuse("spec-duplicate", &at, message, help);
                continue;
            }
            handled.insert(event, at);
            let outputs = self.outputs(route);
            routes.push(Route { event: event.clone(), outputs });
        }
        routes
    }

    fn outputs(&mut self, route: &RawRoute) -> Vec<Identifier> {
        let mut outputs: Vec<Identifier> = Vec::new();
        for output in &route.outputs {
            let name = &output.name.value;
            let at = label(&output.file, output.name.span);
            if *name == route.event.name.value {
                let message =
                    format!("`{name}` would be emitted by its own handler, again and again");
                self.refuse("spec-circle", &at, message, "name what comes of it");
            } else if outputs.contains(name) {
                let message = format!("`{name}` is among the outputs already");
                self.refuse("spec-duplicate", &at, message, "take one of them out");
            } else {
                outputs.push(name.clone());
            }
        }
        outputs
    }

    /// Every message once, with the fields of whichever mention has them.
    fn events(&mut self, routes: &[RawRoute]) -> Vec<Event> {
        let mut order: Vec<Identifier> = Vec::new();
        let mut given: BTreeMap<Identifier, (Vec<Field>, Label)> = BTreeMap::new();
        for mention in mentions(routes) {
            let name = &mention.name.value;
            if !order.contains(name) {
                order.push(name.clone());
            }
            let Some(fields) = &mention.fields else { continue };
            let at = label(&mention.file, fields.span);
            let fields = plain(fields);
            if let Some(standing) = self.known.message(name).and_then(|m| m.fields.clone()) {
                if standing != fields {
                    let message = format!("the contract describes `{name}` already, otherwise");
                    let help = format!("leave the fields out here: `{name}`");
                    self.refuse("spec-conflict", &at, message, help);
                }
                continue;
            }
            match given.get(name) {
                Some((first, _)) if *first == fields => {}
                Some((_, first)) => {
                    let message =
                        format!("`{name}` has other fields here than where it is named first");
                    let first = first.clone();
                    let help = format!("leave the fields out here: `{name}`");
                    self.refuse_beside("spec-conflict", &at, message, &first, help);
                }
                None => {
                    given.insert(name.clone(), (fields, at));
                }
            }
        }
        let fields =
            |name: &Identifier| given.get(name).map(|(f, _)| f.clone()).unwrap_or_default();
        order.into_iter().map(|name| Event { fields: fields(&name), name }).collect()
    }

    /// Notes where classes come from, and refuses those that two things would need, or that differ in nothing that
    /// a topic or a file could tell.
    fn classes(&mut self, raw: &Raw, routes: &[Route]) {
        let handled = |name: &Identifier| routes.iter().any(|route| route.event == *name);
        let mut segments: BTreeMap<String, (Identifier, Label)> = BTreeMap::new();
        for mention in mentions(&raw.routes) {
            let name = &mention.name.value;
            let class = names::event_class(name, handled(name));
            let at = label(&mention.file, mention.name.span);
            let first = segments.entry(names::segment(name)).or_insert((name.clone(), at.clone()));
            if first.0 == *name {
                self.note(&class, &at, mention.fields.as_ref());
                continue;
            }
            let (other, first) = first.clone();
            let message = format!("`{name}` and `{other}` would share the topic of one message");
            self.refuse_beside("colliding-names", &at, message, &first, "give one another name");
        }
        for model in &raw.models {
            let at = label(&model.file, model.name.span);
            if self.known.models.contains(&model.name.value) {
                let message = format!("the contract describes `{}` already", model.name.value);
                self.refuse("spec-duplicate", &at, message, "take it out, or give it another name");
                continue;
            }
            let class = names::model_class(&model.name.value);
            if self.is_class_taken(&class, &at) {
                continue;
            }
            self.note(&class, &at, Some(&model.fields));
        }
    }

    /// Whether something else has the class already, which is refused.
    fn is_class_taken(&mut self, class: &str, at: &Label) -> bool {
        let Some(first) = self.origins.classes.get(class).cloned() else { return false };
        let message = format!("two things need the class `{class}`");
        self.refuse_beside("colliding-names", at, message, &first, "give one another name");
        true
    }

    fn note(&mut self, class: &str, at: &Label, fields: Option<&Fields>) {
        self.origins.classes.entry(class.to_owned()).or_insert_with(|| at.clone());
        for field in fields.iter().flat_map(|fields| &fields.fields) {
            let key = (class.to_owned(), field.field.name.to_string());
            self.origins.fields.entry(key).or_insert_with(|| label(&at.file, field.span));
        }
    }

    /// Refuses models that fields name and nobody gives.
    fn references(&mut self, raw: &Raw) {
        let standing = self.known.models.clone();
        let given = raw.models.iter().map(|model| &model.name.value);
        let known: Vec<&str> = given.chain(&standing).map(Identifier::as_str).collect();
        let of_events = mentions(&raw.routes).map(|event| (&event.file, event.fields.as_ref()));
        let of_models = raw.models.iter().map(|model| (&model.file, Some(&model.fields)));
        let of_intents = raw.intents.iter().map(|intent| (&intent.file, intent.fields.as_ref()));
        let lists = of_events.chain(of_models).chain(of_intents);
        let fields: Vec<(&SourceFile, &RawField)> = lists
            .flat_map(|(file, fields)| {
                fields.into_iter().flat_map(|f| &f.fields).map(move |field| (file, field))
            })
            .collect();
        for (file, field) in fields {
            for model in field.models.iter().filter(|m| !known.contains(&m.value.as_str())) {
                let name = &model.value;
                let help = match nearest(name.as_str(), known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("add --model '{name}(...)' with its fields"),
                };
                let message = format!("there is no model `{name}`");
                self.refuse("unknown-model", &label(file, model.span), message, help);
            }
        }
    }

    /// Refuses models of which none can be made, because each needs another of them first.
    fn refuse_endless(&mut self, models: &[RawModel]) {
        let needs = |model: &RawModel| {
            let fields = model.fields.fields.iter().map(|field| &field.field);
            let required = fields.filter(|field| field.default.is_none() && !field.holds.optional);
            let named = required.filter_map(|field| match &field.holds.kind {
                Kind::Model(name) => Some(name.clone()),
                Kind::Word(_) | Kind::List(_) | Kind::Map(..) | Kind::Enum(_) => None,
            });
            (model.name.value.clone(), named.collect())
        };
        let needs: Vec<(Identifier, Vec<Identifier>)> = models.iter().map(needs).collect();
        let endless = stuck(&needs);
        let names: Vec<&str> = endless.iter().map(|name| name.as_str()).collect();
        if let Some(model) = models.iter().find(|model| endless.contains(&&model.name.value)) {
            let at = label(&model.file, model.name.span);
            let message = match names.as_slice() {
                [only] => format!("no `{only}` could ever be made: it needs another one first"),
                several => {
                    format!("none of {} could ever be made: each needs another", listed(several))
                }
            };
            let help = "put a `?` behind one of the types, or make it a list";
            self.refuse("spec-circle", &at, message, help);
        }
    }

    fn intents(&mut self, raw: &[RawIntent], routes: &[Route], are_all: bool) -> Vec<Intent> {
        let mut intents = Vec::new();
        for intent in raw {
            let at = label(&intent.file, intent.kind.span);
            let read = Intent {
                kind: intent.kind.value.clone(),
                fields: intent.fields.as_ref().map(plain).unwrap_or_default(),
                target: intent.target.clone(),
                from: self.from(intent, routes, are_all),
            };
            if self.known.intents.iter().any(|(known, _)| *known == read.intent_type()) {
                let message = format!("the contract routes `{}` already", read.intent_type());
                let help = "edit its line in the contract, or give the intent another name";
                self.refuse("spec-duplicate", &at, message, help);
                continue;
            }
            let class = match naming::intent_payload_class(&read.intent_type()) {
                Ok(class) => class.to_string(),
                Err(problem) => {
                    let message =
                        format!("no payload can be named after this intent: it {problem}");
                    self.refuse("unusable-name", &at, message, "give it a shorter name");
                    continue;
                }
            };
            if self.is_class_taken(&class, &at) {
                continue;
            }
            self.note(&class, &at, intent.fields.as_ref());
            intents.push(read);
        }
        intents
    }

    /// The messages whose handlers raise an intent.
    fn from(&mut self, intent: &RawIntent, routes: &[Route], are_all: bool) -> Vec<Identifier> {
        let standing: Vec<Identifier> = self.known.handled().cloned().collect();
        let given = routes.iter().map(|route| &route.event);
        let handled: Vec<&str> = given.chain(&standing).map(Identifier::as_str).collect();
        let mut from: Vec<Identifier> = Vec::new();
        for Spanned { value: event, span } in &intent.from {
            let at = label(&intent.file, *span);
            if from.contains(event) {
                let message = format!("`{event}` is named twice");
                self.refuse("spec-duplicate", &at, message, "take one of them out");
            } else if handled.contains(&event.as_str()) {
                from.push(event.clone());
            } else if are_all {
                let help = match nearest(event.as_str(), handled.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the node handles {}", listed(&handled)),
                };
                let message = format!("no route begins with `{event}`, so no handler raises this");
                self.refuse("unknown-event", &at, message, help);
            }
        }
        from
    }

    fn steps(&mut self, raw: &[RawStep], are_all: bool) -> Vec<Step> {
        let mut first: BTreeMap<&Identifier, Label> = BTreeMap::new();
        for step in raw {
            let at = label(&step.file, step.id);
            if self.known.steps.contains(&step.step.id) {
                let message = format!("there is a step `{}` already", step.step.id);
                self.refuse("spec-duplicate", &at, message, "give it another name");
            } else if let Some(before) = first.get(&step.step.id).cloned() {
                let message = format!("there are two steps `{}`", step.step.id);
                self.refuse_beside("spec-duplicate", &at, message, &before, "rename one of them");
            } else {
                first.insert(&step.step.id, at);
            }
        }
        let standing = self.known.steps.clone();
        let given = raw.iter().map(|step| &step.step.id);
        let known: Vec<&str> = given.chain(&standing).map(Identifier::as_str).collect();
        for step in raw {
            for (index, (after, span)) in step.step.after.iter().zip(&step.after).enumerate() {
                let at = label(&step.file, *span);
                if step.step.after.iter().take(index).any(|other| other == after) {
                    let message = format!("`{after}` is named twice");
                    self.refuse("spec-duplicate", &at, message, "take one of them out");
                } else if are_all && !known.contains(&after.as_str()) {
                    let help = match nearest(after.as_str(), known.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("add --step '{after}: effect', or leave it out here"),
                    };
                    let message = format!("there is no step `{after}` to wait for");
                    self.refuse("unknown-step", &at, message, help);
                }
            }
        }
        let needs: Vec<(Identifier, Vec<Identifier>)> =
            raw.iter().map(|step| (step.step.id.clone(), step.step.after.clone())).collect();
        let stuck = stuck(&needs);
        if let Some(step) = raw.iter().find(|step| stuck.contains(&&step.step.id)) {
            let names: Vec<&str> = stuck.iter().map(|name| name.as_str()).collect();
            let message = match names.as_slice() {
                [only] => format!("`{only}` waits for itself"),
                several => format!("{} wait for each other", listed(several)),
            };
            let help = "take one of the steps out of what another waits for";
            self.refuse("spec-circle", &label(&step.file, step.id), message, help);
        }
        raw.iter().map(|step| step.step.clone()).collect()
    }
}

/// The names that are never free, because each needs another of them.
fn stuck(needs: &[(Identifier, Vec<Identifier>)]) -> Vec<&Identifier> {
    let mut waiting: Vec<&(Identifier, Vec<Identifier>)> = needs.iter().collect();
    loop {
        let is_blocked = |(_, needs): &&(Identifier, Vec<Identifier>)| {
            needs.iter().any(|need| waiting.iter().any(|(other, _)| other == need))
        };
        let rest: Vec<_> = waiting.iter().copied().filter(is_blocked).collect();
        if rest.len() == waiting.len() {
            return rest.into_iter().map(|(name, _)| name).collect();
        }
        waiting = rest;
    }
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => "nothing".to_owned(),
    }
}

fn label(file: &SourceFile, span: Span) -> Label {
    Label { file: file.clone(), span, text: String::new() }
}

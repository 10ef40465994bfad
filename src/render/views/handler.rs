//! A handler's module, in each of the styles.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Context, import, tuple};
use crate::node::{Argument, ClassPath, Handler, HandlerStyle, Intent, NodeKind, Recipe, Route};
use crate::python::imports::{Imports, NameClash, Need, dunder_all};
use crate::python::{Code, Comment, DocText, Identifier, StrLiteral, paragraphs, py, sentence};
use crate::render::docstring::Docstring;
use crate::render::engine::{self, TemplateError, View};

/// What the templates of all styles print.
#[derive(Debug, Serialize)]
struct Common {
    header: Vec<Comment>,
    module_doc: DocText,
    imports: Code,
    dunder_all: Code,
    class_name: Identifier,
    class_doc: DocText,
    /// The type of what comes in.
    event: Code,
    handle_doc: DocText,
    /// What to do for each kind of message but the last.
    branches: Vec<Branch>,
    /// What to do for the last kind of message, or the only one.
    last: Branch,
}

/// What one kind of message is answered with.
#[derive(Debug, Serialize)]
struct Branch {
    /// The class of the message.
    event: Code,
    emits: bool,
    /// A tuple of events.
    events: Code,
    /// The one event, or `None`.
    event_or_none: Code,
    raises: bool,
    /// A tuple of intents.
    intents: Code,
}

/// What the framework's registry asks of a handler.
#[derive(Debug, Serialize)]
struct Properties {
    handler_id: StrLiteral,
    category: Code,
    message_types: Code,
    node_kind: Code,
}

#[derive(Debug, Serialize)]
pub(crate) struct EnvelopeHandlerView {
    #[serde(flatten)]
    common: Common,
    #[serde(flatten)]
    properties: Properties,
    reads_event: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct DualHandlerView {
    #[serde(flatten)]
    common: Common,
    #[serde(flatten)]
    properties: Properties,
    /// What `decide` calls the message: linters take one that is not read for forgotten, unless its name says so.
    incoming: Identifier,
}

#[derive(Debug, Serialize)]
pub(crate) struct DefinitionBHandlerView {
    #[serde(flatten)]
    common: Common,
    returns: Code,
}

#[derive(Debug, Serialize)]
pub(crate) struct TemplateHandlerView {
    #[serde(flatten)]
    common: Common,
    handler_id: StrLiteral,
}

impl View for EnvelopeHandlerView {
    const TEMPLATE: &'static str = "orchestrator/handlers/envelope.py.j2";
}

impl View for DualHandlerView {
    const TEMPLATE: &'static str = "orchestrator/handlers/dual.py.j2";
}

impl View for DefinitionBHandlerView {
    const TEMPLATE: &'static str = "orchestrator/handlers/definition_b.py.j2";
}

impl View for TemplateHandlerView {
    const TEMPLATE: &'static str = "orchestrator/handlers/template.py.j2";
}

/// Why a file could not be rendered: a name that would mean two things, or a mistake of ours.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// Two imports of one name.
    #[error(transparent)]
    Clash(#[from] NameClash),
    /// A template that does not fit.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// The module's text, not yet formatted.
pub(crate) fn render(context: Context<'_>, handler: &Handler) -> Result<String, ViewError> {
    let style = context.node.style;
    let common = common(context, handler)?;
    Ok(match style {
        HandlerStyle::Envelope => engine::render(&EnvelopeHandlerView {
            reads_event: reads_event(handler),
            properties: properties(context, handler),
            common,
        }),
        HandlerStyle::Dual => {
            let incoming = Identifier::ours(if reads_event(handler) { "event" } else { "_event" });
            let properties = properties(context, handler);
            engine::render(&DualHandlerView { properties, incoming, common })
        }
        HandlerStyle::DefinitionB => {
            engine::render(&DefinitionBHandlerView { returns: returns(handler), common })
        }
        HandlerStyle::Template => {
            let handler_id = StrLiteral::new(handler.class.name.as_str());
            engine::render(&TemplateHandlerView { handler_id, common })
        }
    }?)
}

fn common(context: Context<'_>, handler: &Handler) -> Result<Common, NameClash> {
    let (branches, last) = branches(handler, context.node.style);
    Ok(Common {
        header: context.header(),
        module_doc: module_doc(context, handler),
        imports: context.imports(imports(context, handler)?),
        dunder_all: dunder_all([&handler.class.name]),
        class_name: handler.class.name.clone(),
        class_doc: class_doc(context, handler),
        event: event_type(handler),
        handle_doc: handle_doc(context, handler),
        branches,
        last,
    })
}

/// The routes by kind of message: typed ones first, in order, those without a type last.
fn kinds(handler: &Handler) -> Vec<Vec<&Route>> {
    let mut kinds: Vec<Vec<&Route>> = Vec::new();
    let typed = handler.routes.iter().filter(|route| route.event.is_some());
    let untyped = handler.routes.iter().filter(|route| route.event.is_none());
    for route in typed.chain(untyped) {
        let same = |kind: &&mut Vec<&Route>| kind.iter().any(|other| other.event == route.event);
        match kinds.iter_mut().find(same) {
            Some(kind) => kind.push(route),
            None => kinds.push(vec![route]),
        }
    }
    kinds
}

/// The classes of the messages, each once, in order.
pub(crate) fn event_classes(handler: &Handler) -> Vec<&ClassPath> {
    kinds(handler).into_iter().filter_map(|kind| kind.first()?.event.as_ref()).collect()
}

/// Whether messages come in without a type, as mappings.
pub(crate) fn takes_mappings(handler: &Handler) -> bool {
    handler.routes.iter().any(|route| route.event.is_none())
}

/// `A | B`; a message without a type is a mapping.
pub(crate) fn event_type(handler: &Handler) -> Code {
    let mut types: Vec<Code> = event_classes(handler).iter().map(|c| py!("{}", c.name)).collect();
    if takes_mappings(handler) || types.is_empty() {
        types.push(Code::of("dict[str, object]"));
    }
    Code::join(&types, " | ")
}

/// Everything that may be emitted, each class once, in order.
pub(crate) fn outputs(handler: &Handler) -> Vec<&Recipe> {
    let mut outputs: Vec<&Recipe> = Vec::new();
    for recipe in handler.routes.iter().flat_map(|route| &route.outputs) {
        if !outputs.iter().any(|other| other.class == recipe.class) {
            outputs.push(recipe);
        }
    }
    outputs
}

/// What a stub emits for one kind of message: the first event that can be built and that every entry for such
/// messages declares, since nothing tells the entries apart.
fn emitted<'a>(routes: &[&'a Route]) -> Option<&'a Recipe> {
    let (first, others) = routes.split_first()?;
    first.buildable().find(|recipe| others.iter().all(|other| other.outputs.contains(recipe)))
}

/// The intents that stubs of this style raise for one kind of message: those that every entry raises.
fn raised<'a>(routes: &[&'a Route], style: HandlerStyle) -> Vec<&'a (Intent, Recipe)> {
    let Some((first, others)) = routes.split_first() else { return Vec::new() };
    match style {
        HandlerStyle::DefinitionB => Vec::new(),
        HandlerStyle::Envelope | HandlerStyle::Dual | HandlerStyle::Template => {
            let all_raise = |pair: &&(Intent, Recipe)| {
                others.iter().all(|other| other.raised().any(|raised| raised == *pair))
            };
            let mut raised: Vec<&(Intent, Recipe)> = Vec::new();
            for pair in first.raised().filter(all_raise) {
                if !raised.contains(&pair) {
                    raised.push(pair);
                }
            }
            raised
        }
    }
}

/// What to do for each kind of message that is not answered like the last one, and for that.
fn branches(handler: &Handler, style: HandlerStyle) -> (Vec<Branch>, Branch) {
    let mut branches: Vec<Branch> =
        kinds(handler).iter().map(|routes| branch(routes, style)).collect();
    let last = branches.pop().unwrap_or_else(|| branch(&[], style));
    branches.retain(|branch| !branch.does_as(&last));
    (branches, last)
}

impl Branch {
    /// Whether another kind of message is answered in the same words.
    fn does_as(&self, other: &Self) -> bool {
        (&self.events, &self.intents) == (&other.events, &other.intents)
    }
}

fn branch(routes: &[&Route], style: HandlerStyle) -> Branch {
    let variable = incoming(style);
    let event = routes.first().and_then(|route| route.event.as_ref());
    let built = emitted(routes).map(|recipe| build(recipe, &variable));
    let intents: Vec<Code> = raised(routes, style)
        .into_iter()
        .map(|(intent, recipe)| intent_code(intent, &build(recipe, &variable)))
        .collect();
    Branch {
        event: event.map_or_else(Code::default, |class| py!("{}", class.name)),
        emits: built.is_some(),
        events: tuple(built.as_slice()),
        event_or_none: built.unwrap_or_else(|| Code::of("None")),
        raises: !intents.is_empty(),
        intents: tuple(&intents),
    }
}

/// The variable that holds the message in a stub.
fn incoming(style: HandlerStyle) -> Identifier {
    match style {
        HandlerStyle::DefinitionB => Identifier::ours("request"),
        HandlerStyle::Envelope | HandlerStyle::Dual | HandlerStyle::Template => {
            Identifier::ours("event")
        }
    }
}

/// `ModelX(order_id=event.order_id)`.
fn build(recipe: &Recipe, variable: &Identifier) -> Code {
    let copied = |argument: &Argument| py!("{}={}.{}", argument.name, variable, argument.name);
    let arguments: Vec<Code> = recipe.arguments.iter().flatten().map(copied).collect();
    py!("{}({})", recipe.class.name, Code::join(&arguments, ", "))
}

fn intent_code(intent: &Intent, payload: &Code) -> Code {
    py!(
        "ModelIntent(intent_type={}, target={}, payload={})",
        StrLiteral::new(&intent.intent_type),
        StrLiteral::new(&intent.target),
        payload
    )
}

/// Whether the stub looks at the message at all: a variable that nothing reads is a lint finding.
fn reads_event(handler: &Handler) -> bool {
    let kinds = kinds(handler);
    let copies = |recipe: &Recipe| recipe.arguments.as_ref().is_some_and(|a| !a.is_empty());
    !branches(handler, HandlerStyle::Envelope).0.is_empty()
        || kinds.iter().any(|routes| {
            emitted(routes).is_some_and(copies)
                || raised(routes, HandlerStyle::Envelope).iter().any(|(_, recipe)| copies(recipe))
        })
}

fn properties(context: Context<'_>, handler: &Handler) -> Properties {
    let named = event_classes(handler).into_iter().map(|class| class.name.to_string());
    let keyed = handler.routes.iter().filter(|r| r.event.is_none()).filter_map(|r| r.key.clone());
    let types = distinct(named.chain(keyed).collect());
    let literals: Vec<Code> = types.iter().map(|text| py!("{}", StrLiteral::new(text))).collect();
    let message_types = if literals.is_empty() {
        Code::of("set()")
    } else {
        py!("{{{}}}", Code::join(&literals, ", "))
    };
    Properties {
        handler_id: StrLiteral::new(handler.class.name.as_str()),
        category: Code::of(handler.category.member()),
        message_types,
        node_kind: node_kind(context.node.kind),
    }
}

/// The member of the framework's `EnumNodeKind`.
pub(crate) fn node_kind(kind: NodeKind) -> Code {
    match kind {
        NodeKind::Orchestrator => Code::of("ORCHESTRATOR"),
    }
}

/// What a definition-B handler returns: one of the declared events, or nothing.
fn returns(handler: &Handler) -> Code {
    let mut types: Vec<Code> = outputs(handler).iter().map(|r| py!("{}", r.class.name)).collect();
    if types.is_empty() {
        types.push(Code::of("BaseModel"));
    }
    if may_be_silent(handler) {
        types.push(Code::of("None"));
    }
    Code::join(&types, " | ")
}

/// Whether some kind of message is answered with nothing yet.
pub(crate) fn may_be_silent(handler: &Handler) -> bool {
    kinds(handler).iter().any(|routes| emitted(routes).is_none())
}

const KINDS: &str = "omnibase_core.enums.enum_node_kind";
const SHAPES: &str = "omnibase_core.enums.enum_execution_shape";
const OUTPUT: &str = "omnibase_core.models.dispatch.model_handler_output";
const ENVELOPE: &str = "omnibase_core.models.events.model_event_envelope";
const INTENT: &str = "omnibase_core.models.reducer.model_intent";

fn imports(context: Context<'_>, handler: &Handler) -> Result<Imports, NameClash> {
    let style = context.node.style;
    let mut imports = Imports::new();
    let kinds = kinds(handler);
    // `isinstance` needs the class while it runs; and RuntimeLocal and infra evaluate the annotations of a
    // definition-B handler to build its request.
    let annotations =
        if style == HandlerStyle::DefinitionB { Need::Runtime } else { Need::Annotation };
    let (branches, _) = branches(handler, style);
    for class in event_classes(handler) {
        let name = py!("{}", class.name);
        let tested = branches.iter().any(|branch| branch.event == name);
        import(&mut imports, class, if tested { Need::Runtime } else { annotations })?;
    }
    for routes in &kinds {
        if let Some(recipe) = emitted(routes) {
            import(&mut imports, &recipe.class, Need::Runtime)?;
        }
        for (_, recipe) in raised(routes, style) {
            import(&mut imports, &recipe.class, Need::Runtime)?;
            imports.add_ours(INTENT, "ModelIntent", Need::Runtime)?;
        }
    }
    match style {
        HandlerStyle::Envelope => {
            imports.add_ours(ENVELOPE, "ModelEventEnvelope", Need::Annotation)?;
            imports.add_ours("uuid", "uuid4", Need::Runtime)?;
        }
        HandlerStyle::Dual => {
            imports.add_ours(ENVELOPE, "ModelEventEnvelope", Need::Runtime)?;
            imports.add_ours("uuid", "uuid4", Need::Runtime)?;
            imports.add_ours("typing", "overload", Need::Runtime)?;
            imports.add_ours("pydantic", "BaseModel", Need::Annotation)?;
            imports.add_ours(INTENT, "ModelIntent", Need::Annotation)?;
        }
        HandlerStyle::DefinitionB => {
            let outputs = outputs(handler);
            for recipe in &outputs {
                import(&mut imports, &recipe.class, Need::Runtime)?;
            }
            if outputs.is_empty() {
                imports.add_ours("pydantic", "BaseModel", Need::Runtime)?;
            }
            return Ok(imports);
        }
        HandlerStyle::Template => {
            imports.add_ours("uuid", "UUID", Need::Annotation)?;
            imports.add_ours(OUTPUT, "ModelHandlerOutput", Need::Runtime)?;
            return Ok(imports);
        }
    }
    imports.add_ours(OUTPUT, "ModelHandlerOutput", Need::Runtime)?;
    imports.add_ours(KINDS, "EnumNodeKind", Need::Runtime)?;
    imports.add_ours(SHAPES, "EnumMessageCategory", Need::Runtime)?;
    Ok(imports)
}

/// `ModelA and ModelB`, or what stands for messages without a type.
pub(crate) fn messages(handler: &Handler) -> String {
    let mut names: Vec<String> =
        event_classes(handler).iter().map(|c| c.name.to_string()).collect();
    let keys = handler.routes.iter().filter(|r| r.event.is_none()).map(|r| r.key.clone());
    names.extend(keys.map(|key| key.unwrap_or_else(|| ANY_MESSAGE.to_owned())));
    in_words(&distinct(names), "and")
}

/// What stands for messages that have neither a type nor a key.
const ANY_MESSAGE: &str = "any message";

/// Each text once, in order.
fn distinct(texts: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.into_iter().filter(|text| seen.insert(text.clone())).collect()
}

/// `A, B and C`.
fn in_words(names: &[String], word: &str) -> String {
    match names.split_last() {
        None => "no message".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
    }
}

/// The message of an entry, in a word.
fn message(route: &Route) -> String {
    let named = route.event.as_ref().map(|event| event.name.to_string());
    named.or_else(|| route.key.clone()).unwrap_or_else(|| ANY_MESSAGE.to_owned())
}

fn module_doc(context: Context<'_>, handler: &Handler) -> DocText {
    let messages = messages(handler);
    let long = format!("Handle {messages} in {}.", context.node.folder);
    let short = format!("Handle {messages}.");
    let least = format!("The handler {}.", handler.class.name);
    Docstring::new(context.line_length(), 0, [long.as_str(), &short, &least]).finish()
}

fn class_doc(context: Context<'_>, handler: &Handler) -> DocText {
    let answers = format!("Answers {}.", messages(handler));
    let named = format!("The handler {}.", handler.class.name);
    let mut doc = Docstring::new(context.line_length(), 4, [answers.as_str(), &named]);
    for said in descriptions(handler) {
        doc = doc.paragraph(&said);
    }
    let law = match context.node.style {
        HandlerStyle::DefinitionB => {
            "Takes the event itself and returns the event that follows from it, or nothing."
        }
        HandlerStyle::Envelope | HandlerStyle::Dual | HandlerStyle::Template => {
            "Emits events (what happened) and intents (what should happen next), never a result."
        }
    };
    doc.paragraph(law).finish()
}

/// What the entries say of themselves, each with its message where there are several.
fn descriptions(handler: &Handler) -> Vec<String> {
    let several = distinct(handler.routes.iter().map(message).collect()).len() > 1;
    let mut said = Vec::new();
    for route in &handler.routes {
        let parts = paragraphs(&route.description).into_iter().enumerate();
        said.extend(parts.map(|(index, part)| match index {
            0 if several => format!("{}: {}", message(route), sentence(&part)),
            _ => sentence(&part),
        }));
    }
    distinct(said)
}

/// What the stub does, and what is left to write, ready to copy.
fn handle_doc(context: Context<'_>, handler: &Handler) -> DocText {
    let style = context.node.style;
    let variable = incoming(style);
    let kinds = kinds(handler);
    let emits = kinds.iter().filter_map(|routes| emitted(routes));
    let done = distinct(emits.map(|recipe| recipe.class.name.to_string()).collect());
    let summary = match (style, done.is_empty()) {
        (HandlerStyle::DefinitionB, false) => format!("Return {}.", in_words(&done, "or")),
        (_, false) => format!("Emit {}.", in_words(&done, "or")),
        (_, true) => format!("Answer {}.", messages(handler)),
    };
    let fallback = if done.is_empty() {
        "Answer the message."
    } else {
        "Emit the first event that can be built."
    };
    let mut doc = Docstring::new(context.line_length(), 8, [summary.as_str(), fallback]);
    let heading = if done.is_empty() {
        "the contract declares these events; fill in what the message does not hold:"
    } else {
        "the contract declares these events as well, ready to copy:"
    };
    doc = snippets(doc, &kinds, heading, |routes| events_left(routes, &variable));
    if style != HandlerStyle::DefinitionB {
        let heading = "the node routes these intents; raise them where they are due:";
        doc = snippets(doc, &kinds, heading, |routes| intents_left(routes, &variable, style));
    }
    doc.paragraph("This body is yours: regenerating keeps what you write here.").finish()
}

/// Adds the snippets of each kind of message. The heading names the messages where those of others differ.
fn snippets(
    doc: Docstring,
    kinds: &[Vec<&Route>],
    heading: &str,
    lines: impl Fn(&[&Route]) -> Vec<String>,
) -> Docstring {
    let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for routes in kinds {
        let lines = lines(routes);
        let messages = routes.iter().map(|route| message(route));
        match groups.iter_mut().find(|(_, of_group)| *of_group == lines) {
            Some((of_group, _)) => of_group.extend(messages),
            None => groups.push((messages.collect(), lines)),
        }
    }
    let alone = groups.len() == 1;
    let left = groups.into_iter().filter(|(_, lines)| !lines.is_empty());
    left.fold(doc, |doc, (messages, lines)| {
        let named = in_words(&distinct(messages), "and");
        let heading = if alone { capitalised(heading) } else { format!("For {named}, {heading}") };
        doc.block(&heading, lines)
    })
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The events that the entries for one kind of message declare and the stub does not emit.
fn events_left(routes: &[&Route], variable: &Identifier) -> Vec<String> {
    let done = emitted(routes);
    let mut left: Vec<&Recipe> = Vec::new();
    for recipe in routes.iter().flat_map(|route| &route.outputs) {
        if Some(recipe) != done && !left.contains(&recipe) {
            left.push(recipe);
        }
    }
    left.into_iter().flat_map(|recipe| recipe_lines(recipe, variable)).collect()
}

/// The intents that may be raised for one kind of message and that the stub does not raise.
fn intents_left(routes: &[&Route], variable: &Identifier, style: HandlerStyle) -> Vec<String> {
    let done = raised(routes, style);
    let mut left: Vec<&(Intent, Recipe)> = Vec::new();
    for pair in routes.iter().flat_map(|route| &route.intents) {
        if !done.contains(&pair) && !left.contains(&pair) {
            left.push(pair);
        }
    }
    left.into_iter().flat_map(|(intent, recipe)| intent_lines(intent, recipe, variable)).collect()
}

fn intent_lines(intent: &Intent, recipe: &Recipe, variable: &Identifier) -> Vec<String> {
    let mut lines = vec!["ModelIntent(".to_owned()];
    lines.push(format!("    intent_type={},", StrLiteral::new(&intent.intent_type)));
    lines.push(format!("    target={},", StrLiteral::new(&intent.target)));
    let payload = recipe_lines(recipe, variable);
    let last = payload.len().saturating_sub(1);
    for (index, line) in payload.into_iter().enumerate() {
        let lead = if index == 0 { "    payload=" } else { "    " };
        let tail = if index == last { "," } else { "" };
        lines.push(format!("{lead}{line}{tail}"));
    }
    lines.push(")".to_owned());
    lines
}

/// A construction as lines for a docstring, with the types of what is missing.
fn recipe_lines(recipe: &Recipe, variable: &Identifier) -> Vec<String> {
    let name = &recipe.class.name;
    match recipe.arguments.as_deref() {
        None => vec![format!("{name}(...)")],
        Some([]) => vec![format!("{name}()")],
        Some(arguments) => {
            let line = |argument: &Argument| match &argument.missing {
                None => format!("    {0}={variable}.{0},", argument.name),
                Some(kind) => format!("    {}=...,  # {kind}", argument.name),
            };
            let opened = std::iter::once(format!("{name}("));
            opened.chain(arguments.iter().map(line)).chain([")".to_owned()]).collect()
        }
    }
}

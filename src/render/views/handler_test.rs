//! A handler's test, in each of the styles.

use std::collections::BTreeSet;

use serde::Serialize;

use super::handler::{
    ViewError, event_classes, event_type, may_be_silent, messages, node_kind, outputs,
};
use super::{Context, import, tuple};
use crate::node::{Handler, HandlerStyle, Route, Sample};
use crate::python::imports::{Imports, NameClash, Need};
use crate::python::{Code, Comment, DocText, Identifier, StrLiteral, py};
use crate::render::docstring::Docstring;
use crate::render::engine::{self, View};

#[derive(Debug, Serialize)]
struct Common {
    header: Vec<Comment>,
    module_doc: DocText,
    imports: Code,
    unit_marker: bool,
    class_name: Identifier,
    handler_id: StrLiteral,
    node_kind: Code,
    event: Code,
    /// Whether a helper makes messages of which not all fields are known.
    makes_unvalidated: bool,
    /// Whether some of that may be no models.
    makes_foreign: bool,
    /// A tuple of messages, one per routing entry.
    samples: Code,
    declares_events: bool,
    declared_events: Code,
    routes_intents: bool,
    routed_intents: Code,
}

#[derive(Debug, Serialize)]
pub(crate) struct EnvelopeHandlerTestView {
    #[serde(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
pub(crate) struct DualHandlerTestView {
    #[serde(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
pub(crate) struct DefinitionBHandlerTestView {
    #[serde(flatten)]
    common: Common,
    may_be_silent: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct TemplateHandlerTestView {
    #[serde(flatten)]
    common: Common,
}

impl View for EnvelopeHandlerTestView {
    const TEMPLATE: &'static str = "orchestrator/tests/envelope.py.j2";
}

impl View for DualHandlerTestView {
    const TEMPLATE: &'static str = "orchestrator/tests/dual.py.j2";
}

impl View for DefinitionBHandlerTestView {
    const TEMPLATE: &'static str = "orchestrator/tests/definition_b.py.j2";
}

impl View for TemplateHandlerTestView {
    const TEMPLATE: &'static str = "orchestrator/tests/template.py.j2";
}

/// The test's text, not yet formatted.
pub(crate) fn render(context: Context<'_>, handler: &Handler) -> Result<String, ViewError> {
    let common = common(context, handler)?;
    Ok(match context.node.style {
        HandlerStyle::Envelope => engine::render(&EnvelopeHandlerTestView { common }),
        HandlerStyle::Dual => engine::render(&DualHandlerTestView { common }),
        HandlerStyle::DefinitionB => engine::render(&DefinitionBHandlerTestView {
            common,
            may_be_silent: may_be_silent(handler),
        }),
        HandlerStyle::Template => engine::render(&TemplateHandlerTestView { common }),
    }?)
}

fn common(context: Context<'_>, handler: &Handler) -> Result<Common, NameClash> {
    let declared: Vec<Code> = outputs(handler).iter().map(|r| py!("{}", r.class.name)).collect();
    let routed = routed_intents(context, handler);
    let literals: Vec<Code> = routed.iter().map(|kind| py!("{}", StrLiteral::new(kind))).collect();
    let long = format!("Tests of {}, which answers {}.", handler.class.name, messages(handler));
    let short = format!("Tests of {}.", handler.class.name);
    Ok(Common {
        header: context.header(),
        module_doc: Docstring::new(context.line_length(), 0, [long.as_str(), &short]).finish(),
        imports: context.imports(imports(context, handler)?),
        unit_marker: context.project.unit_marker,
        class_name: handler.class.name.clone(),
        handler_id: StrLiteral::new(handler.class.name.as_str()),
        node_kind: node_kind(context.node.kind),
        event: event_type(handler),
        makes_unvalidated: makes_unvalidated(handler),
        makes_foreign: samples_of(handler).any(|sample| sample.foreign),
        samples: tuple(&handler.routes.iter().map(sample).collect::<Vec<_>>()),
        declares_events: !declared.is_empty(),
        declared_events: tuple(&declared),
        routes_intents: !literals.is_empty(),
        routed_intents: py!("{{{}}}", Code::join(&literals, ", ")),
    })
}

/// The intents that a test allows, sorted; a definition-B handler raises none.
fn routed_intents(context: Context<'_>, handler: &Handler) -> BTreeSet<String> {
    match context.node.style {
        HandlerStyle::DefinitionB => BTreeSet::new(),
        HandlerStyle::Envelope | HandlerStyle::Dual | HandlerStyle::Template => {
            let pairs = handler.routes.iter().flat_map(|route| &route.intents);
            pairs.map(|(intent, _)| intent.intent_type.clone()).collect()
        }
    }
}

/// A message for a route; one without a type is a mapping.
fn sample(route: &Route) -> Code {
    route.sample.as_ref().map_or_else(|| Code::of("{}"), |sample| sample.code.clone())
}

fn samples_of(handler: &Handler) -> impl Iterator<Item = &Sample> {
    handler.routes.iter().filter_map(|route| route.sample.as_ref())
}

/// Whether a message is made of which not all fields are known.
fn makes_unvalidated(handler: &Handler) -> bool {
    samples_of(handler).any(|sample| sample.unvalidated)
}

fn imports(context: Context<'_>, handler: &Handler) -> Result<Imports, NameClash> {
    let style = context.node.style;
    let mut imports = Imports::new();
    imports.add_module("pytest");
    import(&mut imports, &handler.class, Need::Runtime)?;
    for class in event_classes(handler) {
        import(&mut imports, class, Need::Runtime)?;
    }
    for recipe in outputs(handler) {
        import(&mut imports, &recipe.class, Need::Runtime)?;
    }
    for sample in samples_of(handler) {
        for class in &sample.classes {
            import(&mut imports, class, Need::Runtime)?;
        }
        for (module, name) in &sample.names {
            imports.add_ours(module, name, Need::Runtime)?;
        }
    }
    if makes_unvalidated(handler) {
        imports.add_ours("pydantic", "BaseModel", Need::Runtime)?;
    }
    imports.add_ours("uuid", "uuid4", Need::Runtime)?;
    imports.add_ours("omnibase_core.enums.enum_node_kind", "EnumNodeKind", Need::Runtime)?;
    imports.add_ours("omnibase_core.errors.model_onex_error", "ModelOnexError", Need::Runtime)?;
    imports.add_ours(
        "omnibase_core.models.dispatch.model_handler_output",
        "ModelHandlerOutput",
        Need::Runtime,
    )?;
    if matches!(style, HandlerStyle::Envelope | HandlerStyle::Dual) {
        imports.add_ours(
            "omnibase_core.models.events.model_event_envelope",
            "ModelEventEnvelope",
            Need::Runtime,
        )?;
    }
    if !routed_intents(context, handler).is_empty() {
        imports.add_ours(
            "omnibase_core.models.reducer.model_intent",
            "ModelIntent",
            Need::Runtime,
        )?;
    }
    Ok(imports)
}

//! The node's contract test.

use serde::Serialize;

use super::{Context, import};
use crate::node::{HandlerStyle, Mend, NodeKind, Strategy};
use crate::python::imports::{Imports, NameClash, Need};
use crate::python::{Code, Comment, DocText, Identifier, StrLiteral, py};
use crate::render::docstring::Docstring;
use crate::render::engine::View;

#[derive(Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that the template shows or does not"
)]
pub(crate) struct ContractTestView {
    header: Vec<Comment>,
    module_doc: DocText,
    imports: Code,
    unit_marker: bool,
    node_module: StrLiteral,
    node_type: StrLiteral,
    class_name: Identifier,
    named_models: Vec<NamedModel>,
    handlers: Vec<Identifier>,
    routes: Vec<RouteRow>,
    registers: bool,
    strategy: StrLiteral,
    /// Whether anything of the contract itself is mended.
    mends: bool,
    mend_contract_version: bool,
    mend_node_type: bool,
    mend_version_key: bool,
    mend_routing_version: bool,
    mend_entries: bool,
    /// Whether the contract names the handlers in spellings that the framework's model does not read.
    checks_spelling: bool,
}

#[derive(Debug, Serialize)]
struct NamedModel {
    module: StrLiteral,
    name: StrLiteral,
}

#[derive(Debug, Serialize)]
struct RouteRow {
    key: StrLiteral,
    handler: Identifier,
    /// The entry as the framework's routing model wants it.
    entry: Code,
}

impl View for ContractTestView {
    const TEMPLATE: &'static str = "orchestrator/tests/contract.py.j2";
}

impl ContractTestView {
    pub(crate) fn new(context: Context<'_>) -> Result<Self, NameClash> {
        let node = context.node;
        let mends = |mend| node.routing.mended.contains(&mend);
        let routes = routes(context);
        let long =
            format!("The contract of {} against its code, on the real framework.", node.folder);
        let doc =
            Docstring::new(context.line_length(), 0, [&long, "The contract against the code."])
                .paragraph("Generated from contract.yaml: regenerating rewrites this file.");
        Ok(Self {
            header: context.header(),
            module_doc: doc.finish(),
            imports: context.imports(imports(context, &routes)?),
            unit_marker: context.project.unit_marker,
            node_module: StrLiteral::new(&node.module.to_string()),
            node_type: StrLiteral::new(match node.kind {
                NodeKind::Orchestrator => "ORCHESTRATOR_GENERIC",
            }),
            class_name: node.class_name.clone(),
            named_models: named_models(context),
            handlers: node.handlers.iter().map(|handler| handler.class.name.clone()).collect(),
            registers: registers(context) && !routes.is_empty(),
            routes,
            strategy: StrLiteral::new(node.routing.strategy.as_str()),
            mends: [Mend::ContractVersion, Mend::NodeType, Mend::VersionKey].into_iter().any(mends),
            mend_contract_version: mends(Mend::ContractVersion),
            mend_node_type: mends(Mend::NodeType),
            mend_version_key: mends(Mend::VersionKey),
            mend_routing_version: mends(Mend::RoutingVersion),
            mend_entries: mends(Mend::Entries),
            checks_spelling: mends(Mend::Entries) && !node.handlers.is_empty(),
        })
    }
}

/// Whether handlers of this style satisfy the protocol of the framework's registry.
fn registers(context: Context<'_>) -> bool {
    match context.node.style {
        HandlerStyle::Envelope | HandlerStyle::Dual => true,
        HandlerStyle::DefinitionB | HandlerStyle::Template => false,
    }
}

fn named_models(context: Context<'_>) -> Vec<NamedModel> {
    let named = context.node.named_models.iter();
    named
        .map(|class| NamedModel {
            module: StrLiteral::new(&class.module.to_string()),
            name: StrLiteral::new(class.name.as_str()),
        })
        .collect()
}

fn routes(context: Context<'_>) -> Vec<RouteRow> {
    let mut rows = Vec::new();
    for handler in &context.node.handlers {
        for route in &handler.routes {
            let Some(key) = &route.key else { continue };
            let class = &handler.class;
            let literal = |text: &str| StrLiteral::new(text);
            // In a call a long module stands on a line of its own, where linters let it be as long as it is.
            let reference =
                |module: &str, name: &str| py!("reference({}, {})", literal(name), literal(module));
            let mut parts = vec![py!(
                "\"handler\": {}",
                reference(&class.module.to_string(), class.name.as_str())
            )];
            if let Some(event) = &route.event {
                let event = reference(&event.module.to_string(), event.name.as_str());
                parts.push(py!("\"event_model\": {}", event));
            }
            match context.node.routing.strategy {
                Strategy::PayloadTypeMatch => {}
                Strategy::OperationMatch => parts.push(py!("\"operation\": {}", literal(key))),
                Strategy::TopicPattern => parts.push(py!("\"event_type\": {}", literal(key))),
            }
            rows.push(RouteRow {
                key: literal(key),
                handler: class.name.clone(),
                entry: py!("{{{}}}", Code::join(&parts, ", ")),
            });
        }
    }
    rows
}

/// Not the module of the class itself: an import from it is longer than lines may be.
const ROUTING: &str = "omnibase_core.models.contracts.subcontracts";

fn imports(context: Context<'_>, routes: &[RouteRow]) -> Result<Imports, NameClash> {
    let node = context.node;
    let mut imports = Imports::new();
    let mut ours = |module, name| imports.add_ours(module, name, Need::Runtime);
    ours("importlib.resources", "files")?;
    ours("omnibase_core.models.container.model_onex_container", "ModelONEXContainer")?;
    ours("omnibase_core.models.contracts.model_yaml_contract", "ModelYamlContract")?;
    ours("omnibase_core.nodes", "NodeOrchestrator")?;
    ours("omnibase_core.utils.util_safe_yaml_loader", "load_yaml_mapping_no_duplicates")?;
    if !node.named_models.is_empty() {
        ours("importlib", "import_module")?;
    }
    if !routes.is_empty() {
        ours(ROUTING, "ModelHandlerRoutingSubcontract")?;
    }
    if registers(context) && !routes.is_empty() {
        ours("omnibase_core.protocols.runtime.protocol_message_handler", "ProtocolMessageHandler")?;
        ours("omnibase_core.services.service_handler_registry", "ServiceHandlerRegistry")?;
    }
    if context.project.unit_marker || !node.named_models.is_empty() {
        imports.add_module("pytest");
    }
    imports.add(&node.module.child(Identifier::ours("node")), &node.class_name, Need::Runtime)?;
    for handler in &node.handlers {
        import(&mut imports, &handler.class, Need::Runtime)?;
    }
    Ok(imports)
}

//! The workflow: its name, its steps, its rules.

use super::reader::Reader;
use crate::contract::yaml::Yaml;
use crate::contract::{Workflow, WorkflowStep};
use crate::diagnostic::Diagnostic;

const STEP: &str =
    "{node_id: validate_order, node_type: COMPUTE_GENERIC, depends_on: [receive_order]}";

/// `workflow_coordination.workflow_definition`.
pub(super) fn workflow(reader: &mut Reader<'_>, root: &Yaml) -> Option<Workflow> {
    let form = "workflow_coordination: {workflow_definition: {execution_graph: {nodes: [..]}}}";
    let coordination = reader.mapping(root, "workflow_coordination", form)?;
    let definition = reader.mapping(coordination, "workflow_definition", form)?;
    let mut workflow = Workflow::default();
    if let Some(metadata) =
        reader.mapping(definition, "workflow_metadata", "workflow_metadata: {workflow_name: ..}")
    {
        workflow.name = reader.text(metadata, "workflow_name");
        workflow.version = reader.version(metadata, "workflow_version");
        workflow.description = reader.prose(metadata, "description");
    }
    let graph = "execution_graph: {nodes: [..]}";
    if let Some(graph) = reader.mapping(definition, "execution_graph", graph) {
        let nodes = reader.list(graph, "nodes", &format!("nodes: [{STEP}]"));
        workflow.steps = nodes.iter().filter_map(|node| step(reader, node)).collect();
    }
    // Some contracts have the mode with the metadata, or beside both.
    let rules =
        ["coordination_rules", "workflow_metadata"].iter().filter_map(|key| definition.get(key));
    for place in
        rules.chain([definition, coordination]).filter(|place| place.as_mapping().is_some())
    {
        workflow.execution_mode =
            workflow.execution_mode.or_else(|| reader.text(place, "execution_mode"));
        workflow.failure_recovery_strategy = workflow
            .failure_recovery_strategy
            .or_else(|| reader.text(place, "failure_recovery_strategy"));
    }
    Some(workflow)
}

fn step(reader: &mut Reader<'_>, node: &Yaml) -> Option<WorkflowStep> {
    if node.as_mapping().is_none() {
        reader.wrong(node, "a step of the workflow", "a mapping", STEP);
        return None;
    }
    if reader.value(node, "node_id").is_none() {
        let error = Diagnostic::error(
            "step-without-id",
            reader.file,
            node.span,
            "a step of the workflow has no `node_id`",
        )
        .label("no `node_id` here")
        .help(format!("write it as `{STEP}`"));
        reader.push(error);
    }
    let id = reader.text(node, "node_id");
    Some(WorkflowStep {
        node_type: reader.text(node, "node_type"),
        depends_on: reader.texts(node, "depends_on", "depends_on: [receive_order]"),
        description: reader.prose(node, "description"),
        span: node.span,
        id: id?,
    })
}

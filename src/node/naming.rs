//! Names derived from names: folders, classes, files.

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::python::{Identifier, NameProblem};

/// `NodeOrderWorkflowOrchestrator` for `node_order_workflow_orchestrator`.
///
/// # Errors
/// When the folder has no letter to make a class of.
pub fn class_of_folder(folder: &Identifier) -> Result<Identifier, NameProblem> {
    Identifier::parse(&folder.as_str().to_upper_camel_case())
}

/// `handler_order_placed` for `HandlerOrderPlaced`: the prefix is there exactly once.
///
/// # Errors
/// When the name grows longer than an identifier may be.
pub fn handler_file(class: &Identifier) -> Result<Identifier, NameProblem> {
    prefixed("handler_", class)
}

/// `model_order_placed_event` for `ModelOrderPlacedEvent`: the prefix is there exactly once.
///
/// # Errors
/// When the name grows longer than an identifier may be.
pub fn model_file(class: &Identifier) -> Result<Identifier, NameProblem> {
    prefixed("model_", class)
}

fn prefixed(prefix: &str, class: &Identifier) -> Result<Identifier, NameProblem> {
    let snake = class.as_str().to_snake_case();
    let rest = snake.strip_prefix(prefix).unwrap_or(&snake);
    Identifier::parse(&format!("{prefix}{rest}"))
}

/// `ModelPaymentProcessIntentPayload` for the intent type `payment.process`.
///
/// # Errors
/// When the intent type has no letters or digits to make a class of, or too many.
pub fn intent_payload_class(intent_type: &str) -> Result<Identifier, NameProblem> {
    let ascii = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let words: String = intent_type.chars().map(ascii).collect();
    let pascal = words.to_upper_camel_case();
    if pascal.is_empty() {
        return Err(NameProblem::Empty);
    }
    Identifier::parse(&format!("Model{pascal}IntentPayload"))
}

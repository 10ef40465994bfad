//! Names derived from names: folders, classes, files.
//!
//! In: a name that somebody typed or that the contract holds. Out: the [`Identifier`] that the framework's
//! conventions make of it. Every function can fail only where the derived name is none (too long, say).

use std::cell::RefCell;
use std::collections::HashMap;

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::NodeKind;
use crate::python::{Identifier, NameProblem};

impl NodeKind {
    /// The word of the command line, which also ends the names of such nodes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Orchestrator => "orchestrator",
        }
    }
}

/// The folder for a NAME of the command line.
///
/// `parcel_return`, `parcel-return`, `ParcelReturn` and `node_parcel_return_orchestrator` all give
/// `node_parcel_return_orchestrator`.
///
/// # Errors
/// When the name holds anything but letters, digits, `-` and `_`, or nothing but those two.
pub fn folder_for_name(name: &str, kind: NodeKind) -> Result<Identifier, NameProblem> {
    let stem = folder_for_contract_name(name)?;
    let suffix = format!("_{}", kind.word());
    if stem.as_str().ends_with(&suffix) || stem.as_str() == format!("node{suffix}") {
        return Ok(stem);
    }
    Identifier::parse(&format!("{stem}{suffix}"))
}

/// The folder for the `name` of a contract: `node_` is put in front where it is missing, and nothing else
/// is added.
///
/// # Errors
/// When the name holds anything but letters, digits, `-` and `_`, or nothing but those two.
pub fn folder_for_contract_name(name: &str) -> Result<Identifier, NameProblem> {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if let Some(strange) = name.chars().find(|c| !known(*c)) {
        return Err(NameProblem::Character(strange));
    }
    let snake = snake(name);
    if snake.is_empty() || snake == "node" {
        return Err(NameProblem::Empty);
    }
    let prefix = if snake.starts_with("node_") { "" } else { "node_" };
    Identifier::parse(&format!("{prefix}{snake}"))
}

/// Whether a NAME of the command line means this folder: with or without the word that ends it.
#[must_use]
pub fn means(name: &str, folder: &Identifier, kind: NodeKind) -> bool {
    let means = |derived: Result<Identifier, NameProblem>| derived.as_ref() == Ok(folder);
    means(folder_for_name(name, kind)) || means(folder_for_contract_name(name))
}

/// The class of a node: `node_order_workflow_orchestrator` gives `NodeOrderWorkflowOrchestrator`.
///
/// # Errors
/// When the folder has no letter that could begin a class name.
pub fn node_class_name(folder: &Identifier) -> Result<Identifier, NameProblem> {
    Identifier::parse(&folder.as_str().to_upper_camel_case())
}

/// The module of a handler class: `HandlerOrderPlaced` gives `handler_order_placed`.
///
/// # Errors
/// When the name becomes too long.
pub fn handler_module_name(class: &Identifier) -> Result<Identifier, NameProblem> {
    prefixed("handler", class)
}

/// The module of a model class: `ModelOrderPlacedEvent` gives `model_order_placed_event`.
///
/// # Errors
/// When the name becomes too long.
pub fn model_file(class: &Identifier) -> Result<Identifier, NameProblem> {
    prefixed("model", class)
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

/// The snake case of a class, with a prefix that is there once however the class is called.
fn prefixed(prefix: &str, class: &Identifier) -> Result<Identifier, NameProblem> {
    let snake = snake(class.as_str());
    let head = format!("{prefix}_");
    let name = if snake.starts_with(&head) || snake == prefix { snake } else { head + &snake };
    Identifier::parse(&name)
}

/// Snake case: acronyms are one word (`HTTPError` is `http_error`), digits stay with the letters before
/// them (`S3Upload` is `s3_upload`).
pub(crate) fn snake(name: &str) -> String {
    thread_local! {
        /// The names that were asked for last: each class of a node is, several times.
        static KNOWN: RefCell<HashMap<String, String>> = RefCell::default();
    }
    /// More are forgotten.
    const MOST_KNOWN: usize = 256;
    KNOWN.with_borrow_mut(|known| {
        if let Some(snake) = known.get(name) {
            return snake.clone();
        }
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        let snake = name.to_snake_case();
        known.insert(name.to_owned(), snake.clone());
        snake
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Identifier {
        Identifier::parse(text).unwrap()
    }

    #[test]
    fn every_spelling_of_a_name_gives_one_folder() {
        for name in [
            "parcel_return",
            "parcel-return",
            "ParcelReturn",
            "parcelReturn",
            "node_parcel_return",
            "parcel_return_orchestrator",
            "node_parcel_return_orchestrator",
            "NodeParcelReturnOrchestrator",
        ] {
            let folder = folder_for_name(name, NodeKind::Orchestrator).unwrap();
            assert_eq!(folder.as_str(), "node_parcel_return_orchestrator", "{name}");
        }
    }

    #[test]
    fn a_name_that_is_none_is_refused() {
        let refused = |name| folder_for_name(name, NodeKind::Orchestrator).unwrap_err();
        assert_eq!(refused("../../evil"), NameProblem::Character('.'));
        assert_eq!(refused("order flow"), NameProblem::Character(' '));
        assert_eq!(refused("x\"\"\""), NameProblem::Character('"'));
        assert_eq!(refused("naïve"), NameProblem::Character('ï'));
        assert_eq!(refused(""), NameProblem::Empty);
        assert_eq!(refused("--"), NameProblem::Empty);
        assert_eq!(refused("node"), NameProblem::Empty);
        assert_eq!(refused(&"a".repeat(120)), NameProblem::Long);
    }

    #[test]
    fn digits_and_keywords_are_harmless_behind_the_prefix() {
        let folder = |name| folder_for_name(name, NodeKind::Orchestrator).unwrap();
        assert_eq!(folder("1abc").as_str(), "node_1abc_orchestrator");
        assert_eq!(folder("class").as_str(), "node_class_orchestrator");
    }

    #[test]
    fn a_contract_name_gets_its_prefix_alone() {
        let folder = |name| folder_for_contract_name(name).unwrap();
        assert_eq!(folder("order_workflow").as_str(), "node_order_workflow");
        assert_eq!(folder("node_order_workflow").as_str(), "node_order_workflow");
    }

    #[test]
    fn a_name_means_a_folder_with_or_without_its_last_word() {
        let means = |name, folder| means(name, &id(folder), NodeKind::Orchestrator);
        assert!(means("order-workflow", "node_order_workflow_orchestrator"));
        assert!(means("order-workflow", "node_order_workflow"));
        assert!(!means("parcel", "node_order_workflow_orchestrator"));
        assert!(!means("order workflow", "node_order_workflow_orchestrator"));
    }

    #[test]
    fn classes_and_files_follow_each_other() {
        let class = |folder| node_class_name(&id(folder)).unwrap();
        assert_eq!(
            class("node_order_workflow_orchestrator").as_str(),
            "NodeOrderWorkflowOrchestrator"
        );
        assert_eq!(class("node_s3_upload").as_str(), "NodeS3Upload");
        let handler = |name| handler_module_name(&id(name)).unwrap();
        assert_eq!(handler("HandlerOrderPlaced").as_str(), "handler_order_placed");
        assert_eq!(handler("HandlerHTTPError").as_str(), "handler_http_error");
        assert_eq!(handler("HandlerS3Upload").as_str(), "handler_s3_upload");
        assert_eq!(handler("HandlerOrderV2").as_str(), "handler_order_v2");
        assert_eq!(handler("OrderPlaced").as_str(), "handler_order_placed");
        assert_eq!(handler("Handler").as_str(), "handler");
        let model = |name| model_file(&id(name)).unwrap();
        assert_eq!(model("ModelOrderPlacedEvent").as_str(), "model_order_placed_event");
        assert_eq!(model("OrderPlaced").as_str(), "model_order_placed");
        assert_eq!(model("Modeling").as_str(), "model_modeling");
    }

    #[test]
    fn a_derived_name_can_be_too_long() {
        assert_eq!(model_file(&id(&"Ab".repeat(64))), Err(NameProblem::Long));
    }
}

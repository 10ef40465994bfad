//! The one list of rules.

use super::Rule;
use super::rules::{code, contract};

/// Every rule, those of the contract first, each group sorted by id.
pub static RULES: &[&dyn Rule] = &[
    // Contract.
    &contract::workflow_cycle::WorkflowCycle,
    // Code.
    &code::any_type::AnyType,
    &code::class_placement::ClassPlacement,
    &code::dict_output::DictOutput,
    &code::erased_payload::ErasedPayload,
    &code::foreign_output::ForeignOutput,
    &code::generic_name::GenericName,
    &code::handler_constructor::HandlerConstructor,
    &code::handler_id_mismatch::HandlerIdMismatch,
    &code::handler_instantiation::HandlerInstantiation,
    &code::handler_publishes::HandlerPublishes,
    &code::hardcoded_topic::HardcodedTopic,
    &code::impure_node::ImpureNode,
    &code::intent_arguments::IntentArguments,
    &code::intent_type_mismatch::IntentTypeMismatch,
    &code::legacy_typing::LegacyTyping,
    &code::list_comparison::ListComparison,
    &code::list_output::ListOutput,
    &code::loose_field_type::LooseFieldType,
    &code::lost_correlation::LostCorrelation,
    &code::missing_handler_id::MissingHandlerId,
    &code::model_config::ModelConfig,
    &code::node_base::NodeBase,
    &code::node_with_logic::NodeWithLogic,
    &code::one_class_per_file::OneClassPerFile,
    &code::output_arguments::OutputArguments,
    &code::pydantic_v1::PydanticV1,
    &code::syntax_error::SyntaxError,
    &code::typed_result::TypedResult,
    &code::undeclared_event::UndeclaredEvent,
    &code::undefined_name::UndefinedName,
];

/// The rule of an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static dyn Rule> {
    RULES.iter().copied().find(|rule| rule.id() == id)
}

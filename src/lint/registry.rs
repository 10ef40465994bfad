//! The one list of rules.

use super::Rule;
use super::rules::contract;

/// Every rule, those of the contract first, each group sorted by id.
pub static RULES: &[&dyn Rule] = &[
    // Contract.
    &contract::contract_name::ContractName,
    &contract::contract_version::ContractVersion,
    &contract::duplicate_entry::DuplicateEntry,
    &contract::duplicate_name::DuplicateName,
    &contract::duplicate_step::DuplicateStep,
    &contract::entry_form::EntryForm,
    &contract::entry_point::EntryPoint,
    &contract::event_never_emitted::EventNeverEmitted,
    &contract::event_on_two_topics::EventOnTwoTopics,
    &contract::event_type_prefix::EventTypePrefix,
    &contract::failure_recovery::FailureRecovery,
    &contract::input_model::InputModel,
    &contract::intent_never_raised::IntentNeverRaised,
    &contract::intent_not_routed::IntentNotRouted,
    &contract::intent_table::IntentTable,
    &contract::intent_target::IntentTarget,
    &contract::message_category::MessageCategory,
    &contract::missing_description::MissingDescription,
    &contract::missing_event_model::MissingEventModel,
    &contract::missing_operation::MissingOperation,
    &contract::missing_performance::MissingPerformance,
    &contract::module_not_found::ModuleNotFound,
    &contract::no_event_bus::NoEventBus,
    &contract::no_route::NoRoute,
    &contract::node_type::NodeType,
    &contract::node_version::NodeVersion,
    &contract::output_not_published::OutputNotPublished,
    &contract::reference_keys::ReferenceKeys,
    &contract::routing_version::RoutingVersion,
    &contract::step_node_type::StepNodeType,
    &contract::stray_yaml::StrayYaml,
    &contract::subscribe_topic::SubscribeTopic,
    &contract::terminal_event::TerminalEvent,
    &contract::topic_form::TopicForm,
    &contract::topic_placeholder::TopicPlaceholder,
    &contract::topic_with_two_events::TopicWithTwoEvents,
    &contract::two_handlers_for_event::TwoHandlersForEvent,
    &contract::undeclared_publish_topic::UndeclaredPublishTopic,
    &contract::unknown_step::UnknownStep,
    &contract::unowned_topic::UnownedTopic,
    &contract::workflow_cycle::WorkflowCycle,
    &contract::yaml_reading::YamlReading,
    // Code.
];

/// The rule of an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static dyn Rule> {
    RULES.iter().copied().find(|rule| rule.id() == id)
}

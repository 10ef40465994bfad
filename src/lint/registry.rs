//! The one list of rules.

use super::Rule;
use super::rules::contract;

/// Every rule, those of the contract first, each group sorted by id.
pub static RULES: &[&dyn Rule] = &[
    // Contract.
    &contract::workflow_cycle::WorkflowCycle,
    // Code.
];

/// The rule of an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static dyn Rule> {
    RULES.iter().copied().find(|rule| rule.id() == id)
}

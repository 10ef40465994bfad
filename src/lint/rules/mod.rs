//! The rules, one file each.

/// What is wrong in the Python code, or between it and the contract.
pub mod code;
/// What is wrong in the contract, or between it and what stands around it.
pub mod contract;

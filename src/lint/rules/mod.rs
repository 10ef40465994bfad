//! The rules, one file each.

/// What is wrong in the contract, or between it and what stands around it.
pub mod contract;

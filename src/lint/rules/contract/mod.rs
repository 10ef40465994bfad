//! What is wrong in the contract, or between it and what stands around it.

pub(crate) mod workflow_cycle;

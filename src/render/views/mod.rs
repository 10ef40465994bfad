//! One view per template: what the template prints, ready.

pub mod model;

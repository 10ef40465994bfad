//! Contract and project -> [`super::Node`].

//! `definitions` -> [`super::Model`]s.

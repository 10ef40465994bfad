//! tmp
use serde::Serialize;
use super::Context;
use crate::node::Model;
use crate::python::imports::NameClash;
use crate::render::engine::View;
#[derive(Debug, Serialize)]
pub(crate) struct ModelView {}
impl View for ModelView { const TEMPLATE: &'static str = "orchestrator/init.py.j2"; }
impl ModelView { pub(crate) fn new(_c: Context<'_>, _m: &Model) -> Result<Self, NameClash> { Ok(Self{}) } }

//! Python that is already there: its classes, imports and `__all__`.

/// tmp
#[derive(Clone, Debug)]
pub struct StandingField {
    /// n
    pub name: String,
    /// a
    pub annotation: String,
    /// d
    pub has_default: bool,
}
/// tmp
#[derive(Clone, Debug)]
pub struct Class {
    /// f
    pub fields: Vec<StandingField>,
}
/// tmp
#[derive(Clone, Debug)]
pub struct Module;
impl Module {
    /// tmp
    pub fn class(&self, _n: &str) -> Option<&Class> { None }
    /// tmp
    pub fn imports_name(&self, _n: &str) -> bool { false }
}
/// tmp
pub fn read(_t: &str) -> Module { Module }
/// tmp
pub fn merge_init(_e: &str, r: &str) -> Result<String, String> { Ok(r.to_owned()) }

//! Which names are bound where, and which are read although nothing binds them.
//!
//! A name counts as bound in a scope when any statement of it binds the name, wherever and under whatever
//! condition: what is read before it is assigned is for the type checker to find.

use std::collections::{BTreeMap, BTreeSet};

use super::builtins::BUILTINS;
use super::{Place, Unbound};
use crate::source::{Span, Spanned};

/// The scopes of a module; the first is the module's own.
#[derive(Debug)]
pub(super) struct Scopes {
    scopes: Vec<Scope>,
    uses: Vec<Use>,
    /// Whether some name may be bound that nobody can see: `from x import *`.
    pub(super) is_open: bool,
}

#[derive(Debug)]
struct Scope {
    parent: Option<usize>,
    /// The names of a class are not seen by its methods.
    is_class: bool,
    bound: BTreeSet<String>,
    for_typing: BTreeMap<String, Span>,
}

#[derive(Debug)]
struct Use {
    scope: usize,
    name: String,
    span: Span,
    place: Place,
}

impl Scopes {
    pub(super) fn new() -> Self {
        let mut scopes = Self { scopes: Vec::new(), uses: Vec::new(), is_open: false };
        scopes.push(None, false);
        scopes
    }

    /// Opens a scope within another.
    pub(super) fn open(&mut self, parent: usize, is_class: bool) -> usize {
        self.push(Some(parent), is_class)
    }

    fn push(&mut self, parent: Option<usize>, is_class: bool) -> usize {
        let (bound, for_typing) = (BTreeSet::new(), BTreeMap::new());
        self.scopes.push(Scope { parent, is_class, bound, for_typing });
        self.scopes.len() - 1
    }

    pub(super) fn bind(&mut self, scope: usize, name: &str) {
        if let Some(scope) = self.scopes.get_mut(scope) {
            scope.bound.insert(name.to_owned());
        }
    }

    /// Binds a name that is not there when the program runs.
    pub(super) fn bind_for_typing(&mut self, scope: usize, name: &str, span: Span) {
        if let Some(scope) = self.scopes.get_mut(scope) {
            scope.for_typing.insert(name.to_owned(), span);
        }
    }

    pub(super) fn read(&mut self, scope: usize, name: &str, span: Span, place: Place) {
        self.uses.push(Use { scope, name: name.to_owned(), span, place });
    }

    /// The names that are read although nothing binds them, in order.
    pub(super) fn unbound(self) -> Vec<Unbound> {
        if self.is_open {
            return Vec::new();
        }
        self.uses.iter().filter_map(|read| self.judge(read)).collect()
    }

    fn judge(&self, read: &Use) -> Option<Unbound> {
        if BUILTINS.contains(&read.name.as_str()) {
            return None;
        }
        let mut imported_for_typing = None;
        let mut next = Some(read.scope);
        while let Some(at) = next {
            let scope = self.scopes.get(at)?;
            if !scope.is_class || at == read.scope {
                if scope.bound.contains(&read.name) {
                    return None;
                }
                let found = scope.for_typing.get(&read.name).copied();
                imported_for_typing = imported_for_typing.or(found);
            }
            next = scope.parent;
        }
        let name = Spanned::new(read.name.clone(), read.span);
        Some(Unbound { name, imported_for_typing, place: read.place })
    }
}

//! Where a value comes from: local variables and methods of the same class followed back to expressions.
//!
//! Follows what is certain and says where it stops: an expression that is not found this way is left open,
//! so that a rule that must be sure can keep silent.

use std::collections::BTreeSet;

use super::{Facts, Function, Place, Value, ValueKind};

/// One expression that a value may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found<'a> {
    /// The expression.
    pub value: &'a Value,
    /// Where it stands.
    pub place: Place,
}

/// The expressions that a value may be, in order; a name that leads nowhere is given as it is.
///
/// Follows variables of the function that are only ever assigned, `a or b`, `a if c else b`, `await`, and what
/// methods of the same class return.
#[must_use]
pub fn trace<'a>(facts: &'a Facts, value: &'a Value, place: Place) -> Vec<Found<'a>> {
    let mut trace = Trace { facts, found: Vec::new(), seen: BTreeSet::new(), steps: 0 };
    trace.follow(value, place, &[]);
    trace.found
}

/// More steps than any code that people write needs.
const MAX_STEPS: usize = 500;

struct Trace<'a> {
    facts: &'a Facts,
    found: Vec<Found<'a>>,
    /// Names that are being followed or were: function, name, element.
    seen: BTreeSet<(Option<usize>, String, Vec<usize>)>,
    steps: usize,
}

impl<'a> Trace<'a> {
    fn follow(&mut self, value: &'a Value, place: Place, element: &[usize]) {
        let mut stack = vec![(value, place, element.to_vec())];
        while let Some((value, place, element)) = stack.pop() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return;
            }
            match self.next(value, place, element) {
                Next::Found(value, place) => self.found.push(Found { value, place }),
                Next::Follow(mut more) => {
                    more.reverse();
                    stack.extend(more);
                }
            }
        }
    }

    fn next(&mut self, value: &'a Value, place: Place, element: Vec<usize>) -> Next<'a> {
        let here = |values: Vec<&'a Value>, element: &Vec<usize>| {
            Next::Follow(values.into_iter().map(|v| (v, place, element.clone())).collect())
        };
        match &value.kind {
            ValueKind::Either(values) => here(values.iter().collect(), &element),
            ValueKind::Await(inner) => here(vec![inner], &element),
            ValueKind::Tuple(items) | ValueKind::List(items) if !element.is_empty() => {
                let (first, rest) = element.split_first().unwrap_or((&0, &[]));
                let plain = items.iter().all(|item| !matches!(item.kind, ValueKind::Starred(_)));
                match items.get(*first).filter(|_| plain) {
                    Some(item) => here(vec![item], &rest.to_vec()),
                    None => Next::Found(value, place),
                }
            }
            ValueKind::Name(name) => self.variable(value, name, place, &element),
            ValueKind::Call(call) => {
                let method = call.callee.name().and_then(|name| self.own_method(name, place));
                match method {
                    Some((at, function)) if !function.returned.is_empty() => {
                        self.returned(at, function, value, place, &element)
                    }
                    _ => Next::Found(value, place),
                }
            }
            _ => Next::Found(value, place),
        }
    }

    /// What a local variable is assigned, if nothing else can change it.
    fn variable(
        &mut self,
        value: &'a Value,
        name: &str,
        place: Place,
        element: &[usize],
    ) -> Next<'a> {
        let assigned = || {
            let all = self.facts.assignments.iter();
            all.filter(|assigned| {
                assigned.target.value == name && assigned.place.function == place.function
            })
        };
        let certain = assigned()
            .all(|assigned| assigned.value.is_some() && !assigned.element.contains(&usize::MAX));
        let key = (place.function, name.to_owned(), element.to_vec());
        if place.function.is_none() || assigned().next().is_none() || !certain {
            return Next::Found(value, place);
        }
        if !self.seen.insert(key) {
            return Next::Follow(Vec::new());
        }
        let more = assigned().filter_map(|assigned| {
            let path = assigned.element.iter().chain(element).copied().collect();
            Some((assigned.value.as_ref()?, assigned.place, path))
        });
        Next::Follow(more.collect())
    }

    /// `self.decide` as a method of the class around it.
    fn own_method(&self, callee: &str, place: Place) -> Option<(usize, &'a Function)> {
        let name = callee.strip_prefix("self.").filter(|name| !name.contains('.'))?;
        self.facts.method(place.class?, name)
    }

    fn returned(
        &mut self,
        at: usize,
        function: &'a Function,
        value: &'a Value,
        place: Place,
        element: &[usize],
    ) -> Next<'a> {
        if function.yields {
            return Next::Found(value, place);
        }
        if !self.seen.insert((Some(at), "return".to_owned(), element.to_vec())) {
            return Next::Follow(Vec::new());
        }
        let inside = Place { function: Some(at), ..function.place };
        let values = function.returned.iter().filter_map(|(_, value)| value.as_ref());
        Next::Follow(values.map(|value| (value, inside, element.to_vec())).collect())
    }
}

enum Next<'a> {
    Found(&'a Value, Place),
    Follow(Vec<(&'a Value, Place, Vec<usize>)>),
}

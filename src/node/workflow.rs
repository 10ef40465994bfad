//! The execution graph as steps in an order that can be read: every step behind those that it waits for.
//!
//! The graph drives nothing at run time (no runtime of the framework reads it), so a graph that is wrong stops
//! nothing here: its steps stay in the order of the file.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::Step;
use crate::contract::{Workflow, WorkflowStep};

/// The steps of a workflow in topological order; where the graph leaves a choice, in the order of the file.
///
/// Steps that wait for each other come last, in the order of the file.
#[must_use]
pub fn steps(workflow: &Workflow) -> Vec<Step> {
    let steps = &workflow.steps;
    let index_of: BTreeMap<&str, usize> =
        steps.iter().enumerate().rev().map(|(index, s)| (s.id.value.as_str(), index)).collect();
    let mut needs: Vec<usize> = vec![0; steps.len()];
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for (index, step) in steps.iter().enumerate() {
        let known = step.depends_on.iter().filter_map(|need| index_of.get(need.value.as_str()));
        for before in known {
            if let (Some(list), Some(count)) = (followers.get_mut(*before), needs.get_mut(index)) {
                list.push(index);
                *count += 1;
            }
        }
    }
    let mut ready: BinaryHeap<Reverse<usize>> = needs
        .iter()
        .enumerate()
        .filter(|(_, count)| **count == 0)
        .map(|(i, _)| Reverse(i))
        .collect();
    let mut order = Vec::with_capacity(steps.len());
    while let Some(Reverse(index)) = ready.pop() {
        order.push(index);
        for follower in followers.get(index).into_iter().flatten() {
            if let Some(count) = needs.get_mut(*follower) {
                *count -= 1;
                if *count == 0 {
                    ready.push(Reverse(*follower));
                }
            }
        }
    }
    let stuck = needs.iter().enumerate().filter(|(_, count)| **count > 0).map(|(index, _)| index);
    order.into_iter().chain(stuck).filter_map(|index| steps.get(index)).map(step).collect()
}

fn step(step: &WorkflowStep) -> Step {
    let by = step.node_type.as_ref().map(|kind| kind.value.to_lowercase()).unwrap_or_default();
    Step {
        id: step.id.value.clone(),
        description: step.description.as_ref().map(|d| d.value.clone()).unwrap_or_default(),
        by: by.strip_suffix("_generic").unwrap_or(&by).to_owned(),
        after: step.depends_on.iter().map(|need| need.value.clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Span, Spanned};

    fn named(text: &str) -> Spanned<String> {
        Spanned::new(text.to_owned(), Span::default())
    }

    fn order(edges: &[(&str, &[&str])]) -> Vec<String> {
        let step = |(id, needs): &(&str, &[&str])| WorkflowStep {
            id: named(id),
            node_type: Some(named("EFFECT_GENERIC")),
            depends_on: needs.iter().map(|need| named(need)).collect(),
            description: None,
            span: Span::default(),
        };
        let workflow = Workflow { steps: edges.iter().map(step).collect(), ..Workflow::default() };
        steps(&workflow).into_iter().map(|step| step.id).collect()
    }

    #[test]
    fn every_step_comes_behind_those_it_waits_for() {
        assert_eq!(
            order(&[("c", &["b"]), ("b", &["a"]), ("a", &[]), ("d", &[])]),
            ["a", "b", "c", "d"]
        );
    }

    #[test]
    fn a_graph_that_is_wrong_keeps_every_step() {
        assert_eq!(order(&[("b", &["a"]), ("a", &["b"]), ("c", &[])]), ["c", "b", "a"]);
        assert_eq!(order(&[("a", &["nowhere"])]), ["a"]);
    }
}

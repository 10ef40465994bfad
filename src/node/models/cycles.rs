//! Models that hold each other.
//!
//! Each class stands in a file of its own, and pydantic wants to know what a class holds before it is used. A model may
//! hold itself: its name is known by the time it is needed. Models that hold each other find each other once all of
//! them are there ([`circles`]); how, [`crate::render::views`] says. Where each *requires* the next, none can ever be
//! built, and that is an error.

use std::collections::{BTreeMap, BTreeSet};

use super::Classes;
use crate::contract::{Definition, Schema};
use crate::diagnostic::Diagnostic;
use crate::node::ClassPath;
use crate::source::{SourceFile, Span};

/// The models that one model names, each with the place that says so.
type Held<'a> = BTreeMap<&'a ClassPath, BTreeMap<&'a ClassPath, Span>>;

/// The models of every circle, each with all of its circle.
pub type Circles = BTreeMap<ClassPath, BTreeSet<ClassPath>>;

/// More models than this in one circle are one thing that was cut to pieces: each file has to name them all.
const MOST: usize = 16;

/// The models that hold each other, directly or by way of others. Those that could never be built are reported.
#[must_use]
pub fn circles(
    definitions: &[Definition],
    classes: &Classes,
    file: &SourceFile,
    diagnostics: &mut Vec<Diagnostic>,
) -> Circles {
    refuse_selves(definitions, classes, file, diagnostics);
    refuse_endless(&graph(definitions, classes, required), file, diagnostics);
    let held = graph(definitions, classes, named);
    let mut circles = Circles::new();
    for circle in components(&held) {
        if circle.len() > MOST {
            diagnostics.push(too_many(&circle, &held, file));
        }
        let whole: BTreeSet<ClassPath> = circle.iter().map(|model| (*model).clone()).collect();
        circles.extend(circle.into_iter().map(|model| (model.clone(), whole.clone())));
    }
    circles
}

/// Reports models that require each other in a circle; circles that share a model are reported one at a time.
fn refuse_endless(required: &Held<'_>, file: &SourceFile, diagnostics: &mut Vec<Diagnostic>) {
    let holders = reversed(required);
    // Every model with the number of models that it waits for. Those that wait for none fall away, and so do
    // those that then wait for none; what stays waits in a circle, or for one.
    let mut waiting: BTreeMap<&ClassPath, usize> =
        required.iter().map(|(model, models)| (*model, models.len())).collect();
    let mut done: Vec<&ClassPath> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(model, _)| *model).collect();
    loop {
        while let Some(model) = done.pop() {
            if waiting.remove(model).is_none() {
                continue;
            }
            for holder in holders.get(model).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(holder) {
                    *count -= 1;
                    if *count == 0 {
                        done.push(holder);
                    }
                }
            }
        }
        let circle = circle(required, &waiting);
        if circle.is_empty() {
            return;
        }
        done.extend(circle.iter().map(|(model, _)| *model));
        diagnostics.push(finding(&circle, file));
    }
}

fn reversed<'a>(held: &Held<'a>) -> BTreeMap<&'a ClassPath, Vec<&'a ClassPath>> {
    let mut holders: BTreeMap<&ClassPath, Vec<&ClassPath>> = BTreeMap::new();
    for (holder, models) in held {
        for model in models.keys() {
            holders.entry(model).or_default().push(holder);
        }
    }
    holders
}

/// The sets of models of which each holds every other, by whatever way; single models aside.
///
/// Kosaraju's way: the models in the order in which a walk leaves them, then walked against the arrows, from the last.
fn components<'a>(held: &Held<'a>) -> Vec<Vec<&'a ClassPath>> {
    let forth = |model: &'a ClassPath| -> Vec<&'a ClassPath> {
        held.get(model).into_iter().flat_map(|models| models.keys().copied()).collect()
    };
    let holders = reversed(held);
    let back = |model: &'a ClassPath| holders.get(model).cloned().unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut left: Vec<&ClassPath> = Vec::new();
    for model in held.keys() {
        left.extend(walk(model, &mut seen, forth));
    }
    seen.clear();
    let groups = left.into_iter().rev().map(|model| walk(model, &mut seen, back));
    groups.filter(|group| group.len() > 1).collect()
}

/// The models that are reached from one and were not seen before, in the order in which they are left.
fn walk<'a>(
    from: &'a ClassPath,
    seen: &mut BTreeSet<&'a ClassPath>,
    next: impl Fn(&'a ClassPath) -> Vec<&'a ClassPath>,
) -> Vec<&'a ClassPath> {
    let mut left = Vec::new();
    if !seen.insert(from) {
        return left;
    }
    let mut path = vec![(from, next(from))];
    while let Some((model, rest)) = path.last_mut() {
        match rest.pop() {
            Some(model) if seen.insert(model) => path.push((model, next(model))),
            Some(_) => {}
            None => {
                left.push(*model);
                path.pop();
            }
        }
    }
    left
}

fn too_many(circle: &[&ClassPath], held: &Held<'_>, file: &SourceFile) -> Diagnostic {
    let first = circle.iter().min().copied();
    let inside = |(model, _): &(&&ClassPath, &Span)| circle.contains(*model);
    let place = first.and_then(|model| held.get(model)?.iter().find(inside));
    let span = place.map(|(_, span)| *span).unwrap_or_default();
    let message = format!("{} models hold each other in one circle", circle.len());
    Diagnostic::error("model-cycle", file, span, message).help(
        "let some of them hold the id of another, such as `parent_id: {type: uuid}`, instead of the model",
    )
}

/// Reports models that need one of themselves before they can be built.
fn refuse_selves(
    definitions: &[Definition],
    classes: &Classes,
    file: &SourceFile,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for definition in definitions {
        let Some(own) = classes.get(&definition.name.value) else { continue };
        for field in definition.fields.iter().flatten() {
            let needed = required(&field.schema);
            let needed = needed.into_iter().find(|(name, _)| classes.get(*name) == Some(own));
            let Some((_, span)) = needed else { continue };
            let message = format!(
                "field `{}` of `{}` requires another `{}`, and so none can ever be built",
                field.name.value, own.name, own.name
            );
            diagnostics.push(Diagnostic::error("model-cycle", file, span, message).help(
                "let it end somewhere: make the field `nullable`, with `default: null`, or an array of them",
            ));
        }
    }
}

/// One circle among the models that are left: each model with the place where it holds the next.
fn circle<'a>(
    held: &Held<'a>,
    waiting: &BTreeMap<&'a ClassPath, usize>,
) -> Vec<(&'a ClassPath, Span)> {
    let mut path: Vec<(&ClassPath, Span)> = Vec::new();
    let mut seen: BTreeSet<&ClassPath> = BTreeSet::new();
    let mut at = waiting.keys().next().copied();
    while let Some(model) = at {
        if !seen.insert(model) {
            let start = path.iter().position(|(earlier, _)| *earlier == model).unwrap_or_default();
            let mut circle = path.split_off(start);
            let first = circle.iter().enumerate().min_by_key(|(_, (_, span))| *span);
            let first = first.map_or(0, |(index, _)| index);
            circle.rotate_left(first);
            return circle;
        }
        let next =
            held.get(model).into_iter().flatten().find(|(next, _)| waiting.contains_key(*next));
        path.extend(next.map(|(_, span)| (model, *span)));
        at = next.map(|(next, _)| *next);
    }
    Vec::new()
}

fn finding(circle: &[(&ClassPath, Span)], file: &SourceFile) -> Diagnostic {
    let names: Vec<&str> = circle.iter().map(|(model, _)| model.name.as_str()).collect();
    let next: Vec<&str> = names.iter().cycle().skip(1).take(names.len()).copied().collect();
    let path: Vec<&str> = names.first().into_iter().chain(&next).copied().collect();
    let message =
        format!("models require each other, and so none can ever be built: {}", path.join(" -> "));
    let mut places = circle
        .iter()
        .zip(&names)
        .zip(&next)
        .map(|(((_, span), holder), model)| (*span, format!("`{holder}` requires `{model}`")));
    let (span, text) = places.next().unwrap_or_default();
    let found = Diagnostic::error("model-cycle", file, span, message).label(text);
    places.fold(found, |found, (span, text)| found.related(span, text)).help(
        "let it end somewhere: make one of the fields `nullable`, with `default: null`, or an array; or let it hold \
         an id, such as `parent_id: {type: uuid}`",
    )
}

/// Which of the models that are defined here each of them names, others than itself.
fn graph<'a>(
    definitions: &'a [Definition],
    classes: &'a Classes,
    names: impl Fn(&'a Schema) -> Vec<(&'a str, Span)>,
) -> Held<'a> {
    let mut held: Held<'a> = BTreeMap::new();
    for definition in definitions {
        let Some(holder) = classes.get(&definition.name.value) else { continue };
        held.entry(holder).or_default();
        for (name, span) in
            definition.fields.iter().flatten().flat_map(|field| names(&field.schema))
        {
            if let Some(model) = classes.get(name).filter(|model| *model != holder) {
                held.entry(holder).or_default().entry(model).or_insert(span);
            }
        }
    }
    // What is no model of this contract holds none of them.
    let models: BTreeSet<&ClassPath> = held.keys().copied().collect();
    for held in held.values_mut() {
        held.retain(|model, _| models.contains(model));
    }
    held
}

/// The names in a field without which there is no value: null, a default, an empty list or mapping can do without.
fn required(schema: &Schema) -> Vec<(&str, Span)> {
    let may_be_null = schema.nullable.as_ref().is_some_and(|nullable| nullable.value);
    let is_alone = schema.items.is_none() && schema.keys.is_none() && schema.values.is_none();
    if may_be_null || !is_alone || schema.default.is_some() || schema.default_factory.is_some() {
        return Vec::new();
    }
    named(schema)
}

/// The names in a field that may be those of models.
fn named(schema: &Schema) -> Vec<(&str, Span)> {
    let mut named = Vec::new();
    collect(schema, &mut named);
    named
}

/// The names in a definition that may be those of other models, in order.
pub fn references(definition: &Definition) -> impl Iterator<Item = &str> {
    let mut named = Vec::new();
    for field in definition.fields.iter().flatten() {
        collect(&field.schema, &mut named);
    }
    named.into_iter().map(|(name, _)| name)
}

/// Every name in a schema that may be one of a model.
fn collect<'a>(schema: &'a Schema, named: &mut Vec<(&'a str, Span)>) {
    if schema.module.is_none() && schema.enum_class.is_none() && schema.choices.is_empty() {
        let name = schema.reference.as_ref().or(schema.kind.as_ref());
        named.extend(name.map(|name| (name.value.as_str(), name.span)));
    }
    for part in [&schema.items, &schema.keys, &schema.values].into_iter().flatten() {
        collect(part, named);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Sample, sample};
    use super::*;

    fn messages(sample: &Sample) -> Vec<String> {
        let mut diagnostics = Vec::new();
        let _ = circles(&sample.definitions, &sample.classes, &sample.file, &mut diagnostics);
        diagnostics.into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn a_model_that_requires_itself_is_reported() {
        let sample = sample(
            r#"{"ModelA": {"properties": {"a": {"type": "ModelA"}, "b": {"items": {"ref": "ModelA"}},
                "c": {"value_type": "ModelA"}, "d": {"ref": "ModelA", "nullable": true}}}}"#,
        );
        assert_eq!(
            messages(&sample),
            ["field `a` of `ModelA` requires another `ModelA`, and so none can ever be built"]
        );
    }

    #[test]
    fn a_model_may_hold_itself_and_others() {
        let sample = sample(
            r#"{"ModelA": {"properties": {"a": {"ref": "ModelA", "nullable": true}, "b": {"type": "ModelB"}, "c": {"type": "ModelC"}}},
                "ModelB": {"properties": {"c": {"items": {"ref": "ModelC"}}}},
                "ModelC": {"properties": {"n": {"type": "integer"}}}}"#,
        );
        assert!(messages(&sample).is_empty());
    }

    #[test]
    fn a_circle_that_never_ends_is_shown_as_a_path_once() {
        let sample = sample(
            r#"{"ModelZ": {"properties": {"c": {"ref": "ModelC"}}},
                "ModelC": {"properties": {"a": {"ref": "ModelA"}, "d": {"ref": "ModelD"}}},
                "ModelA": {"properties": {"z": {"ref": "ModelZ"}}},
                "ModelD": {"properties": {}}}"#,
        );
        assert_eq!(
            messages(&sample),
            [
                "models require each other, and so none can ever be built: ModelZ -> ModelC -> ModelA -> ModelZ"
            ]
        );
    }

    #[test]
    fn every_circle_that_never_ends_is_found() {
        let sample = sample(
            r#"{"ModelA": {"properties": {"x": {"ref": "ModelB"}}}, "ModelB": {"properties": {"x": {"ref": "ModelA"}}},
                "ModelC": {"properties": {"x": {"ref": "ModelD"}}}, "ModelD": {"properties": {"x": {"ref": "ModelC"}}}}"#,
        );
        let mut diagnostics = Vec::new();
        let _ = circles(&sample.definitions, &sample.classes, &sample.file, &mut diagnostics);
        assert_eq!(diagnostics.len(), 2);
        let found = &diagnostics[0];
        assert_eq!(sample.file.slice(found.primary.span), "\"ModelB\"");
        assert_eq!(found.primary.text, "`ModelA` requires `ModelB`");
        assert_eq!(found.related.len(), 1);
    }

    #[test]
    fn a_circle_that_ends_somewhere_is_told_to_each_of_its_models() {
        let sample = sample(
            r#"{"ModelA": {"properties": {"b": {"ref": "ModelB", "nullable": true}}},
                "ModelB": {"properties": {"c": {"ref": "ModelC"}}},
                "ModelC": {"properties": {"all": {"items": {"ref": "ModelA"}}, "d": {"ref": "ModelD"}}},
                "ModelD": {"properties": {"n": "integer"}},
                "ModelE": {"properties": {"a": {"ref": "ModelA"}}}}"#,
        );
        let mut diagnostics = Vec::new();
        let circles = circles(&sample.definitions, &sample.classes, &sample.file, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let names = |model: &str| -> Vec<&str> {
            let circle = circles.get(&sample.classes[model]).into_iter().flatten();
            circle.map(|other| other.name.as_str()).collect()
        };
        for model in ["ModelA", "ModelB", "ModelC"] {
            assert_eq!(names(model), ["ModelA", "ModelB", "ModelC"]);
        }
        assert!(names("ModelD").is_empty() && names("ModelE").is_empty());
    }

    #[test]
    fn a_circle_of_very_many_is_refused() {
        let model = |index: usize| {
            let next = (index + 1) % 20;
            format!(
                r#""Model{index}": {{"properties": {{"x": {{"items": {{"ref": "Model{next}"}}}}}}}}"#
            )
        };
        let models: Vec<String> = (0..20).map(model).collect();
        let sample = sample(&format!("{{{}}}", models.join(", ")));
        assert_eq!(messages(&sample), ["20 models hold each other in one circle"]);
    }
}

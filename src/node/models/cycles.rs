//! Models that hold each other.
//!
//! Pydantic needs a class complete before it is used, and each class stands in a file of its own. A model may
//! hold itself: its name is known by the time it is needed. Two that hold each other would have to import each
//! other, which works only with imports below the classes, or with a module that completes the other and has to be
//! imported first by everyone. Neither is what an author wants to find, and so it is an error that shows the way
//! round.

use std::collections::{BTreeMap, BTreeSet};

use super::Classes;
use crate::contract::{Definition, Schema};
use crate::diagnostic::Diagnostic;
use crate::node::ClassPath;
use crate::source::{SourceFile, Span};

/// The models that one model holds, each with the place that says so.
type Held<'a> = BTreeMap<&'a ClassPath, BTreeMap<&'a ClassPath, Span>>;

/// Reports models that hold each other in a circle; circles that share a model are reported one at a time.
pub fn cycles(
    definitions: &[Definition],
    classes: &Classes,
    file: &SourceFile,
    diagnostics: &mut Vec<Diagnostic>,
) {
    endless(definitions, classes, file, diagnostics);
    let held = held(definitions, classes);
    let mut holders: BTreeMap<&ClassPath, Vec<&ClassPath>> = BTreeMap::new();
    for (holder, models) in &held {
        for model in models.keys() {
            holders.entry(model).or_default().push(holder);
        }
    }
    // Every model with the number of models that it waits for. Those that wait for none fall away, and so do
    // those that then wait for none; what stays waits in a circle, or for one.
    let mut waiting: BTreeMap<&ClassPath, usize> =
        held.iter().map(|(model, models)| (*model, models.len())).collect();
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
        let circle = circle(&held, &waiting);
        if circle.is_empty() {
            return;
        }
        done.extend(circle.iter().map(|(model, _)| *model));
        diagnostics.push(finding(&circle, file));
    }
}

/// Reports models that need one of themselves before they can be built.
fn endless(
    definitions: &[Definition],
    classes: &Classes,
    file: &SourceFile,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for definition in definitions {
        let Some(own) = classes.get(&definition.name.value) else { continue };
        for field in definition.fields.iter().flatten() {
            let Some(span) = needed(&field.schema, own, classes) else { continue };
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

/// Where a field cannot do without an instance of the model itself: an empty list or mapping can.
fn needed(schema: &Schema, own: &ClassPath, classes: &Classes) -> Option<Span> {
    let may_be_null = schema.nullable.as_ref().is_some_and(|nullable| nullable.value);
    if may_be_null || schema.default.is_some() || schema.default_factory.is_some() {
        return None;
    }
    let is_alone = schema.items.is_none() && schema.keys.is_none() && schema.values.is_none();
    let mut named = Vec::new();
    collect(schema, &mut named);
    let own = |(name, _): &(&str, Span)| classes.get(*name) == Some(own);
    named.into_iter().find(own).filter(|_| is_alone).map(|(_, span)| span)
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
    let message = format!("models hold each other: {}", path.join(" -> "));
    let mut places = circle
        .iter()
        .zip(&names)
        .zip(&next)
        .map(|(((_, span), holder), model)| (*span, format!("`{holder}` holds `{model}`")));
    let (span, text) = places.next().unwrap_or_default();
    let found = Diagnostic::error("model-cycle", file, span, message).label(text);
    places.fold(found, |found, (span, text)| found.related(span, text)).help(
        "let one of them hold the id of the other, such as `parent_id: {type: uuid}`, instead of the model",
    )
}

fn held<'a>(definitions: &[Definition], classes: &'a Classes) -> Held<'a> {
    let mut held: Held<'a> = BTreeMap::new();
    for definition in definitions {
        let Some(holder) = classes.get(&definition.name.value) else { continue };
        held.entry(holder).or_default();
        for field in definition.fields.iter().flatten() {
            let mut named = Vec::new();
            collect(&field.schema, &mut named);
            for (name, span) in named {
                if let Some(model) = classes.get(name).filter(|model| *model != holder) {
                    held.entry(holder).or_default().entry(model).or_insert(span);
                }
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
        cycles(&sample.definitions, &sample.classes, &sample.file, &mut diagnostics);
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
    fn a_circle_is_shown_as_a_path_once() {
        let sample = sample(
            r#"{"ModelZ": {"properties": {"c": {"value_type": {"ref": "ModelC"}}}},
                "ModelC": {"properties": {"a": {"items": {"ref": "ModelA"}}, "d": {"ref": "ModelD"}}},
                "ModelA": {"properties": {"z": {"ref": "ModelZ"}}},
                "ModelD": {"properties": {}}}"#,
        );
        assert_eq!(
            messages(&sample),
            ["models hold each other: ModelZ -> ModelC -> ModelA -> ModelZ"]
        );
    }

    #[test]
    fn every_circle_is_found() {
        let sample = sample(
            r#"{"ModelA": {"properties": {"x": {"ref": "ModelB"}}}, "ModelB": {"properties": {"x": {"ref": "ModelA"}}},
                "ModelC": {"properties": {"x": {"ref": "ModelD"}}}, "ModelD": {"properties": {"x": {"ref": "ModelC"}}}}"#,
        );
        let mut diagnostics = Vec::new();
        cycles(&sample.definitions, &sample.classes, &sample.file, &mut diagnostics);
        assert_eq!(diagnostics.len(), 2);
        let found = &diagnostics[0];
        assert_eq!(sample.file.slice(found.primary.span), "\"ModelB\"");
        assert_eq!(found.primary.text, "`ModelA` holds `ModelB`");
        assert_eq!(found.related.len(), 1);
    }
}

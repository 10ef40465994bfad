//! The questions for what a node handles, raises and does: one function for one route, one intent, one step.
//!
//! In: the [`Draft`] so far. Out: the draft with one more, and whether there was one: where a node is new, somebody
//! may have named them all; where something is added, one is wanted, and none is no answer.

use heck::ToSnakeCase;

use super::NONE;
use super::advice::{self, first, meaning_of_event, meaning_of_fields, meaning_of_intent};
use super::draft::Draft;
use crate::ask::{Choice, Choices, Session, Text, Turn};
use crate::contract::write;
use crate::python::Identifier;
use crate::spec::{self, Event, Field, Intent, Model, Route, Step, StepKind, names, print};

/// One message and what comes of it; says whether there was one.
pub(super) fn route(session: &mut Session<'_>, draft: &mut Draft) -> Result<bool, Turn> {
    let is_first = draft.answers.routes.is_empty();
    let label =
        if is_first { "A message that it handles" } else { "Another message that it handles" };
    let said = session.text(&Text {
        label,
        default: if is_first { offered_event(draft) } else { NONE.to_owned() },
        help: "Such as OrderPlaced, or PlaceOrderCommand for a command.",
        check: &|text| match (text, is_first) {
            (NONE, false) => Ok(String::new()),
            (NONE, true) => Err("a node needs a message".to_owned()),
            _ => meaning_of_event(draft, text),
        },
    })?;
    if said == NONE {
        return Ok(false);
    }
    let Ok(Some((event, given))) = spec::read_events(&said).map(|events| events.into_iter().next())
    else {
        return Err(Turn::Back);
    };
    draft.answers.routes.push(Route { event: event.clone(), outputs: Vec::new() });
    let id = names::subject(&draft.answers.folder).to_owned() + "_id: uuid";
    event_fields(session, draft, &event, given, &id)?;
    outputs(session, draft, &event)?;
    Ok(true)
}

/// A message that the node does not know yet, for somebody who names none.
fn offered_event(draft: &Draft) -> String {
    let folder = &draft.answers.folder;
    let endings = ["Requested", "Changed", "Cancelled", "Repeated"];
    let offers = endings.into_iter().filter_map(|ending| names::first_event(folder, ending).ok());
    let mut free = offers.filter(|event| !draft.has_event(event));
    free.next().map(|event| event.to_string()).unwrap_or_default()
}

/// The fields of a message, unless they are known.
fn event_fields(
    session: &mut Session<'_>,
    draft: &mut Draft,
    event: &Identifier,
    given: Option<Vec<Field>>,
    default: &str,
) -> Result<(), Turn> {
    if draft.has_event(event) {
        return Ok(());
    }
    let fields = match given {
        Some(fields) => fields,
        None => fields(session, draft, &format!("Fields of {event}"), default, None)?,
    };
    draft.answers.events.push(Event { name: event.clone(), fields: fields.clone() });
    models_of(session, draft, &fields)
}

/// A list of fields.
fn fields(
    session: &mut Session<'_>,
    draft: &Draft,
    label: &str,
    default: &str,
    of: Option<&Identifier>,
) -> Result<Vec<Field>, Turn> {
    let default = if default.is_empty() { NONE } else { default };
    let read = |text: &str| if text == NONE { Ok(Vec::new()) } else { spec::read_fields(text) };
    let text = session.text(&Text {
        label,
        default: default.to_owned(),
        help: "Such as order_id: uuid, items: list[OrderItem], total: decimal >= 0.",
        check: &|text| match read(text) {
            Ok(fields) => match of {
                Some(model) => advice::meaning_of_model(draft, model, &fields),
                None => meaning_of_fields(draft, &fields),
            },
            Err(found) => Err(first(&found)),
        },
    })?;
    read(&text).map_err(|_| Turn::Back)
}

/// Asks for the models that fields name and nobody has described yet, and for those that they name in turn.
fn models_of(session: &mut Session<'_>, draft: &mut Draft, named_in: &[Field]) -> Result<(), Turn> {
    for name in advice::models_in(named_in) {
        if draft.has_model(&name) {
            continue;
        }
        let label = format!("Fields of {name}");
        let fields = fields(session, draft, &label, "value: str", Some(&name))?;
        draft.answers.models.push(Model { name, fields: fields.clone() });
        models_of(session, draft, &fields)?;
    }
    Ok(())
}

/// What comes of a message.
fn outputs(session: &mut Session<'_>, draft: &mut Draft, event: &Identifier) -> Result<(), Turn> {
    let done = match event.as_str().strip_suffix("Requested") {
        Some(stem) if !stem.is_empty() => format!("{stem}Completed"),
        Some(_) | None => format!("{}Handled", event.as_str().trim_end_matches("Command")),
    };
    let taken = Identifier::parse(&done).is_ok_and(|name| draft.handled().contains(&name));
    let text = session.text(&Text {
        label: &format!("What comes of {event}"),
        default: if taken { NONE.to_owned() } else { done },
        help: "Events, with commas between them, the usual one first; none is possible.",
        check: &|text| {
            if text == NONE {
                Ok(String::new())
            } else {
                advice::meaning_of_outputs(draft, event, text)
            }
        },
    })?;
    if text == NONE {
        return Ok(());
    }
    let outputs = spec::read_events(&text).map_err(|_| Turn::Back)?;
    if let Some(route) = draft.answers.routes.last_mut() {
        route.outputs = outputs.iter().map(|(name, _)| name.clone()).collect();
    }
    let like = required_of(draft, event);
    for (name, given) in outputs {
        event_fields(session, draft, &name, given, &like)?;
    }
    Ok(())
}

/// The fields of a message that are always there, as text: what follows from it carries them on.
fn required_of(draft: &Draft, event: &Identifier) -> String {
    let is_required = |field: &&Field| field.default.is_none() && !field.holds.optional;
    let required: Vec<Field> = draft.fields_of(event).iter().filter(is_required).cloned().collect();
    print::fields(&required)
}

/// One intent, who raises it and who answers it; says whether there was one.
pub(super) fn intent(session: &mut Session<'_>, draft: &mut Draft) -> Result<bool, Turn> {
    let is_first = draft.answers.intents.is_empty();
    let is_wanted = draft.is_addition();
    let said = session.text(&Text {
        label: if is_first { "An intent that it raises" } else { "Another intent that it raises" },
        default: if is_wanted { offered_intent(draft) } else { NONE.to_owned() },
        help: "What an effect node is to do, such as payment.process.",
        check: &|text| {
            if text == NONE && !is_wanted {
                Ok(String::new())
            } else {
                meaning_of_intent(draft, text)
            }
        },
    })?;
    if said == NONE && !is_wanted {
        return Ok(false);
    }
    let (kind, given) = spec::read_intent(&said).map_err(|_| Turn::Back)?;
    let shown = kind.iter().map(Identifier::as_str).collect::<Vec<_>>().join(".");
    let from = raised_by(session, draft, &shown)?;
    let fields = match given {
        Some(fields) => fields,
        None => {
            let like = from.first().map(|event| required_of(draft, event)).unwrap_or_default();
            fields(session, draft, &format!("Fields of {shown}"), &like, None)?
        }
    };
    let target = session.text(&Text {
        label: &format!("Which node answers {shown}"),
        default: offered_target(draft, &kind),
        help: "The effect node that does it.",
        check: &|text| match spec::read_name(text.trim()) {
            Ok(_) => Ok(String::new()),
            Err(found) => Err(first(&found)),
        },
    })?;
    let target = spec::read_name(target.trim()).map_err(|_| Turn::Back)?;
    draft.answers.intents.push(Intent { kind, fields: fields.clone(), target, from });
    models_of(session, draft, &fields)?;
    Ok(true)
}

/// The messages whose handlers raise an intent; nobody is asked where there are none.
fn raised_by(
    session: &mut Session<'_>,
    draft: &Draft,
    intent: &str,
) -> Result<Vec<Identifier>, Turn> {
    let handled = draft.handled();
    if handled.is_empty() {
        return Ok(Vec::new());
    }
    let options = handled.iter().map(Identifier::to_string).collect();
    let label = format!("Whose handlers raise {intent}");
    let from = session.choices(&Choices { label: &label, options, default: vec![0] })?;
    Ok(from.into_iter().filter_map(|index| handled.get(index).cloned()).collect())
}

/// An intent that the node does not raise yet.
fn offered_intent(draft: &Draft) -> String {
    let subject = names::subject(&draft.answers.folder);
    let routed = draft.intents();
    let is_free = |kind: &String| routed.iter().all(|(known, _)| known != kind);
    let mut offers =
        ["process", "notify", "store", "cancel"].map(|word| format!("{subject}.{word}"));
    offers.iter_mut().find(|kind| is_free(kind)).map(std::mem::take).unwrap_or_default()
}

/// The node that answers what is about the same thing, else one that is called after it.
fn offered_target(draft: &Draft, kind: &[Identifier]) -> String {
    let about = kind.first().map_or("", Identifier::as_str);
    let same = |(known, _): &(String, String)| known.split('.').next() == Some(about);
    let standing = draft.intents().into_iter().find(same).map(|(_, target)| target);
    let usable = standing.filter(|target| spec::read_name(target).is_ok());
    usable.unwrap_or_else(|| format!("node_{about}_effect"))
}

/// The workflow: the steps that follow from the routes, or others.
pub(super) fn steps(session: &mut Session<'_>, draft: &mut Draft) -> Result<(), Turn> {
    let derived = write::steps_of_routes(&draft.answers);
    let shown: Vec<String> = derived.iter().map(|(step, _)| format!("  {step}")).collect();
    session.say(&format!(
        "The steps of the workflow, as they follow from the messages:\n{}",
        shown.join("\n")
    ))?;
    let options = [("these steps", ""), ("others", "name them, one after the other")];
    let options = options.map(|(option, meaning)| (option.to_owned(), meaning.to_owned())).to_vec();
    if session.choice(&Choice { label: "Workflow", options, default: 0 })? == 0 {
        return Ok(());
    }
    while step(session, draft)? {}
    Ok(())
}

/// One step; says whether there was one.
pub(super) fn step(session: &mut Session<'_>, draft: &mut Draft) -> Result<bool, Turn> {
    let is_wanted = draft.is_addition();
    let standing = draft.steps();
    let said = session.text(&Text {
        label: if standing.is_empty() || is_wanted { "A step" } else { "Another step" },
        default: if is_wanted || standing.is_empty() {
            offered_step(draft)
        } else {
            NONE.to_owned()
        },
        help: "Such as validate_order.",
        check: &|text| match spec::read_name(text.trim()) {
            Ok(name) if standing.contains(&name) => Err("there is a step of that name".to_owned()),
            Ok(_) if text == NONE && is_wanted => Err("a step needs a name".to_owned()),
            Ok(_) => Ok(String::new()),
            Err(found) => Err(first(&found)),
        },
    })?;
    if said == NONE {
        return Ok(false);
    }
    let id = spec::read_name(said.trim()).map_err(|_| Turn::Back)?;
    let kinds = StepKind::ALL.map(|kind| (kind.as_str().to_owned(), kind.explained().to_owned()));
    let label = format!("Which node takes {id}");
    // What comes first receives, and that is an effect; most that follow compute.
    let default = usize::from(!standing.is_empty());
    let kind = session.choice(&Choice { label: &label, options: kinds.to_vec(), default })?;
    let kind = StepKind::ALL.get(kind).copied().unwrap_or(StepKind::Compute);
    let after = waits_for(session, &standing, &id)?;
    draft.answers.steps.push(Step { id, kind, after });
    Ok(true)
}

/// A step that is not there yet: one that receives a message, else one that comes after all others.
fn offered_step(draft: &Draft) -> String {
    let receive = |event: &Identifier| format!("receive_{}", event.as_str().to_snake_case());
    let last = format!("finish_{}", names::subject(&draft.answers.folder));
    let standing = draft.steps();
    let first = draft.handled().first().map(receive).filter(|_| standing.is_empty());
    let numbered = (2..).map(|number| format!("{last}_{number}"));
    let mut offers = first.into_iter().chain([last.clone()]).chain(numbered);
    let is_free = |offer: &String| standing.iter().all(|step| step.as_str() != offer);
    offers.find(is_free).unwrap_or(last)
}

/// The steps that one waits for: only earlier ones are offered, so that none waits for itself.
fn waits_for(
    session: &mut Session<'_>,
    standing: &[Identifier],
    id: &Identifier,
) -> Result<Vec<Identifier>, Turn> {
    let Some(last) = standing.len().checked_sub(1) else { return Ok(Vec::new()) };
    let options = standing.iter().map(Identifier::to_string).collect();
    let label = format!("What {id} waits for");
    let chosen = session.choices(&Choices { label: &label, options, default: vec![last] })?;
    Ok(chosen.into_iter().filter_map(|index| standing.get(index).cloned()).collect())
}

//! The interview at the end of which a node can be written: questions in, the answers of the flags out.
//!
//! In: a [`Session`] with somebody who answers, what the flags said already ([`Preset`]), and what stands where
//! ([`Ground`]). Out: [`Filled`]. Every question has an answer that Enter takes, so that Enter all the way gives a node
//! that runs. What is typed is read by [`crate::spec`] as a flag would be: the same answers by flags give the same node.
//! Writes nothing, and knows neither the terminal nor the file system.

mod advice;
#[cfg(test)]
mod tests;

use heck::ToSnakeCase;

use crate::ask::{Choice, Choices, Session, Text, Turn};
use crate::contract::write;
use crate::node::{HandlerStyle, NodeKind, naming};
use crate::python::Identifier;
use crate::spec::{
    self, Answers, Event, Field, Intent, Model, Route, Step, StepKind, names, print,
};
use advice::{first, meaning_of_event, meaning_of_fields, meaning_of_intent};

/// What stands where, as far as questions need to know it.
pub trait Ground {
    /// The folder to offer for the project.
    fn here(&self) -> String;

    /// What a project folder is, or would be, with a package chosen or not.
    ///
    /// # Errors
    /// Why no node can go there.
    fn look(&self, path: &str, package: Option<&str>) -> Result<Site, String>;
}

/// A project that a node can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// What it is, for a line: `new project, package shop in src/shop`.
    pub shown: String,
    /// Whether it is still to be made.
    pub is_new: bool,
    /// The packages to choose from; none where it is clear which one.
    pub packages: Vec<String>,
    /// The package, where it is clear.
    pub package: String,
    /// The producer that topics get when nobody says another.
    pub producer: String,
    /// The folder of the tests.
    pub tests: String,
    /// The handler style that nodes get when nobody says another.
    pub style: HandlerStyle,
    /// Whether the project has made its choices.
    pub has_chosen: bool,
    /// The folders of its nodes.
    pub nodes: Vec<String>,
}

/// What flags said already, and so is not asked.
#[derive(Clone, Debug, Default)]
pub struct Preset {
    /// `--path`
    pub path: Option<String>,
    /// `--package`
    pub package: Option<String>,
    /// NAME, to be offered: it may be taken.
    pub name: Option<String>,
    /// `--description`
    pub description: Option<String>,
    /// `--producer`
    pub producer: Option<String>,
    /// `--handler-style`
    pub style: Option<HandlerStyle>,
}

/// Everything that was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The project.
    pub path: String,
    /// The package, where there was a choice.
    pub package: Option<String>,
    /// What goes into the contract.
    pub answers: Answers,
    /// The handler style, where it is another than the project's.
    pub style: Option<HandlerStyle>,
    /// What the project is to remember, where it remembers nothing yet.
    pub remembered: Option<Remembered>,
}

/// The choices of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The lines at the top of every Python file; none for no header.
    pub license_header: Vec<String>,
    /// The folder of the tests.
    pub tests: String,
}

/// Asks everything, from the beginning.
///
/// # Errors
/// When the interview has to turn round or stop.
pub fn interview(
    session: &mut Session<'_>,
    ground: &dyn Ground,
    preset: &Preset,
) -> Result<Filled, Turn> {
    session.say("A new orchestrator. Enter takes what is offered, Esc goes back,\nCtrl-C leaves everything as it is.\n ")?;
    let (path, site, package) = place(session, ground, preset)?;
    let (style, producer, remembered) = choices(session, &site, preset)?;
    let folder = name(session, &site, &producer, preset)?;
    let description = description(session, &folder, preset)?;
    let mut answers = Answers {
        folder,
        description,
        producer,
        routes: Vec::new(),
        events: Vec::new(),
        models: Vec::new(),
        intents: Vec::new(),
        steps: Vec::new(),
    };
    while route(session, &mut answers)? {}
    while intent(session, &mut answers)? {}
    steps(session, &mut answers)?;
    Ok(Filled { path, package, answers, style, remembered })
}

/// The project and the package in it.
fn place(
    session: &mut Session<'_>,
    ground: &dyn Ground,
    preset: &Preset,
) -> Result<(String, Site, Option<String>), Turn> {
    let given = preset.package.as_deref();
    if let Some(path) = &preset.path
        && let Ok(site) = ground.look(path, given)
        && site.packages.is_empty()
    {
        session.say(&format!("Project {path}: {}", site.shown))?;
        return Ok((path.clone(), site, preset.package.clone()));
    }
    let path = session.text(&Text {
        label: "Project",
        default: preset.path.clone().unwrap_or_else(|| ground.here()),
        help: "Its folder; a new or empty one becomes a new project.",
        check: &|path| ground.look(path.trim(), given).map(|site| site.shown),
    })?;
    let path = path.trim().to_owned();
    let site = ground.look(&path, given).map_err(|_| Turn::Back)?;
    if site.packages.is_empty() {
        return Ok((path, site, preset.package.clone()));
    }
    let options = site.packages.iter().map(|package| (package.clone(), String::new())).collect();
    let index = session.choice(&Choice { label: "Package", options, default: 0 })?;
    let package = site.packages.get(index).cloned();
    let site = ground.look(&path, package.as_deref()).map_err(|_| Turn::Back)?;
    Ok((path, site, package))
}

/// What a project decides once; what it has decided is not asked again.
fn choices(
    session: &mut Session<'_>,
    site: &Site,
    preset: &Preset,
) -> Result<(Option<HandlerStyle>, String, Option<Remembered>), Turn> {
    let known = preset.producer.clone().unwrap_or_else(|| site.producer.clone());
    if site.has_chosen {
        return Ok((preset.style, known, None));
    }
    session.say("The first node here decides for those to come; see [tool.onex.scaffold].")?;
    let style = match preset.style {
        Some(style) => style,
        None => {
            let options =
                HandlerStyle::ALL.map(|style| (style.as_str().to_owned(), explained(style)));
            let at = HandlerStyle::ALL.iter().position(|style| *style == site.style);
            let label = "How handlers are called";
            let question =
                Choice { label, options: options.to_vec(), default: at.unwrap_or_default() };
            let index = session.choice(&question)?;
            HandlerStyle::ALL.get(index).copied().unwrap_or_default()
        }
    };
    let producer = match &preset.producer {
        Some(producer) => producer.clone(),
        None => session.text(&Text {
            label: "Producer",
            default: known,
            help: "Whose topics these are: the third word of each.",
            check: &|text| {
                if names::is_segment(text) {
                    return Ok(format!("onex.evt.{text}.<event>.v1"));
                }
                let near = names::producer(text).map(|near| format!("; write {near}"));
                Err(format!(
                    "small letters and digits, with - between words{}",
                    near.unwrap_or_default()
                ))
            },
        })?,
    };
    let license_header = session.text(&Text {
        label: "License header",
        default: NONE.to_owned(),
        help: "The first line of every file, such as SPDX-License-Identifier: MIT.",
        check: &|_| Ok(String::new()),
    })?;
    let license_header = license_header.trim().trim_start_matches('#').trim().to_owned();
    let license_header = if license_header == NONE { Vec::new() } else { vec![license_header] };
    // The tests of a new project are where its other files say.
    let tests = if site.is_new {
        site.tests.clone()
    } else {
        session.text(&Text {
            label: "Tests folder",
            default: site.tests.clone(),
            help: "",
            check: &|text| match crate::workspace::RelPath::parse(text) {
                Some(path) if path != crate::workspace::RelPath::root() => Ok(String::new()),
                Some(_) | None => Err("a folder inside the project, such as tests".to_owned()),
            },
        })?
    };
    Ok((Some(style), producer, Some(Remembered { license_header, tests })))
}

/// What stands for no answer, where Enter takes another.
const NONE: &str = "none";

fn explained(style: HandlerStyle) -> String {
    match style {
        HandlerStyle::Envelope => "with an envelope: the production wiring, events and intents",
        HandlerStyle::Dual => "with an envelope or the bare event: every runtime",
        HandlerStyle::DefinitionB => "event in, event out: no intents",
        HandlerStyle::Template => "as the template has it: only unit tests call it",
    }
    .to_owned()
}

fn name(
    session: &mut Session<'_>,
    site: &Site,
    producer: &str,
    preset: &Preset,
) -> Result<Identifier, Turn> {
    let folder = |name: &str| naming::folder_for_name(name.trim(), NodeKind::Orchestrator);
    let is_free = |name: &String| {
        folder(name).is_ok_and(|folder| !site.nodes.iter().any(|node| node == folder.as_str()))
    };
    let stem =
        names::producer(&site.package).unwrap_or_else(|| "order".to_owned()).replace('-', "_");
    let mut offers = std::iter::once(stem.clone()).chain((2..).map(|n| format!("{stem}_{n}")));
    let default = match &preset.name {
        Some(name) => name.clone(),
        None => offers.find(is_free).unwrap_or(stem),
    };
    let check = |text: &str| {
        let folder = folder(text).map_err(|problem| format!("no name: it {problem}"))?;
        if site.nodes.iter().any(|node| node == folder.as_str()) {
            return Err(format!("{folder} is there already"));
        }
        let class =
            naming::node_class_name(&folder).map_err(|problem| format!("no name: it {problem}"))?;
        let event =
            names::first_event(&folder, "Requested").map_err(|problem| problem.to_string())?;
        Ok(format!("{folder}\n{class}\n{} and so on", names::topic(&event, producer)))
    };
    let question = Text { label: "Name", default, help: "", check: &check };
    loop {
        let text = session.text(&question)?;
        if let Ok(folder) = folder(&text) {
            return Ok(folder);
        }
    }
}

fn description(
    session: &mut Session<'_>,
    folder: &Identifier,
    preset: &Preset,
) -> Result<String, Turn> {
    if let Some(description) = &preset.description {
        let own = description.trim();
        return Ok(if own.is_empty() { names::description(folder) } else { own.to_owned() });
    }
    let text = session.text(&Text {
        label: "What it does",
        default: names::description(folder),
        help: "A sentence for whoever reads the contract.",
        check: &|_| Ok(String::new()),
    })?;
    let own = text.trim();
    Ok(if own.is_empty() { names::description(folder) } else { own.to_owned() })
}

/// One message and what comes of it; says whether there was one.
fn route(session: &mut Session<'_>, answers: &mut Answers) -> Result<bool, Turn> {
    let is_first = answers.routes.is_empty();
    let default = match names::first_event(&answers.folder, "Requested") {
        Ok(event) if is_first => event.to_string(),
        Ok(_) | Err(_) => NONE.to_owned(),
    };
    let said = session.text(&Text {
        label: if is_first {
            "A message that it handles"
        } else {
            "Another message that it handles"
        },
        default,
        help: "Such as OrderPlaced, or PlaceOrderCommand for a command.",
        check: &|text| match (text, is_first) {
            (NONE, false) => Ok(String::new()),
            (NONE, true) => Err("a node needs a message".to_owned()),
            _ => meaning_of_event(answers, text),
        },
    })?;
    if said == NONE {
        return Ok(false);
    }
    let Ok(Some((event, given))) = spec::read_events(&said).map(|events| events.into_iter().next())
    else {
        return Err(Turn::Back);
    };
    answers.routes.push(Route { event: event.clone(), outputs: Vec::new() });
    let id = names::subject(&answers.folder).to_owned() + "_id: uuid";
    event_fields(session, answers, &event, given, &id)?;
    outputs(session, answers, &event)?;
    Ok(true)
}

/// The fields of a message, unless they are known.
fn event_fields(
    session: &mut Session<'_>,
    answers: &mut Answers,
    event: &Identifier,
    given: Option<Vec<Field>>,
    default: &str,
) -> Result<(), Turn> {
    if answers.events.iter().any(|known| known.name == *event) {
        return Ok(());
    }
    let fields = match given {
        Some(fields) => fields,
        None => fields(session, answers, &format!("Fields of {event}"), default, None)?,
    };
    answers.events.push(Event { name: event.clone(), fields: fields.clone() });
    models_of(session, answers, &fields)
}

/// A list of fields.
fn fields(
    session: &mut Session<'_>,
    answers: &Answers,
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
                Some(model) => advice::meaning_of_model(answers, model, &fields),
                None => meaning_of_fields(answers, &fields),
            },
            Err(found) => Err(first(&found)),
        },
    })?;
    read(&text).map_err(|_| Turn::Back)
}

/// Asks for the models that fields name and nobody has described yet, and for those that they name in turn.
fn models_of(
    session: &mut Session<'_>,
    answers: &mut Answers,
    named_in: &[Field],
) -> Result<(), Turn> {
    for name in advice::models_in(named_in) {
        if answers.models.iter().any(|model| model.name == name) {
            continue;
        }
        let label = format!("Fields of {name}");
        let fields = fields(session, answers, &label, "value: str", Some(&name))?;
        answers.models.push(Model { name, fields: fields.clone() });
        models_of(session, answers, &fields)?;
    }
    Ok(())
}

/// What comes of a message.
fn outputs(
    session: &mut Session<'_>,
    answers: &mut Answers,
    event: &Identifier,
) -> Result<(), Turn> {
    let done = match event.as_str().strip_suffix("Requested") {
        Some(stem) if !stem.is_empty() => format!("{stem}Completed"),
        Some(_) | None => format!("{}Handled", event.as_str().trim_end_matches("Command")),
    };
    let taken = Identifier::parse(&done).is_ok_and(|name| answers.handles(&name));
    let text = session.text(&Text {
        label: &format!("What comes of {event}"),
        default: if taken { NONE.to_owned() } else { done },
        help: "Events, with commas between them, the usual one first; none is possible.",
        check: &|text| {
            if text == NONE {
                Ok(String::new())
            } else {
                advice::meaning_of_outputs(answers, event, text)
            }
        },
    })?;
    if text == NONE {
        return Ok(());
    }
    let outputs = spec::read_events(&text).map_err(|_| Turn::Back)?;
    if let Some(route) = answers.routes.last_mut() {
        route.outputs = outputs.iter().map(|(name, _)| name.clone()).collect();
    }
    let like = required_of(answers, event);
    for (name, given) in outputs {
        event_fields(session, answers, &name, given, &like)?;
    }
    Ok(())
}

/// The fields of a message that are always there, as text: what follows from it carries them on.
fn required_of(answers: &Answers, event: &Identifier) -> String {
    let fields =
        answers.events.iter().find(|known| known.name == *event).map(|event| &event.fields);
    let is_required = |field: &&Field| field.default.is_none() && !field.holds.optional;
    let required: Vec<Field> = fields.into_iter().flatten().filter(is_required).cloned().collect();
    print::fields(&required)
}

/// One intent, who raises it and who answers it; says whether there was one.
fn intent(session: &mut Session<'_>, answers: &mut Answers) -> Result<bool, Turn> {
    let is_first = answers.intents.is_empty();
    let said = session.text(&Text {
        label: if is_first { "An intent that it raises" } else { "Another intent that it raises" },
        default: NONE.to_owned(),
        help: "What an effect node is to do, such as payment.process.",
        check: &|text| {
            if text == NONE { Ok(String::new()) } else { meaning_of_intent(answers, text) }
        },
    })?;
    if said == NONE {
        return Ok(false);
    }
    let (kind, given) = spec::read_intent(&said).map_err(|_| Turn::Back)?;
    let shown = kind.iter().map(Identifier::as_str).collect::<Vec<_>>().join(".");
    let options = answers.routes.iter().map(|route| route.event.to_string()).collect();
    let label = format!("Whose handlers raise {shown}");
    let from = session.choices(&Choices { label: &label, options, default: vec![0] })?;
    let from: Vec<Identifier> = from
        .into_iter()
        .filter_map(|index| Some(answers.routes.get(index)?.event.clone()))
        .collect();
    let fields = match given {
        Some(fields) => fields,
        None => {
            let like = from.first().map(|event| required_of(answers, event)).unwrap_or_default();
            fields(session, answers, &format!("Fields of {shown}"), &like, None)?
        }
    };
    let about = kind.first().map_or("", Identifier::as_str);
    let target = session.text(&Text {
        label: &format!("Which node answers {shown}"),
        default: format!("node_{about}_effect"),
        help: "",
        check: &|text| match spec::read_name(text.trim()) {
            Ok(_) => Ok(String::new()),
            Err(found) => Err(first(&found)),
        },
    })?;
    let target = spec::read_name(target.trim()).map_err(|_| Turn::Back)?;
    answers.intents.push(Intent { kind, fields: fields.clone(), target, from });
    models_of(session, answers, &fields)?;
    Ok(true)
}

/// The workflow: the steps that follow from the routes, or others.
fn steps(session: &mut Session<'_>, answers: &mut Answers) -> Result<(), Turn> {
    let derived = write::steps_of_routes(answers);
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
    while step(session, answers)? {}
    Ok(())
}

/// One step; says whether there was one.
fn step(session: &mut Session<'_>, answers: &mut Answers) -> Result<bool, Turn> {
    let default = match answers.routes.first() {
        Some(route) if answers.steps.is_empty() => {
            format!("receive_{}", route.event.as_str().to_snake_case())
        }
        Some(_) | None => NONE.to_owned(),
    };
    let said = session.text(&Text {
        label: if answers.steps.is_empty() { "A step" } else { "Another step" },
        default,
        help: "Such as validate_order.",
        check: &|text| match spec::read_name(text.trim()) {
            Ok(name) if answers.steps.iter().any(|step| step.id == name) => {
                Err("there is a step of that name".to_owned())
            }
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
    let default = usize::from(!answers.steps.is_empty());
    let kind = session.choice(&Choice { label: &label, options: kinds.to_vec(), default })?;
    let kind = StepKind::ALL.get(kind).copied().unwrap_or(StepKind::Compute);
    let after = waits_for(session, answers, &id)?;
    answers.steps.push(Step { id, kind, after });
    Ok(true)
}

/// The steps that one waits for: only earlier ones are offered, so that none waits for itself.
fn waits_for(
    session: &mut Session<'_>,
    answers: &Answers,
    id: &Identifier,
) -> Result<Vec<Identifier>, Turn> {
    let Some(last) = answers.steps.len().checked_sub(1) else { return Ok(Vec::new()) };
    let options = answers.steps.iter().map(|step| step.id.to_string()).collect();
    let label = format!("What {id} waits for");
    let chosen = session.choices(&Choices { label: &label, options, default: vec![last] })?;
    let id = |index: usize| answers.steps.get(index).map(|step| step.id.clone());
    Ok(chosen.into_iter().filter_map(id).collect())
}

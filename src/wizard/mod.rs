//! The interview at the end of which a node can be written: questions in, the answers of the flags out.
//!
//! In: a [`Session`] with somebody who answers, what the flags said already ([`Preset`]), and what stands where
//! ([`Ground`]). Out: [`Filled`]. Every question has an answer that Enter takes, so that Enter all the way gives a node
//! that runs. What is typed is read by [`crate::spec`] as a flag would be: the same answers by flags give the same node.
//! Something that is added to a node that stands is asked for with the same questions ([`addition`]).
//! Writes nothing, and knows neither the terminal nor the file system.

pub mod addition;
mod advice;
mod draft;
mod parts;
#[cfg(test)]
mod tests;

use crate::ask::{Choice, Session, Text, Turn};
use crate::node::{HandlerStyle, NodeKind, naming};
use crate::python::Identifier;
use crate::spec::{Answers, names};
use draft::Draft;

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
    let mut draft = Draft::new(folder, description, producer);
    while parts::route(session, &mut draft)? {}
    while parts::intent(session, &mut draft)? {}
    parts::steps(session, &mut draft)?;
    Ok(Filled { path, package, answers: draft.answers, style, remembered })
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

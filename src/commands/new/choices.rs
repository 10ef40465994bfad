//! The choices that a project makes for its nodes: what flags say for this run, and what is kept for the next.

use super::Trouble;
use crate::cli::NewOrchestrator;
use crate::project::{Project, Pyproject, Scaffold, scaffold};
use crate::render::RenderedFile;
use crate::report::Problem;
use crate::workspace::{RelPath, Workspace};

/// Puts what the flags say in place of what the project has chosen.
pub(super) fn take(
    arguments: &NewOrchestrator,
    project: &mut Project,
    workspace: &Workspace,
) -> Result<(), Trouble> {
    if let Some(style) = arguments.handler_style {
        project.scaffold.handler_style = style;
    }
    if !arguments.license_header.is_empty() {
        let lines = arguments.license_header.iter().flat_map(|text| text.lines());
        let line = |line: &str| line.trim_start_matches('#').trim().to_owned();
        project.scaffold.license_header = lines.map(line).collect();
    }
    if let Some(tests) = &arguments.tests {
        take_tests(tests, project, workspace)?;
    }
    let producer = super::answers::producer(project);
    project.scaffold.producer = arguments.producer.clone().or(Some(producer));
    Ok(())
}

fn take_tests(tests: &str, project: &mut Project, workspace: &Workspace) -> Result<(), Trouble> {
    let path = RelPath::parse(tests).filter(|path| *path != RelPath::root());
    let Some(path) = path else {
        let message = format!("`{}` is no folder inside the project", tests.escape_debug());
        let problem = Problem::new("unusable-folder", message);
        return Err(problem.help("give --tests with a folder such as `tests`").into());
    };
    if path == project.tests {
        // Named all the same, so that it can be remembered.
        project.scaffold.tests = (!project.is_new).then_some(path);
        return Ok(());
    }
    if project.is_new {
        let message = format!("the tests of a new project are in `{}`", project.tests);
        let help = "leave --tests out, or make the project first";
        return Err(Problem::new("unusable-folder", message).help(help).into());
    }
    let inside = workspace.list(&path)?;
    project.tests_are_a_package =
        inside.is_empty() || inside.iter().any(|(name, _)| name == "__init__.py");
    project.scaffold.tests = Some(path.clone());
    project.tests = path;
    Ok(())
}

/// The text of a pyproject.toml that stands, with the choices that are to be remembered; nothing where it stays.
pub(super) fn remember(
    pyproject: &Pyproject,
    after: Option<String>,
    choices: Option<&Scaffold>,
) -> Result<Option<String>, Trouble> {
    let Some(choices) = choices else { return Ok(after) };
    let text = after.unwrap_or_else(|| pyproject.text().to_owned());
    Ok(Some(scaffold::remembered(&text, choices).ok_or_else(misplaced)?))
}

/// The same in the pyproject.toml of a project that is about to be made.
pub(super) fn remember_in_new(
    files: &mut [RenderedFile],
    choices: Option<&Scaffold>,
) -> Result<(), Trouble> {
    let pyproject = RelPath::root().ours("pyproject.toml");
    let file = files.iter_mut().find(|file| file.path == pyproject);
    if let (Some(file), Some(choices)) = (file, choices) {
        file.text = scaffold::remembered(&file.text, choices).ok_or_else(misplaced)?;
    }
    Ok(())
}

fn misplaced() -> Problem {
    Problem::new("invalid-pyproject", "`tool.onex.scaffold` of pyproject.toml is no table")
        .about("pyproject.toml")
        .help("make it a table, or leave --remember out")
}

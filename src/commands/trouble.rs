//! What stops a run, whichever stage it comes from.

use crate::diagnostic::Diagnostic;
use crate::project::{DetectError, PackageProblem, PlaceProblem};
use crate::render::RenderError;
use crate::render::engine::TemplateError;
use crate::report::{Listing, Problem, Report};
use crate::workspace::WorkspaceError;

/// What stops a run.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) problems: Vec<Problem>,
}

impl Trouble {
    /// What is said of it: nothing was planned, so that no file is listed.
    pub(super) fn report(self, command: &'static str) -> Report {
        let Self { diagnostics, problems } = self;
        Report { command, diagnostics, problems, listing: Listing::Nothing, ..Report::default() }
    }
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem], ..Self::default() }
    }
}

impl From<Vec<Diagnostic>> for Trouble {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics, ..Self::default() }
    }
}

impl From<Box<Diagnostic>> for Trouble {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        vec![*diagnostic].into()
    }
}

impl From<PlaceProblem> for Trouble {
    fn from(problem: PlaceProblem) -> Self {
        Problem::new("no-project", problem.to_string()).help(problem.help()).into()
    }
}

impl From<PackageProblem> for Trouble {
    fn from(problem: PackageProblem) -> Self {
        Problem::new("no-package", problem.to_string()).help(problem.help()).into()
    }
}

impl From<WorkspaceError> for Trouble {
    fn from(error: WorkspaceError) -> Self {
        let help = match error {
            WorkspaceError::Read { .. } => "check that it may be read and lies in the project",
            WorkspaceError::Outside { .. } => "put a real folder or file in the place of the link",
            WorkspaceError::Write { .. } => "check that the folder may be written and has room",
            WorkspaceError::Unfinished { .. } | WorkspaceError::Unsettled { .. } => {
                "let it be written again (room, permissions), then run onex again in this project"
            }
            WorkspaceError::Void { .. } => {
                "see with git what changed in the project, then delete the folder .onex"
            }
            WorkspaceError::Busy { .. } => "run again when it is done",
            WorkspaceError::TooLarge { .. } => {
                "no file of a node needs to be as large; move it away"
            }
            WorkspaceError::Ignores { .. } => "shorten it",
        };
        Problem::new("workspace", error.to_string()).help(help).into()
    }
}

impl From<DetectError> for Trouble {
    fn from(error: DetectError) -> Self {
        match error {
            DetectError::Workspace(error) => error.into(),
            DetectError::Package(problem) => problem.into(),
            DetectError::Invalid(diagnostics) => diagnostics.into(),
            DetectError::NoText(_) => Problem::new("invalid-pyproject", error.to_string())
                .help("save it as a file of UTF-8 text")
                .into(),
        }
    }
}

impl From<RenderError> for Trouble {
    fn from(error: RenderError) -> Self {
        Problem::new("render", error.to_string()).into()
    }
}

impl From<TemplateError> for Trouble {
    fn from(error: TemplateError) -> Self {
        Problem::new("render", error.to_string()).into()
    }
}

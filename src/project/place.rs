//! Where a project is, or is to be made, before anything in it is read.
//!
//! In: the folder of the command line, if any, and the working directory. Out: a [`Place`]. Asks
//! [`crate::workspace`] what stands there.

use std::path::{Path, PathBuf};

use crate::workspace::{Ground, ground, project_above};

/// The root of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A project stands there.
    Standing(PathBuf),
    /// One is to be made there.
    Free(PathBuf),
}

/// Why there is no place for a node.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceProblem {
    /// The folder holds other things.
    #[error("{} holds files, but no pyproject.toml", .folder.display())]
    Taken {
        /// The folder.
        folder: PathBuf,
        /// The project around it, if it is in one.
        project: Option<PathBuf>,
    },
    /// No folder at all.
    #[error("{} is no folder", .0.display())]
    NotAFolder(PathBuf),
    /// No folder was given, and the working directory is in no project.
    #[error(
        "the working directory is in no Python project: there is no pyproject.toml in it or above it"
    )]
    NoProject,
}

impl PlaceProblem {
    /// The next step.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Taken { project: Some(project), .. } => {
                format!("the project around it: --path {}", project.display())
            }
            Self::Taken { project: None, .. } => {
                "if it is a Python project, add a pyproject.toml; else give --path with an empty or \
                 missing folder for a new project"
                    .to_owned()
            }
            Self::NotAFolder(_) | Self::NoProject => {
                "give --path with the folder of a project, or with an empty or missing one for a new project"
                    .to_owned()
            }
        }
    }
}

impl Place {
    /// Finds the place: the folder that was given, else the project around the working directory, else that
    /// directory itself where it is empty.
    ///
    /// A root inside the working directory comes out relative to it.
    ///
    /// # Errors
    /// When there is neither a project nor room for one.
    pub fn find(given: Option<&Path>, working_directory: &Path) -> Result<Self, PlaceProblem> {
        match given {
            Some(folder) => {
                let inside = folder.strip_prefix(working_directory).unwrap_or(folder);
                let empty = inside.as_os_str().is_empty();
                Self::given(if empty { Path::new(".") } else { inside }, working_directory)
            }
            None => Self::around(working_directory),
        }
    }

    /// The root folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        match self {
            Self::Standing(root) | Self::Free(root) => root,
        }
    }

    fn given(folder: &Path, working_directory: &Path) -> Result<Self, PlaceProblem> {
        match ground(&working_directory.join(folder)) {
            Ground::Project => Ok(Self::Standing(folder.to_owned())),
            Ground::Free => Ok(Self::Free(folder.to_owned())),
            Ground::NotAFolder => Err(PlaceProblem::NotAFolder(folder.to_owned())),
            Ground::Taken => {
                let project = project_above(&working_directory.join(folder));
                Err(PlaceProblem::Taken { folder: folder.to_owned(), project })
            }
        }
    }

    fn around(working_directory: &Path) -> Result<Self, PlaceProblem> {
        if let Some(root) = project_above(working_directory) {
            let below = working_directory.strip_prefix(&root).unwrap_or(Path::new(""));
            let up: PathBuf = below.components().map(|_| "..").collect();
            return Ok(Self::Standing(if up.as_os_str().is_empty() { ".".into() } else { up }));
        }
        match ground(working_directory) {
            Ground::Free => Ok(Self::Free(".".into())),
            Ground::Project | Ground::Taken | Ground::NotAFolder => Err(PlaceProblem::NoProject),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_around_the_working_directory_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(folder.path().join("pyproject.toml"), "").unwrap();
        assert_eq!(Place::find(None, &inner), Ok(Place::Standing("../..".into())));
        assert_eq!(Place::find(None, folder.path()), Ok(Place::Standing(".".into())));
    }

    #[test]
    fn an_empty_folder_has_room_and_a_full_one_has_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        assert_eq!(Place::find(None, at), Ok(Place::Free(".".into())));
        assert_eq!(Place::find(Some(Path::new("new")), at), Ok(Place::Free("new".into())));
        assert_eq!(Place::find(Some(&at.join("new")), at), Ok(Place::Free("new".into())));
        assert_eq!(Place::find(Some(at), at), Ok(Place::Free(".".into())));
        std::fs::create_dir(at.join(".git")).unwrap();
        assert_eq!(Place::find(None, at), Ok(Place::Free(".".into())));
        std::fs::write(at.join("notes.txt"), "").unwrap();
        assert_eq!(Place::find(None, at), Err(PlaceProblem::NoProject));
        let file = Place::find(Some(Path::new("notes.txt")), at).unwrap_err();
        assert_eq!(file.to_string(), "notes.txt is no folder");
        let full = Place::find(Some(Path::new(".")), at).unwrap_err();
        assert!(full.help().contains("add a pyproject.toml"), "{}", full.help());
        assert_eq!(full, PlaceProblem::Taken { folder: ".".into(), project: None });
    }

    #[test]
    fn a_full_folder_of_a_project_names_that_project() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("docs")).unwrap();
        std::fs::write(folder.path().join("docs/index.md"), "").unwrap();
        std::fs::write(folder.path().join("pyproject.toml"), "").unwrap();
        let problem = Place::find(Some(Path::new("docs")), folder.path()).unwrap_err();
        assert!(
            problem.help().contains(&folder.path().display().to_string()),
            "{}",
            problem.help()
        );
    }
}

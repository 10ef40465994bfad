//! What is read from outside of any project: a contract that the user names, standard input, programs.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::WorkspaceError;
use super::around::real;
use super::read::whole;

/// Reads one file wherever it is: the contract that the user names need not lie in the project.
///
/// # Errors
/// When it cannot be read, or is larger than `limit` bytes.
pub fn read_anywhere(path: &Path, limit: u64) -> Result<Vec<u8>, WorkspaceError> {
    let shown = || path.display().to_string();
    let failed = |cause| WorkspaceError::Read { path: shown(), cause };
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(failed(io::Error::other("it is no file")));
    }
    let file = std::fs::File::open(path).map_err(failed)?;
    let bytes = whole(file, metadata.len(), limit).map_err(failed)?;
    bytes.ok_or_else(|| WorkspaceError::TooLarge { path: shown() })
}

/// Reads standard input to its end.
///
/// # Errors
/// When it cannot be read, or holds more than `limit` bytes.
pub fn read_standard_input(limit: u64) -> Result<Vec<u8>, WorkspaceError> {
    let path = || "standard input".to_owned();
    let bytes = whole(io::stdin().lock(), 0, limit)
        .map_err(|cause| WorkspaceError::Read { path: path(), cause })?;
    bytes.ok_or_else(|| WorkspaceError::TooLarge { path: path() })
}

/// The programs of a name on a search path, in its order, each file once.
///
/// Entries that are relative are passed over: a program of the folder that one happens to stand in is not
/// what the user installed.
#[must_use]
pub fn programs(name: &str, search_path: &OsStr) -> Vec<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let mut seen = BTreeSet::new();
    std::env::split_paths(search_path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&file))
        .filter(|program| is_program(program) && seen.insert(real(program)))
        .collect()
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Whether a Python can import a package, judged by the files of its installation alone.
///
/// Nothing is run: an interpreter takes a tenth of a second to say what its folders show.
#[must_use]
pub fn python_has(python: &Path, package: &str) -> bool {
    let Some(prefix) = python.parent().and_then(Path::parent) else { return false };
    let mut prefixes = vec![prefix.to_owned(), prefix.join("local")];
    if !prefix.join("pyvenv.cfg").is_file() {
        // An installation that is only linked into the search path; a virtual environment stands alone.
        prefixes.extend(real(python).parent().and_then(Path::parent).map(Path::to_owned));
    }
    prefixes.iter().flat_map(|prefix| package_folders(prefix)).any(|folder| {
        // An editable installation has no folder of that name, but its metadata.
        let is_it = |name: &str| {
            name.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        std::fs::read_dir(folder).is_ok_and(|names| {
            names.flatten().any(|entry| entry.file_name().to_str().is_some_and(is_it))
        })
    })
}

fn package_folders(prefix: &Path) -> Vec<PathBuf> {
    let libraries = std::fs::read_dir(prefix.join("lib")).into_iter().flatten().flatten();
    let versions = libraries.filter(|e| e.file_name().to_string_lossy().starts_with("python"));
    let mut folders: Vec<PathBuf> = versions
        .flat_map(|v| ["site-packages", "dist-packages"].map(|name| v.path().join(name)))
        .collect();
    folders.push(prefix.join("Lib").join("site-packages"));
    folders
}

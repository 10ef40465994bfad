//! Writing a project: all the files of a run, or none.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions, Permissions};

use super::path::RelPath;
use super::{Workspace, WorkspaceError};

/// One file to write: where, what, and whether it may replace what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Where.
    pub path: RelPath,
    /// The whole new text.
    pub text: String,
    /// The text that it replaces; nothing for a file that must not be there yet.
    pub replaces: Option<String>,
}

/// One file to delete, and the text that it must still hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Which file.
    pub path: RelPath,
    /// The text that it holds.
    pub text: String,
}

impl Workspace {
    /// Writes all the files or none.
    ///
    /// New files come first and must not be there; then the replacements, each through a temporary file
    /// beside it, and only while the file still holds the text that it replaces; then the removals, on the
    /// same condition, and the folders that they leave empty. When anything fails, what was done is taken
    /// back. Without anything to do nothing is touched.
    ///
    /// # Errors
    /// What failed, and what is left over if anything is.
    pub fn write(&mut self, writes: &[Write], removals: &[Removal]) -> Result<(), WorkspaceError> {
        if writes.is_empty() && removals.is_empty() {
            return Ok(());
        }
        let mut done = Undo::default();
        let result = self.write_all(writes, removals, &mut done);
        let Err((path, cause)) = result else { return Ok(()) };
        let left = self.dir.as_ref().map(|dir| done.take_back(dir)).unwrap_or_default();
        if !done.roots_made.is_empty() {
            self.dir = None;
        }
        for folder in &done.roots_made {
            // Best effort: a folder that is not empty was not only ours.
            let _ = std::fs::remove_dir(folder);
        }
        if left.is_empty() {
            Err(WorkspaceError::Write { path, cause })
        } else {
            Err(WorkspaceError::LeftOver { path, cause, left })
        }
    }

    fn write_all(
        &mut self,
        writes: &[Write],
        removals: &[Removal],
        done: &mut Undo,
    ) -> Result<(), (String, io::Error)> {
        let root = self.root.clone();
        let dir = match &mut self.dir {
            Some(dir) => dir,
            missing => {
                let at_root = |cause| (root.display().to_string(), cause);
                let missing_above = root.ancestors().take_while(|folder| !folder.exists());
                done.roots_made = missing_above.map(Path::to_owned).collect();
                std::fs::create_dir_all(&root).map_err(at_root)?;
                missing.insert(Dir::open_ambient_dir(&root, ambient_authority()).map_err(at_root)?)
            }
        };
        let (new, changed): (Vec<_>, Vec<_>) = writes.iter().partition(|w| w.replaces.is_none());
        for write in new {
            create(dir, write, done).map_err(|cause| (write.path.to_string(), cause))?;
        }
        for write in changed {
            replace(dir, write, done).map_err(|cause| (write.path.to_string(), cause))?;
        }
        for removal in removals {
            remove(dir, removal, done).map_err(|cause| (removal.path.to_string(), cause))?;
        }
        for removal in removals {
            remove_empty_folders(dir, &removal.path);
        }
        Ok(())
    }
}

/// What a failed run must take back.
#[derive(Default)]
struct Undo {
    /// The root and the folders above it that were missing, innermost first.
    roots_made: Vec<PathBuf>,
    folders: Vec<RelPath>,
    files: Vec<RelPath>,
    replaced: Vec<(RelPath, String)>,
    removed: Vec<(RelPath, String, Permissions)>,
}

impl Undo {
    /// Restores texts, removes files, then the folders that are empty again; names what could not go.
    fn take_back(&mut self, dir: &Dir) -> Vec<String> {
        let mut left = Vec::new();
        for (path, text, permissions) in self.removed.drain(..) {
            if put_back(dir, &path, &text, permissions).is_err() {
                left.push(path.to_string());
            }
        }
        for (path, text) in self.replaced.drain(..) {
            if put(dir, &path, &text).is_err() {
                left.push(path.to_string());
            }
        }
        for path in self.files.drain(..).rev() {
            if dir.remove_file(path.on_disk()).is_err() {
                left.push(path.to_string());
            }
        }
        for path in self.folders.drain(..).rev() {
            // A folder that somebody else filled in the meantime stays, and is no failure.
            let _ = dir.remove_dir(path.on_disk());
        }
        left
    }
}

fn create(dir: &Dir, write: &Write, done: &mut Undo) -> io::Result<()> {
    make_folders(dir, &write.path.parent(), done)?;
    let mut file =
        dir.open_with(write.path.on_disk(), OpenOptions::new().write(true).create_new(true))?;
    done.files.push(write.path.clone());
    file.write_all(write.text.as_bytes())
}

fn make_folders(dir: &Dir, folder: &RelPath, done: &mut Undo) -> io::Result<()> {
    if folder.as_str().is_empty() {
        return Ok(());
    }
    match dir.create_dir(folder.on_disk()) {
        Ok(()) => {
            done.folders.push(folder.clone());
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_folders(dir, &folder.parent(), done)?;
            dir.create_dir(folder.on_disk())?;
            done.folders.push(folder.clone());
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn replace(dir: &Dir, write: &Write, done: &mut Undo) -> io::Result<()> {
    let before = write.replaces.clone().unwrap_or_default();
    let now = dir.read(write.path.on_disk())?;
    if now != before.as_bytes() {
        return Err(io::Error::other("the file changed while it was being worked on; run again"));
    }
    put(dir, &write.path, &write.text)?;
    done.replaced.push((write.path.clone(), before));
    Ok(())
}

fn remove(dir: &Dir, removal: &Removal, done: &mut Undo) -> io::Result<()> {
    let path = removal.path.on_disk();
    if dir.symlink_metadata(path)?.is_symlink() {
        return Err(io::Error::other("it is a link, and links are not removed"));
    }
    let permissions = dir.metadata(path)?.permissions();
    if dir.read(path)? != removal.text.as_bytes() {
        return Err(io::Error::other("the file changed while it was being worked on; run again"));
    }
    dir.remove_file(path)?;
    done.removed.push((removal.path.clone(), removal.text.clone(), permissions));
    Ok(())
}

fn put_back(dir: &Dir, path: &RelPath, text: &str, permissions: Permissions) -> io::Result<()> {
    let mut file =
        dir.open_with(path.on_disk(), OpenOptions::new().write(true).create_new(true))?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(permissions)
}

/// Folders go when nothing is left in them; a failure to remove one harms nothing.
fn remove_empty_folders(dir: &Dir, path: &RelPath) {
    let mut folder = path.parent();
    while !folder.as_str().is_empty() && dir.remove_dir(folder.on_disk()).is_ok() {
        folder = folder.parent();
    }
}

/// Replaces a file's text at once, keeping its permissions.
fn put(dir: &Dir, path: &RelPath, text: &str) -> io::Result<()> {
    let permissions = dir.metadata(path.on_disk())?.permissions();
    let temporary = path.parent().joined(&format!(".{}.onex-{}", path.name(), std::process::id()));
    let result = (|| {
        let options = OpenOptions::new().write(true).create_new(true).clone();
        let mut file = dir.open_with(temporary.on_disk(), &options)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(permissions)?;
        dir.rename(temporary.on_disk(), dir, path.on_disk())
    })();
    if result.is_err() {
        let _ = dir.remove_file(temporary.on_disk());
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Found;

    fn path(text: &str) -> RelPath {
        RelPath::parse(text).unwrap()
    }

    fn new(at: &str, text: &str) -> Write {
        Write { path: path(at), text: text.to_owned(), replaces: None }
    }

    #[test]
    fn all_files_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("taken.py"), "mine").unwrap();
        let mut workspace = Workspace::open(folder.path()).unwrap();
        let writes = [new("a/b/one.py", "1"), new("taken.py", "2")];
        let error = workspace.write(&writes, &[]).unwrap_err();
        assert!(error.to_string().contains("nothing was changed"), "{error}");
        assert_eq!(std::fs::read_to_string(folder.path().join("taken.py")).unwrap(), "mine");
        assert!(!folder.path().join("a").exists());
    }

    #[test]
    fn a_root_that_was_made_for_nothing_goes_again() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("a/b");
        let mut workspace = Workspace::open(&root).unwrap();
        let error = workspace.write(&[new("x", "1"), new("x/y", "2")], &[]).unwrap_err();
        assert!(error.to_string().contains("nothing was changed"), "{error}");
        assert!(!folder.path().join("a").exists());
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("p.toml"), "edited").unwrap();
        let mut workspace = Workspace::open(folder.path()).unwrap();
        let write = Write { replaces: Some("read".to_owned()), ..new("p.toml", "ours") };
        assert!(workspace.write(&[new("x.py", ""), write], &[]).is_err());
        assert_eq!(std::fs::read_to_string(folder.path().join("p.toml")).unwrap(), "edited");
        assert!(!folder.path().join("x.py").exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_outside() {
        let outside = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("link")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("dangling")).unwrap();
        let mut workspace = Workspace::open(folder.path()).unwrap();
        let error = workspace.read([path("link/x")]).unwrap_err();
        assert!(matches!(error, WorkspaceError::Outside { .. }), "{error}");
        assert!(error.to_string().contains("links are not followed"), "{error}");
        assert!(matches!(workspace.list(&path("link")), Err(WorkspaceError::Outside { .. })));
        assert!(workspace.write(&[new("link/x.py", "")], &[]).is_err());
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
        assert_eq!(
            *workspace.read([path("dangling")]).unwrap().at(&path("dangling")),
            Found::Special
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("p.toml");
        std::fs::write(&file, "a").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        let mut workspace = Workspace::open(folder.path()).unwrap();
        workspace
            .write(&[Write { replaces: Some("a".to_owned()), ..new("p.toml", "b") }], &[])
            .unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "b");
    }
}

//! The Python project that a node lives in: where its package and tests are, and how it wants its code.
//!
//! In: a [`crate::workspace::Workspace`]. Out: a [`Project`], for an existing project or for one that is still
//! to be written ([`detect`]). Knows nothing of contracts but the package that they name.

pub mod packages;
pub mod place;
pub mod pyproject;
pub mod scaffold;
pub mod settings;
mod toml;

use crate::diagnostic::Diagnostic;
use crate::python::{DottedPath, Identifier};
use crate::source::SourceFile;
use crate::workspace::{Found, RelPath, Workspace, WorkspaceError, folder_name};

pub use packages::{Package, PackageProblem, Wish};
pub use place::{Place, PlaceProblem};
pub use pyproject::{Pyproject, Registration};
pub use scaffold::Scaffold;
pub use settings::{Settings, Surroundings};

/// A project, found or about to be made.
#[derive(Clone, Debug)]
pub struct Project {
    /// Whether pyproject.toml and the rest are still to be written.
    pub is_new: bool,
    /// The import package: `myapp`.
    pub package: Identifier,
    /// The folder that imports start from: `src`, or the root in a flat layout.
    pub source_root: RelPath,
    /// The folder of the tests: `tests`.
    pub tests: RelPath,
    /// Whether the tests folder is a Python package (or is still to be made, as one).
    pub tests_are_a_package: bool,
    /// Whether the project declares the `unit` marker.
    pub unit_marker: bool,
    /// How the project formats and sorts its code.
    pub settings: Settings,
    /// The same for its tests: ruff looks for settings from each file on.
    pub test_settings: Settings,
    /// The choices of `[tool.onex.scaffold]`.
    pub scaffold: Scaffold,
}

impl Project {
    /// The package that a folder is, seen from where imports start; nothing where it is none.
    #[must_use]
    pub fn package_at(&self, folder: &RelPath) -> Option<DottedPath> {
        let below = folder.below(&self.source_root)?;
        DottedPath::parse(&below.as_str().replace('/', ".")).ok()
    }

    /// The settings that hold for a file.
    #[must_use]
    pub fn settings_at(&self, path: &RelPath) -> &Settings {
        if path.below(&self.tests).is_some() { &self.test_settings } else { &self.settings }
    }

    /// The folder of the package: `src/myapp`.
    #[must_use]
    pub fn package_folder(&self) -> RelPath {
        self.source_root.folder(&self.package)
    }

    /// The folder that holds the nodes: `src/myapp/nodes`.
    #[must_use]
    pub fn nodes_folder(&self) -> RelPath {
        self.package_folder().ours("nodes")
    }

    /// The folder of the tests of the node in a folder, where that is one that Python could import.
    #[must_use]
    pub fn tests_of(&self, node: &RelPath) -> Option<RelPath> {
        let name = Identifier::parse(node.name()).ok()?;
        Some(self.tests.ours("nodes").folder(&name))
    }

    /// The package that holds the nodes: `myapp.nodes`.
    #[must_use]
    pub fn nodes_module(&self) -> DottedPath {
        DottedPath::from(self.package.clone()).child(Identifier::ours("nodes"))
    }

    /// The folder of a package.
    #[must_use]
    pub fn module_folder(&self, module: &DottedPath) -> RelPath {
        self.source_root.folders(module.parts())
    }

    /// The file of a module: `src/myapp/models/model_order.py`.
    #[must_use]
    pub fn module_file(&self, module: &DottedPath) -> RelPath {
        match module.parts().split_last() {
            Some((last, folders)) => self.source_root.folders(folders).python_file(last),
            None => self.source_root.clone(),
        }
    }

    /// The module of a Python file below the source root; nothing for other files.
    #[must_use]
    pub fn module_of(&self, path: &RelPath) -> Option<DottedPath> {
        let inside = match self.source_root.as_str() {
            "" => path.as_str(),
            root => path.as_str().strip_prefix(root)?.strip_prefix('/')?,
        };
        let stem = inside.strip_suffix(".py")?;
        let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
        DottedPath::parse(&stem.replace('/', ".")).ok()
    }

    /// The `__init__.py` of a package.
    #[must_use]
    pub fn init_file(&self, module: &DottedPath) -> RelPath {
        self.module_folder(module).ours("__init__.py")
    }
}

/// A project and what was read on the way to it.
#[derive(Clone, Debug)]
pub struct Detected {
    /// The project.
    pub project: Project,
    /// Its pyproject.toml; nothing for a project that is still to be made.
    pub pyproject: Option<Pyproject>,
    /// What is odd, but stops nothing.
    pub warnings: Vec<Diagnostic>,
}

/// Why a folder cannot be used as a project.
#[derive(Debug, thiserror::Error)]
pub enum DetectError {
    /// The file system said no.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// No package can be chosen.
    #[error(transparent)]
    Package(#[from] PackageProblem),
    /// pyproject.toml is there but is no text.
    #[error("{0} is no file of UTF-8 text")]
    NoText(String),
    /// pyproject.toml says something that cannot be used.
    #[error("pyproject.toml cannot be used")]
    Invalid(Vec<Diagnostic>),
}

/// Reads the project at a place, or plans the one that is to be made there.
///
/// # Errors
/// When the project cannot be read, its settings cannot be used, or it is not clear which package is meant.
pub fn detect(
    place: &Place,
    workspace: &Workspace,
    wish: Wish<'_>,
) -> Result<Detected, DetectError> {
    match place {
        Place::Free(_) => Ok(to_be_made(workspace, wish)?),
        Place::Standing(_) => standing(workspace, wish),
    }
}

/// The name of a new project's folders; the templates of `templates/project` agree with it.
const SOURCES: &str = "src";
const TESTS: &str = "tests";

fn to_be_made(workspace: &Workspace, wish: Wish<'_>) -> Result<Detected, PackageProblem> {
    let name = folder_name(workspace.root());
    let sources = RelPath::root().ours(SOURCES);
    let package = packages::choose(&[], wish, name.as_deref(), &sources)?;
    let mut settings = Settings::default();
    settings.imports.found = [package.name.as_str(), TESTS].map(str::to_owned).into();
    let project = Project {
        is_new: true,
        package: package.name,
        source_root: package.source_root,
        tests: RelPath::root().ours(TESTS),
        tests_are_a_package: true,
        unit_marker: true,
        test_settings: settings.clone(),
        settings,
        scaffold: Scaffold::default(),
    };
    Ok(Detected { project, pyproject: None, warnings: Vec::new() })
}

fn standing(workspace: &Workspace, wish: Wish<'_>) -> Result<Detected, DetectError> {
    let pyproject = read_pyproject(workspace)?;
    let (scaffold, found) = Scaffold::read(&pyproject);
    let (errors, mut warnings): (Vec<_>, Vec<_>) =
        found.into_iter().partition(Diagnostic::is_error);
    if !errors.is_empty() {
        return Err(DetectError::Invalid(errors));
    }
    let package = package_of(workspace, &pyproject, wish)?;
    let tests = tests_of(&pyproject, &scaffold);
    let inside = workspace.list(&tests)?;
    let tests_are_a_package =
        inside.is_empty() || inside.iter().any(|(name, _)| name == "__init__.py");
    let folders = Folders { workspace, package: &package, tests: &tests, tests_are_a_package };
    let (settings, test_settings) = folders.settings(&pyproject, &mut warnings)?;
    let project = Project {
        is_new: false,
        package: package.name,
        source_root: package.source_root,
        tests_are_a_package,
        tests,
        unit_marker: pyproject.markers().contains("unit"),
        settings,
        test_settings,
        scaffold,
    };
    Ok(Detected { project, pyproject: Some(pyproject), warnings })
}

fn read_pyproject(workspace: &Workspace) -> Result<Pyproject, DetectError> {
    let path = RelPath::root().ours("pyproject.toml");
    let shown = workspace.shown(&path);
    let disk = workspace.read([path.clone()])?;
    match disk.at(&path) {
        Found::Text(text) => Pyproject::parse(SourceFile::new(shown, text.clone()))
            .map_err(|problem| DetectError::Invalid(vec![*problem])),
        Found::Absent | Found::Binary | Found::Folder | Found::Special => {
            Err(DetectError::NoText(shown))
        }
    }
}

fn package_of(
    workspace: &Workspace,
    pyproject: &Pyproject,
    wish: Wish<'_>,
) -> Result<Package, DetectError> {
    let declared_roots = pyproject.declared_roots();
    let mut roots: Vec<RelPath> = declared_roots.iter().filter_map(|r| RelPath::parse(r)).collect();
    let new_ones = roots.first().cloned().unwrap_or_else(|| RelPath::root().ours(SOURCES));
    roots.extend([RelPath::root().ours(SOURCES), RelPath::root()]);
    let packages = packages::candidates(workspace, &pyproject.declared_packages(), &roots)?;
    let folder = folder_name(workspace.root());
    let name = pyproject.name().or(folder.as_deref());
    Ok(packages::choose(&packages, wish, name, &new_ones)?)
}

/// The folder of the tests: the project's choice, else pytest's, else `tests`.
fn tests_of(pyproject: &Pyproject, scaffold: &Scaffold) -> RelPath {
    let of_pytest = || {
        let path = pyproject.test_path().filter(|path| !path.contains(['*', '?', '[']))?;
        RelPath::parse(&path).filter(|path| *path != RelPath::root())
    };
    scaffold.tests.clone().or_else(of_pytest).unwrap_or_else(|| RelPath::root().ours(TESTS))
}

/// Where the code goes that ruff is going to look at.
struct Folders<'a> {
    workspace: &'a Workspace,
    package: &'a Package,
    tests: &'a RelPath,
    tests_are_a_package: bool,
}

impl Folders<'_> {
    /// The settings for the nodes and those for the tests.
    fn settings(
        &self,
        pyproject: &Pyproject,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<(Settings, Settings), WorkspaceError> {
        let surroundings = Surroundings::of(self.workspace, Some(pyproject));
        let package = self.package.source_root.folder(&self.package.name);
        let of_tests =
            if self.tests_are_a_package { self.tests } else { &self.tests.ours("nodes") };
        let mut of = |folder: &RelPath, package: &RelPath| {
            let (mut settings, found) = settings::nearest(&surroundings, folder)?;
            let to_be_made = [(&self.package.source_root, self.package.name.as_str())];
            let own = surroundings.own_modules(&settings.sources, &to_be_made)?;
            settings.imports.found = own;
            if settings.same_package {
                let top = top_package(self.workspace, package)?;
                settings.imports.found.insert(top.name().to_owned());
            }
            let new: Vec<_> = found.into_iter().filter(|one| !warnings.contains(one)).collect();
            warnings.extend(new);
            Ok(settings)
        };
        Ok((of(&package.ours("nodes"), &package)?, of(&self.tests.ours("nodes"), of_tests)?))
    }
}

/// The outermost of the packages that a package lies in.
fn top_package(workspace: &Workspace, package: &RelPath) -> Result<RelPath, WorkspaceError> {
    let mut top = package.clone();
    for above in package.ancestors().filter(|above| *above != RelPath::root()) {
        let init = above.ours("__init__.py");
        if !workspace.read([init.clone()])?.exists(&init) {
            break;
        }
        top = above;
    }
    Ok(top)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A folder with these files, empty ones where only a path is given.
    fn tree(pyproject: &str, files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put("pyproject.toml", pyproject);
        for file in files {
            let (path, text) = file.split_once('|').unwrap_or((file, ""));
            put(path, text);
        }
        folder
    }

    fn detected(folder: &tempfile::TempDir, wish: Wish<'_>) -> Result<Detected, DetectError> {
        let place = Place::Standing(folder.path().to_owned());
        detect(&place, &Workspace::open(folder.path()).unwrap(), wish)
    }

    fn project(pyproject: &str, files: &[&str]) -> Project {
        detected(&tree(pyproject, files), Wish::default()).unwrap().project
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn at(project: &Project) -> (&str, &str) {
        (project.source_root.as_str(), project.package.as_str())
    }

    #[test]
    fn layouts_are_told_apart() {
        let src = ["src/app/__init__.py", "src/app.egg-info/PKG-INFO", "tools/__init__.py"];
        assert_eq!(at(&project("", &src)), ("src", "app"));
        let flat = ["app/__init__.py", "tests/__init__.py", "docs/conf.py", "notes/a.txt"];
        assert_eq!(at(&project("", &flat)), ("", "app"));
        let declared = "[tool.hatch.build.targets.wheel]\npackages = ['lib/app']\n";
        assert_eq!(at(&project(declared, &["src/other/__init__.py"])), ("lib", "app"));
        let where_to = "[tool.setuptools.packages.find]\nwhere = ['lib']\n";
        assert_eq!(at(&project(where_to, &["lib/app/__init__.py"])), ("lib", "app"));
        assert_eq!(
            at(&project("[tool.flit.module]\nname = 'app'\n", &["app/__init__.py"])),
            ("", "app")
        );
        assert_eq!(at(&project("[project]\nname = 'Order-Desk'\n", &[])), ("src", "order_desk"));
    }

    #[test]
    fn of_several_packages_the_project_has_its_own_name() {
        let files = ["src/a/__init__.py", "src/b_c/__init__.py"];
        assert_eq!(at(&project("[project]\nname = 'b-c'\n", &files)), ("src", "b_c"));
        let doubt =
            detected(&tree("[project]\nname = 'x'\n", &files), Wish::default()).unwrap_err();
        assert!(matches!(doubt, DetectError::Package(PackageProblem::Several(_))), "{doubt}");
        let wish = Wish { given: None, named: Some("a") };
        let of_contract = detected(&tree("", &files), wish).unwrap().project;
        assert_eq!(at(&of_contract), ("src", "a"));
    }

    #[test]
    fn the_tests_folder_is_the_projects_choice_then_pytests() {
        let pytest =
            "[tool.pytest.ini_options]\ntestpaths = ['checks']\nmarkers = ['unit: fast']\n";
        let project = |pyproject: &str| project(pyproject, &["a/__init__.py", "checks/test_a.py"]);
        let found = project(pytest);
        assert_eq!((found.tests.as_str(), found.tests_are_a_package), ("checks", false));
        assert!(found.unit_marker);
        let chosen = project(&format!("{pytest}[tool.onex.scaffold]\ntests = 'own/tests'\n"));
        assert_eq!((chosen.tests.as_str(), chosen.tests_are_a_package), ("own/tests", true));
        let neither = project("[tool.pytest.ini_options]\ntestpaths = ['../x']\n");
        assert_eq!((neither.tests.as_str(), neither.unit_marker), ("tests", false));
    }

    #[test]
    fn the_nearest_ruff_settings_hold_with_what_they_extend() {
        let length = |pyproject: &str, files: &[&str]| {
            project(pyproject, &[&["a/__init__.py"], files].concat()).settings.format.line_length
        };
        let ruff = "[tool.ruff]\nline-length = 100\n";
        assert_eq!(length("", &[]), 88);
        assert_eq!(length(ruff, &[]), 100);
        assert_eq!(length(ruff, &["ruff.toml|line-length = 90"]), 90);
        assert_eq!(
            length(ruff, &["ruff.toml|line-length = 90", ".ruff.toml|line-length = 91"]),
            91
        );
        assert_eq!(length(ruff, &["a/ruff.toml|line-length = 92"]), 92);
        assert_eq!(
            length(
                "[tool.ruff]\nextend = 'conf/base.toml'\n",
                &["conf/base.toml|line-length = 93"]
            ),
            93
        );
        assert_eq!(length(ruff, &["a/ruff.toml|extend = '../pyproject.toml'"]), 100);
        assert_eq!(length("", &["ruff.toml|extend = 'ruff.toml'\nline-length = 94"]), 94);
    }

    #[test]
    fn settings_outside_the_repository_are_not_read() {
        for outside in ["../ruff.toml", "/etc/ruff.toml", "~/ruff.toml"] {
            let pyproject = format!("[tool.ruff]\nextend = '{outside}'\n");
            let files = ["a/__init__.py", ".git/HEAD"];
            let found = detected(&tree(&pyproject, &files), Wish::default()).unwrap();
            let [warning] = found.warnings.as_slice() else { panic!("{:?}", found.warnings) };
            assert!(!warning.is_error());
            assert_eq!(warning.primary.file.slice(warning.primary.span), format!("'{outside}'"));
        }
    }

    #[test]
    fn settings_above_the_project_count_as_far_as_its_repository_goes() {
        let folder = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put("ruff.toml", "line-length = 50");
        put("repo/pyproject.toml", "[tool.ruff]\nextend = 'conf/ruff.toml'\nline-length = 60\n");
        put("repo/conf/ruff.toml", "src = ['../packages/*/src']\n[format]\nquote-style = 'single'");
        put("repo/packages/app/pyproject.toml", "[project]\nname = 'app'\n");
        put("repo/packages/app/src/app/__init__.py", "");
        put("repo/packages/other/src/other/__init__.py", "");
        let root = folder.path().join("repo/packages/app");
        let found = || {
            let place = Place::Standing(root.clone());
            detect(&place, &Workspace::open(&root).unwrap(), Wish::default()).unwrap()
        };
        let whole = found();
        let settings = &whole.project.test_settings;
        assert_eq!(settings.format.line_length, 60);
        assert_eq!(settings.format.quote_style, crate::python::format::QuoteStyle::Single);
        assert_eq!(settings.imports.found, names(&["app", "other", "tests"]));
        assert!(whole.warnings.is_empty(), "{:?}", whole.warnings);

        put("repo/.git", "gitdir: elsewhere");
        assert_eq!(found().project.settings, whole.project.settings);
        std::fs::remove_file(folder.path().join("repo/pyproject.toml")).unwrap();
        let outside = found();
        assert_eq!(outside.project.settings.format.line_length, 88);
        let [warning] = outside.warnings.as_slice() else { panic!("{:?}", outside.warnings) };
        assert_eq!(warning.rule, "settings-outside");
        assert!(warning.primary.file.path().ends_with("ruff.toml"));
    }

    #[test]
    fn tests_have_settings_of_their_own() {
        let ruff = "[tool.ruff]\nline-length = 100\n";
        let project = project(ruff, &["a/__init__.py", "tests/ruff.toml|line-length = 60"]);
        let at = |path| project.settings_at(&RelPath::parse(path).unwrap()).format.line_length;
        assert_eq!(at("a/nodes/node_x/node.py"), 100);
        assert_eq!(at("tests/nodes/node_x/test_contract.py"), 60);
        assert_eq!(at("tests_of_mine/a.py"), 100);
    }

    #[test]
    fn a_package_that_ruff_does_not_see_is_its_own_in_itself_alone() {
        let ruff = "[tool.ruff]\nsrc = ['lib']\n";
        let files = ["src/a/__init__.py", "tests/__init__.py", "lib/b.py"];
        let found = project(ruff, &files);
        assert_eq!(found.settings.imports.found, names(&["a", "b"]));
        assert_eq!(found.test_settings.imports.found, names(&["b", "tests"]));
        let blind = format!("{ruff}[tool.ruff.lint.isort]\ndetect-same-package = false\n");
        assert_eq!(project(&blind, &files).settings.imports.found, names(&["b"]));
    }

    #[test]
    fn ruffs_source_folders_tell_what_is_the_projects_own() {
        let files = ["src/a/__init__.py", "tests/test_a.py", "lib/b.py", "setup.py", ".git/x"];
        let own = |pyproject| project(pyproject, &files).settings.imports.found;
        assert_eq!(own(""), names(&["a", "lib", "setup", "src", "tests"]));
        assert_eq!(own("[tool.ruff]\nsrc = ['lib']\n"), names(&["a", "b"]));
    }

    #[test]
    fn a_new_project_is_named_by_the_contract_or_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("Order-Desk");
        let found = |wish| {
            let workspace = Workspace::open(&root).unwrap();
            detect(&Place::Free(root.clone()), &workspace, wish).unwrap().project
        };
        assert_eq!(at(&found(Wish::default())), ("src", "order_desk"));
        assert_eq!(at(&found(Wish { given: None, named: Some("myapp") })), ("src", "myapp"));
        assert_eq!(at(&found(Wish { given: Some("b"), named: Some("myapp") })), ("src", "b"));
        assert!(found(Wish::default()).is_new);
    }

    #[test]
    fn a_broken_pyproject_is_an_error_at_its_place() {
        for text in ["[project\n", "[tool.onex.scaffold]\nproducer = 1\n"] {
            let error = detected(&tree(text, &[]), Wish::default()).unwrap_err();
            let DetectError::Invalid(found) = error else { panic!("{error}") };
            assert!(found[0].primary.file.path().ends_with("pyproject.toml"));
        }
    }
}

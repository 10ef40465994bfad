//! Which of a project's packages a node goes to.
//!
//! In: what the command line, the contract and pyproject.toml say, and the packages that the folders hold.
//! Out: one [`Package`], or a [`PackageProblem`] that says what to choose from.

use super::pyproject::Declared;
use crate::python::imports::is_standard_library;
use crate::python::{Identifier, NameProblem};
use crate::workspace::{RelPath, Workspace, WorkspaceError};

/// A top-level package and the folder that imports of it start from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// The package.
    pub name: Identifier,
    /// `src`, or the root in a flat layout.
    pub source_root: RelPath,
}

/// What is said about the package from outside the project.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish<'a> {
    /// `--package`.
    pub given: Option<&'a str>,
    /// The package that the contract's handler modules name.
    pub named: Option<&'a str>,
}

/// Why no package can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageProblem {
    /// `--package` is no name.
    #[error("`{0}` cannot be a package: the name {1}")]
    Invalid(String, NameProblem),
    /// `--package` names none of the project's.
    #[error("the project has no package `{given}`; it has {}", listed(.packages))]
    Unknown {
        /// What was given.
        given: Identifier,
        /// What is there.
        packages: Vec<Package>,
    },
    /// Nothing says which.
    #[error("the project has more than one package: {}", listed(.0))]
    Several(Vec<Package>),
    /// There is no package, and no name to make one of.
    #[error("nothing says what the package is to be called")]
    Nameless,
    /// A package of that name would hide what nodes import.
    #[error("a package called `{0}` would hide the one that nodes or their tests import")]
    Reserved(Identifier),
    /// A package of that name and a module of Python's own would hide each other.
    #[error("a package called `{0}` would stand against Python's own module of that name")]
    StandardLibrary(Identifier),
}

impl PackageProblem {
    /// The next step.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Unknown { packages, .. } | Self::Several(packages) => {
                let options: Vec<String> =
                    packages.iter().map(|package| format!("--package {}", package.name)).collect();
                format!("give {}", options.join(" or "))
            }
            Self::Invalid(..) | Self::Nameless | Self::Reserved(_) | Self::StandardLibrary(_) => {
                "give --package with a name such as `order_desk`".to_owned()
            }
        }
    }
}

fn listed(packages: &[Package]) -> String {
    let one = |package: &Package| {
        format!("`{}` ({})", package.name, package.source_root.folder(&package.name))
    };
    packages.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Folders at a project's root that are no packages of its own, whatever they hold.
const NO_PACKAGES: [&str; 18] = [
    "benchmarks",
    "bin",
    "build",
    "ci",
    "conf",
    "dist",
    "doc",
    "docs",
    "env",
    "example",
    "examples",
    "node_modules",
    "scripts",
    "src",
    "test",
    "tests",
    "tools",
    "venv",
];

/// Names that generated code and its tests import from elsewhere.
const RESERVED: [&str; 6] = ["omnibase_core", "pydantic", "pytest", "src", "tests", "yaml"];

/// The packages that the build backend is told of, else those that the folders hold.
///
/// # Errors
/// When a folder cannot be listed.
pub fn candidates(
    workspace: &Workspace,
    declared: &[Declared],
    roots: &[RelPath],
) -> Result<Vec<Package>, WorkspaceError> {
    let mut packages = Vec::new();
    for declared in declared {
        packages.extend(placed(workspace, declared, roots)?);
    }
    if packages.is_empty() {
        packages = in_tree(workspace, roots)?;
    }
    packages.sort();
    packages.dedup();
    Ok(packages)
}

/// A declared package at its place: where the backend does not say, where it stands, else where new ones go.
fn placed(
    workspace: &Workspace,
    declared: &Declared,
    roots: &[RelPath],
) -> Result<Option<Package>, WorkspaceError> {
    let Ok(name) = Identifier::parse(&declared.name) else { return Ok(None) };
    if let Some(root) = &declared.root {
        return Ok(RelPath::parse(root).map(|source_root| Package { name, source_root }));
    }
    for root in roots {
        if workspace.list(root)?.contains(&(declared.name.clone(), true)) {
            return Ok(Some(Package { name, source_root: root.clone() }));
        }
    }
    Ok(roots.first().map(|root| Package { name, source_root: root.clone() }))
}

/// The packages in the first of the folders that holds any.
fn in_tree(workspace: &Workspace, roots: &[RelPath]) -> Result<Vec<Package>, WorkspaceError> {
    for root in roots {
        let mut packages = Vec::new();
        for (name, is_folder) in workspace.list(root)? {
            let Ok(name) = Identifier::parse(&name) else { continue };
            let skipped = *root == RelPath::root() && NO_PACKAGES.contains(&name.as_str());
            if is_folder && !skipped && is_package(workspace, &root.folder(&name))? {
                packages.push(Package { name, source_root: root.clone() });
            }
        }
        if !packages.is_empty() {
            return Ok(packages);
        }
    }
    Ok(Vec::new())
}

fn is_package(workspace: &Workspace, folder: &RelPath) -> Result<bool, WorkspaceError> {
    Ok(workspace.list(folder)?.iter().any(|(name, is_folder)| name == "__init__.py" && !is_folder))
}

/// Chooses one: what was given, else what the contract names, else what the project is called.
///
/// # Errors
/// When the choice is not clear, or what was given is not there.
pub fn choose(
    packages: &[Package],
    wish: Wish<'_>,
    project_name: Option<&str>,
    new_ones: &RelPath,
) -> Result<Package, PackageProblem> {
    let of_project = project_name.and_then(identifier);
    let there = |name: &Identifier| packages.iter().find(|package| package.name == *name).cloned();
    if let Some(given) = wish.given {
        let invalid = |problem| PackageProblem::Invalid(given.to_owned(), problem);
        let given = Identifier::parse(given).map_err(invalid)?;
        return match there(&given) {
            Some(package) => Ok(package),
            None if packages.is_empty() => new(given, new_ones),
            None => Err(PackageProblem::Unknown { given, packages: packages.to_vec() }),
        };
    }
    let named = wish.named.and_then(|name| Identifier::parse(name).ok());
    match packages {
        [] => new(named.or(of_project).ok_or(PackageProblem::Nameless)?, new_ones),
        [only] => Ok(only.clone()),
        several => named
            .and_then(|name| there(&name))
            .or_else(|| of_project.and_then(|name| there(&name)))
            .ok_or_else(|| PackageProblem::Several(several.to_vec())),
    }
}

fn new(name: Identifier, source_root: &RelPath) -> Result<Package, PackageProblem> {
    if RESERVED.contains(&name.as_str()) {
        return Err(PackageProblem::Reserved(name));
    }
    if is_standard_library(name.as_str()) {
        return Err(PackageProblem::StandardLibrary(name));
    }
    Ok(Package { name, source_root: source_root.clone() })
}

/// The package that a project or a folder of this name holds by convention: `Order-Desk` is `order_desk`.
#[must_use]
pub fn identifier(name: &str) -> Option<Identifier> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let replaced: String = name.chars().map(plain).collect();
    let parts: Vec<&str> = replaced.split('_').filter(|part| !part.is_empty()).collect();
    Identifier::parse(&parts.join("_")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, root: &str) -> Package {
        Package {
            name: Identifier::parse(name).unwrap(),
            source_root: RelPath::parse(root).unwrap(),
        }
    }

    fn chosen(
        packages: &[Package],
        wish: Wish<'_>,
        project: Option<&str>,
    ) -> Result<Package, PackageProblem> {
        choose(packages, wish, project, &RelPath::parse("src").unwrap())
    }

    #[test]
    fn what_was_given_comes_first_then_the_contract_then_the_project() {
        let packages = [package("a", ""), package("b", ""), package("c", "")];
        let wish = Wish { given: Some("c"), named: Some("b") };
        assert_eq!(chosen(&packages, wish, Some("a")), Ok(package("c", "")));
        let wish = Wish { given: None, named: Some("b") };
        assert_eq!(chosen(&packages, wish, Some("a")), Ok(package("b", "")));
        assert_eq!(chosen(&packages, Wish::default(), Some("A")), Ok(package("a", "")));
    }

    #[test]
    fn a_doubt_lists_the_choices() {
        let packages = [package("a", "src"), package("b", "src")];
        let doubt = chosen(&packages, Wish::default(), Some("x")).unwrap_err();
        assert_eq!(
            doubt.to_string(),
            "the project has more than one package: `a` (src/a), `b` (src/b)"
        );
        assert_eq!(doubt.help(), "give --package a or --package b");
        let unknown = chosen(&packages, Wish { given: Some("z"), named: None }, None).unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "the project has no package `z`; it has `a` (src/a), `b` (src/b)"
        );
    }

    #[test]
    fn the_only_package_is_it_even_where_the_contract_names_another() {
        // The command then refuses the modules, at their places.
        let wish = Wish { given: None, named: Some("other") };
        assert_eq!(chosen(&[package("a", "")], wish, None), Ok(package("a", "")));
    }

    #[test]
    fn a_project_without_packages_gets_one() {
        assert_eq!(
            chosen(&[], Wish::default(), Some("Order-Desk")),
            Ok(package("order_desk", "src"))
        );
        let wish = Wish { given: None, named: Some("myapp") };
        assert_eq!(chosen(&[], wish, Some("x")), Ok(package("myapp", "src")));
        assert_eq!(chosen(&[], Wish::default(), Some("2fast")), Err(PackageProblem::Nameless));
        let bad = chosen(&[], Wish { given: Some("a b"), named: None }, None).unwrap_err();
        assert_eq!(
            bad.to_string(),
            "`a b` cannot be a package: the name contains a space, which a Python name cannot hold here"
        );
        let hidden = chosen(&[], Wish { given: Some("yaml"), named: None }, None);
        assert!(matches!(hidden, Err(PackageProblem::Reserved(_))));
        for given in ["uuid", "json", "typing"] {
            let hiding = chosen(&[], Wish { given: Some(given), named: None }, None);
            assert!(matches!(hiding, Err(PackageProblem::StandardLibrary(_))), "{given}");
        }
        assert!(matches!(
            chosen(&[], Wish::default(), Some("Queue")),
            Err(PackageProblem::StandardLibrary(_))
        ));
        // What stands already is the project's own business.
        assert_eq!(chosen(&[package("uuid", "")], Wish::default(), None), Ok(package("uuid", "")));
    }

    #[test]
    fn folder_names_become_package_names() {
        for (folder, name) in [("my-app", "my_app"), ("My App.v2", "my_app_v2"), ("_x_", "x")] {
            assert_eq!(identifier(folder).unwrap().as_str(), name);
        }
        assert_eq!(identifier("class"), None);
        assert_eq!(identifier("日本"), None);
    }
}

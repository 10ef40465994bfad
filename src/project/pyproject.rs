//! pyproject.toml: what it tells of a project, and the one entry that a node adds to it.
//!
//! In: its text. Out: [`Pyproject`], or the place where it is no TOML. Edits keep comments, order and
//! layout of everything else.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, value};

use super::settings::{descend, strings};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, Span};

/// The entry point group that the framework discovers nodes in.
pub const NODES_GROUP: &str = "onex.nodes";

/// A pyproject.toml that could be read.
#[derive(Debug, Clone)]
pub struct Pyproject {
    file: SourceFile,
    document: DocumentMut,
}

impl Pyproject {
    /// Reads the text.
    ///
    /// # Errors
    /// The place where the text is no TOML.
    pub fn parse(file: SourceFile) -> Result<Self, Box<Diagnostic>> {
        match file.text().parse::<DocumentMut>() {
            Ok(document) => Ok(Self { file, document }),
            Err(error) => {
                let range = error.span().unwrap_or_default();
                let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
                let span = Span::new(at(range.start), at(range.end));
                let message = format!("{} is not valid TOML: {}", file.path(), error.message().trim());
                Err(Box::new(
                    Diagnostic::error("invalid-toml", &file, span, message)
                        .help("mend the file; nothing was changed"),
                ))
            }
        }
    }

    /// The text that was read.
    #[must_use]
    pub fn text(&self) -> &str {
        self.file.text()
    }

    fn table(&self, path: &[&str]) -> Option<&dyn TableLike> {
        descend(self.document.as_table(), path)
    }

    /// `[project] name`, or poetry's.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        let of = |path: &[&str]| self.table(path)?.get("name")?.as_str();
        of(&["project"]).or_else(|| of(&["tool", "poetry"]))
    }

    /// Folders that the build backend is told to package, such as `src/myapp`.
    #[must_use]
    pub fn packaged_folders(&self) -> Vec<String> {
        let mut folders: Vec<String> = Vec::new();
        if let Some(wheel) = self.table(&["tool", "hatch", "build", "targets", "wheel"]) {
            folders.extend(strings(wheel, "packages"));
        }
        if let Some(includes) = self.poetry_packages() {
            folders.extend(includes);
        }
        folders
    }

    fn poetry_packages(&self) -> Option<Vec<String>> {
        let packages = self.table(&["tool", "poetry"])?.get("packages")?.as_array()?;
        let folder = |table: &InlineTable| {
            let include = table.get("include")?.as_str()?;
            let from = table.get("from").and_then(|from| from.as_str());
            Some(from.map_or_else(|| include.to_owned(), |from| format!("{from}/{include}")))
        };
        Some(packages.iter().filter_map(|p| p.as_inline_table().and_then(folder)).collect())
    }

    /// The first folder of pytest's `testpaths`.
    #[must_use]
    pub fn test_path(&self) -> Option<String> {
        let options = self.table(&["tool", "pytest", "ini_options"])?;
        let paths = options.get("testpaths")?;
        let first = paths.as_array().and_then(|array| array.get(0)).and_then(|item| item.as_str());
        first.or_else(|| paths.as_str()).map(str::to_owned)
    }

    /// The names of the markers that pytest is told of.
    #[must_use]
    pub fn markers(&self) -> BTreeSet<String> {
        let Some(options) = self.table(&["tool", "pytest", "ini_options"]) else {
            return BTreeSet::new();
        };
        let name = |marker: String| {
            let end = marker.find([':', '(']).unwrap_or(marker.len());
            marker.get(..end).unwrap_or_default().trim().to_owned()
        };
        strings(options, "markers").into_iter().map(name).collect()
    }

    /// A string of `[tool.onex.scaffold]`.
    #[must_use]
    pub fn scaffold(&self, key: &str) -> Option<&str> {
        self.table(&["tool", "onex", "scaffold"])?.get(key)?.as_str()
    }

    /// Whether a package is named among the dependencies, of whatever kind.
    ///
    /// Names are compared as packaging does: without case, `-` and `_` alike.
    #[must_use]
    pub fn depends_on(&self, package: &str) -> bool {
        let wanted = normalised(package);
        let project = self.table(&["project"]);
        let mut lists: Vec<&Item> = project.and_then(|p| p.get("dependencies")).into_iter().collect();
        for path in [&["project", "optional-dependencies"][..], &["dependency-groups"][..]] {
            if let Some(groups) = self.table(path) {
                lists.extend(groups.iter().map(|(_, item)| item));
            }
        }
        let listed = lists
            .into_iter()
            .filter_map(Item::as_array)
            .flat_map(|array| array.iter().filter_map(|item| item.as_str()))
            .any(|requirement| requirement_name(requirement) == wanted);
        listed || self.poetry_depends_on(&wanted)
    }

    fn poetry_depends_on(&self, wanted: &str) -> bool {
        let names = |path: &[&str]| {
            self.table(path).is_some_and(|t| t.iter().any(|(name, _)| normalised(name) == wanted))
        };
        let groups = self.table(&["tool", "poetry", "group"]);
        names(&["tool", "poetry", "dependencies"])
            || groups.is_some_and(|groups| {
                groups.iter().any(|(g, _)| names(&["tool", "poetry", "group", g, "dependencies"]))
            })
    }

    /// The value of a node's entry point.
    #[must_use]
    pub fn entry_point(&self, node: &str) -> Option<&str> {
        let of = |path: &[&str]| self.table(path)?.get(node)?.as_str();
        of(&["project", "entry-points", NODES_GROUP])
            .or_else(|| of(&["tool", "poetry", "plugins", NODES_GROUP]))
    }

    /// The text with the node's entry point added or changed, and nothing else.
    ///
    /// A project that knows only poetry's tables gets poetry's form of the same entry.
    ///
    /// # Errors
    /// When something that is no table stands where the entry point belongs.
    pub fn with_entry_point(&self, node: &str, target: &str) -> Result<String, Box<Diagnostic>> {
        if self.entry_point(node) == Some(target) {
            return Ok(self.text().to_owned());
        }
        let poetry = self.table(&["project"]).is_none() && self.table(&["tool", "poetry"]).is_some();
        let path: &[&str] = if poetry {
            &["tool", "poetry", "plugins", NODES_GROUP]
        } else {
            &["project", "entry-points", NODES_GROUP]
        };
        let mut document = self.document.clone();
        let group = ensure_table(document.as_table_mut(), path)
            .ok_or_else(|| Box::new(self.misplaced(path)))?;
        group.insert(node, value(target));
        Ok(with_line_endings_of(self.text(), document.to_string()))
    }

    fn misplaced(&self, path: &[&str]) -> Diagnostic {
        let message = format!("`{}` of {} is not a table", path.join("."), self.file.path());
        Diagnostic::error("invalid-pyproject", &self.file, Span::default(), message)
            .help("make it a table, so that the node can be registered in it")
    }
}

/// Walks down a path of tables, making those that are missing without headers of their own.
fn ensure_table<'a>(table: &'a mut dyn TableLike, path: &[&str]) -> Option<&'a mut dyn TableLike> {
    let Some((key, rest)) = path.split_first() else { return Some(table) };
    if !table.contains_key(key) {
        let mut missing = Table::new();
        missing.set_implicit(!rest.is_empty());
        table.insert(key, Item::Table(missing));
    }
    ensure_table(table.get_mut(key)?.as_table_like_mut()?, rest)
}

/// Keeps CRLF where the file had it: the editing library writes line feeds for what it adds.
fn with_line_endings_of(original: &str, edited: String) -> String {
    if original.contains("\r\n") {
        edited.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        edited
    }
}

/// The project name of a requirement such as `pytest-asyncio>=1; python_version > "3"`.
fn requirement_name(requirement: &str) -> String {
    let end = requirement.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    normalised(requirement.get(..end.unwrap_or(requirement.len())).unwrap_or_default())
}

/// A project name as packaging compares it.
#[must_use]
pub fn normalised(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pyproject(text: &str) -> Pyproject {
        Pyproject::parse(SourceFile::new("pyproject.toml", text)).unwrap()
    }

    #[test]
    fn an_entry_point_is_added_and_nothing_else_changes() {
        let text = "# top\n[project]\nname = \"a\" # name\n\n[tool.x]\ny = 1 # keep\n";
        let edited = pyproject(text).with_entry_point("node_a", "a.b:C").unwrap();
        assert_eq!(
            edited,
            "# top\n[project]\nname = \"a\" # name\n\n[project.entry-points.\"onex.nodes\"]\n\
             node_a = \"a.b:C\"\n\n[tool.x]\ny = 1 # keep\n"
        );
        let again = pyproject(&edited).with_entry_point("node_a", "a.b:C").unwrap();
        assert_eq!(again, edited);
        let second = pyproject(&edited).with_entry_point("node_b", "a.c:D").unwrap();
        assert!(second.contains("node_a = \"a.b:C\"\nnode_b = \"a.c:D\"\n"));
    }

    #[test]
    fn crlf_stays_crlf() {
        let edited = pyproject("[project]\r\nname = 'a'\r\n").with_entry_point("n", "a:B").unwrap();
        assert_eq!(edited.matches('\n').count(), edited.matches("\r\n").count());
    }

    #[test]
    fn poetry_gets_its_own_form() {
        let edited = pyproject("[tool.poetry]\nname = 'a'\n").with_entry_point("n", "a:B").unwrap();
        assert!(edited.contains("[tool.poetry.plugins.\"onex.nodes\"]\nn = \"a:B\"\n"), "{edited}");
    }

    #[test]
    fn a_value_in_the_way_is_an_error() {
        let problem = pyproject("[project]\nentry-points = 1\n").with_entry_point("n", "a:B");
        assert!(problem.unwrap_err().message.contains("not a table"));
    }

    #[test]
    fn broken_toml_is_named_with_its_place() {
        let problem = Pyproject::parse(SourceFile::new("pyproject.toml", "[project\n")).unwrap_err();
        assert_eq!(problem.rule, "invalid-toml");
        assert_eq!(problem.primary.file.position(problem.primary.span.start).line, 1);
    }

    #[test]
    fn dependencies_are_found_wherever_they_stand() {
        let project = pyproject(
            "[project]\ndependencies = ['omnibase-core>=0.4']\n[dependency-groups]\ndev = ['PyTest_Asyncio ~= 1.0']\n",
        );
        assert!(project.depends_on("omnibase_core"));
        assert!(project.depends_on("pytest-asyncio"));
        assert!(!project.depends_on("pytest"));
    }

    #[test]
    fn markers_are_named_without_their_words() {
        let project = pyproject("[tool.pytest.ini_options]\nmarkers = ['unit: fast', 'slow']\n");
        assert_eq!(project.markers(), ["slow".to_owned(), "unit".to_owned()].into());
    }
}

//! pyproject.toml: what it tells of a project, and the one entry that a node adds to it.
//!
//! In: its text. Out: [`Pyproject`], or the place where it is no TOML. Edits keep comments, order and
//! layout of everything else.

use std::collections::BTreeSet;

use toml_edit::{Document, Item, TableLike, value};

use super::toml::{descend, ensure_table, in_order, span, strings, with_line_endings_of};
use crate::diagnostic::Diagnostic;
use crate::node::ClassPath;
use crate::python::Identifier;
use crate::source::{SourceFile, Span};

/// No settings need to be larger; the tree of a text takes many times its memory.
pub(super) const MAX_TOML: usize = 1 << 20;

/// The entry point group that the framework discovers nodes in.
pub const NODES_GROUP: &str = "onex.nodes";

/// A pyproject.toml that could be read.
#[derive(Debug, Clone)]
pub struct Pyproject {
    file: SourceFile,
    document: Document<String>,
}

impl Pyproject {
    /// Reads the text.
    ///
    /// # Errors
    /// The place where the text is no TOML.
    pub fn parse(file: SourceFile) -> Result<Self, Box<Diagnostic>> {
        if file.text().len() > MAX_TOML {
            let message = format!(
                "{} has {} bytes, and no settings need more than {MAX_TOML}",
                file.path(),
                file.text().len()
            );
            // Nobody wants to see a part of it.
            let file = SourceFile::new(file.path(), "");
            return Err(Box::new(
                Diagnostic::error("invalid-toml", &file, Span::default(), message)
                    .help("move what is no setting to a file of its own; nothing was changed"),
            ));
        }
        match Document::parse(file.text().to_owned()) {
            Ok(document) => Ok(Self { file, document }),
            Err(error) => {
                let span = span(error.span());
                let message =
                    format!("{} is not valid TOML: {}", file.path(), error.message().trim());
                Err(Box::new(
                    Diagnostic::error("invalid-toml", &file, span, message)
                        .help("mend the file; nothing was changed"),
                ))
            }
        }
    }

    /// The file that was read.
    #[must_use]
    pub fn file(&self) -> &SourceFile {
        &self.file
    }

    /// What the file says, as a tree of tables.
    pub(super) fn document(&self) -> &Document<String> {
        &self.document
    }

    /// The text that was read.
    #[must_use]
    pub fn text(&self) -> &str {
        self.file.text()
    }

    /// The text without the entry points of nodes.
    #[must_use]
    pub fn besides_entry_points(&self) -> String {
        let mut document = self.document.clone().into_mut();
        let points =
            document.get_mut("project").and_then(|project| project.get_mut("entry-points"));
        if let Some(points) = points.and_then(Item::as_table_like_mut) {
            points.remove(NODES_GROUP);
        }
        document.to_string()
    }

    /// The table at a path of keys.
    #[must_use]
    pub fn table(&self, path: &[&str]) -> Option<&dyn TableLike> {
        descend(self.document.as_table(), path)
    }

    /// `[project] name`, or poetry's.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        let of = |path: &[&str]| self.table(path)?.get("name")?.as_str();
        of(&["project"]).or_else(|| of(&["tool", "poetry"]))
    }

    /// The packages that the build backend is told of, in its order.
    #[must_use]
    pub fn declared_packages(&self) -> Vec<Declared> {
        let mut declared = Vec::new();
        for path in
            [&["tool", "hatch", "build", "targets", "wheel"][..], &["tool", "hatch", "build"]]
        {
            if let Some(hatch) = self.table(path) {
                declared.extend(
                    in_order(hatch, "packages").iter().map(|folder| Declared::folder(folder)),
                );
            }
        }
        declared.extend(self.poetry_packages().unwrap_or_default());
        declared.extend(self.setuptools_packages().unwrap_or_default());
        declared.extend(self.uv_packages().unwrap_or_default());
        declared.extend(self.maturin_package());
        let flit = self.table(&["tool", "flit", "module"]);
        declared.extend(
            flit.and_then(|t| t.get("name")?.as_str()).map(|name| Declared::module(None, name)),
        );
        let mut seen = BTreeSet::new();
        declared.retain(|package| seen.insert(package.clone()));
        declared
    }

    /// The folders that the build backend is told to look for packages in.
    #[must_use]
    pub fn declared_roots(&self) -> Vec<String> {
        let find = self.table(&["tool", "setuptools", "packages", "find"]);
        let mut roots = find.map(|find| in_order(find, "where")).unwrap_or_default();
        roots.extend(self.setuptools_root());
        let pdm = self.table(&["tool", "pdm", "build"]);
        roots.extend(pdm.and_then(|t| t.get("package-dir")?.as_str()).map(str::to_owned));
        roots
    }

    fn poetry_packages(&self) -> Option<Vec<Declared>> {
        let packages = self.table(&["tool", "poetry"])?.get("packages")?;
        let package = |table: &dyn TableLike| {
            let include = table.get("include")?.as_str()?;
            let from = table.get("from").and_then(Item::as_str).unwrap_or_default();
            Some(Declared::module(Some(from), include.split('/').next().unwrap_or_default()))
        };
        if let Some(tables) = packages.as_array_of_tables() {
            return Some(tables.iter().filter_map(|table| package(table)).collect());
        }
        let inline = packages.as_array()?.iter().filter_map(|item| item.as_inline_table());
        Some(inline.filter_map(|table| package(table)).collect())
    }

    fn setuptools_packages(&self) -> Option<Vec<Declared>> {
        let root = self.setuptools_root();
        let packages = in_order(self.table(&["tool", "setuptools"])?, "packages");
        Some(packages.iter().map(|name| Declared::module(root.as_deref(), name)).collect())
    }

    fn setuptools_root(&self) -> Option<String> {
        let folders = self.table(&["tool", "setuptools", "package-dir"])?;
        folders.get("").and_then(Item::as_str).map(str::to_owned)
    }

    fn uv_packages(&self) -> Option<Vec<Declared>> {
        let backend = self.table(&["tool", "uv", "build-backend"])?;
        let root = backend.get("module-root").and_then(Item::as_str).unwrap_or("src");
        let names = match backend.get("module-name")?.as_str() {
            Some(name) => vec![name.to_owned()],
            None => in_order(backend, "module-name"),
        };
        Some(names.iter().map(|name| Declared::module(Some(root), name)).collect())
    }

    fn maturin_package(&self) -> Option<Declared> {
        let maturin = self.table(&["tool", "maturin"])?;
        let root = maturin.get("python-source")?.as_str()?;
        Some(Declared::module(Some(root), maturin.get("module-name")?.as_str()?))
    }

    /// pytest's own settings, in either of the tables that it reads.
    fn pytest(&self) -> Option<&dyn TableLike> {
        self.table(&["tool", "pytest", "ini_options"]).or_else(|| self.table(&["tool", "pytest"]))
    }

    /// The first folder of pytest's `testpaths`.
    #[must_use]
    pub fn test_path(&self) -> Option<String> {
        let paths = self.pytest()?.get("testpaths")?;
        let first = paths.as_array().and_then(|array| array.get(0)).and_then(|item| item.as_str());
        let words = || paths.as_str().and_then(|text| text.split_whitespace().next());
        first.or_else(words).map(str::to_owned)
    }

    /// The names of the markers that pytest is told of.
    #[must_use]
    pub fn markers(&self) -> BTreeSet<String> {
        let Some(options) = self.pytest() else { return BTreeSet::new() };
        let name = |marker: String| {
            let end = marker.find([':', '(']).unwrap_or(marker.len());
            marker.get(..end).unwrap_or_default().trim().to_owned()
        };
        let lines = options.get("markers").and_then(Item::as_str).unwrap_or_default();
        let listed =
            strings(options, "markers").into_iter().chain(lines.lines().map(str::to_owned));
        listed.map(name).filter(|name| !name.is_empty()).collect()
    }

    /// Whether a package is named among the dependencies, of whatever kind.
    ///
    /// Names are compared as packaging does: without case, `-` and `_` alike.
    #[must_use]
    pub fn depends_on(&self, package: &str) -> bool {
        let wanted = normalised(package);
        let project = self.table(&["project"]);
        let mut lists: Vec<&Item> =
            project.and_then(|p| p.get("dependencies")).into_iter().collect();
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

    /// The text with the node's entry point added, and nothing else.
    ///
    /// A project that knows only poetry's tables gets poetry's form of the same entry. A file that cannot hold
    /// entry points is left as it is, with a warning: a `[project]` table without a name would break it.
    ///
    /// # Errors
    /// When something that is no table stands where the entry point belongs, or the name leads elsewhere.
    pub fn with_entry_point(
        &self,
        node: &Identifier,
        class: &ClassPath,
    ) -> Result<Registration, Box<Diagnostic>> {
        let module = class.module.to_string();
        let target = format!("{module}:{}", class.name);
        // The framework finds a node by its package or its module as well.
        let package = module.rsplit_once('.').map(|(package, _)| package);
        match self.entry_point(node.as_str()) {
            Some(standing)
                if standing == target || standing == module || Some(standing) == package =>
            {
                return Ok(Registration::Standing);
            }
            Some(standing) => return Err(Box::new(self.taken(node, standing))),
            None => {}
        }
        let poetry =
            self.table(&["project"]).is_none() && self.table(&["tool", "poetry"]).is_some();
        if !poetry && let Some(warning) = self.holds_no_entry_points(node, &target) {
            return Ok(Registration::Impossible(Box::new(warning)));
        }
        let path: &[&str] = if poetry {
            &["tool", "poetry", "plugins", NODES_GROUP]
        } else {
            &["project", "entry-points", NODES_GROUP]
        };
        let mut document = self.document.clone().into_mut();
        let group = ensure_table(document.as_table_mut(), path)
            .ok_or_else(|| Box::new(self.misplaced(path)))?;
        group.insert(node.as_str(), value(target));
        Ok(Registration::Added(with_line_endings_of(self.text(), document.to_string())))
    }

    /// The same file with another text.
    ///
    /// # Errors
    /// The place where the text is no TOML.
    pub fn with_text(&self, text: String) -> Result<Self, Box<Diagnostic>> {
        Self::parse(SourceFile::new(self.file.path(), text))
    }

    /// The names of all nodes that are registered, with what they name, in order.
    #[must_use]
    pub fn entry_points(&self) -> Vec<(&str, &str)> {
        let of = |path: &[&str]| self.table(path);
        let tables = [
            of(&["project", "entry-points", NODES_GROUP]),
            of(&["tool", "poetry", "plugins", NODES_GROUP]),
        ];
        let entries = tables.into_iter().flatten().flat_map(|table| table.iter());
        entries.filter_map(|(name, item)| Some((name, item.as_str()?))).collect()
    }

    /// The text without a node's entry point; the same where there is none.
    #[must_use]
    pub fn without_entry_point(&self, node: &str) -> String {
        let mut document = self.document.clone().into_mut();
        let paths: [&[&str]; 2] = [
            &["project", "entry-points", NODES_GROUP],
            &["tool", "poetry", "plugins", NODES_GROUP],
        ];
        for path in paths {
            let table = path
                .iter()
                .try_fold(document.as_table_mut() as &mut dyn TableLike, |table, key| {
                    table.get_mut(key)?.as_table_like_mut()
                });
            if let Some(table) = table {
                table.remove(node);
            }
        }
        with_line_endings_of(self.text(), document.to_string())
    }

    fn holds_no_entry_points(&self, node: &Identifier, target: &str) -> Option<Diagnostic> {
        let where_else = "where the project declares its entry points, in the group `onex.nodes`";
        let help = format!("add `{node} = {target}` {where_else}");
        let warning = |span, message| {
            Diagnostic::warning("not-registered", &self.file, span, message).help(help.clone())
        };
        let Some(project) = self.table(&["project"]) else {
            let message =
                format!("{node} was not registered: {} has no [project]", self.file.path());
            return Some(warning(Span::default(), message));
        };
        let dynamic = project.get("dynamic")?;
        let named = dynamic.as_array()?.iter().any(|item| item.as_str() == Some("entry-points"));
        let message = format!("{node} was not registered: the entry points are declared elsewhere");
        named.then(|| warning(span(dynamic.span()), message).label("`entry-points` is dynamic"))
    }

    fn taken(&self, node: &Identifier, standing: &str) -> Diagnostic {
        let of = |path: &[&str]| self.table(path)?.get(node.as_str())?.span();
        let place = of(&["project", "entry-points", NODES_GROUP])
            .or_else(|| of(&["tool", "poetry", "plugins", NODES_GROUP]));
        let message = format!("the entry point `{node}` names `{standing}` already");
        Diagnostic::error("entry-point-taken", &self.file, span(place), message)
            .help("remove the entry, or give the node another name")
    }

    fn misplaced(&self, path: &[&str]) -> Diagnostic {
        let message = format!("`{}` of {} is not a table", path.join("."), self.file.path());
        let place = (1..=path.len()).find_map(|length| {
            let (key, above) = path.get(..length)?.split_last()?;
            let item = self.table(above)?.get(key)?;
            (!item.is_table_like()).then(|| item.span())
        });
        Diagnostic::error("invalid-pyproject", &self.file, span(place.flatten()), message)
            .help("make it a table, so that the node can be registered in it")
    }
}

/// A package that the build backend is told of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declared {
    /// The folder that imports start from, where the backend says it; empty for the project's own.
    pub root: Option<String>,
    /// The top-level package.
    pub name: String,
}

impl Declared {
    /// A folder such as `src/myapp`, whose last part is the package.
    fn folder(path: &str) -> Self {
        let path = path.trim_end_matches('/');
        let (root, name) = path.rsplit_once('/').unwrap_or(("", path));
        Self { root: Some(root.to_owned()), name: name.to_owned() }
    }

    /// A module such as `myapp.nodes`, whose first part is the package.
    fn module(root: Option<&str>, name: &str) -> Self {
        let name = name.split('.').next().unwrap_or_default();
        Self { root: root.map(str::to_owned), name: name.to_owned() }
    }
}

/// What became of a node's entry point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registration {
    /// The entry is there already.
    Standing,
    /// The new text of pyproject.toml.
    Added(String),
    /// The file cannot hold entry points; a warning says where they belong.
    Impossible(Box<Diagnostic>),
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
    use crate::python::DottedPath;

    fn pyproject(text: &str) -> Pyproject {
        Pyproject::parse(SourceFile::new("pyproject.toml", text)).unwrap()
    }

    fn register(text: &str, node: &str, module: &str) -> Result<Registration, Box<Diagnostic>> {
        let class = ClassPath {
            module: DottedPath::parse(module).unwrap(),
            name: Identifier::parse("C").unwrap(),
        };
        pyproject(text).with_entry_point(&Identifier::parse(node).unwrap(), &class)
    }

    fn registered(text: &str, node: &str, module: &str) -> String {
        match register(text, node, module).unwrap() {
            Registration::Added(text) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_entry_point_is_added_and_nothing_else_changes() {
        let text = "# top\n[project]\nname = \"a\" # name\n\n[tool.x]\ny = 1 # keep\n";
        let edited = registered(text, "node_a", "a.b");
        assert_eq!(
            edited,
            "# top\n[project]\nname = \"a\" # name\n\n[project.entry-points.\"onex.nodes\"]\n\
             node_a = \"a.b:C\"\n\n[tool.x]\ny = 1 # keep\n"
        );
        assert_eq!(register(&edited, "node_a", "a.b").unwrap(), Registration::Standing);
        let second = registered(&edited, "node_b", "a.c");
        assert!(second.contains("node_a = \"a.b:C\"\nnode_b = \"a.c:C\"\n"));
    }

    #[test]
    fn an_entry_point_of_that_name_is_not_taken_over() {
        let text = "[project]\nname = 'a'\n[project.entry-points.'onex.nodes']\nn = 'x:Y'\n";
        let problem = register(text, "n", "a").unwrap_err();
        assert_eq!(problem.rule, "entry-point-taken");
        assert_eq!(problem.primary.file.slice(problem.primary.span), "'x:Y'");
    }

    #[test]
    fn every_form_that_the_framework_reads_is_a_registration() {
        for form in ["a.nodes.n.node:C", "a.nodes.n.node", "a.nodes.n"] {
            let text = format!("[project.entry-points.\"onex.nodes\"]\nn = \"{form}\"\n");
            assert_eq!(register(&text, "n", "a.nodes.n.node").unwrap(), Registration::Standing);
        }
        for other in ["a.nodes.n.node:D", "a.nodes", "a.nodes.m"] {
            let text = format!("[project.entry-points.\"onex.nodes\"]\nn = \"{other}\"\n");
            assert!(register(&text, "n", "a.nodes.n.node").is_err(), "{other}");
        }
    }

    #[test]
    fn crlf_stays_crlf() {
        let edited = registered("[project]\r\nname = 'a'\r\n", "n", "a");
        assert_eq!(edited.matches('\n').count(), edited.matches("\r\n").count());
    }

    #[test]
    fn poetry_gets_its_own_form() {
        let edited = registered("[tool.poetry]\nname = 'a'\n", "n", "a");
        assert!(edited.contains("[tool.poetry.plugins.\"onex.nodes\"]\nn = \"a:C\"\n"), "{edited}");
    }

    #[test]
    fn a_value_in_the_way_is_an_error() {
        let problem = register("[project]\nentry-points = 1\n", "n", "a").unwrap_err();
        assert!(problem.message.contains("not a table"));
        assert_eq!(problem.primary.file.slice(problem.primary.span), "1");
    }

    #[test]
    fn a_file_that_cannot_hold_entry_points_is_left_alone() {
        for text in
            ["[tool.ruff]\n", "[project]\nname = 'a'\ndynamic = ['version', 'entry-points']\n"]
        {
            match register(text, "n", "a").unwrap() {
                Registration::Impossible(warning) => {
                    assert!(!warning.is_error());
                    assert!(warning.help.unwrap().contains("`n = a:C`"));
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn packages_are_found_in_what_every_backend_reads() {
        let declared = |text: &str| -> Vec<(Option<String>, String)> {
            pyproject(text).declared_packages().into_iter().map(|d| (d.root, d.name)).collect()
        };
        let expected =
            |root: Option<&str>, name: &str| vec![(root.map(str::to_owned), name.to_owned())];
        for (text, root) in [
            ("[tool.hatch.build.targets.wheel]\npackages = ['src/a']\n", Some("src")),
            ("[tool.hatch.build.targets.wheel]\npackages = ['a/']\n", Some("")),
            ("[tool.poetry]\npackages = [{include = 'a', from = 'lib'}]\n", Some("lib")),
            ("[[tool.poetry.packages]]\ninclude = 'a'\n", Some("")),
            (
                "[tool.setuptools]\npackages = ['a', 'a.b']\npackage-dir = {'' = 'src'}\n",
                Some("src"),
            ),
            ("[tool.uv.build-backend]\nmodule-name = 'a'\nmodule-root = ''\n", Some("")),
            ("[tool.uv.build-backend]\nmodule-name = ['a.b']\n", Some("src")),
            ("[tool.maturin]\npython-source = 'python'\nmodule-name = 'a._a'\n", Some("python")),
            ("[tool.flit.module]\nname = 'a'\n", None),
        ] {
            assert_eq!(declared(text), expected(root, "a"), "{text}");
        }
        let found = pyproject("[tool.setuptools.packages.find]\nwhere = ['lib']\n");
        assert_eq!(found.declared_roots(), ["lib"]);
    }

    #[test]
    fn both_of_pytests_tables_are_read() {
        let old = pyproject(
            "[tool.pytest.ini_options]\ntestpaths = 'a b'\nmarkers = \"\"\"\n  unit: x\n  slow\n\"\"\"\n",
        );
        assert_eq!(old.test_path().as_deref(), Some("a"));
        assert_eq!(old.markers(), ["slow".to_owned(), "unit".to_owned()].into());
        let new = pyproject("[tool.pytest]\ntestpaths = ['checks']\n");
        assert_eq!(new.test_path().as_deref(), Some("checks"));
    }

    #[test]
    fn broken_toml_is_named_with_its_place() {
        let problem =
            Pyproject::parse(SourceFile::new("pyproject.toml", "[project\n")).unwrap_err();
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

//! The import block of a module, in the order of ruff's isort.
//!
//! In: names and the modules they come from, in any order. Out: the statements, one a line, in sections
//! (future, standard library, third party, first party) as `ruff check --select I` wants them;
//! [`super::format`] breaks the long ones. A name that two modules give is a [`NameClash`].

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::{Code, DottedPath, Identifier, py};

/// When a name is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// While the module runs.
    Runtime,
    /// In annotations alone: the import stands under `if TYPE_CHECKING:`.
    Annotation,
}

/// The names that a module imports.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    names: BTreeMap<Identifier, (DottedPath, Need)>,
    modules: BTreeSet<DottedPath>,
}

/// Two imports that bind one name to different things.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is imported from both `{first}` and `{second}`")]
pub struct NameClash {
    /// The name.
    pub name: Identifier,
    /// Where it came from first.
    pub first: DottedPath,
    /// Where it should come from as well.
    pub second: DottedPath,
}

/// How the project sorts imports: the settings of ruff's isort that change a block of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportStyle {
    /// `known-first-party`: modules that count as the project's own, whatever else they are.
    pub first_party: BTreeSet<String>,
    /// Top-level packages that ruff finds in the project's source folders; a module of the standard library
    /// of the same name goes before.
    pub found: BTreeSet<String>,
    /// `known-third-party`.
    pub third_party: BTreeSet<String>,
    /// `force-single-line`: one name a statement.
    pub force_single_line: bool,
    /// `force-sort-within-sections`: by module, whatever the form of the statement.
    pub force_sort_within_sections: bool,
    /// `order-by-type`: constants, then classes, then the rest.
    pub order_by_type: bool,
    /// `lines-after-imports`: blank lines behind the block.
    pub lines_after: usize,
}

impl Default for ImportStyle {
    fn default() -> Self {
        Self {
            first_party: BTreeSet::new(),
            found: BTreeSet::new(),
            third_party: BTreeSet::new(),
            force_single_line: false,
            force_sort_within_sections: false,
            order_by_type: true,
            lines_after: 1,
        }
    }
}

/// `sys.stdlib_module_names` of Python 3.12, sorted: what ruff takes for the standard library when the
/// target version is 3.12.
#[rustfmt::skip]
const STANDARD_LIBRARY: [&str; 300] = [
    "__future__", "_abc", "_aix_support", "_ast", "_asyncio", "_bisect", "_blake2", "_bz2",
    "_codecs", "_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr",
    "_codecs_tw", "_collections", "_collections_abc", "_compat_pickle", "_compression",
    "_contextvars", "_crypt", "_csv", "_ctypes", "_curses", "_curses_panel", "_datetime", "_dbm",
    "_decimal", "_elementtree", "_frozen_importlib", "_frozen_importlib_external", "_functools",
    "_gdbm", "_hashlib", "_heapq", "_imp", "_io", "_json", "_locale", "_lsprof", "_lzma",
    "_markupbase", "_md5", "_msi", "_multibytecodec", "_multiprocessing", "_opcode", "_operator",
    "_osx_support", "_overlapped", "_pickle", "_posixshmem", "_posixsubprocess", "_py_abc",
    "_pydatetime", "_pydecimal", "_pyio", "_pylong", "_queue", "_random", "_scproxy", "_sha1",
    "_sha2", "_sha3", "_signal", "_sitebuiltins", "_socket", "_sqlite3", "_sre", "_ssl", "_stat",
    "_statistics", "_string", "_strptime", "_struct", "_symtable", "_thread", "_threading_local",
    "_tkinter", "_tokenize", "_tracemalloc", "_typing", "_uuid", "_warnings", "_weakref",
    "_weakrefset", "_winapi", "_zoneinfo", "abc", "aifc", "antigravity", "argparse", "array", "ast",
    "asyncio", "atexit", "audioop", "base64", "bdb", "binascii", "bisect", "builtins", "bz2",
    "cProfile", "calendar", "cgi", "cgitb", "chunk", "cmath", "cmd", "code", "codecs", "codeop",
    "collections", "colorsys", "compileall", "concurrent", "configparser", "contextlib",
    "contextvars", "copy", "copyreg", "crypt", "csv", "ctypes", "curses", "dataclasses", "datetime",
    "dbm", "decimal", "difflib", "dis", "doctest", "email", "encodings", "ensurepip", "enum",
    "errno", "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch", "fractions", "ftplib",
    "functools", "gc", "genericpath", "getopt", "getpass", "gettext", "glob", "graphlib", "grp",
    "gzip", "hashlib", "heapq", "hmac", "html", "http", "idlelib", "imaplib", "imghdr", "importlib",
    "inspect", "io", "ipaddress", "itertools", "json", "keyword", "lib2to3", "linecache", "locale",
    "logging", "lzma", "mailbox", "mailcap", "marshal", "math", "mimetypes", "mmap", "modulefinder",
    "msilib", "msvcrt", "multiprocessing", "netrc", "nis", "nntplib", "nt", "ntpath", "nturl2path",
    "numbers", "opcode", "operator", "optparse", "os", "ossaudiodev", "pathlib", "pdb", "pickle",
    "pickletools", "pipes", "pkgutil", "platform", "plistlib", "poplib", "posix", "posixpath",
    "pprint", "profile", "pstats", "pty", "pwd", "py_compile", "pyclbr", "pydoc", "pydoc_data",
    "pyexpat", "queue", "quopri", "random", "re", "readline", "reprlib", "resource", "rlcompleter",
    "runpy", "sched", "secrets", "select", "selectors", "shelve", "shlex", "shutil", "signal",
    "site", "smtplib", "sndhdr", "socket", "socketserver", "spwd", "sqlite3", "sre_compile",
    "sre_constants", "sre_parse", "ssl", "stat", "statistics", "string", "stringprep", "struct",
    "subprocess", "sunau", "symtable", "sys", "sysconfig", "syslog", "tabnanny", "tarfile",
    "telnetlib", "tempfile", "termios", "textwrap", "this", "threading", "time", "timeit",
    "tkinter", "token", "tokenize", "tomllib", "trace", "traceback", "tracemalloc", "tty", "turtle",
    "turtledemo", "types", "typing", "unicodedata", "unittest", "urllib", "uu", "uuid", "venv",
    "warnings", "wave", "weakref", "webbrowser", "winreg", "winsound", "wsgiref", "xdrlib", "xml",
    "xmlrpc", "zipapp", "zipfile", "zipimport", "zlib", "zoneinfo",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Future,
    StandardLibrary,
    ThirdParty,
    FirstParty,
}

impl Imports {
    /// No imports yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `from module import name`; the earlier need of the two wins where the name is there already.
    ///
    /// # Errors
    /// When the name comes from another module already.
    pub fn add(
        &mut self,
        module: &DottedPath,
        name: &Identifier,
        need: Need,
    ) -> Result<(), NameClash> {
        match self.names.get_mut(name) {
            None => {
                self.names.insert(name.clone(), (module.clone(), need));
                Ok(())
            }
            Some((first, _)) if first != module => {
                Err(NameClash { name: name.clone(), first: first.clone(), second: module.clone() })
            }
            Some((_, needed)) => {
                *needed = need.min(*needed);
                Ok(())
            }
        }
    }

    /// Adds a name of ours, such as `UUID` of `uuid`.
    ///
    /// # Errors
    /// As [`Imports::add`]: a class of the contract may have the name already.
    pub fn add_ours(
        &mut self,
        module: &'static str,
        name: &'static str,
        need: Need,
    ) -> Result<(), NameClash> {
        self.add(&DottedPath::ours(module), &Identifier::ours(name), need)
    }

    /// Adds `import module`.
    pub fn add_module(&mut self, module: &'static str) {
        self.modules.insert(DottedPath::ours(module));
    }

    /// The statements, with the blank lines that the project wants behind them.
    ///
    /// Names for annotations alone follow in an `if TYPE_CHECKING:` block. Empty where nothing is imported.
    #[must_use]
    pub fn render(&self, style: &ImportStyle) -> Code {
        let of = |wanted: Need| {
            let names = self.names.iter().filter(move |(_, (_, need))| *need == wanted);
            names.map(|(name, (module, _))| (module.clone(), name.clone())).collect::<Vec<_>>()
        };
        let (mut runtime, annotations) = (of(Need::Runtime), of(Need::Annotation));
        if !annotations.is_empty() {
            runtime.push((DottedPath::ours("typing"), Identifier::ours("TYPE_CHECKING")));
        }
        let mut text = block(&runtime, &self.modules, style, "");
        if text.is_empty() {
            return Code::default();
        }
        text.push_str(&"\n".repeat(style.lines_after));
        if !annotations.is_empty() {
            text.push_str("if TYPE_CHECKING:\n");
            text.push_str(&block(&annotations, &BTreeSet::new(), style, "    "));
            text.push('\n');
        }
        Code::assembled(text)
    }
}

/// One block of imports: sections with a blank line between them.
fn block(
    names: &[(DottedPath, Identifier)],
    modules: &BTreeSet<DottedPath>,
    style: &ImportStyle,
    indent: &str,
) -> String {
    let mut sections: BTreeMap<Section, Vec<Statement>> = BTreeMap::new();
    for module in modules {
        let statement = Statement { module: module.clone(), names: Vec::new() };
        sections.entry(section(module, style)).or_default().push(statement);
    }
    for statement in statements(names, style) {
        sections.entry(section(&statement.module, style)).or_default().push(statement);
    }
    let mut text = String::new();
    for statements in sections.values_mut() {
        if !text.is_empty() {
            text.push('\n');
        }
        statements.sort_by(|a, b| a.compare(b, style));
        for statement in statements {
            text.push_str(indent);
            text.push_str(statement.render().as_str());
            text.push('\n');
        }
    }
    text
}

/// `import module` (no names) or `from module import names`.
struct Statement {
    module: DottedPath,
    names: Vec<Identifier>,
}

impl Statement {
    fn render(&self) -> Code {
        if self.names.is_empty() {
            return py!("import {}", self.module);
        }
        let names: Vec<Code> = self.names.iter().map(|name| py!("{}", name)).collect();
        py!("from {} import {}", self.module, Code::join(&names, ", "))
    }

    /// `import x` before `from x import y`, unless the project sorts by module alone.
    fn compare(&self, other: &Self, style: &ImportStyle) -> Ordering {
        let forms = self.names.is_empty().cmp(&other.names.is_empty()).reverse();
        let modules = natural(&self.module.to_string(), &other.module.to_string());
        let names = || match (self.names.first(), other.names.first()) {
            (Some(a), Some(b)) => compare_names(a, b, style),
            _ => Ordering::Equal,
        };
        if style.force_sort_within_sections {
            modules.then(forms).then_with(names)
        } else {
            forms.then(modules).then_with(names)
        }
    }
}

/// Groups names by module, or not at all where the project wants single lines.
fn statements(names: &[(DottedPath, Identifier)], style: &ImportStyle) -> Vec<Statement> {
    if style.force_single_line {
        let single = |(module, name): &(DottedPath, Identifier)| Statement {
            module: module.clone(),
            names: vec![name.clone()],
        };
        return names.iter().map(single).collect();
    }
    let mut grouped: BTreeMap<&DottedPath, Vec<Identifier>> = BTreeMap::new();
    for (module, name) in names {
        grouped.entry(module).or_default().push(name.clone());
    }
    let sorted = |(module, mut names): (&DottedPath, Vec<Identifier>)| {
        names.sort_by(|a, b| compare_names(a, b, style));
        Statement { module: module.clone(), names }
    };
    grouped.into_iter().map(sorted).collect()
}

/// Whether a top-level module is one of Python's own.
pub(crate) fn is_standard_library(module: &str) -> bool {
    STANDARD_LIBRARY.binary_search(&module).is_ok()
}

fn section(module: &DottedPath, style: &ImportStyle) -> Section {
    let first = module.first();
    if first == "__future__" {
        return Section::Future;
    }
    // The longest prefix that the project names decides, then the standard library, then what ruff finds.
    for length in (1..=module.parts().len()).rev() {
        let prefix = module.prefix(length).map(|prefix| prefix.to_string()).unwrap_or_default();
        if style.first_party.contains(&prefix) {
            return Section::FirstParty;
        }
        if style.third_party.contains(&prefix) {
            return Section::ThirdParty;
        }
    }
    if is_standard_library(first) {
        Section::StandardLibrary
    } else if style.found.contains(first) {
        Section::FirstParty
    } else {
        Section::ThirdParty
    }
}

/// The order of names in one statement.
fn compare_names(a: &Identifier, b: &Identifier, style: &ImportStyle) -> Ordering {
    let (a, b) = (a.as_str(), b.as_str());
    if style.order_by_type { by_type(a, b) } else { natural(a, b) }
}

/// Constants, then classes, then the rest.
pub(super) fn by_type(a: &str, b: &str) -> Ordering {
    name_type(a).cmp(&name_type(b)).then_with(|| natural(a, b))
}

/// Constants, classes, the rest: told apart by their letters, as isort does.
pub(crate) fn name_type(name: &str) -> u8 {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    if name.len() > 1 && letters().next().is_some() && letters().all(char::is_uppercase) {
        0
    } else if name.starts_with(char::is_uppercase) {
        1
    } else {
        2
    }
}

/// Without regard to case first, numbers by value; then exactly, so that the order is total.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    natord::compare_ignore_case(a, b).then_with(|| natord::compare(a, b)).then_with(|| a.cmp(b))
}

/// The order of `__all__` (RUF022): unlike that of names in a statement it minds the case.
pub(crate) fn compare_exports(a: &str, b: &str) -> Ordering {
    name_type(a).cmp(&name_type(b)).then_with(|| natord::compare(a, b)).then_with(|| a.cmp(b))
}

/// The value of `__all__` for these names.
#[must_use]
pub fn dunder_all<'a>(names: impl IntoIterator<Item = &'a Identifier>) -> Code {
    let mut names: Vec<&Identifier> = names.into_iter().collect();
    names.sort_by(|a, b| compare_exports(a.as_str(), b.as_str()));
    names.dedup();
    let literals: Vec<Code> =
        names.iter().map(|name| py!("{}", super::StrLiteral::new(name.as_str()))).collect();
    py!("[{}]", Code::join(&literals, ", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(names: &[(&'static str, &'static str, Need)]) -> Imports {
        let mut imports = Imports::new();
        for (module, name, need) in names {
            imports.add_ours(module, name, *need).unwrap();
        }
        imports
    }

    fn myapp() -> ImportStyle {
        ImportStyle { first_party: ["myapp".to_owned()].into(), ..ImportStyle::default() }
    }

    #[test]
    fn sections_and_names_are_sorted() {
        let mut imports = imports(&[
            ("myapp.models", "ModelB", Need::Runtime),
            ("uuid", "uuid4", Need::Runtime),
            ("uuid", "UUID", Need::Runtime),
            ("pydantic", "Field", Need::Runtime),
            ("pydantic", "BaseModel", Need::Runtime),
            ("omnibase_core.nodes", "NodeOrchestrator", Need::Annotation),
        ]);
        imports.add_module("pytest");
        assert_eq!(
            imports.render(&myapp()).as_str(),
            "from typing import TYPE_CHECKING\nfrom uuid import UUID, uuid4\n\nimport pytest\n\
             from pydantic import BaseModel, Field\n\nfrom myapp.models import ModelB\n\n\
             if TYPE_CHECKING:\n    from omnibase_core.nodes import NodeOrchestrator\n\n"
        );
    }

    #[test]
    fn a_name_needed_at_run_time_is_imported_once() {
        let imports =
            imports(&[("uuid", "UUID", Need::Annotation), ("uuid", "UUID", Need::Runtime)]);
        assert_eq!(imports.render(&myapp()).as_str(), "from uuid import UUID\n\n");
    }

    #[test]
    fn numbers_sort_by_value() {
        let imports = imports(&[
            ("myapp.a10", "A", Need::Runtime),
            ("myapp.a9", "B", Need::Runtime),
            ("myapp.a", "C", Need::Runtime),
        ]);
        let text = imports.render(&myapp());
        let order: Vec<&str> =
            text.as_str().lines().map(|l| l.split(' ').nth(1).unwrap_or("")).collect();
        assert_eq!(order, ["myapp.a", "myapp.a9", "myapp.a10", ""]);
    }

    #[test]
    fn two_modules_cannot_give_one_name() {
        let mut imports = imports(&[("pydantic", "Field", Need::Runtime)]);
        let clash = imports.add_ours("myapp.models", "Field", Need::Runtime).unwrap_err();
        assert_eq!(
            clash.to_string(),
            "`Field` is imported from both `pydantic` and `myapp.models`"
        );
    }

    #[test]
    fn single_lines_where_the_project_wants_them() {
        let style = ImportStyle { force_single_line: true, lines_after: 2, ..myapp() };
        let imports = imports(&[("uuid", "UUID", Need::Runtime), ("uuid", "uuid4", Need::Runtime)]);
        assert_eq!(
            imports.render(&style).as_str(),
            "from uuid import UUID\nfrom uuid import uuid4\n\n\n"
        );
    }

    #[test]
    fn dunder_all_is_sorted_as_ruf022_wants() {
        let names = ["beta", "ModelB", "ALPHA", "ModelA"].map(|n| Identifier::parse(n).unwrap());
        assert_eq!(dunder_all(&names).as_str(), r#"["ALPHA", "ModelA", "ModelB", "beta"]"#);
    }

    #[test]
    fn dunder_all_minds_the_case() {
        let names = ["ModelAb", "ModelAPI", "x10", "x9"].map(|n| Identifier::parse(n).unwrap());
        assert_eq!(dunder_all(&names).as_str(), r#"["ModelAPI", "ModelAb", "x9", "x10"]"#);
    }

    #[test]
    fn sections_are_told_apart_as_ruff_does() {
        let style = ImportStyle {
            first_party: ["myapp".to_owned(), "json".to_owned()].into(),
            third_party: ["myapp.vendored".to_owned(), "uuid".to_owned()].into(),
            found: ["calendar".to_owned(), "tests".to_owned()].into(),
            ..ImportStyle::default()
        };
        let of = |module| section(&DottedPath::ours(module), &style);
        assert_eq!(of("__future__"), Section::Future);
        assert_eq!(of("os.path"), Section::StandardLibrary);
        assert_eq!(of("calendar"), Section::StandardLibrary);
        assert_eq!(of("uuid"), Section::ThirdParty);
        assert_eq!(of("pydantic"), Section::ThirdParty);
        assert_eq!(of("myapp.vendored.x"), Section::ThirdParty);
        assert_eq!(of("myapp.vendor"), Section::FirstParty);
        assert_eq!(of("json.tool"), Section::FirstParty);
        assert_eq!(of("tests.unit"), Section::FirstParty);
    }

    #[test]
    fn the_standard_library_can_be_searched() {
        assert!(STANDARD_LIBRARY.is_sorted());
        assert!(["datetime", "typing", "zoneinfo"].iter().all(|m| STANDARD_LIBRARY.contains(m)));
    }
}

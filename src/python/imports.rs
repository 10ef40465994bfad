//! The import block of a module, in the order of ruff's isort.
//!
//! In: names and the modules they come from, in any order. Out: the statements, one a line, in sections
//! (future, standard library, third party, first party) as `ruff check --select I` wants them;
//! [`super::format`] breaks the long ones. A name that two modules give is a [`NameClash`].
//!
//! [`ImportStyle`] holds the project's settings; those that are not in it cannot change a block of ours, or
//! [`crate::project::settings`] warns of them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use globset::{Glob, GlobMatcher};
use unicode_width::UnicodeWidthStr as _;

use super::{Code, DottedPath, Identifier, module, py};

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
    future: bool,
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
    pub first_party: Vec<ModulePattern>,
    /// `known-third-party`.
    pub third_party: Vec<ModulePattern>,
    /// `known-local-folder`.
    pub local_folder: Vec<ModulePattern>,
    /// `extra-standard-library`.
    pub standard_library: Vec<ModulePattern>,
    /// `sections`: the project's own ones.
    pub sections: BTreeMap<String, Vec<ModulePattern>>,
    /// Top-level packages that ruff finds in the project's source folders; a module of the standard library
    /// of the same name goes before.
    pub found: BTreeSet<String>,
    /// `section-order`.
    pub section_order: Vec<Section>,
    /// `default-section`: for what fits in no other.
    pub default_section: Section,
    /// `no-sections`: all in one.
    pub no_sections: bool,
    /// `no-lines-before`: sections without a blank line above them.
    pub no_lines_before: BTreeSet<Section>,
    /// `required-imports`: what every module imports.
    pub required: BTreeSet<Required>,
    /// `force-single-line`: one name a statement.
    pub force_single_line: bool,
    /// `single-line-exclusions`: modules of which that does not hold.
    pub single_line_exclusions: BTreeSet<String>,
    /// `force-sort-within-sections`: by module, whatever the form of the statement.
    pub force_sort_within_sections: bool,
    /// `force-to-top`: modules that come first in their section.
    pub force_to_top: BTreeSet<String>,
    /// `from-first`: `from x import y` before `import x`.
    pub from_first: bool,
    /// `length-sort`: the short ones first.
    pub length_sort: bool,
    /// `length-sort-straight`: the same for `import x` alone.
    pub length_sort_straight: bool,
    /// `case-sensitive`: capitals before small letters.
    pub case_sensitive: bool,
    /// `order-by-type`: constants, then classes, then the rest.
    pub order_by_type: bool,
    /// `constants`: names that count as such.
    pub constants: BTreeSet<String>,
    /// `classes`: names that count as such.
    pub classes: BTreeSet<String>,
    /// `variables`: names that count as such.
    pub variables: BTreeSet<String>,
    /// `lines-between-types`: blank lines between the two forms of statement.
    pub lines_between_types: usize,
    /// `lines-after-imports`: blank lines behind the block.
    pub lines_after: usize,
}

impl Default for ImportStyle {
    fn default() -> Self {
        Self {
            first_party: Vec::new(),
            third_party: Vec::new(),
            local_folder: Vec::new(),
            standard_library: Vec::new(),
            sections: BTreeMap::new(),
            found: BTreeSet::new(),
            section_order: vec![
                Section::Future,
                Section::StandardLibrary,
                Section::ThirdParty,
                Section::FirstParty,
                Section::LocalFolder,
            ],
            default_section: Section::ThirdParty,
            no_sections: false,
            no_lines_before: BTreeSet::new(),
            required: BTreeSet::new(),
            force_single_line: false,
            single_line_exclusions: BTreeSet::new(),
            force_sort_within_sections: false,
            force_to_top: BTreeSet::new(),
            from_first: false,
            length_sort: false,
            length_sort_straight: false,
            case_sensitive: false,
            order_by_type: true,
            constants: BTreeSet::new(),
            classes: BTreeSet::new(),
            variables: BTreeSet::new(),
            lines_between_types: 0,
            lines_after: 1,
        }
    }
}

/// A group of imports, parted from the others by a blank line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// `from __future__ import ...`.
    Future,
    /// Python's own modules.
    StandardLibrary,
    /// What is installed.
    ThirdParty,
    /// The project's own.
    FirstParty,
    /// Relative imports.
    LocalFolder,
    /// One that the project has made up.
    Custom(String),
}

impl Section {
    /// The section that a setting names.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "future" => Self::Future,
            "standard-library" => Self::StandardLibrary,
            "third-party" => Self::ThirdParty,
            "first-party" => Self::FirstParty,
            "local-folder" => Self::LocalFolder,
            custom => Self::Custom(custom.to_owned()),
        }
    }
}

/// An import that the project wants in every module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Required {
    /// `import module`
    Module(DottedPath),
    /// `from module import name`
    Name(DottedPath, Identifier),
}

/// Modules that a setting names: a dotted path that may hold wildcards.
#[derive(Clone, Debug)]
pub struct ModulePattern {
    text: String,
    glob: Option<GlobMatcher>,
}

impl ModulePattern {
    fn matches(&self, module: &str) -> bool {
        match &self.glob {
            Some(glob) => glob.is_match(module),
            None => self.text == module,
        }
    }
}

impl From<&str> for ModulePattern {
    fn from(text: &str) -> Self {
        // What is no pattern either, ruff refuses; for us it names nothing.
        let is_pattern = text.contains(['*', '?', '[', '{', '\\']);
        let glob = is_pattern.then(|| Glob::new(text).ok()).flatten();
        Self { text: text.to_owned(), glob: glob.map(|glob| glob.compile_matcher()) }
    }
}

impl PartialEq for ModulePattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ModulePattern {}

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

    /// The same with `from __future__ import annotations` on top.
    #[must_use]
    pub fn with_future(mut self) -> Self {
        self.future = true;
        self
    }

    /// The statements, with the blank lines that the project wants behind them.
    ///
    /// Names for annotations alone follow in an `if TYPE_CHECKING:` block. Empty where nothing is imported.
    #[must_use]
    pub fn render(&self, style: &ImportStyle) -> Code {
        let (runtime, annotations) = self.parted(style);
        let mut modules = self.modules.clone();
        modules.extend(style.required.iter().filter_map(|required| match required {
            Required::Module(module) => Some(module.clone()),
            Required::Name(..) => None,
        }));
        let mut text = block(&runtime, &modules, style, "");
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

    /// The names that are imported always, and those for annotations alone.
    fn parted(&self, style: &ImportStyle) -> (Names, Names) {
        let of = |wanted: Need| {
            let names = self.names.iter().filter(move |(_, (_, need))| *need == wanted);
            names.map(|(name, (module, _))| (module.clone(), name.clone())).collect::<Names>()
        };
        let (mut runtime, mut annotations) = (of(Need::Runtime), of(Need::Annotation));
        if self.future {
            runtime.insert((DottedPath::ours("__future__"), Identifier::ours("annotations")));
        }
        for required in &style.required {
            let Required::Name(module, name) = required else { continue };
            // Where the name stands for something else in this module, it cannot be had.
            if self.names.get(name).is_none_or(|(from, _)| from == module) {
                let import = (module.clone(), name.clone());
                annotations.remove(&import);
                runtime.insert(import);
            }
        }
        if !annotations.is_empty() {
            runtime.insert((DottedPath::ours("typing"), Identifier::ours("TYPE_CHECKING")));
        }
        (runtime, annotations)
    }
}

type Names = BTreeSet<(DottedPath, Identifier)>;

/// One block of imports: sections with a blank line between them.
fn block(
    names: &Names,
    modules: &BTreeSet<DottedPath>,
    style: &ImportStyle,
    indent: &str,
) -> String {
    let mut sections: BTreeMap<(bool, usize, Section), Vec<Statement<'_>>> = BTreeMap::new();
    let straight = modules.iter().map(|module| Statement::new(module, Vec::new()));
    for statement in straight.chain(statements(names, style)) {
        let section = section(statement.module, style);
        let place = style.section_order.iter().position(|one| *one == section);
        // Python takes a future import on top alone, whatever the project's order says.
        let below_future = statement.module.first() != "__future__";
        let place = (below_future, place.unwrap_or(usize::MAX), section);
        sections.entry(place).or_default().push(statement);
    }
    let mut text = String::new();
    let mut above = 0;
    for ((_, place, section), mut statements) in sections {
        if !text.is_empty() && style.has_line_between(above, place) {
            text.push('\n');
        }
        above = place;
        statements.sort_by(|a, b| a.compare(b, &section, style));
        let mut before: Option<&Statement<'_>> = None;
        for statement in &statements {
            if before.is_some_and(|before| before.is_straight() != statement.is_straight())
                && !style.force_sort_within_sections
            {
                text.push_str(&"\n".repeat(style.lines_between_types));
            }
            text.push_str(indent);
            statement.write(&mut text);
            text.push('\n');
            before = Some(statement);
        }
    }
    text
}

/// `import module` (no names) or `from module import names`.
struct Statement<'a> {
    module: &'a DottedPath,
    /// The module as it is written.
    path: String,
    names: Vec<&'a Identifier>,
}

impl<'a> Statement<'a> {
    fn new(module: &'a DottedPath, names: Vec<&'a Identifier>) -> Self {
        Self { module, path: module.spelt(), names }
    }

    fn is_straight(&self) -> bool {
        self.names.is_empty()
    }

    fn write(&self, text: &mut String) {
        text.push_str(if self.is_straight() { "import " } else { "from " });
        text.push_str(&self.path);
        for (index, name) in self.names.iter().enumerate() {
            text.push_str(if index == 0 { " import " } else { ", " });
            text.push_str(name.as_str());
        }
    }

    /// `import x` before `from x import y`, unless the project sorts otherwise or by module alone.
    fn compare(&self, other: &Self, section: &Section, style: &ImportStyle) -> Ordering {
        let from_first = style.from_first || *section == Section::Future;
        let forms = self.is_straight().cmp(&other.is_straight());
        let forms = if from_first { forms } else { forms.reverse() };
        if style.force_sort_within_sections && *section != Section::Future {
            self.compare_modules(other, style)
        } else {
            forms.then_with(|| self.compare_modules(other, style))
        }
    }

    fn compare_modules(&self, other: &Self, style: &ImportStyle) -> Ordering {
        let (a, b) = (self.path.as_str(), other.path.as_str());
        let below = |module: &str| !style.force_to_top.contains(module);
        let names = || match (self.names.first(), other.names.first()) {
            (Some(a), Some(b)) => compare_names(a, b, style),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        below(a)
            .cmp(&below(b))
            .then_with(|| self.length(a, style).cmp(&other.length(b, style)))
            .then_with(|| in_order(a, b, style))
            .then_with(names)
    }

    /// What counts of a module's length.
    fn length(&self, module: &str, style: &ImportStyle) -> Option<usize> {
        let counts = style.length_sort || (style.length_sort_straight && self.is_straight());
        counts.then(|| module.width())
    }
}

/// Groups names by module, or not at all where the project wants single lines.
fn statements<'a>(names: &'a Names, style: &ImportStyle) -> Vec<Statement<'a>> {
    let mut statements: Vec<Statement<'a>> = Vec::new();
    // The names of one module stand beside each other.
    for (module, name) in names {
        let may_join = |statement: &Statement<'_>| {
            let alone =
                style.force_single_line && !style.single_line_exclusions.contains(&statement.path);
            statement.module == module && !alone
        };
        match statements.last_mut().filter(|last| may_join(last)) {
            Some(last) => last.names.push(name),
            None => statements.push(Statement::new(module, vec![name])),
        }
    }
    for statement in &mut statements {
        statement.names.sort_by(|a, b| compare_names(a, b, style));
    }
    statements
}

/// Text that is laid out, with `# noqa: E501` on import lines that are too long even so.
///
/// Of an import that is broken only the first line can be, since it holds the module's path and no formatter parts
/// that. A line of one word, as a name alone is, is never too long for the rule.
#[must_use]
pub fn excuse_long(text: &str, columns: u16, indent_width: u8) -> String {
    let mut excused = text.to_owned();
    // From the end, so that the places before stay right.
    for import in module::read(text).imports.iter().rev() {
        let start = import.span.range().start;
        let (before, behind) = text.split_at_checked(start).unwrap_or((text, ""));
        let indent = before.rsplit('\n').next().unwrap_or_default();
        let code = behind.lines().next().unwrap_or_default().trim_end();
        let tab = usize::from(indent_width);
        let width = indent.chars().map(|c| if c == '\t' { tab } else { 1 }).sum::<usize>();
        if width + code.width() > usize::from(columns) {
            excused.insert_str(start + code.len(), "  # noqa: E501");
        }
    }
    excused
}

/// Whether a top-level module is one of Python's own.
pub(crate) fn is_standard_library(module: &str) -> bool {
    STANDARD_LIBRARY.binary_search(&module).is_ok()
}

/// Where a module goes.
fn section(module: &DottedPath, style: &ImportStyle) -> Section {
    let section = own_section(module, style);
    if style.section_order.contains(&section) { section } else { style.default_section.clone() }
}

fn own_section(module: &DottedPath, style: &ImportStyle) -> Section {
    let first = module.first();
    if first == "__future__" {
        return Section::Future;
    }
    if style.no_sections {
        return Section::FirstParty;
    }
    // The longest prefix that the project names decides, then the standard library, then what ruff finds.
    let lengths = if style.knows_some() { module.parts().len() } else { 0 };
    let known = (1..=lengths).rev().find_map(|length| {
        let prefix = module.prefix(length).map(|prefix| prefix.to_string()).unwrap_or_default();
        style.known(&prefix)
    });
    known.unwrap_or_else(|| {
        if is_standard_library(first) {
            Section::StandardLibrary
        } else if style.found.contains(first) {
            Section::FirstParty
        } else {
            style.default_section.clone()
        }
    })
}

impl ImportStyle {
    /// Whether a setting puts any module in a section.
    fn knows_some(&self) -> bool {
        let named =
            [&self.first_party, &self.third_party, &self.local_folder, &self.standard_library];
        !self.sections.is_empty() || named.iter().any(|patterns| !patterns.is_empty())
    }

    /// The section that a setting puts a module in.
    fn known(&self, module: &str) -> Option<Section> {
        let named = |patterns: &[ModulePattern]| patterns.iter().any(|p| p.matches(module));
        let mut custom = self.sections.iter();
        if let Some((name, _)) = custom.find(|(_, patterns)| named(patterns)) {
            Some(Section::named(name))
        } else if named(&self.first_party) {
            Some(Section::FirstParty)
        } else if named(&self.third_party) {
            Some(Section::ThirdParty)
        } else if named(&self.local_folder) {
            Some(Section::LocalFolder)
        } else {
            named(&self.standard_library).then_some(Section::StandardLibrary)
        }
    }

    /// Whether a blank line parts two sections: that of an empty section between them stays.
    fn has_line_between(&self, above: usize, below: usize) -> bool {
        let mut between = self.section_order.iter().take(below.saturating_add(1)).skip(above + 1);
        above > below || between.any(|section| !self.no_lines_before.contains(section))
    }

    fn name_type(&self, name: &str) -> u8 {
        if self.constants.contains(name) {
            0
        } else if self.classes.contains(name) {
            1
        } else if self.variables.contains(name) {
            2
        } else {
            name_type(name)
        }
    }
}

/// The order of names in one statement.
fn compare_names(a: &Identifier, b: &Identifier, style: &ImportStyle) -> Ordering {
    let (a, b) = (a.as_str(), b.as_str());
    let types = |name| style.order_by_type.then(|| style.name_type(name));
    let length = |name: &str| style.length_sort.then(|| name.width());
    types(a)
        .cmp(&types(b))
        .then_with(|| length(a).cmp(&length(b)))
        .then_with(|| in_order(a, b, style))
}

fn in_order(a: &str, b: &str, style: &ImportStyle) -> Ordering {
    if style.case_sensitive { natord::compare(a, b).then_with(|| a.cmp(b)) } else { natural(a, b) }
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

/// What is left of two texts behind that with which both begin. A number is compared as a whole, and so not parted.
fn behind_common<'t>(a: &'t str, b: &'t str) -> (&'t str, &'t str) {
    let same = a.bytes().zip(b.bytes()).take_while(|(one, other)| one == other).count();
    let start = a.get(..a.floor_char_boundary(same)).unwrap_or_default();
    let digits = start.bytes().rev().take_while(u8::is_ascii_digit).count();
    let length = start.len() - digits;
    (a.get(length..).unwrap_or_default(), b.get(length..).unwrap_or_default())
}

/// Without regard to case first, numbers by value; then exactly, so that the order is total.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (a, b) = behind_common(a, b);
    natord::compare_ignore_case(a, b).then_with(|| natord::compare(a, b)).then_with(|| a.cmp(b))
}

/// The order of `__all__` (RUF022): unlike that of names in a statement it minds the case.
pub(crate) fn compare_exports(a: &str, b: &str) -> Ordering {
    let types = name_type(a).cmp(&name_type(b));
    let (a, b) = behind_common(a, b);
    types.then_with(|| natord::compare(a, b)).then_with(|| a.cmp(b))
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
    use proptest::prelude::*;

    use super::*;

    fn imports(names: &[(&'static str, &'static str, Need)]) -> Imports {
        let mut imports = Imports::new();
        for (module, name, need) in names {
            imports.add_ours(module, name, *need).unwrap();
        }
        imports
    }

    fn myapp() -> ImportStyle {
        ImportStyle { first_party: ["myapp".into()].into(), ..ImportStyle::default() }
    }

    proptest! {
        #[test]
        fn what_two_names_begin_with_makes_no_difference(
            start in "[aA1 2_.é]{0,6}",
            one in "[aA1 2_.é]{0,4}",
            other in "[aA1 2_.é]{0,4}",
        ) {
            let (a, b) = (format!("{start}{one}"), format!("{start}{other}"));
            let whole = natord::compare_ignore_case(&a, &b)
                .then_with(|| natord::compare(&a, &b))
                .then_with(|| a.cmp(&b));
            prop_assert_eq!(natural(&a, &b), whole, "{:?} {:?}", a, b);
        }
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

    /// What `ruff check --select I` makes of the same block.
    #[test]
    fn every_setting_changes_the_block_as_it_does_for_ruff() {
        let mut imports = imports(&[
            ("myapp.models", "ModelB", Need::Runtime),
            ("uuid", "UUID", Need::Runtime),
            ("uuid", "uuid4", Need::Runtime),
            ("abc", "ABC", Need::Runtime),
            ("pydantic", "BaseModel", Need::Runtime),
        ]);
        imports.add_module("pytest");
        let imports = imports.with_future();
        let text = |change: &dyn Fn(&mut ImportStyle)| {
            let mut style = myapp();
            change(&mut style);
            imports.render(&style).as_str().trim_end().to_owned()
        };
        let future = "from __future__ import annotations\n";
        let python = "from abc import ABC\nfrom uuid import UUID, uuid4\n";
        let others = "import pytest\nfrom pydantic import BaseModel\n";
        let ours = "from myapp.models import ModelB";
        assert_eq!(text(&|_| ()), format!("{future}\n{python}\n{others}\n{ours}"));
        assert_eq!(
            text(&|style| style.lines_between_types = 1),
            format!(
                "{future}\n{python}\nimport pytest\n\nfrom pydantic import BaseModel\n\n{ours}"
            )
        );
        assert_eq!(
            text(&|style| style.from_first = true),
            format!("{future}\n{python}\nfrom pydantic import BaseModel\nimport pytest\n\n{ours}")
        );
        assert_eq!(
            text(&|style| style.no_sections = true),
            format!(
                "{future}\nimport pytest\nfrom abc import ABC\n{ours}\n\
                 from pydantic import BaseModel\nfrom uuid import UUID, uuid4"
            )
        );
        assert_eq!(
            text(&|style| {
                style.no_lines_before = [Section::StandardLibrary, Section::FirstParty].into();
            }),
            format!("{future}{python}\n{others}{ours}")
        );
        assert_eq!(
            text(&|style| {
                style.section_order =
                    ["first-party", "third-party", "future"].map(Section::named).into();
            }),
            format!(
                "{future}\n{ours}\n\nimport pytest\nfrom abc import ABC\n\
                 from pydantic import BaseModel\nfrom uuid import UUID, uuid4"
            )
        );
        assert_eq!(
            text(&|style| style.length_sort = true),
            format!(
                "{future}\nfrom abc import ABC\nfrom uuid import UUID, uuid4\n\n{others}\n{ours}"
            )
        );
        assert_eq!(
            text(&|style| style.force_to_top = ["uuid".to_owned()].into()),
            format!(
                "{future}\nfrom uuid import UUID, uuid4\nfrom abc import ABC\n\n{others}\n{ours}"
            )
        );
        assert_eq!(
            text(&|style| {
                style.required = [
                    Required::Module(DottedPath::ours("os")),
                    Required::Name(DottedPath::ours("typing"), Identifier::ours("Any")),
                    Required::Name(DottedPath::ours("elsewhere"), Identifier::ours("UUID")),
                ]
                .into();
            }),
            format!(
                "{future}\nimport os\nfrom abc import ABC\nfrom typing import Any\n\
                 from uuid import UUID, uuid4\n\n{others}\n{ours}"
            )
        );
        assert_eq!(
            text(&|style| {
                style.third_party = ["u*".into()].into();
                style.sections = [("mine".to_owned(), ["myapp.*".into()].into())].into();
                style.section_order.insert(1, Section::named("mine"));
            }),
            format!(
                "{future}\n{ours}\n\nfrom abc import ABC\n\n{others}from uuid import UUID, uuid4"
            )
        );
        assert_eq!(
            text(&|style| {
                style.force_single_line = true;
                style.single_line_exclusions = ["uuid".to_owned()].into();
            }),
            format!("{future}\n{python}\n{others}\n{ours}")
        );
    }

    #[test]
    fn capitals_come_first_where_case_counts() {
        let style = ImportStyle { case_sensitive: true, order_by_type: false, ..myapp() };
        let imports = imports(&[
            ("uuid", "uuid4", Need::Runtime),
            ("uuid", "UUID", Need::Runtime),
            ("uuid", "Zz", Need::Runtime),
        ]);
        assert_eq!(imports.render(&style).as_str(), "from uuid import UUID, Zz, uuid4\n\n");
    }

    #[test]
    fn import_lines_that_no_formatter_breaks_are_excused() {
        let text = "\"\"\"Doc.\n\nfrom a_long_module_in_a_docstring import (\n\"\"\"\n\n\
                    from a_module_of_length_20 import (\n    Name,\n)\nfrom short import a\n\
                    if TYPE_CHECKING:\n\tfrom a_module import b, c\r\n";
        let excused = excuse_long(text, 30, 8);
        assert_eq!(
            excused,
            text.replace("length_20 import (", "length_20 import (  # noqa: E501")
                .replace("b, c\r", "b, c  # noqa: E501\r")
        );
        assert_eq!(
            excuse_long(text, 34, 4),
            text.to_owned().replace("20 import (", "20 import (  # noqa: E501")
        );
        assert_eq!(excuse_long(text, 35, 4), text);
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
            first_party: ["myapp".into(), "json".into()].into(),
            third_party: ["myapp.vendored".into(), "uuid".into()].into(),
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

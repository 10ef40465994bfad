//! `__init__.py` texts merged as sets.
//!
//! In: the text that stands there, which is the user's, and the text as it would be rendered. Out: the
//! user's text with the imports and the `__all__` entries that it lacks, everything else byte for byte as it
//! was. Where that cannot be had without a guess, a [`MergeProblem`] says what to add by hand.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::mem::discriminant;

use ruff_python_ast::token::TokenKind;

use super::edit::{
    Edit, Entry, List, Source, Statement, WIDTH, broken, first_line, line_end, quote_of,
};
use super::imports::{by_type, compare_exports, natural};
use super::module::{Condition, ExportList, Exports, Import, ImportedName, Module, Origin, read};
use super::rewrite::Rewritten;
use super::syntax::SyntaxProblem;
use crate::source::{SourceFile, Span, Spanned};

/// Why a text cannot be merged; the text stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeProblem {
    /// The user's text is no Python.
    #[error("it is no valid Python: {0}")]
    Syntax(SyntaxProblem),
    /// The user's text binds a name to something else.
    #[error(
        "line {line} binds `{name}` by `{existing}`, but `{wanted}` is to be there; rename one of them"
    )]
    Clash {
        /// The name.
        name: String,
        /// The line of the user's text, from 1.
        line: usize,
        /// The user's statement, in short.
        existing: String,
        /// The statement that is to be there.
        wanted: String,
    },
    /// `__all__` is built by code, or names come in with `*`.
    #[error("line {line} decides by itself what is exported; add by hand: {}", .missing.join("; "))]
    Computed {
        /// The line of the user's text, from 1.
        line: usize,
        /// What is missing: import statements, and names of `__all__`.
        missing: Vec<String>,
    },
    /// The text has a form that cannot be extended.
    #[error("it cannot be extended; add by hand: {}", .missing.join("; "))]
    Form {
        /// What is missing: import statements, and names of `__all__`.
        missing: Vec<String>,
    },
    /// The rendered text is no Python: a mistake in this program.
    #[error("onex rendered an `__init__.py` that is no valid Python, which is a bug in onex: {0}")]
    Rendered(SyntaxProblem),
}

/// The user's `__init__.py` with the imports and exports of the rendered one that it lacks.
///
/// A relative import counts as the absolute one of the same thing. New imports and names go where isort
/// would have them if what is there is in that order, else behind the others.
///
/// # Errors
/// When the user's text is no Python, binds one of the names to something else, or has a form that cannot
/// be extended.
pub fn merge_init(existing: &str, rendered: &str) -> Result<String, MergeProblem> {
    let asked = read(rendered);
    if let Some(problem) = asked.problems.first() {
        return Err(MergeProblem::Rendered(problem.clone()));
    }
    let eol = line_end(existing).or_else(|| line_end(rendered)).unwrap_or("\n");
    let source = Source::read(existing, eol).map_err(MergeProblem::Syntax)?;
    let there = &source.module;
    if let Some(problem) = there.problems.first() {
        return Err(MergeProblem::Syntax(problem.clone()));
    }
    let wanted = Wanted::of(&asked);
    let missing = wanted.missing(existing, there)?;
    missing.check_exports(existing, there)?;
    if missing.is_empty() {
        return Ok(existing.to_owned());
    }
    let single = is_single(there) || is_single(&asked);
    let added = with_added(source, &missing, &wanted, single).map_err(MergeProblem::Syntax)?;
    // What was merged is held against what was wanted: a form that nobody thought of is no silent loss.
    let Rewritten { text, before, now } = added;
    let complete = missing.missing(&text, &now).is_ok_and(|left| left.is_empty());
    // A new `__all__` takes back what was exported without one.
    let is_new = before.exports == Exports::Absent && now.exports != Exports::Absent;
    let exported = !is_new || holds_all(now.exports.names(), wanted.exports());
    if complete && exported && keeps(&before, &now) {
        Ok(text)
    } else {
        Err(MergeProblem::Form { missing: missing.by_hand() })
    }
}

/// The text with the imports and exports that it lacks.
fn with_added(
    source: Source<'_>,
    missing: &Wanted,
    wanted: &Wanted,
    single: bool,
) -> Result<Rewritten, SyntaxProblem> {
    let add_exports = |to: &Source<'_>| add_exports(to, &missing.exports, &wanted.packages());
    let mut left = missing.by_origin(single);
    // An `__all__` that stands is no part of any import, so that all of it can be added at once.
    let add_all = |to: &Source<'_>, left: &mut Vec<OfModule<'_>>| {
        let mut edits = add_imports(to, std::mem::take(left), single, left);
        let is_listed = matches!(to.module.exports, Exports::Listed(_));
        let is_done = left.is_empty() && (is_listed || missing.exports.is_empty());
        if is_done {
            edits.extend(add_exports(to));
        }
        (edits, is_done)
    };
    let is_blank = source.text.trim_start_matches('\u{feff}').trim().is_empty();
    let (mut text, mut is_done) = if is_blank {
        // Nothing stands there that could be kept.
        (String::new(), false)
    } else {
        let (edits, is_done) = add_all(&source, &mut left);
        if is_done {
            return Ok(source.rewritten(edits));
        }
        (source.edited(edits), is_done)
    };
    while !left.is_empty() {
        let now = Source::read(&text, source.eol)?;
        let (edits, done) = add_all(&now, &mut left);
        (text, is_done) = (now.edited(edits), done);
    }
    if !is_done {
        let now = Source::read(&text, source.eol)?;
        text = now.edited(add_exports(&now));
    }
    Ok(Rewritten { now: read(&text), text, before: source.into_module() })
}

/// Whether a text is valid Python and still says all that it said before.
fn keeps(before: &Module, now: &Module) -> bool {
    let same_form = discriminant(&before.exports) == discriminant(&now.exports);
    let new_list = before.exports == Exports::Absent && matches!(now.exports, Exports::Listed(_));
    now.problems.is_empty()
        && (same_form || new_list)
        && holds_all(now.exports.names(), before.exports.names())
        && holds_all(imported(now), imported(before))
        && defined(before).eq(defined(now))
}

/// Whether all of some things are among others.
fn holds_all<T: Ord>(
    others: impl IntoIterator<Item = T> + Clone,
    things: impl IntoIterator<Item = T> + Clone,
) -> bool {
    // Mostly they stand in the same order.
    let mut rest = others.clone().into_iter();
    let in_order = things.clone().into_iter().all(|thing| rest.any(|other| other == thing));
    let all = || others.into_iter().collect::<BTreeSet<T>>();
    in_order || things.into_iter().collect::<BTreeSet<T>>().is_subset(&all())
}

/// The names that a module defines.
fn defined(module: &Module) -> impl Iterator<Item = &str> {
    module.definitions.iter().map(|definition| definition.value.as_str())
}

/// Every imported name with where it comes from and what it is called.
fn imported(module: &Module) -> impl Iterator<Item = (Option<&Origin>, &str, &str)> + Clone {
    module.imports.iter().flat_map(|import| {
        let names = import.names.iter();
        names.map(|name| (import.from.as_ref(), name.name.as_str(), name.bound()))
    })
}

/// One imported name with the place that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wish {
    origin: Option<Origin>,
    name: ImportedName,
}

impl Wish {
    /// The name as an import statement has it.
    fn entry(&self) -> String {
        match &self.name.alias {
            Some(alias) => format!("{} as {alias}", self.name.name),
            None => self.name.name.clone(),
        }
    }

    fn statement(&self) -> String {
        statement(self.origin.as_ref(), &[self.entry()])
    }

    /// Whether a name of an import is this very thing.
    fn is(&self, import: &Import, name: &ImportedName) -> bool {
        name.name == self.name.name
            && match (&import.from, &self.origin) {
                (None, None) => true,
                (Some(there), Some(wanted)) => same_module(there, wanted),
                (None, Some(_)) | (Some(_), None) => false,
            }
    }
}

fn statement(origin: Option<&Origin>, entries: &[String]) -> String {
    match origin {
        Some(origin) => format!("from {origin} import {}", entries.join(", ")),
        None => format!("import {}", entries.join(", ")),
    }
}

/// Whether two origins are one module, as far as one can tell without knowing where the text stands:
/// `.model_x` is `myapp.models.model_x`.
fn same_module(a: &Origin, b: &Origin) -> bool {
    let ends_with = |absolute: &str, relative: &str| {
        let package = absolute.strip_suffix(relative).and_then(|rest| rest.strip_suffix('.'));
        package.is_some_and(|package| !package.is_empty()) && !relative.is_empty()
    };
    match (a.level, b.level) {
        (0, 0) => a.module == b.module,
        (0, _) => ends_with(&a.module, &b.module),
        (_, 0) => ends_with(&b.module, &a.module),
        (_, _) => a == b,
    }
}

/// Imports and exports: all that a rendered text wants, or what the user's text lacks of it.
#[derive(Clone, Debug, Default)]
struct Wanted {
    imports: Vec<Wish>,
    exports: Vec<String>,
}

impl Wanted {
    fn of(module: &Module) -> Self {
        let always = module.imports.iter().filter(|import| import.condition == Condition::Always);
        let wishes = always.flat_map(|import| {
            let wish =
                |name: &ImportedName| Wish { origin: import.from.clone(), name: name.clone() };
            import.names.iter().map(wish).collect::<Vec<_>>()
        });
        let exports = module.exports.names().into_iter().map(str::to_owned).collect();
        Self { imports: wishes.collect(), exports }
    }

    fn is_empty(&self) -> bool {
        self.imports.is_empty() && self.exports.is_empty()
    }

    fn exports(&self) -> Vec<&str> {
        self.exports.iter().map(String::as_str).collect()
    }

    /// What a text lacks, or the name in it that stands for something else.
    fn missing(&self, text: &str, there: &Module) -> Result<Self, MergeProblem> {
        let names = self.imports.iter().map(|wish| wish.name.bound());
        let names = names.chain(self.exports.iter().map(String::as_str)).collect();
        let bound = Bound::of(there, &names);
        let mut missing = Self::default();
        for wish in &self.imports {
            if !bound.is_imported(wish) {
                bound.clash(wish, text)?;
                missing.imports.push(wish.clone());
            }
        }
        let listed = there.exports.names().into_iter().filter(|name| names.contains(name));
        let listed: BTreeSet<&str> = listed.collect();
        // `import x as x` exports as well, where no `__all__` decides.
        let exported = |name: &str| {
            listed.contains(name) || (there.exports == Exports::Absent && bound.says_so(name))
        };
        missing.exports = self.exports.iter().filter(|name| !exported(name)).cloned().collect();
        Ok(missing)
    }

    /// Whether the exports that are missing can be added.
    fn check_exports(&self, text: &str, there: &Module) -> Result<(), MergeProblem> {
        if self.exports.is_empty() {
            return Ok(());
        }
        let decides = match &there.exports {
            Exports::Listed(_) => None,
            Exports::Computed { span, .. } => Some(*span),
            // A new `__all__` would hide what the star brings in.
            Exports::Absent => {
                there.imports.iter().find(|import| is_star(import)).map(|import| import.span)
            }
        };
        decides.map_or(Ok(()), |span| {
            Err(MergeProblem::Computed { line: line_of(text, span), missing: self.by_hand() })
        })
    }

    /// The imports in order, those of one module together unless each is to stand alone.
    fn by_origin(&self, single: bool) -> Vec<OfModule<'_>> {
        let mut groups: Vec<OfModule<'_>> = Vec::new();
        let mut places: BTreeMap<Option<&Origin>, usize> = BTreeMap::new();
        for wish in &self.imports {
            let origin = wish.origin.as_ref();
            let joins = !single && origin.is_some();
            let known = places.get(&origin).filter(|_| joins).copied();
            match known.and_then(|at| groups.get_mut(at)) {
                Some((_, wishes)) => wishes.push(wish),
                None => {
                    places.insert(origin, groups.len());
                    groups.push((origin, vec![wish]));
                }
            }
        }
        groups
    }

    /// The top-level packages that the names come from.
    fn packages(&self) -> BTreeSet<&str> {
        self.imports.iter().map(|wish| Key::new(wish.origin.as_ref(), "").package).collect()
    }

    fn by_hand(&self) -> Vec<String> {
        let imports = self.by_origin(false).into_iter().map(|(origin, wishes)| {
            let entries: Vec<String> = wishes.iter().map(|wish| wish.entry()).collect();
            format!("`{}`", statement(origin, &entries))
        });
        let exports = self.exports.iter().map(|name| format!("`\"{name}\"` in `__all__`"));
        imports.chain(exports).collect()
    }
}

/// What a text binds of some names: both may be thousands.
struct Bound<'a> {
    imported: BTreeMap<&'a str, Vec<(&'a Import, &'a ImportedName)>>,
    definitions: &'a [Spanned<String>],
    /// Whether a module's `__getattr__` brings names in when they are asked for.
    is_lazy: bool,
}

impl<'a> Bound<'a> {
    fn of(module: &'a Module, names: &BTreeSet<&str>) -> Self {
        let mut imported: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for import in &module.imports {
            for name in import.names.iter().filter(|name| names.contains(name.bound())) {
                imported.entry(name.bound()).or_default().push((import, name));
            }
        }
        let definitions = &module.definitions;
        let is_lazy = definitions.iter().any(|name| name.value == "__getattr__");
        Self { imported, definitions, is_lazy }
    }

    /// The imports that bind a name.
    fn by(&self, name: &str) -> &[(&'a Import, &'a ImportedName)] {
        self.imported.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether the text imports the very thing already. Under `if TYPE_CHECKING:` that counts where the module brings
    /// its names in when they are asked for.
    fn is_imported(&self, wish: &Wish) -> bool {
        self.by(wish.name.bound()).iter().any(|(import, name)| {
            (import.condition != Condition::TypeChecking || self.is_lazy) && wish.is(import, name)
        })
    }

    /// Whether the text exports a name by importing it as itself.
    fn says_so(&self, name: &str) -> bool {
        let is_itself = |there: &ImportedName| there.name == name && there.alias.is_some();
        self.by(name).iter().any(|(_, there)| is_itself(there))
    }

    /// Fails where the text binds the wished name to something else.
    fn clash(&self, wish: &Wish, text: &str) -> Result<(), MergeProblem> {
        let bound = wish.name.bound();
        let clash = |span: Span, existing: String| MergeProblem::Clash {
            name: bound.to_owned(),
            line: line_of(text, span),
            existing,
            wanted: wish.statement(),
        };
        for (import, name) in self.by(bound) {
            // `import a.b` and `import a.c` bind one `a`; the type checker's import is the same name again.
            let package =
                wish.origin.is_none() && import.from.is_none() && wish.name.alias == name.alias;
            if !package && !wish.is(import, name) {
                let existing = Wish { origin: import.from.clone(), name: (*name).clone() };
                return Err(clash(import.span, existing.statement()));
            }
        }
        match self.definitions.iter().find(|name| name.value == bound) {
            Some(name) => {
                let line = first_line(text.get(name.span.start as usize..).unwrap_or_default());
                Err(clash(name.span, line.trim().to_owned()))
            }
            None => Ok(()),
        }
    }
}

fn line_of(text: &str, span: Span) -> usize {
    SourceFile::new("", text).position(span.start).line
}

/// The names that come from one module.
type OfModule<'a> = (Option<&'a Origin>, Vec<&'a Wish>);

/// Adds what stands beside statements of its package, all of it at once: there may be a thousand. Where nothing does,
/// the first goes in alone, and what is left comes later, when that shows where it belongs.
fn add_imports<'a>(
    source: &Source<'_>,
    wanted: Vec<OfModule<'a>>,
    single: bool,
    later: &mut Vec<OfModule<'a>>,
) -> Vec<Edit> {
    let runs = runs(source);
    let keys = runs.iter().flat_map(|run| &run.keys);
    let packages: BTreeSet<&str> = keys.map(|key| key.package).collect();
    let stands_beside = |(origin, wishes): &OfModule<'a>| {
        let package = key_of(*origin, wishes).package;
        package != "__future__" && packages.contains(package)
    };
    let (mut now, mut others): (Vec<_>, Vec<_>) = wanted.into_iter().partition(stands_beside);
    if now.is_empty() && !others.is_empty() {
        now.push(others.remove(0));
    }
    later.append(&mut others);
    // Those that go to one place stand in the order of what is there.
    let order =
        runs.iter().map(|run| run.order).reduce(|all, one| all.filter(|all| Some(*all) == one));
    if let Some(order) = order.flatten() {
        now.sort_by(|a, b| order.of(&key_of(a.0, &a.1), &key_of(b.0, &b.1)));
    }
    let add = |(origin, wishes): &OfModule<'a>| add_import(source, &runs, *origin, wishes, single);
    now.iter().flat_map(add).collect()
}

/// What the statement that imports some names of a module is sorted by.
fn key_of<'a>(origin: Option<&'a Origin>, wishes: &[&'a Wish]) -> Key<'a> {
    Key::new(origin, wishes.first().map_or("", |wish| &wish.name.name))
}

/// Adds names of one module to the statement that imports from it, or a statement.
fn add_import(
    source: &Source<'_>,
    runs: &[Run<'_>],
    origin: Option<&Origin>,
    wishes: &[&Wish],
    single: bool,
) -> Vec<Edit> {
    let mut entries: Vec<Entry> = wishes
        .iter()
        .map(|wish| Entry { key: wish.name.name.clone(), text: wish.entry() })
        .collect();
    entries.sort_by(|a, b| by_type(&a.key, &b.key));
    let there = origin.filter(|_| !single).and_then(|origin| extensible(source, origin));
    if let Some(import) = there {
        return import_list(source, import).add(source, entries, &[by_type, natural, str::cmp]);
    }
    let texts: Vec<String> = entries.into_iter().map(|entry| entry.text).collect();
    let mut line = statement(origin, &texts);
    if let (Some(origin), true) = (origin, line.chars().count() > WIDTH) {
        line = broken(&format!("from {origin} import "), &texts, ("(", ")"), source);
    }
    vec![place_import(source, runs, origin, texts.first().map_or("", String::as_str), &line)]
}

/// The statement that imports from a module already.
fn extensible<'s>(source: &'s Source<'_>, origin: &Origin) -> Option<&'s Import> {
    let imports = source.body.iter().filter_map(|statement| source.import(statement));
    imports.into_iter().find(|import| {
        import.from.as_ref().is_some_and(|there| same_module(there, origin)) && !is_star(import)
    })
}

fn is_star(import: &Import) -> bool {
    import.names.iter().any(|name| name.name == "*")
}

/// Whether a text has one statement for each name, which shows where two import from one module.
fn is_single(module: &Module) -> bool {
    let mut seen = HashSet::new();
    let singles = module.imports.iter().filter(|i| i.names.len() == 1 && !is_star(i));
    singles.filter_map(|import| import.from.as_ref()).any(|origin| !seen.insert(origin))
}

/// The names of an import statement as a list that can be extended.
fn import_list<'s>(source: &Source<'_>, import: &'s Import) -> List<'s> {
    let mut brackets = source.tokens_in(import.span.range());
    let open = brackets.find(|(kind, _)| *kind == TokenKind::Lpar).map(|(_, range)| range);
    let close = brackets.filter(|(kind, _)| *kind == TokenKind::Rpar).last();
    List {
        whole: import.span.range(),
        brackets: open.zip(close.map(|(_, range)| range)),
        style: ("(", ")"),
        entries: import.names.iter().map(|name| (name.name.as_str(), name.span.range())).collect(),
    }
}

/// Puts a new import statement where it belongs.
fn place_import(
    source: &Source<'_>,
    runs: &[Run<'_>],
    origin: Option<&Origin>,
    first: &str,
    line: &str,
) -> Edit {
    let key = Key::new(origin, first);
    if key.package == "__future__" || runs.is_empty() {
        return place_first(source, line, !runs.is_empty());
    }
    if let Some((index, run)) = runs.iter().enumerate().find(|(_, run)| run.has(key.package)) {
        return place_in_run(source, run, index == 0, &key, line);
    }
    let relative = key.package.is_empty();
    let before = runs.iter().take_while(|run| relative || !run.has("")).last();
    let first = runs.first().and_then(|run| run.statements.first());
    match (before.and_then(|run| run.statements.last()), first) {
        (Some(last), _) => source.lines(source.after_line(last.range.end), line, true, true),
        (None, Some(first)) if source.leads_line(&first.range) => {
            source.lines(first.range.start, line, false, true)
        }
        (None, Some(first)) => source.lines(source.after_line(first.range.end), line, true, true),
        (None, None) => place_first(source, line, false),
    }
}

/// How isort may have sorted import statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// `import x` before `from x import y`.
    ByForm,
    /// By the modules alone.
    ByModule,
}

impl Order {
    fn of(self, a: &Key<'_>, b: &Key<'_>) -> Ordering {
        match self {
            Self::ByForm => a.by_form(b),
            Self::ByModule => a.by_module(b),
        }
    }
}

/// What import statements are sorted by.
struct Key<'a> {
    /// The top-level package; empty for a relative import.
    package: &'a str,
    is_from: bool,
    module: Cow<'a, str>,
    first: &'a str,
}

impl<'a> Key<'a> {
    fn new(origin: Option<&'a Origin>, first: &'a str) -> Self {
        let (module, top) = match origin {
            None => (Cow::Borrowed(first), first),
            Some(absolute) if absolute.level == 0 => {
                (Cow::Borrowed(absolute.module.as_str()), absolute.module.as_str())
            }
            Some(relative) => (Cow::Owned(relative.to_string()), ""),
        };
        let package = top.split('.').next().unwrap_or_default();
        Self { package, is_from: origin.is_some(), module, first }
    }

    fn of(import: &'a Import) -> Self {
        Self::new(import.from.as_ref(), import.names.first().map_or("", |name| &name.name))
    }

    /// `import x` before `from x import y`.
    fn by_form(&self, other: &Self) -> Ordering {
        self.is_from.cmp(&other.is_from).then_with(|| self.by_module(other))
    }

    fn by_module(&self, other: &Self) -> Ordering {
        let modules = || natural(&self.module, &other.module);
        modules().then_with(|| by_type(self.first, other.first))
    }
}

/// Import statements without a blank line between them.
struct Run<'s> {
    statements: Vec<&'s Statement>,
    keys: Vec<Key<'s>>,
    /// The order that they are in, if they are in one.
    order: Option<Order>,
}

impl<'s> Run<'s> {
    fn of(source: &'s Source<'_>, statements: Vec<&'s Statement>) -> Self {
        let imports = statements.iter().filter_map(|statement| source.import(statement));
        let keys: Vec<Key<'_>> = imports.map(Key::of).collect();
        let sorted = |order: &Order| keys.is_sorted_by(|a, b| order.of(a, b) != Ordering::Greater);
        let order = [Order::ByForm, Order::ByModule].into_iter().find(sorted);
        Self { statements, keys, order }
    }

    /// Whether something of a package is imported in it; relative imports are of the one without a name.
    fn has(&self, package: &str) -> bool {
        self.keys.iter().any(|key| key.package == package)
    }
}

/// The first imports of the text, in runs that blank lines part.
fn runs<'s>(source: &'s Source<'_>) -> Vec<Run<'s>> {
    let first = source.body.iter().position(|statement| source.import(statement).is_some());
    let region = source.body.iter().skip(first.unwrap_or(source.body.len()));
    let mut runs: Vec<Vec<&Statement>> = Vec::new();
    for statement in region.take_while(|statement| source.import(statement).is_some()) {
        let joined = runs.last().and_then(|run| run.last()).is_some_and(|previous| {
            let between =
                source.text.get(source.after_line(previous.range.end)..statement.range.start);
            // On one line with the one before, or with no blank line between.
            between.is_none_or(|between| between.lines().all(|line| !line.trim().is_empty()))
        });
        match runs.last_mut() {
            Some(run) if joined => run.push(statement),
            _ => runs.push(vec![statement]),
        }
    }
    runs.into_iter().map(|statements| Run::of(source, statements)).collect()
}

/// Puts a statement among those of its package: in order where they are in order, else behind them.
fn place_in_run(
    source: &Source<'_>,
    run: &Run<'_>,
    leads: bool,
    key: &Key<'_>,
    line: &str,
) -> Edit {
    let place = run.order.map_or(run.statements.len(), |order| {
        run.keys.partition_point(|there| order.of(there, key) != Ordering::Greater)
    });
    let previous = place.checked_sub(1).and_then(|index| run.statements.get(index));
    match (previous, run.statements.first()) {
        (Some(previous), _) => {
            source.lines(source.after_line(previous.range.end), line, false, false)
        }
        (None, Some(first)) if source.leads_line(&first.range) => {
            // A comment above the very first import is more likely the file's than the import's.
            let above = if leads { first.range.start } else { source.above_comments(&first.range) };
            source.lines(above, line, false, false)
        }
        (None, Some(first)) => source.lines(source.after_line(first.range.end), line, false, false),
        (None, None) => place_first(source, line, false),
    }
}

/// Puts a statement behind the docstring, or before everything else.
fn place_first(source: &Source<'_>, line: &str, imports_follow: bool) -> Edit {
    let docstring = source.module.docstring.map(Span::range);
    let first = source.body.get(usize::from(docstring.is_some()));
    let end = source.text.len();
    match (docstring, first) {
        (_, None) => source.lines(end, line, true, false),
        (Some(docstring), Some(first)) if !source.leads_line(&first.range) || !imports_follow => {
            source.lines(source.after_line(docstring.end), line, true, true)
        }
        (_, Some(first)) => {
            // The comments at the top are the file's: a license, an encoding.
            let above = source.above_comments(&first.range);
            let at =
                if above == source.start() || imports_follow { first.range.start } else { above };
            source.lines(at, line, !imports_follow, true)
        }
    }
}

/// Adds names to `__all__`, or an `__all__`.
fn add_exports(source: &Source<'_>, names: &[String], packages: &BTreeSet<&str>) -> Vec<Edit> {
    let literal = |quote: char, name: &str| format!("{quote}{name}{quote}");
    match &source.module.exports {
        _ if names.is_empty() => Vec::new(),
        Exports::Listed(list) => {
            let last = list.names.last().and_then(|name| source.text.get(name.span.range()));
            let quote = last.and_then(quote_of).unwrap_or_else(|| source.quote());
            let new = names
                .iter()
                .map(|name| Entry { key: name.clone(), text: literal(quote, name) })
                .collect();
            export_list(source, list).add(source, new, &[compare_exports, natural, str::cmp])
        }
        Exports::Absent => {
            let mut all: Vec<&str> = names.iter().map(String::as_str).collect();
            all.extend(exported_without(source, packages));
            all.sort_by(|a, b| compare_exports(a, b));
            all.dedup();
            let quote = source.quote();
            let entries: Vec<String> = all.iter().map(|name| literal(quote, name)).collect();
            let mut line = format!("__all__ = [{}]", entries.join(", "));
            if line.chars().count() > WIDTH {
                line = broken("__all__ = ", &entries, ("[", "]"), source);
            }
            let last = source.body.iter().rev().find(|statement| statement.imports);
            let at = last.map_or(source.text.len(), |last| source.after_line(last.range.end));
            vec![source.lines(at, &line, true, true)]
        }
        Exports::Computed { .. } => Vec::new(),
    }
}

fn export_list<'s>(source: &Source<'_>, list: &'s ExportList) -> List<'s> {
    let text = source.text.get(list.list.range()).unwrap_or_default();
    let bracketed = text.starts_with(['[', '(']) && text.ends_with([']', ')']);
    let (start, end) = (list.list.start as usize, list.list.end as usize);
    List {
        whole: list.statement.range(),
        brackets: bracketed.then_some((start..start + 1, end.saturating_sub(1)..end)),
        style: if text.starts_with('[') { ("[", "]") } else { ("(", ")") },
        entries: list.names.iter().map(|name| (name.value.as_str(), name.span.range())).collect(),
    }
}

/// What a text without `__all__` exports, as far as it is the project's own: a new `__all__` would hide it.
fn exported_without<'s>(source: &'s Source<'_>, packages: &BTreeSet<&str>) -> Vec<&'s str> {
    let own =
        |origin: &Origin| origin.level > 0 || packages.contains(Key::new(Some(origin), "").package);
    let imports = source.module.imports.iter().filter(|import| {
        import.condition == Condition::Always && import.from.as_ref().is_some_and(own)
    });
    let imported = imports.flat_map(|import| &import.names).map(ImportedName::bound);
    let defined = source.module.definitions.iter().map(|name| name.value.as_str());
    imported.chain(defined).filter(|name| !name.starts_with('_')).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::python::syntax::{span, with_parsed};

    const RENDERED: &str = "\"\"\"Models.\"\"\"\n\nfrom myapp.models.model_b import ModelB\n\n__all__ = [\"ModelB\"]\n";

    fn merged(existing: &str) -> String {
        let once = merge_init(existing, RENDERED).unwrap();
        assert_eq!(merge_init(&once, RENDERED).unwrap(), once, "not idempotent");
        once
    }

    fn problem(existing: &str) -> String {
        merge_init(existing, RENDERED).unwrap_err().to_string()
    }

    #[test]
    fn an_empty_text_takes_imports_and_exports() {
        let own = "from myapp.models.model_b import ModelB\n\n__all__ = [\"ModelB\"]\n";
        assert_eq!(merged(""), own);
        assert_eq!(merged("\n\n"), own);
        assert_eq!(merged("\"\"\"Mine.\"\"\"\n"), format!("\"\"\"Mine.\"\"\"\n\n{own}"));
        assert_eq!(merged("# License\n"), format!("# License\n\n{own}"));
        assert_eq!(
            merged("'''Mine.'''\r\n"),
            format!("'''Mine.'''\n\n{own}").replace('\n', "\r\n")
        );
        let open = "\"\"\"Mine.\"\"\"\n\nfrom myapp.models.model_b import ModelB\n\n__all__ = [\"ModelB\"]";
        assert_eq!(merged("\"\"\"Mine.\"\"\""), open);
    }

    #[test]
    fn many_names_at_once_stand_as_they_would_one_after_the_other() {
        let one = |module: &str, class: &str| {
            format!("from {module} import {class}\n\n__all__ = [\"{class}\"]\n")
        };
        let names: Vec<(String, String)> = (0..40)
            .map(|at| {
                let package = ["myapp.models", "myapp.events", "other", ".own"][at % 4];
                let place = (at * 7) % 40;
                (format!("{package}.model_{place}"), format!("Model{place}"))
            })
            .collect();
        let mut statements: Vec<String> =
            names.iter().map(|(module, class)| format!("from {module} import {class}\n")).collect();
        let exports: Vec<String> =
            names.iter().map(|(_, class)| format!("    \"{class}\",\n")).collect();
        for existing in [
            "\"\"\"Models.\"\"\"\n",
            "import os\n\nfrom myapp.models.model_12 import Model12 as Twelve\nx = 1\n",
            "from myapp.models.b import B\nfrom myapp.models.a import A\n\nfrom .own.c import C\n\n__all__ = [\"A\"]\n",
        ] {
            for order in [0, 1] {
                if order == 1 {
                    statements.sort();
                }
                let all = format!("{}\n__all__ = [\n{}]\n", statements.concat(), exports.concat());
                let at_once = merge_init(existing, &all).unwrap();
                let read_again = read(&at_once);
                assert!(read_again.problems.is_empty());
                assert_eq!(merge_init(&at_once, &all).unwrap(), at_once, "not idempotent");
                for (module, class) in &names {
                    assert_eq!(merge_init(&at_once, &one(module, class)).unwrap(), at_once);
                }
            }
        }
        // Into a package that is in order they go in order, whoever comes first.
        let sorted = "from myapp.models.model_05 import Model05\n\n__all__ = [\"Model05\"]\n";
        let order = |numbers: &[u32]| {
            let of = |number: &u32| {
                format!("from myapp.models.model_{number:02} import Model{number:02}\n")
            };
            let exports: Vec<String> = numbers.iter().map(|n| format!("\"Model{n:02}\"")).collect();
            let text: String = numbers.iter().map(of).collect();
            format!("{text}\n__all__ = [{}]\n", exports.join(", "))
        };
        let at_once = merge_init(sorted, &order(&[9, 1, 7, 3])).unwrap();
        let singly = [7, 1, 9, 3]
            .iter()
            .fold(sorted.to_owned(), |text, number| merge_init(&text, &order(&[*number])).unwrap());
        assert_eq!(at_once, singly);
        assert_eq!(at_once, order(&[1, 3, 5, 7, 9]));
    }

    #[test]
    fn what_is_there_stays_as_it_is() {
        for present in [
            RENDERED,
            "from .model_b import ModelB\n__all__ = ('ModelB',)",
            "from myapp.models.model_b import (ModelB)\n__all__ = ['ModelB'] + more\n",
            "from .model_b import ModelB as ModelB\n",
            "from .model_b import A, ModelB\n__all__ = []\n__all__ += ['ModelB']\n",
            "from ..models.model_b import ModelB\n__all__ = [\"ModelB\"]\n",
            "try:\n    from .model_b import ModelB\nexcept ImportError:\n    ModelB = None\n__all__ = [\"ModelB\"]\n",
            "if TYPE_CHECKING:\n    from .model_b import ModelB\n__all__ = [\"ModelB\"]\ndef __getattr__(name): ...\n",
        ] {
            assert_eq!(merged(present), present);
        }
        let nothing = merge_init("x = 1  ", "\"\"\"Only a docstring.\"\"\"\n").unwrap();
        assert_eq!(nothing, "x = 1  ");
    }

    /// Merges into a text with marks: lines with `+` in front are to be added, all others are there already.
    fn adds(marked: &str) {
        let there: String =
            marked.split_inclusive('\n').filter(|line| !line.starts_with('+')).collect();
        let all: String =
            marked.split_inclusive('\n').map(|line| line.trim_start_matches('+')).collect();
        for (from, to) in [("\n", "\n"), ("\n", "\r\n")] {
            assert_eq!(merged(&there.replace(from, to)), all.replace(from, to));
        }
    }

    #[test]
    fn statements_go_where_isort_has_them() {
        adds(
            "\"\"\"Models.\"\"\"\n\nfrom myapp.models.model_a import ModelA  # first\n\
             +from myapp.models.model_b import ModelB\n# about c\nfrom myapp.models.model_c import ModelC\n\n\
             __all__ = [\n    \"ModelA\",  # a\n+    \"ModelB\",\n    # c\n    \"ModelC\",\n]\n",
        );
        // Not in order: behind the others.
        adds(
            "from myapp.models.model_c import ModelC\nfrom myapp.models.model_a import ModelA\n\
             +from myapp.models.model_b import ModelB\n\n\
             __all__ = [\n    \"ModelC\",\n    \"ModelA\",\n+    \"ModelB\",\n]\nx = 1\n",
        );
        // First of all, below the license.
        adds(
            "# License\n+from myapp.models.model_b import ModelB\nfrom myapp.models.model_c import (\n    ModelC,\n)\n\n\
             __all__ = (\n+    \"ModelB\",\n    \"ModelC\",\n)\n",
        );
        // Sections of their own: behind the standard library, before relative imports.
        adds(
            "from __future__ import annotations\n\nimport os\nfrom typing import Any\n\
             +\n+from myapp.models.model_b import ModelB\n\nfrom .model_c import ModelC\n\n\
             __all__ = [\n    # mine\n+    \"ModelB\",\n]\n",
        );
        adds(
            "+from myapp.models.model_b import ModelB\n+\nfrom .model_c import ModelC\n\n\
             __all__ = [\n+    \"ModelB\",\n    \"ModelC\",\n]\n",
        );
        adds(
            "import os; import sys\n+\n+from myapp.models.model_b import ModelB\n+\nx = 1\n\
             __all__ = [\n+    \"ModelB\",\n    \"x\",\n]\n",
        );
        // No imports at all.
        adds(
            "# License\n\n+from myapp.models.model_b import ModelB\n+\n# The version.\n__version__ = \"1\"\n\
             __all__ = [\n+    \"ModelB\",\n]\n",
        );
        adds(
            "\"\"\"Doc.\"\"\"\n+\n+from myapp.models.model_b import ModelB\n\nclass A: ...\n\n\
             __all__ = [\n    \"A\",\n+    \"ModelB\",\n]\n",
        );
    }

    #[test]
    fn names_go_into_the_statement_of_their_module() {
        let all = "__all__ = [\"ModelB\"]\n";
        let case = |existing: &str, expected: &str| {
            assert_eq!(merged(&format!("{existing}{all}")), format!("{expected}{all}"));
        };
        case("from .model_b import ModelA\n", "from .model_b import ModelA, ModelB\n");
        case("from .model_b import ModelC  # c\n", "from .model_b import ModelB, ModelC  # c\n");
        case(
            "from .model_b import ZERO, ModelC, a\n",
            "from .model_b import ZERO, ModelB, ModelC, a\n",
        );
        case("from .model_b import z, ModelA\n", "from .model_b import z, ModelA, ModelB\n");
        case(
            "from .model_b import (ModelA, ModelC,)\n",
            "from .model_b import (ModelA, ModelB, ModelC,)\n",
        );
        case("from .model_b import (ModelA,)\n", "from .model_b import (ModelA, ModelB,)\n");
        case(
            "from .model_b import ModelA, \\\n    ModelC\n",
            "from .model_b import ModelA, ModelB, \\\n    ModelC\n",
        );
        case(
            "from .model_b import (\n    ModelA,  # a\n    ModelC  # c\n)\n",
            "from .model_b import (\n    ModelA,  # a\n    ModelB,\n    ModelC  # c\n)\n",
        );
        case(
            "from .model_b import (\n    ModelA  # a\n)\n",
            "from .model_b import (\n    ModelA,  # a\n    ModelB\n)\n",
        );
        case(
            "from .model_b import (\n\tModelC,\n)\n",
            "from .model_b import (\n\tModelB,\n\tModelC,\n)\n",
        );
        case(
            "from .model_b import (ModelA,\n                      ModelAa)\n",
            "from .model_b import (ModelA,\n                      ModelAa,\n                      ModelB)\n",
        );
        case(
            "from .model_b import (  # noqa\n    # first\n    ModelC,\n    ModelD)\n",
            "from .model_b import (  # noqa\n    ModelB,\n    # first\n    ModelC,\n    ModelD)\n",
        );
        case(
            "from .model_b import A\nfrom .model_b import C\n",
            "from myapp.models.model_b import ModelB\n\nfrom .model_b import A\nfrom .model_b import C\n",
        );
        case(
            "from .a import One\nfrom .a import Two\nfrom .model_b import C\n",
            "from myapp.models.model_b import ModelB\n\nfrom .a import One\nfrom .a import Two\nfrom .model_b import C\n",
        );
        case(
            "from .model_b import *\n",
            "from myapp.models.model_b import ModelB\n\nfrom .model_b import *\n",
        );
    }

    #[test]
    fn long_lines_are_broken() {
        let names = ["ModelAaaaaaaaaaaaaaaaaaaa", "ModelCccccccccccccccccccc", "ModelDddddddddddd"];
        let existing = format!("from .model_b import {}  # x\n", names.join(", "));
        let merged = merged(&existing);
        assert_eq!(
            merged,
            format!(
                "from .model_b import (\n    {},\n    ModelB,\n    {},\n    {},\n)  # x\n\n\
                 __all__ = [\n    \"{}\",\n    \"ModelB\",\n    \"{}\",\n    \"{}\",\n]\n",
                names[0], names[1], names[2], names[0], names[1], names[2]
            )
        );
    }

    #[test]
    fn dunder_all_gains_names_in_its_own_form() {
        let import = "from .model_b import ModelB\n";
        let case = |existing: &str, expected: &str| {
            assert_eq!(merged(&format!("{import}{existing}")), format!("{import}{expected}"));
        };
        case("__all__ = []", "__all__ = [\"ModelB\"]");
        case("__all__ = ()\n", "__all__ = (\"ModelB\",)\n");
        case("__all__: list[str] = ['ModelA']\n", "__all__: list[str] = ['ModelA', 'ModelB']\n");
        case("__all__ = 'b', 'ModelC', 'a'\n", "__all__ = 'b', 'ModelC', 'a', 'ModelB'\n");
        case("__all__ = 'a', 'ModelC'\n", "__all__ = 'a', 'ModelB', 'ModelC'\n");
        case("__all__ = ('a',)\n", "__all__ = ('ModelB', 'a',)\n");
        case("__all__ = [\n]\n", "__all__ = [\n    \"ModelB\",\n]\n");
        case("__all__ = [\n\t'A',\n\t'C'\n]\n", "__all__ = [\n\t'A',\n\t'C',\n\t'ModelB'\n]\n");
        case("__all__ = ['A',\n  'B', 'C', ]\n", "__all__ = ['A',\n  'B', 'C',\n  'ModelB', ]\n");
    }

    #[test]
    fn a_new_dunder_all_hides_nothing() {
        let existing = "import os\nfrom typing import Any\n\nfrom .model_a import ModelA as A, _hidden\n\nif x:\n    pass\n\ndef make(): ...\n";
        assert_eq!(
            merged(existing),
            "import os\nfrom typing import Any\n\nfrom myapp.models.model_b import ModelB\n\nfrom .model_a import ModelA as A, _hidden\n\n\
             __all__ = [\"A\", \"ModelB\", \"make\"]\n\nif x:\n    pass\n\ndef make(): ...\n"
        );
    }

    #[test]
    fn what_cannot_be_merged_says_what_to_do() {
        let other = problem("import os\nfrom .other import ModelB\n");
        assert!(other.contains("line 2 binds `ModelB` by `from .other import ModelB`"), "{other}");
        assert!(
            other.contains("`from myapp.models.model_b import ModelB` is to be there"),
            "{other}"
        );
        let class = problem("class ModelB(Base):\n    x: int\n");
        assert!(class.contains("line 1 binds `ModelB` by `ModelB(Base):`"), "{class}");
        let computed = problem("from . import a\n\n__all__ = a.__all__ + [\"x\"]\n");
        assert_eq!(
            computed,
            "line 3 decides by itself what is exported; add by hand: \
             `from myapp.models.model_b import ModelB`; `\"ModelB\"` in `__all__`"
        );
        let star = problem("from .a import *\n");
        assert!(star.starts_with("line 1 decides"), "{star}");
        let broken = problem("x = (\n");
        assert!(broken.contains("no valid Python: line 2, column 1"), "{broken}");
        let ours = merge_init("", "from import").unwrap_err().to_string();
        assert!(ours.contains("a bug in onex"), "{ours}");
        // What `as` exports under a condition a new `__all__` would hide.
        let rendered = "from myapp.a import ModelA\nfrom myapp.b import ModelB\n\n__all__ = [\"ModelA\", \"ModelB\"]\n";
        let lazy = "if TYPE_CHECKING:\n    from myapp.a import ModelA as ModelA\n\ndef __getattr__(name): ...\n";
        assert!(matches!(merge_init(lazy, rendered), Err(MergeProblem::Form { .. })));
        // A bracket around one entry: adding inside it would make another string of it.
        let form = problem("from .model_b import ModelB\n__all__ = [(\"ModelA\")]\n");
        assert!(form.contains("add by hand: `\"ModelB\"` in `__all__`"), "{form}");
    }

    #[test]
    fn nothing_is_added_to_a_text_that_could_not_be_taken_apart_then() {
        let with = |names: usize| merge_init(&("a\n".repeat(names) + "__all__ = []\n"), RENDERED);
        assert!(with(149_980).is_ok());
        assert!(matches!(with(149_996), Err(MergeProblem::Form { .. })));
    }

    /// Pieces of `__init__.py` texts, each some whole lines.
    const PIECES: [&str; 36] = [
        "\n",
        "\n\n",
        "# A comment.\n",
        "    # An indented one.\n",
        "import os\n",
        "import os.path as p, sys  # two\n",
        "import a; import b\n",
        "import a; x = (\n    1,\n)\n",
        "from typing import TYPE_CHECKING, Any\n",
        "from .a import ModelA\n",
        "from .a import (ModelA, ModelC)\n",
        "from .a import (  # why\n    # above\n    ModelA,  # one\n\n    ModelD  # two\n)\n",
        "from .c import (\n\tModelC as C,\n\tz,\n)\n",
        "from .c import (ModelC,\n                ModelD)  # end\n",
        "from .b import A_VERY_LONG_CONSTANT_NAME, ModelWithAVeryLongName, another_long_one  # noqa\n",
        "from myapp.a import One, \\\n    Three\n",
        "from myapp.b import One; from myapp.d import Four\n",
        "from myapp.b import One\nfrom myapp.b import Six\n",
        "from . import d\n",
        "if TYPE_CHECKING:\n    from .b import ModelB\n",
        "if TYPE_CHECKING:\n    from myapp.a import ModelA as ModelA\n",
        "def __getattr__(name): ...\n",
        "try:\n    from .b import ModelB  # fast\nexcept ImportError:\n    pass\n",
        "def make(a, b=\"\"\"x\ny\"\"\"): # why\n\treturn [a,\n b]\n",
        "class Thing:\n    x: int = 1\n",
        "__version__ = '1'\n",
        "VALUE = 1 ; OTHER = 2\n",
        "\"\"\"A string.\"\"\"\n",
        "'''Two\nlines.'''; y = 1\n",
        "__all__ = []\n",
        "__all__ = ['ModelA', \"z\"]  # mine\n",
        "__all__ = (\n    \"ModelC\",  # c\n    # between\n    \"ModelA\"\n)\n",
        "__all__ = [\n    # none yet\n]\n",
        "__all__: list[str] = [\"ModelA\", \"ModelC\",\n           \"ModelD\"]\n",
        "__all__ = \"ModelA\",\n",
        "__all__ += [\"ModelB\"]\n",
    ];

    fn existing() -> impl Strategy<Value = String> {
        let pieces = proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..9);
        let form = (any::<bool>(), any::<bool>(), any::<bool>());
        (pieces, form).prop_map(|(pieces, (crlf, open, mark))| {
            let mut text = pieces.concat();
            if open {
                text.pop();
            }
            if crlf {
                text = text.replace('\n', "\r\n");
            }
            if mark {
                text.insert(0, '\u{feff}');
            }
            text
        })
    }

    fn rendered() -> impl Strategy<Value = String> {
        let names =
            ["ModelA", "ModelB", "ModelBb", "ModelZ", "LIMIT", "ModelWithAnEvenLongerName", "b"];
        let name = proptest::sample::select(names.to_vec());
        let module = proptest::sample::select(vec!["a", "b", "c", "models.a10", "models.a9"]);
        let wishes = proptest::collection::btree_map(name, module, 0..5);
        (wishes, any::<bool>()).prop_map(|(wishes, all)| {
            let mut text = "\"\"\"Models.\"\"\"\n\n".to_owned();
            for (name, module) in &wishes {
                text.push_str(&format!("from myapp.{module} import {name}\n"));
            }
            let names: Vec<String> = wishes.keys().map(|name| format!("\"{name}\"")).collect();
            if all {
                text.push_str(&format!("\n__all__ = [{}]\n", names.join(", ")));
            }
            text
        })
    }

    fn subsequence<T: PartialEq>(part: &[T], whole: &[T]) -> bool {
        let mut whole = whole.iter();
        part.iter().all(|item| whole.any(|other| other == item))
    }

    /// All tokens and comments but those that a list gains when it grows.
    fn tokens(text: &str) -> Vec<String> {
        let tokens = with_parsed(text, |parsed| {
            let tokens = parsed.tokens().iter();
            tokens.map(|token| text.get(span(token).range()).unwrap().trim().to_owned()).collect()
        });
        let tokens: Vec<String> = tokens.unwrap();
        tokens
            .into_iter()
            .filter(|token| !["", ",", "(", ")", ";"].contains(&token.as_str()))
            .collect()
    }

    /// The lines that belong to no import and no `__all__`, with their line breaks.
    fn other_lines(text: &str) -> Vec<&str> {
        let module = read(text);
        let mut spans: Vec<Span> = module.imports.iter().map(|import| import.span).collect();
        if let Exports::Listed(list) = &module.exports {
            spans.push(list.statement);
        }
        let mut start = 0;
        let mut lines = Vec::new();
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            let touches = |span: &Span| (span.start as usize) < end && start < span.end as usize;
            // The last line may gain a line break.
            if !spans.iter().any(touches) && line.ends_with('\n') {
                lines.push(line);
            }
            start = end;
        }
        lines
    }

    proptest! {
        #[test]
        fn a_merge_loses_nothing_and_settles(existing in existing(), rendered in rendered()) {
            match merge_init(&existing, &rendered) {
                Ok(merged) => {
                    let unmarked = |text: &str| text.trim_start_matches('\u{feff}').to_owned();
                    let (before, now) = (unmarked(&existing), unmarked(&merged));
                    let lines: Vec<&str> = now.split_inclusive('\n').collect();
                    prop_assert_eq!(read(&merged).problems, []);
                    if !before.trim().is_empty() {
                        prop_assert!(subsequence(&other_lines(&before), &lines), "{}", merged);
                        prop_assert!(subsequence(&tokens(&existing), &tokens(&merged)), "{}", merged);
                        let mark = '\u{feff}';
                        prop_assert_eq!(merged.starts_with(mark), existing.starts_with(mark));
                        let ends = |text: &str| text.ends_with('\n');
                        prop_assert_eq!(ends(&merged), ends(&existing), "{:?}", merged);
                    }
                    if existing.contains("\r\n") {
                        prop_assert!(!merged.replace("\r\n", "").contains('\n'), "{:?}", merged);
                    } else {
                        prop_assert!(!merged.contains('\r'));
                    }
                    prop_assert_eq!(&merge_init(&merged, &rendered).unwrap(), &merged);
                }
                Err(MergeProblem::Clash { .. } | MergeProblem::Computed { .. }) => {}
                Err(MergeProblem::Syntax(problem)) => {
                    let first = read(&existing).problems.into_iter().next();
                    prop_assert_eq!(first, Some(problem));
                }
                // What `as` exports under a condition.
                Err(MergeProblem::Form { .. }) if existing.contains(" as ModelA") => {}
                Err(other) => prop_assert!(false, "{}", other),
            }
        }

        #[test]
        fn the_lines_that_are_touched_tell_what_the_whole_text_does(
            existing in existing(),
            rendered in rendered(),
        ) {
            let asked = read(&rendered);
            let source = Source::read(&existing, "\n").unwrap();
            let there = source.module.clone();
            let wanted = Wanted::of(&asked);
            let Ok(missing) = wanted.missing(&existing, &there) else { return Ok(()) };
            if there.problems.is_empty() && missing.check_exports(&existing, &there).is_ok() {
                let single = is_single(&there) || is_single(&asked);
                let added = with_added(source, &missing, &wanted, single).unwrap();
                let whole = read(&added.text);
                prop_assert_eq!(&whole.problems, &added.now.problems);
                // Of all that stood there, what the touched lines said gives way to what they say now.
                let told = |part: fn(&Module) -> Vec<String>| {
                    let mut all = part(&there);
                    for gone in part(&added.before) {
                        let at = all.iter().position(|one| *one == gone).expect("it stood there");
                        all.remove(at);
                    }
                    all.extend(part(&added.now));
                    let mut whole = part(&whole);
                    all.sort();
                    whole.sort();
                    (all, whole)
                };
                let imports = |module: &Module| {
                    imported(module).map(|import| format!("{import:?}")).collect()
                };
                let names = |module: &Module| defined(module).map(str::to_owned).collect();
                let exports = |module: &Module| {
                    module.exports.names().into_iter().map(str::to_owned).collect()
                };
                for (told, whole) in [told(imports), told(names), told(exports)] {
                    prop_assert_eq!(told, whole, "{}", added.text);
                }
            }
        }

        #[test]
        fn no_text_stops_the_merge_halfway(piece in r#"[ \n\r\t#a,;:=()\[\]'"\\.*]{0,40}"#) {
            let text = format!("{piece}\nfrom .model_b import a\n{piece}");
            if let Ok(merged) = merge_init(&text, RENDERED) {
                prop_assert_eq!(read(&merged).problems, []);
            }
        }
    }
}

//! The imports of a module, merged as a set in the user's layout.
//!
//! In: three versions, and how often each name is used in the rest of the merged module. Out: for every
//! import text of the user's file (a [`Slot`]) the lines that it becomes. What theirs added is put where
//! isort would put it among what is there; what theirs dropped goes, unless it is still used or the user
//! wrote something beside it; what the user added stays. A line that nothing changes keeps its bytes.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::conflict::{Hunk, Version};
use super::exports::{List, lines_of};
use super::outline::{Alias, Outline, Slot, Statement};
use super::weave::{Chunk, Three};
use crate::python::imports::{is_standard_library, name_type, natural};

/// One imported name: what an import statement does, whatever else stands in the statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    from: Option<String>,
    name: String,
    asname: Option<String>,
}

impl Identity {
    fn new(statement: &Statement, alias: &Alias) -> Self {
        let (name, asname) = (alias.name.clone(), alias.asname.clone());
        Self { from: statement.from.clone(), name, asname }
    }

    /// The name that it binds.
    fn bound(&self) -> &str {
        match (&self.asname, &self.from) {
            (Some(asname), _) => asname,
            (None, Some(_)) => &self.name,
            (None, None) => self.name.split('.').next().unwrap_or_default(),
        }
    }

    /// As it stands in a statement.
    fn spelled(&self) -> String {
        match &self.asname {
            Some(asname) => format!("{} as {asname}", self.name),
            None => self.name.clone(),
        }
    }

    /// Whether both bind one name to different things. `import a.b` and `import a.c` do not.
    fn contradicts(&self, other: &Self) -> bool {
        let package = |identity: &Self| identity.from.is_none() && identity.asname.is_none();
        self != other && self.bound() == other.bound() && !(package(self) && package(other))
    }
}

/// What is imported, and whether under `if TYPE_CHECKING:` alone.
pub(super) fn identities(outline: &Outline<'_>) -> BTreeMap<Identity, bool> {
    let mut all = BTreeMap::new();
    for slot in &outline.slots {
        for statement in &slot.statements {
            for alias in &statement.names {
                let typing = all.entry(Identity::new(statement, alias)).or_insert(slot.typing);
                *typing &= slot.typing;
            }
        }
    }
    all
}

/// A name that the user's imports get.
#[derive(Debug)]
struct Addition {
    identity: Identity,
    typing: bool,
    /// What stands beside it, or what the user wrote beside the name that it replaces.
    comment: Option<String>,
}

/// What becomes of the user's imports.
#[derive(Debug, Default)]
struct Decision {
    gone: BTreeSet<Identity>,
    add: Vec<Addition>,
    /// Names of the user's that theirs gives another meaning.
    clashes: BTreeMap<Identity, Identity>,
}

const TYPE_CHECKING: &str = "TYPE_CHECKING";

/// The text of every import slot of the merged module; one more than yours has where that has none.
pub(super) fn merged(outlines: Three<&Outline<'_>>, used: &BTreeSet<String>) -> Vec<Vec<Chunk>> {
    let [base, yours, theirs] = outlines;
    let decision = Decider::new(outlines, used).decide();
    Writer {
        base,
        yours,
        theirs,
        decision,
        sections: Sections::of([theirs, base]),
        width: width(theirs),
    }
    .write()
}

struct Decider<'d, 'a> {
    outlines: Three<&'d Outline<'a>>,
    sets: Three<BTreeMap<Identity, bool>>,
    used: &'d BTreeSet<String>,
    decision: Decision,
}

impl<'d, 'a> Decider<'d, 'a> {
    fn new(outlines: Three<&'d Outline<'a>>, used: &'d BTreeSet<String>) -> Self {
        Self { outlines, sets: outlines.map(identities), used, decision: Decision::default() }
    }

    fn decide(mut self) -> Decision {
        let [base, _, theirs] = self.sets.clone();
        for (identity, typing) in &theirs {
            self.of_theirs(identity, *typing);
        }
        let (last, dropped): (Vec<&Identity>, Vec<&Identity>) = base
            .keys()
            .filter(|identity| !theirs.contains_key(identity))
            .partition(|identity| identity.bound() == TYPE_CHECKING);
        for identity in dropped {
            self.dropped(identity);
        }
        // Whether this one is needed depends on what is left to stand under it.
        if !self.has_typing_block() {
            for identity in last {
                self.dropped(identity);
            }
        }
        self.decision
    }

    fn of_theirs(&mut self, identity: &Identity, typing: bool) {
        let [base, yours, _] = &self.sets;
        match (base.get(identity).copied(), yours.get(identity).copied()) {
            (None, None) => {
                let own =
                    |other: &&Identity| other.contradicts(identity) && !base.contains_key(*other);
                match yours.keys().find(own).cloned() {
                    Some(other) => {
                        self.decision.clashes.insert(other, identity.clone());
                    }
                    None => self.add(identity, typing),
                }
            }
            (Some(_), None) => {
                if self.is_missed(identity) {
                    self.add(identity, typing);
                }
            }
            (before, Some(mine)) => {
                let moved = match before {
                    Some(before) => before == mine && before != typing,
                    None => mine && !typing,
                };
                if moved && self.may_move(identity, typing) {
                    self.decision.gone.insert(identity.clone());
                    self.add(identity, typing);
                }
            }
        }
    }

    /// A name that the user no longer imports, but that theirs uses in a new place.
    fn is_missed(&self, identity: &Identity) -> bool {
        let [base, yours, theirs] = self.outlines;
        let name = identity.bound();
        let count = |outline: &Outline<'_>| outline.uses().get(name).copied().unwrap_or_default();
        let [_, imported, _] = &self.sets;
        let bound =
            yours.bound.contains(name) || imported.keys().any(|other| other.bound() == name);
        count(theirs) > count(base) && self.used.contains(name) && !bound
    }

    /// Whether an import of the user's can go where theirs has it now.
    fn may_move(&self, identity: &Identity, typing: bool) -> bool {
        let [base, yours, _] = self.outlines;
        let count = |outline: &Outline<'_>| outline.uses().get(identity.bound()).copied();
        // Under `TYPE_CHECKING` it would be missing while the user's own code runs.
        let safe = !typing || count(yours) == count(base);
        safe && self.remark(identity).is_none()
    }

    /// A name that theirs no longer imports.
    fn dropped(&mut self, identity: &Identity) {
        let [base, yours, theirs] = &self.sets;
        if !yours.contains_key(identity) {
            return;
        }
        let replaced = theirs.keys().find(|other| {
            other.contradicts(identity) && !base.contains_key(*other) && !yours.contains_key(*other)
        });
        let remark = self.remark(identity);
        if let Some(other) = replaced {
            let other = other.clone();
            self.decision.gone.insert(identity.clone());
            if let Some(comment) = remark
                && let Some(addition) =
                    self.decision.add.iter_mut().find(|add| add.identity == other)
            {
                addition.comment = Some(comment);
            }
        } else if !self.used.contains(identity.bound()) && remark.is_none() {
            self.decision.gone.insert(identity.clone());
        }
    }

    fn add(&mut self, identity: &Identity, typing: bool) {
        let [_, _, theirs] = self.outlines;
        let comment = comment_beside(theirs, identity);
        self.decision.add.push(Addition { identity: identity.clone(), typing, comment });
    }

    /// What the user wrote beside a name.
    fn remark(&self, identity: &Identity) -> Option<String> {
        let [base, yours, _] = self.outlines;
        let remark = comment_beside(yours, identity)?;
        (comment_beside(base, identity).as_ref() != Some(&remark)).then_some(remark)
    }

    /// Whether an `if TYPE_CHECKING:` block will be there.
    fn has_typing_block(&self) -> bool {
        let [_, yours, _] = self.outlines;
        let stays = |slot: &Slot| {
            let mut names = slot.statements.iter().flat_map(|statement| {
                statement.names.iter().map(move |alias| Identity::new(statement, alias))
            });
            slot.typing
                && (!slot.pure || names.any(|identity| !self.decision.gone.contains(&identity)))
        };
        self.decision.add.iter().any(|add| add.typing) || yours.slots.iter().any(stays)
    }
}

/// The comment at the line of a name, on the line above it, or at either end of its statement.
fn comment_beside(outline: &Outline<'_>, identity: &Identity) -> Option<String> {
    outline.slots.iter().flat_map(|slot| &slot.statements).find_map(|statement| {
        let alias =
            statement.names.iter().find(|alias| Identity::new(statement, alias) == *identity)?;
        let lines = &outline.elements.get(statement.element)?.lines;
        let at = outline.lines.line_of(alias.range.start);
        let above = at.saturating_sub(1);
        let own = (above > lines.start && outline.lines.split(above).0.is_empty()).then_some(above);
        let places = [Some(at), own, Some(lines.start), Some(lines.end - 1)];
        places.into_iter().flatten().find_map(|line| outline.lines.split(line).1).map(str::to_owned)
    })
}

/// Where isort puts a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Future,
    StandardLibrary,
    /// Third party, first party: by the order in which theirs has them.
    Other(usize),
    Local,
}

/// How the project groups its imports, read off the rendered text: the settings themselves stay outside.
#[derive(Debug, Default)]
struct Sections {
    roots: BTreeMap<String, usize>,
    /// By module, whatever the form: `force-sort-within-sections`.
    by_module: bool,
    /// A statement for each name: `force-single-line`.
    single: bool,
}

impl Sections {
    fn of([theirs, base]: [&Outline<'_>; 2]) -> Self {
        let mut sections = Self::default();
        for typing in [false, true] {
            let now = sections.groups(theirs, typing);
            let before = sections.groups(base, typing);
            for group in &now {
                sections.rank(group, None);
            }
            // Base has modules that theirs lacks; their sections are the same where there are as many.
            let matching = now.len() == before.len();
            for (index, group) in before.iter().enumerate() {
                let beside = now.get(index).filter(|_| matching).and_then(|group| group.first());
                let rank = beside.and_then(|root| sections.roots.get(root).copied());
                sections.rank(group, rank);
            }
        }
        sections
    }

    /// The packages of each run of statements without a blank line, those of Python itself left out.
    fn groups(&mut self, outline: &Outline<'_>, typing: bool) -> Vec<Vec<String>> {
        let mut groups: Vec<Vec<&Statement>> = Vec::new();
        let statements = outline.slots.iter().filter(|slot| slot.typing == typing);
        for statement in statements.flat_map(|slot| &slot.statements) {
            let first =
                outline.elements.get(statement.element).is_none_or(|e| !e.blanks.is_empty());
            match groups.last_mut().filter(|_| !first) {
                Some(group) => group.push(statement),
                None => groups.push(vec![statement]),
            }
        }
        for group in &groups {
            for (one, next) in group.iter().zip(group.iter().skip(1)) {
                self.by_module |= one.from.is_some() && next.from.is_none();
                self.single |= one.from.is_some() && one.from == next.from;
            }
        }
        let roots = |group: &Vec<&Statement>| -> Vec<String> {
            let roots: BTreeSet<&str> = group.iter().map(|one| root(module_of(one))).collect();
            roots.into_iter().filter(|root| !is_known(root)).map(str::to_owned).collect()
        };
        groups.iter().map(roots).filter(|roots| !roots.is_empty()).collect()
    }

    fn rank(&mut self, group: &[String], rank: Option<usize>) {
        let known = group.iter().find_map(|root| self.roots.get(root).copied());
        let next = self.roots.values().max().map_or(0, |last| last + 1);
        for root in group {
            self.roots.entry(root.clone()).or_insert(known.or(rank).unwrap_or(next));
        }
    }

    /// Nothing for a module that the rendered text says nothing of.
    fn section(&self, module: &str) -> Option<Section> {
        match root(module) {
            "__future__" => Some(Section::Future),
            "" => Some(Section::Local),
            root => match self.roots.get(root) {
                Some(rank) => Some(Section::Other(*rank)),
                None => is_standard_library(root).then_some(Section::StandardLibrary),
            },
        }
    }

    fn compare(&self, a: (&str, bool), b: (&str, bool)) -> Ordering {
        let (modules, forms) = (natural(a.0, b.0), a.1.cmp(&b.1));
        if self.by_module { modules.then(forms) } else { forms.then(modules) }
    }
}

fn is_known(root: &str) -> bool {
    root.is_empty() || is_standard_library(root)
}

/// The top-level package; nothing for a relative import.
fn root(module: &str) -> &str {
    module.split('.').next().unwrap_or_default()
}

fn module_of(statement: &Statement) -> &str {
    match (&statement.from, statement.names.first()) {
        (Some(module), _) => module,
        (None, Some(first)) => &first.name,
        (None, None) => "",
    }
}

/// The line length that the rendered text was laid out for, as far as it shows.
fn width(theirs: &Outline<'_>) -> usize {
    let longest =
        theirs.lines.all.iter().map(|line| line.chars().count()).max().unwrap_or_default();
    let broken = theirs.slots.iter().flat_map(|slot| &slot.statements).filter_map(|statement| {
        let element = theirs.elements.get(statement.element)?;
        let names: Vec<String> =
            statement.names.iter().map(|alias| Identity::new(statement, alias).spelled()).collect();
        let joined = format!("from {} import {}", statement.from.as_deref()?, names.join(", "));
        (element.lines.len() > 1).then(|| element.depth * 4 + joined.chars().count())
    });
    let too_long = broken.min().unwrap_or(usize::MAX);
    88.max(longest).min(too_long.saturating_sub(1))
}

/// An import statement, or other text between them, on its way into the merged module.
#[derive(Debug)]
struct Entry {
    slot: usize,
    /// Its module and whether it is `from ..`; nothing for other text.
    module: Option<(String, bool)>,
    section: Option<Section>,
    blanks: Vec<String>,
    body: Vec<Chunk>,
}

struct Writer<'w, 'a> {
    base: &'w Outline<'a>,
    yours: &'w Outline<'a>,
    theirs: &'w Outline<'a>,
    decision: Decision,
    sections: Sections,
    width: usize,
}

impl Writer<'_, '_> {
    fn write(mut self) -> Vec<Vec<Chunk>> {
        let count = self.yours.slots.len().max(1);
        let mut entries: Vec<Entry> = Vec::new();
        let mut carried = Vec::new();
        for (number, slot) in self.yours.slots.iter().enumerate() {
            let block = slot.typing.then(|| self.block(number, slot));
            match block {
                Some(Some(block)) => entries.push(block),
                Some(None) => {}
                None => {
                    let statement = slot.statements.first();
                    entries.extend(
                        statement.and_then(|one| self.statement(number, one, false, &mut carried)),
                    );
                }
            }
        }
        classify(&mut entries, &self.sections);
        self.add_new(&mut entries, false, "");
        self.new_block(&mut entries);
        let mut slots: Vec<Vec<Chunk>> = vec![Vec::new(); count];
        for entry in entries {
            if let Some(slot) = slots.get_mut(entry.slot) {
                slot.extend(entry.blanks.into_iter().map(Chunk::Line));
                slot.extend(entry.body);
            }
        }
        slots
    }

    /// The user's statement with what goes taken out and what belongs to it put in.
    ///
    /// Gives nothing where nothing is left; its blank lines are then `carried` to the next one.
    fn statement(
        &mut self,
        slot: usize,
        statement: &Statement,
        typing: bool,
        carried: &mut Vec<String>,
    ) -> Option<Entry> {
        let yours = self.yours;
        let element = yours.elements.get(statement.element)?;
        let mut blanks: Vec<String> =
            yours.lines.get(element.blanks.clone()).iter().map(|line| (*line).to_owned()).collect();
        if blanks.is_empty() {
            blanks.append(carried);
        }
        let identities: Vec<Identity> =
            statement.names.iter().map(|alias| Identity::new(statement, alias)).collect();
        let module = Some((module_of(statement).to_owned(), statement.from.is_some()));
        let entry = |body| Entry {
            slot,
            module: module.clone(),
            section: None,
            blanks: blanks.clone(),
            body,
        };
        if let Some(hunk) = self.clash(statement, &identities) {
            return Some(entry(vec![Chunk::Clash(hunk)]));
        }
        let gone: Vec<bool> =
            identities.iter().map(|one| self.decision.gone.contains(one)).collect();
        let added = self.additions(statement, typing);
        if !gone.contains(&true) && added.is_empty() {
            // Theirs may have laid it out anew, or have put a comment on it.
            let text = self.rendered(statement, typing, &identities.iter().collect(), true);
            let text = text.unwrap_or_else(|| lines_of(yours, &statement.range).1);
            return Some(entry(text.lines().map(|line| Chunk::Line(line.to_owned())).collect()));
        }
        let kept = identities.iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(one, _)| one);
        let wanted: BTreeSet<&Identity> = kept.chain(&added).collect();
        if wanted.is_empty() {
            *carried = blanks;
            return None;
        }
        let text = self
            .rendered(statement, typing, &wanted, false)
            .or_else(|| self.edited(statement, &identities, &gone, &added))
            .unwrap_or_else(|| {
                let indent = leading(yours.lines.get(element.lines.clone()).first().copied());
                self.fresh(statement.from.as_deref(), added.iter().collect(), indent)
            });
        Some(entry(text.lines().map(|line| Chunk::Line(line.to_owned())).collect()))
    }

    /// The names that theirs adds to a statement of the user's; each is given once.
    fn additions(&mut self, statement: &Statement, typing: bool) -> Vec<Identity> {
        let star = statement.names.iter().any(|alias| alias.name == "*");
        if statement.from.is_none() || star || self.sections.single {
            return Vec::new();
        }
        let fits = |add: &Addition| {
            add.typing == typing
                && add.comment.is_none()
                && add.identity.from == statement.from
                && add.identity.name != "*"
        };
        let (mine, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.decision.add).into_iter().partition(fits);
        self.decision.add = rest;
        mine.into_iter().map(|add| add.identity).collect()
    }

    /// Theirs' own text of a statement that the user left alone, where it says what is wanted.
    ///
    /// Left alone is what names the same without a comment, or, `to_the_letter`, what is the same text.
    fn rendered(
        &self,
        mine: &Statement,
        typing: bool,
        wanted: &BTreeSet<&Identity>,
        to_the_letter: bool,
    ) -> Option<String> {
        let names = |statement: &Statement| -> BTreeSet<Identity> {
            statement.names.iter().map(|alias| Identity::new(statement, alias)).collect()
        };
        let find = |outline: &'_ Outline<'_>| {
            let slots = outline.slots.iter().filter(|slot| slot.typing == typing);
            let alike = |one: &&Statement| {
                one.from == mine.from && (one.from.is_some() || names(one) == names(mine))
            };
            let mut found = slots.flat_map(|slot| &slot.statements).filter(alike);
            found.next().filter(|_| found.next().is_none()).cloned()
        };
        let (old, new) = (find(self.base)?, find(self.theirs)?);
        let plain = self.yours.elements.get(mine.element)?.comments.is_empty();
        let same_text = lines_of(self.base, &old.range).1 == lines_of(self.yours, &mine.range).1;
        let untouched = same_text || (!to_the_letter && plain && names(&old) == names(mine));
        let enough = names(&new).iter().collect::<BTreeSet<_>>() == *wanted;
        (untouched && enough).then(|| lines_of(self.theirs, &new.range).1)
    }

    /// The user's text with names taken out and put in.
    fn edited(
        &self,
        statement: &Statement,
        identities: &[Identity],
        gone: &[bool],
        added: &[Identity],
    ) -> Option<String> {
        let (offset, text) = lines_of(self.yours, &statement.range);
        let spelled: Vec<String> = identities.iter().map(Identity::spelled).collect();
        let sorted = spelled.is_sorted_by(|a, b| compare_names(a, b).is_le());
        let mut list = List::default();
        for (alias, gone) in statement.names.iter().zip(gone) {
            list.items.push((alias.range.start - offset..alias.range.end - offset, *gone));
        }
        for identity in added {
            let name = identity.spelled();
            let place = spelled.iter().position(|other| compare_names(other, &name).is_gt());
            list.insert.push((place.filter(|_| sorted).unwrap_or(spelled.len()), name));
        }
        let edited = list.edit(&text)?;
        let code = lines_of(self.yours, &statement.range).1;
        let breaks =
            code.contains('\n') || code.contains('#') || edited.chars().count() <= self.width;
        if breaks {
            return Some(edited);
        }
        // One line that has become too long: a line for each name, in the order that they have there.
        let (head, names) = edited.split_once(" import ")?;
        let names: Vec<&str> = names.trim_matches(['(', ')']).split(',').map(str::trim).collect();
        let names = names.into_iter().filter(|name| !name.is_empty());
        Some(broken(head, names, leading(Some(&edited))))
    }

    /// A statement of its own.
    fn fresh(&self, from: Option<&str>, mut names: Vec<&Identity>, indent: &str) -> String {
        names.sort_by(|a, b| compare_names(&a.spelled(), &b.spelled()));
        let spelled: Vec<String> = names.iter().map(|name| name.spelled()).collect();
        let Some(module) = from else { return format!("{indent}import {}", spelled.join(", ")) };
        let line = format!("{indent}from {module} import {}", spelled.join(", "));
        if line.chars().count() <= self.width {
            return line;
        }
        broken(&format!("{indent}from {module}"), spelled.iter().map(String::as_str), indent)
    }

    /// A name that both sides import from different places.
    fn clash(&self, statement: &Statement, identities: &[Identity]) -> Option<Hunk> {
        let theirs = identities.iter().find_map(|one| self.decision.clashes.get(one))?;
        let bound = theirs.bound();
        let version = |outline: &Outline<'_>, wanted: &dyn Fn(&Identity) -> bool| {
            let statements = outline.slots.iter().flat_map(|slot| &slot.statements);
            let found = statements
                .into_iter()
                .find(|one| one.names.iter().any(|alias| wanted(&Identity::new(one, alias))));
            found.map_or_else(Version::default, |one| statement_version(outline, one))
        };
        Some(Hunk {
            base: version(self.base, &|one| one.bound() == bound),
            yours: statement_version(self.yours, statement),
            theirs: version(self.theirs, &|one| one == theirs),
        })
    }

    /// The user's `if TYPE_CHECKING:` block; nothing where nothing is left in it.
    fn block(&mut self, number: usize, slot: &Slot) -> Option<Entry> {
        let yours = self.yours;
        let elements = yours.elements(slot.elements.clone());
        let (header, inner) = elements.split_first()?;
        let lines = |range| -> Vec<String> {
            yours.lines.get(range).iter().map(|line: &&str| (*line).to_owned()).collect()
        };
        let mut entries: Vec<Entry> = Vec::new();
        let mut carried = Vec::new();
        let mut statements = 0;
        for (index, element) in inner.iter().enumerate() {
            let at = slot.elements.start + 1 + index;
            if let Some(statement) = slot.statements.iter().find(|one| one.element == at) {
                let entry = self.statement(number, statement, true, &mut carried);
                statements += usize::from(entry.is_some());
                entries.extend(entry);
                continue;
            }
            statements += usize::from(element.kind == super::outline::ElementKind::Code);
            let body = lines(element.lines.clone()).into_iter().map(Chunk::Line).collect();
            let blanks = lines(element.blanks.clone());
            entries.push(Entry { slot: number, module: None, section: None, blanks, body });
        }
        let indent =
            inner.iter().find(|element| element.depth > header.depth).map_or("    ", |element| {
                leading(yours.lines.get(element.lines.clone()).first().copied())
            });
        classify(&mut entries, &self.sections);
        let before = entries.len();
        self.add_new(&mut entries, true, indent);
        statements += entries.len() - before;
        if entries.is_empty() {
            return None;
        }
        if let Some(first) = entries.first_mut() {
            first.blanks.clear();
        }
        let mut body: Vec<Chunk> =
            lines(header.lines.clone()).into_iter().map(Chunk::Line).collect();
        for entry in entries {
            body.extend(entry.blanks.into_iter().map(Chunk::Line));
            body.extend(entry.body);
        }
        if statements == 0 {
            // Only comments are left, and a block needs a statement.
            body.push(Chunk::Line(format!("{indent}pass")));
        }
        let blanks = lines(header.blanks.clone());
        Some(Entry { slot: number, module: None, section: None, blanks, body })
    }

    /// Puts the statements that the user has none for among those that are there.
    fn add_new(&mut self, entries: &mut Vec<Entry>, typing: bool, indent: &str) {
        let (mine, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.decision.add)
            .into_iter()
            .partition(|add| add.typing == typing);
        self.decision.add = rest;
        let mut statements: Vec<(Option<String>, Option<String>, Vec<Identity>)> = Vec::new();
        for add in mine {
            let from = add.identity.from.clone();
            let joins =
                |(other, comment, _): &&mut (Option<String>, Option<String>, Vec<Identity>)| {
                    from.is_some() && *other == from && *comment == add.comment
                };
            match statements.iter_mut().find(joins).filter(|_| !self.sections.single) {
                Some((_, _, names)) => names.push(add.identity),
                None => statements.push((from, add.comment, vec![add.identity])),
            }
        }
        for (from, comment, names) in statements {
            let wanted: BTreeSet<&Identity> = names.iter().collect();
            let rendered = self.theirs_text(&wanted, typing);
            let said = |text: &String| {
                comment.as_ref().is_none_or(|comment| text.contains(comment.as_str()))
            };
            let text = rendered.filter(said).unwrap_or_else(|| {
                let text = self.fresh(from.as_deref(), names.iter().collect(), indent);
                comment.iter().fold(text, |text, comment| format!("{text}  {comment}"))
            });
            let first = names.first().map(|name| name.name.clone()).unwrap_or_default();
            self.insert(entries, from, first, &text);
        }
    }

    /// Theirs' statement of just these names.
    fn theirs_text(&self, wanted: &BTreeSet<&Identity>, typing: bool) -> Option<String> {
        let slots = self.theirs.slots.iter().filter(|slot| slot.typing == typing);
        let found = slots.flat_map(|slot| &slot.statements).find(|statement| {
            let names: BTreeSet<Identity> =
                statement.names.iter().map(|alias| Identity::new(statement, alias)).collect();
            names.iter().collect::<BTreeSet<_>>() == *wanted
        });
        found.map(|statement| lines_of(self.theirs, &statement.range).1)
    }

    fn insert(&self, entries: &mut Vec<Entry>, from: Option<String>, first: String, text: &str) {
        let is_from = from.is_some();
        let module = from.unwrap_or(first);
        // What theirs imports is in its sections; anything else would be a mistake here, not in the input.
        let section = self.sections.section(&module).unwrap_or(Section::Other(0));
        let body: Vec<Chunk> = text.lines().map(|line| Chunk::Line(line.to_owned())).collect();
        let key = (module.clone(), is_from);
        let same = |entry: &Entry| entry.section == Some(section);
        let after = |entry: &Entry| {
            same(entry)
                && entry.module.as_ref().is_some_and(|other| {
                    self.sections.compare((&other.0, other.1), (&key.0, key.1)).is_gt()
                })
        };
        let mut new = Entry {
            slot: 0,
            module: Some(key.clone()),
            section: Some(section),
            blanks: Vec::new(),
            body,
        };
        if let Some(place) = entries.iter().position(after) {
            if let Some(next) = entries.get_mut(place) {
                new.slot = next.slot;
                new.blanks = std::mem::take(&mut next.blanks);
            }
            entries.insert(place, new);
        } else if let Some(last) = entries.iter().rposition(same) {
            new.slot = entries.get(last).map_or(0, |entry| entry.slot);
            entries.insert(last + 1, new);
        } else {
            let before = entries
                .iter()
                .rposition(|entry| entry.section.is_some_and(|other| other < section));
            let place = match before {
                Some(last) => last + 1,
                None => entries.iter().position(|entry| entry.section.is_some()).unwrap_or(0),
            };
            self.insert_section(entries, place, new);
        }
    }

    /// Puts in the first statement of a section, with a blank line around it.
    fn insert_section(&self, entries: &mut Vec<Entry>, place: usize, mut new: Entry) {
        if place > 0 {
            new.slot = entries.get(place - 1).map_or(0, |entry| entry.slot);
            new.blanks = vec![String::new()];
            if let Some(next) = entries.get_mut(place)
                && next.blanks.is_empty()
            {
                next.blanks.push(String::new());
            }
        } else if let Some(next) = entries.get_mut(place) {
            new.slot = next.slot;
            new.blanks = std::mem::replace(&mut next.blanks, vec![String::new()]);
        } else {
            new.blanks = self.blanks_before_imports();
        }
        entries.insert(place, new);
    }

    /// The blank lines that theirs has above its first import.
    fn blanks_before_imports(&self) -> Vec<String> {
        let first = self
            .theirs
            .slots
            .first()
            .and_then(|slot| self.theirs.elements.get(slot.elements.start));
        let blanks =
            first.map(|first| self.theirs.lines.get(first.blanks.clone())).unwrap_or_default();
        blanks.iter().map(|line| (*line).to_owned()).collect()
    }

    /// An `if TYPE_CHECKING:` block where theirs has one and the user has none.
    fn new_block(&mut self, entries: &mut Vec<Entry>) {
        if !self.decision.add.iter().any(|add| add.typing) {
            return;
        }
        let indent = self.theirs.indent.unwrap_or("    ");
        let mut inner = Vec::new();
        self.add_new(&mut inner, true, indent);
        let mut body = vec![Chunk::Line("if TYPE_CHECKING:".to_owned())];
        for (index, entry) in inner.into_iter().enumerate() {
            if index > 0 {
                body.extend(entry.blanks.into_iter().map(Chunk::Line));
            }
            body.extend(entry.body);
        }
        let slot = entries.last().map_or(0, |entry| entry.slot);
        let blanks = vec![String::new()];
        entries.push(Entry { slot, module: None, section: None, blanks, body });
    }
}

/// Gives a section to every statement: the rendered text's, or that of the statement beside it.
fn classify(entries: &mut [Entry], sections: &Sections) {
    for entry in entries.iter_mut() {
        entry.section = entry.module.as_ref().and_then(|(module, _)| sections.section(module));
    }
    let mut above: Option<Section> = None;
    for entry in entries.iter_mut() {
        if entry.section.is_none() && entry.module.is_some() {
            entry.section = above.filter(|_| entry.blanks.is_empty()).or(Some(Section::Other(0)));
        }
        above = entry.section;
    }
}

fn statement_version(outline: &Outline<'_>, statement: &Statement) -> Version {
    let lines = outline.elements.get(statement.element).map(|element| element.lines.clone());
    let lines = lines.unwrap_or_default();
    Version::new(lines.start, outline.lines.get(lines).iter().copied())
}

fn leading(line: Option<&str>) -> &str {
    let line = line.unwrap_or_default();
    line.get(..line.len() - line.trim_start().len()).unwrap_or_default()
}

fn broken<'a>(head: &str, names: impl Iterator<Item = &'a str>, indent: &str) -> String {
    let step = if indent.starts_with('\t') { "\t" } else { "    " };
    let mut text = format!("{head} import (\n");
    for name in names {
        text.push_str(indent);
        text.push_str(step);
        text.push_str(name);
        text.push_str(",\n");
    }
    text.push_str(indent);
    text.push(')');
    text
}

/// The order of names in one statement.
fn compare_names(a: &str, b: &str) -> Ordering {
    let name = |text: &'_ str| text.split(' ').next().unwrap_or_default().to_owned();
    let (a, b) = (name(a), name(b));
    name_type(&a).cmp(&name_type(&b)).then_with(|| natural(&a, &b))
}

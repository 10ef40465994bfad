//! The merge of a module's or a class's body: members by name, the text between them as lines.
//!
//! In: the [`Segment`]s of three versions. Out: [`Chunk`]s. Members that all three have are merged one by
//! one and divide the body into gaps; what is in a gap is woven together, new members as wholes. The order
//! is the user's where the user changed it.

use std::collections::{BTreeMap, BTreeSet};

use super::conflict::{Hunk, Version};
use super::exports;
use super::outline::{ElementKind, Keys, Outline, Segment, Unit, UnitKind};
use super::weave::{Beside, Chunk, Item, ItemKind, Place, Three, pick_blanks, put_lines, weave};

/// A member's name, and which one of that name it is.
type Name = (String, usize);

/// One version of a body.
#[derive(Clone, Copy)]
struct Body<'o, 'a> {
    outline: &'o Outline<'a>,
    segments: &'o [Segment],
}

/// What is done with a member that not all three have.
enum Fate {
    Keep,
    Leave,
    Clash(Hunk),
}

/// Merges three modules; `slots` is how many import texts the merged one has.
pub(super) fn modules(
    outlines: Three<&Outline<'_>>,
    slots: usize,
    beside: Beside,
    keys: &mut Keys,
) -> Vec<Chunk> {
    let mut merger = Merger { outlines, slots, beside, keys, out: Vec::new() };
    merger.bodies(outlines.map(|outline| outline.segments.as_slice()), [0; 3], true);
    let tails = outlines.map(|outline| outline.lines.get(outline.tail.clone()));
    put_lines(pick_blanks(tails), &mut merger.out);
    merger.out
}

struct Merger<'o, 'a, 'k> {
    outlines: Three<&'o Outline<'a>>,
    slots: usize,
    beside: Beside,
    keys: &'k mut Keys,
    out: Vec<Chunk>,
}

impl<'o, 'a> Merger<'o, 'a, '_> {
    fn bodies(&mut self, segments: Three<&'o [Segment]>, start: Three<usize>, module: bool) {
        let [b, y, t] = self.outlines;
        let [bs, ys, ts] = segments;
        let bodies = [
            Body { outline: b, segments: bs },
            Body { outline: y, segments: ys },
            Body { outline: t, segments: ts },
        ];
        let units = bodies.map(Body::units);
        let [base, yours, theirs] = &units;
        let everywhere = |name: &&Name| base.contains_key(*name) && yours.contains_key(*name);
        let common: BTreeSet<&Name> = theirs.keys().filter(everywhere).collect();
        let mut gaps = Vec::new();
        for (which, body) in bodies.iter().enumerate() {
            gaps.push(self.gaps(which, *body, &units, &common, module));
        }
        let order =
            |which: usize| gaps.get(which).map(|gaps| gaps.order.clone()).unwrap_or_default();
        let order = if order(1) == order(0) { order(2) } else { order(1) };
        let mut at = start;
        self.gap(&gaps, None, at);
        for name in order {
            let (Some(b), Some(y), Some(t)) =
                (base.get(&name), yours.get(&name), theirs.get(&name))
            else {
                continue;
            };
            self.unit([b, y, t]);
            at = self.ends([b, y, t]);
            self.gap(&gaps, Some(&name), at);
        }
    }

    fn gap(&mut self, gaps: &[Gaps<'o>], after: Option<&Name>, at: Three<usize>) {
        let items = |which: usize| {
            gaps.get(which)
                .and_then(|gaps| gaps.items.get(&after.cloned()))
                .map(Vec::as_slice)
                .unwrap_or_default()
        };
        let how = (Place::Members, self.beside);
        weave([items(0), items(1), items(2)], at, how, self.keys, &mut self.out);
    }

    /// Where units end in their files.
    fn ends(&self, units: Three<&Unit>) -> Three<usize> {
        let mut ends = [0; 3];
        for ((end, unit), outline) in ends.iter_mut().zip(units).zip(self.outlines) {
            *end = outline.elements(unit.elements.clone()).last().map_or(0, |last| last.lines.end);
        }
        ends
    }

    /// Merges a member that all three have.
    fn unit(&mut self, units: Three<&'o Unit>) {
        let [b, y, t] = self.outlines;
        match units.map(|unit| &unit.kind) {
            [UnitKind::Exports(base), UnitKind::Exports(yours), UnitKind::Exports(theirs)] => {
                let blanks = self.zip(units, |outline, unit| {
                    let first = outline.elements(unit.elements.clone()).first();
                    first.map(|first| outline.lines.get(first.blanks.clone())).unwrap_or_default()
                });
                put_lines(pick_blanks(blanks), &mut self.out);
                let text = exports::merged([(b, base), (y, yours), (t, theirs)]);
                self.out.extend(text.lines().map(|line| Chunk::Line(line.to_owned())));
            }
            [
                UnitKind::Class { head: base, body: base_body },
                UnitKind::Class { head: yours, body: yours_body },
                UnitKind::Class { head: theirs, body: theirs_body },
            ] => {
                self.run([base, yours, theirs].map(Clone::clone));
                let start = self.heads([base.end, yours.end, theirs.end]);
                self.bodies([base_body, yours_body, theirs_body], start, false);
            }
            _ => self.run(units.map(|unit| unit.elements.clone())),
        }
    }

    fn zip<T: Copy + Default>(
        &self,
        units: Three<&'o Unit>,
        of: impl Fn(&'o Outline<'a>, &'o Unit) -> T,
    ) -> Three<T> {
        let mut all = [T::default(); 3];
        for ((value, unit), outline) in all.iter_mut().zip(units).zip(self.outlines) {
            *value = of(outline, unit);
        }
        all
    }

    /// The lines behind the elements that come before these.
    fn heads(&self, ends: Three<usize>) -> Three<usize> {
        let mut lines = [0; 3];
        for ((line, end), outline) in lines.iter_mut().zip(ends).zip(self.outlines) {
            *line = outline.elements(0..end).last().map_or(0, |last| last.lines.end);
        }
        lines
    }

    /// Merges elements as statements.
    fn run(&mut self, ranges: Three<std::ops::Range<usize>>) {
        let starts = self
            .heads([0, 1, 2].map(|which: usize| {
                ranges.get(which).map(|range| range.start).unwrap_or_default()
            }));
        let mut runs: Vec<Vec<Item<'o>>> = Vec::new();
        for (outline, range) in self.outlines.iter().zip(ranges) {
            let elements = outline.elements(range);
            runs.push(
                elements.iter().map(|element| Item::element(element, &outline.lines)).collect(),
            );
        }
        if let [b, y, t] = runs.as_slice() {
            let how = (Place::Statements, self.beside);
            weave([b, y, t], starts, how, self.keys, &mut self.out);
        }
    }

    /// What stands between the common members of one version.
    fn gaps(
        &mut self,
        which: usize,
        body: Body<'o, 'a>,
        units: &Three<BTreeMap<Name, &'o Unit>>,
        common: &BTreeSet<&Name>,
        module: bool,
    ) -> Gaps<'o> {
        let mut gaps = Gaps { order: Vec::new(), items: BTreeMap::new() };
        let mut current: Option<Name> = None;
        let mut imports = if module { self.imports(which, body) } else { Imports::default() };
        for (index, segment) in body.segments.iter().enumerate() {
            let items = gaps.items.entry(current.clone()).or_default();
            if imports.before == Some(index) {
                items.append(&mut imports.items);
            }
            match segment {
                Segment::Loose(element) => {
                    items.extend(
                        body.outline
                            .elements
                            .get(*element)
                            .map(|e| Item::element(e, &body.outline.lines)),
                    );
                }
                Segment::Slot(slot) => {
                    if which == 1 {
                        items.push(self.slot(*slot, body.outline));
                    }
                }
                Segment::Unit(unit) => {
                    let name = (unit.name.clone(), unit.nth);
                    if common.contains(&name) {
                        gaps.order.push(name.clone());
                        current = Some(name);
                        continue;
                    }
                    match self.fate(which, &name, units) {
                        Fate::Keep => items.push(self.whole(unit, body.outline, ItemKind::Unit)),
                        Fate::Leave => {}
                        Fate::Clash(hunk) => {
                            items.push(self.whole(unit, body.outline, ItemKind::Clash(hunk)));
                        }
                    }
                }
            }
        }
        gaps.items.entry(current).or_default().append(&mut imports.items);
        gaps
    }

    /// Base and theirs have the user's import texts where they have imports, so that these are equal.
    fn imports(&mut self, which: usize, body: Body<'o, 'a>) -> Imports<'o> {
        let extra = self.outlines.get(1).is_none_or(|yours| yours.slots.is_empty());
        if which == 1 && !extra {
            return Imports::default();
        }
        let first = body.segments.iter().position(|segment| matches!(segment, Segment::Slot(_)));
        let items = (0..self.slots).map(|slot| self.slot(slot, body.outline)).collect();
        Imports { before: Some(first.unwrap_or_else(|| body.top())), items }
    }

    fn slot(&mut self, slot: usize, outline: &'o Outline<'a>) -> Item<'o> {
        let key = self.keys.of(format!("slot {slot}"));
        let kind = ItemKind::Slot(slot);
        Item {
            kind,
            key,
            code: key,
            comments: Vec::new(),
            blanks: 0..0,
            lines: 0..0,
            version: &outline.lines,
        }
    }

    /// A member as one item.
    fn whole(&mut self, unit: &Unit, outline: &'o Outline<'a>, kind: ItemKind) -> Item<'o> {
        let key = self.keys.fresh();
        let elements = outline.elements(unit.elements.clone());
        let first = elements.first().map(|first| (first.blanks.clone(), first.lines.start));
        let (blanks, start) = first.unwrap_or_default();
        let end = elements.last().map_or(start, |last| last.lines.end);
        Item {
            kind,
            key,
            code: key,
            comments: Vec::new(),
            blanks,
            lines: start..end,
            version: &outline.lines,
        }
    }

    /// What becomes of a member that one or two versions have, seen from the version `which`.
    fn fate(&self, which: usize, name: &Name, units: &Three<BTreeMap<Name, &'o Unit>>) -> Fate {
        let [b, y, t] = self.outlines;
        let [base, yours, theirs] = units;
        match (base.get(name), yours.get(name), theirs.get(name)) {
            // Deleted by the user.
            (Some(base), None, Some(theirs)) => match same((b, base), (t, theirs)) {
                true => Fate::Leave,
                false if which == 2 => {
                    Fate::Clash(clash([Some((b, base)), None, Some((t, theirs))]))
                }
                false => Fate::Leave,
            },
            // No longer in the contract.
            (Some(base), Some(yours), None) => match same((b, base), (y, yours)) {
                true => Fate::Leave,
                false if which == 1 => {
                    Fate::Clash(clash([Some((b, base)), Some((y, yours)), None]))
                }
                false => Fate::Leave,
            },
            // Added by both.
            (None, Some(yours), Some(theirs)) => match same((y, yours), (t, theirs)) {
                true if which == 1 => Fate::Keep,
                false if which == 1 => {
                    Fate::Clash(clash([None, Some((y, yours)), Some((t, theirs))]))
                }
                _ => Fate::Leave,
            },
            (None, Some(_), None) | (None, None, Some(_)) => Fate::Keep,
            (Some(_), None, None) | (None, None, None) | (Some(_), Some(_), Some(_)) => Fate::Leave,
        }
    }
}

/// Whether two versions of a member differ in layout at most.
fn same((a, x): (&Outline<'_>, &Unit), (b, y): (&Outline<'_>, &Unit)) -> bool {
    let keys = |outline: &Outline<'_>, unit: &Unit| -> Vec<u32> {
        outline.elements(unit.elements.clone()).iter().map(|element| element.key).collect()
    };
    keys(a, x) == keys(b, y)
}

fn clash(units: Three<Option<(&Outline<'_>, &Unit)>>) -> Hunk {
    let [base, yours, theirs] = units.map(|unit| {
        let Some((outline, unit)) = unit else { return Version::default() };
        let elements = outline.elements(unit.elements.clone());
        let start = elements.first().map_or(0, |first| first.blanks.start);
        let end = elements.last().map_or(start, |last| last.lines.end);
        Version::new(start, outline.lines.get(start..end).iter().copied())
    });
    Hunk { base, yours, theirs }
}

/// The gaps of one version, by the member that they follow.
struct Gaps<'o> {
    order: Vec<Name>,
    items: BTreeMap<Option<Name>, Vec<Item<'o>>>,
}

/// Import texts that a version gets, and the segment that they stand before.
#[derive(Default)]
struct Imports<'o> {
    before: Option<usize>,
    items: Vec<Item<'o>>,
}

impl<'o> Body<'o, '_> {
    fn units(self) -> BTreeMap<Name, &'o Unit> {
        let units = self.segments.iter().filter_map(|segment| match segment {
            Segment::Unit(unit) => Some(((unit.name.clone(), unit.nth), unit)),
            Segment::Loose(_) | Segment::Slot(_) => None,
        });
        units.collect()
    }

    /// The first segment behind the comments and the docstring at the top.
    fn top(self) -> usize {
        let mut docstring = self.outline.docstring;
        let above = self.segments.iter().take_while(|segment| match segment {
            Segment::Loose(index) => {
                let comment = self
                    .outline
                    .elements
                    .get(*index)
                    .is_some_and(|e| e.kind == ElementKind::Comment);
                comment && docstring.is_some() || docstring.take() == Some(*index)
            }
            Segment::Unit(_) | Segment::Slot(_) => false,
        });
        above.count()
    }
}

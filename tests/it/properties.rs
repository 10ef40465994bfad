//! What holds of every regeneration, over random contracts, random changes of them and random edits of files.
//!
//! In memory: each case makes a project as `onex new` does, edits it as people do, changes its contracts, and plans
//! as `onex regenerate` does. More cases than usual: `PROPTEST_CASES=20000 cargo test --test it properties`.

mod contract;
/// The same on real disks.
mod disk;
/// What was found once, each as a plain case of its own.
mod found;
mod person;
mod pipeline;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use onex_scaffold::plan::regenerate::{ConflictMode, Options};
use onex_scaffold::plan::{Change, Drift, Obstacle, Plan};
use onex_scaffold::render::Ownership;
use onex_scaffold::workspace::RelPath;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{FileFailurePersistence, TestRunner};

use contract::{Folder, Spec};
use person::{Edit, Mark};
use pipeline::{Refused, Tree, applied, path, planned};

fn config(cases: u32) -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: wanted.unwrap_or(cases),
        // The seed of a failure is printed and kept; the case itself belongs among the plain tests.
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource(
            "proptest-regressions",
        ))),
        max_shrink_iters: 600,
        max_global_rejects: 1 << 20,
        ..ProptestConfig::default()
    }
}

fn options(conflict: ConflictMode) -> Options {
    Options { conflict, ..Options::default() }
}

/// The project as it was made.
fn made(spec: &Spec) -> Result<Tree, Refused> {
    let mut tree = pipeline::empty();
    for (folder, style, text) in spec.contracts() {
        tree = pipeline::with_new(&tree, folder, style, &text)?;
    }
    Ok(tree)
}

/// What `onex regenerate` leaves; nothing where a conflict stops it.
fn regenerated(tree: &Tree) -> Result<Result<Tree, Plan>, Refused> {
    let plan = planned(tree, &Options::default(), false)?;
    if plan.conflicts().next().is_some() {
        return Ok(Err(plan));
    }
    Ok(Ok(applied(tree, &plan).map_err(Refused)?))
}

/// New contracts in the place of the old ones, in the folders that they belong to.
fn change_contracts(tree: &mut Tree, new: &Spec, folders: &[Folder]) {
    folders.iter().for_each(|folder| take_folder(tree, folder));
    for (folder, _, text) in new.contracts() {
        tree.insert(path(&format!("src/app/nodes/{folder}/contract.yaml")), text);
    }
}

/// Moves or deletes a node's folder with all that is in it.
fn take_folder(tree: &mut Tree, folder: &Folder) {
    let inside = |name: &str| path(&format!("src/app/nodes/{name}"));
    let old = match folder {
        Folder::Moved(from, _) => inside(from),
        Folder::Deleted(name) => inside(name),
    };
    let below: Vec<RelPath> =
        tree.keys().filter(|path| path.moved(&old, &old).is_some()).cloned().collect();
    for from in below {
        let text = tree.remove(&from).unwrap();
        if let Folder::Moved(_, to) = folder {
            tree.insert(from.moved(&old, &inside(to)).unwrap(), text);
        }
    }
}

fn drifts(plan: &Plan) -> Vec<(String, Drift)> {
    let drifts = plan.changes.iter().filter_map(|c| Some((c.path.to_string(), c.drift?)));
    drifts.collect()
}

/// A plan that has nothing to do.
fn assert_settled(tree: &Tree, allowed: &[Drift]) -> Result<(), TestCaseError> {
    let plan = planned(tree, &Options::default(), false).map_err(fail)?;
    prop_assert!(plan.conflicts().next().is_none(), "a conflict came: {}", conflicts(&plan));
    let after = applied(tree, &plan).map_err(TestCaseError::fail)?;
    prop_assert!(after == *tree, "a second run does more:\n{}", difference(tree, &after));
    let drifts = drifts(&plan);
    let others: Vec<_> = drifts.iter().filter(|(_, drift)| !allowed.contains(drift)).collect();
    prop_assert!(others.is_empty(), "check is not clean: {others:?}");
    Ok(())
}

/// What `check` tells is what `regenerate` does.
fn assert_agreed(plan: &Plan) -> Result<(), TestCaseError> {
    let is_lock = |path: &RelPath| path.name() == "onex.lock";
    let (mut does_anything, mut tells_anything) = (false, false);
    for change in &plan.changes {
        let is_done = match &change.change {
            Change::Created { .. }
            | Change::Updated { .. }
            | Change::Moved { .. }
            | Change::Removed { .. }
            | Change::Conflict(_) => true,
            Change::Kept | Change::LeftOut | Change::Orphaned => false,
        };
        does_anything |= is_done;
        let is_told = change.drift.is_some();
        tells_anything |= is_done && is_told;
        prop_assert!(!is_done || is_told || is_lock(&change.path), "untold: {change:?}");
        let may_stand =
            [None, Some(Drift::Orphaned), Some(Drift::Missing), Some(Drift::Conflicted)];
        prop_assert!(is_done || may_stand.contains(&change.drift), "told for nothing: {change:?}");
    }
    prop_assert!(tells_anything || !does_anything, "only a lock changes, and nothing says so");
    Ok(())
}

fn fail(refused: Refused) -> TestCaseError {
    TestCaseError::fail(refused.0)
}

fn reject(refused: Refused) -> TestCaseError {
    TestCaseError::reject(refused.0)
}

/// What stands in the tree of what people wrote.
fn standing(marks: &[Mark], tree: &Tree) -> Vec<Mark> {
    marks.iter().filter(|mark| mark.count(tree) > 0).cloned().collect()
}

fn assert_not_lost(marks: &[Mark], before: &Tree, after: &Tree) -> Result<(), TestCaseError> {
    for mark in marks {
        let is_lost = mark.count(after) < mark.count(before);
        prop_assert!(!is_lost, "{mark:?} is lost:\n{}", difference(before, after));
    }
    Ok(())
}

fn assert_kept(marks: &[Mark], before: &Tree, after: &Tree) -> Result<(), TestCaseError> {
    assert_not_lost(marks, before, after)?;
    for mark in marks {
        let (was, is) = (mark.count(before), mark.count(after));
        // A remark at an import goes with each of the statements that it becomes.
        let is_doubled = is > was && matches!(mark, Mark::Line(_));
        prop_assert!(!is_doubled, "{mark:?} is there {is} times:\n{}", difference(before, after));
    }
    Ok(())
}

fn assert_parses(before: &Tree, after: &Tree) -> Result<(), TestCaseError> {
    let (was, is) = (person::broken(before), person::broken(after));
    let marked = |text: &str| text.contains("\n<<<<<<< ");
    let new: Vec<String> = is
        .iter()
        .filter(|(path, text)| !was.contains_key(*path) && !marked(text))
        .map(|(path, text)| format!("{path}\n{text}"))
        .collect();
    prop_assert!(new.len() <= was.len(), "does not parse: {}", new.join("\n"));
    Ok(())
}

/// What differs between two trees, for messages.
fn difference(one: &Tree, other: &Tree) -> String {
    let paths: BTreeSet<&RelPath> = one.keys().chain(other.keys()).collect();
    let mut told = String::new();
    for path in paths {
        let [old, new] = [one, other].map(|tree| tree.get(path).map_or("", String::as_str));
        if path.name() == "onex.lock" || old == new {
            continue;
        }
        let diff = similar::TextDiff::from_lines(old, new);
        told.push_str(&diff.unified_diff().header(path.as_str(), path.as_str()).to_string());
    }
    told
}

/// What differs between two plans, for messages.
fn unlike(one: &Plan, other: &Plan) -> String {
    let [one, other] = [one, other].map(|plan| format!("{plan:#?}"));
    similar::TextDiff::from_lines(&one, &other).unified_diff().to_string()
}

/// A project, edited, with its contracts changed.
struct Edited {
    tree: Tree,
    marks: Vec<Mark>,
}

fn edited(case: &Case) -> Result<Edited, TestCaseError> {
    let mut tree = settled(&case.old)?;
    let marks = person::edit(&mut tree, &case.edits);
    change_contracts(&mut tree, &case.new, &case.folders);
    let marks = standing(&marks, &tree);
    Ok(Edited { tree, marks })
}

/// The project as it was made, and regenerated once: one node's definitions concern the others.
fn settled(spec: &Spec) -> Result<Tree, TestCaseError> {
    match regenerated(&made(spec).map_err(reject)?).map_err(reject)? {
        Ok(tree) => Ok(tree),
        Err(plan) => Err(TestCaseError::fail(format!("untouched, yet {}", conflicts(&plan)))),
    }
}

fn conflicts(plan: &Plan) -> String {
    let told = plan.conflicts().map(|(path, obstacle)| format!("{path}: {obstacle}"));
    told.collect::<Vec<_>>().join("\n")
}

/// The same, with edits in the very lines that the contract is about to change.
fn edited_where_it_meets(case: &Case) -> Result<Edited, TestCaseError> {
    let Edited { mut tree, mut marks } = edited(case)?;
    let plan = planned(&tree, &Options::default(), false).map_err(reject)?;
    let mut edits = case.edits.iter().cycle();
    for change in plan.changes {
        let (at, before, after) = match change.change {
            Change::Updated { before, after } => (change.path, before, after),
            Change::Moved { from, before, after, .. } => (from, before, after),
            _ => continue,
        };
        let Some(edit) = edits.next() else { break };
        if change.ownership == Ownership::Scaffolded
            && let Some((text, mark)) = person::meet(&before, &after, *edit, at.as_str())
        {
            tree.insert(at, text);
            marks.push(mark);
        }
    }
    let marks = standing(&marks, &tree);
    Ok(Edited { tree, marks })
}

/// Whether the only trouble is that two changes meet.
fn is_merge(plan: &Plan) -> bool {
    plan.conflicts().all(|(_, obstacle)| matches!(obstacle, Obstacle::Merge(_)))
}

/// The lines of both sides, and of the base, stand between the markers.
fn assert_both_sides(plan: &Plan, after: &Tree) -> Result<(), TestCaseError> {
    for (path, obstacle) in plan.conflicts() {
        let Obstacle::Merge(conflict) = obstacle else { continue };
        if path.name() == "__init__.py" {
            continue;
        }
        let lines: Vec<&str> = after[path].lines().collect();
        for hunk in conflict.hunks() {
            let mut marked: Vec<&str> = Vec::new();
            for (marker, version) in [
                ("<<<<<<< yours", &hunk.yours),
                ("||||||| base", &hunk.base),
                ("=======", &hunk.theirs),
            ] {
                marked.push(marker);
                marked.extend(version.lines.iter().map(String::as_str));
            }
            marked.push(">>>>>>> contract");
            let stands = lines.windows(marked.len()).any(|lines| lines == marked);
            prop_assert!(stands, "{path} lacks {marked:#?}:\n{}", &after[path]);
        }
    }
    Ok(())
}

fn check_edited(Edited { tree, marks }: Edited) -> Result<(), TestCaseError> {
    let plan = planned(&tree, &Options::default(), false).map_err(reject)?;
    let turned = planned(&tree, &Options::default(), true).map_err(fail)?;
    prop_assert!(turned == plan, "the order of nodes matters:\n{}", unlike(&plan, &turned));
    assert_agreed(&plan)?;
    if plan.conflicts().next().is_none() {
        let after = applied(&tree, &plan).map_err(TestCaseError::fail)?;
        assert_kept(&marks, &tree, &after)?;
        assert_parses(&tree, &after)?;
        return assert_settled(&after, &[Drift::Orphaned, Drift::Missing]);
    }
    prop_assert!(plan.writes().is_empty() && plan.removals().is_empty());
    if !is_merge(&plan) {
        return Ok(());
    }
    for mode in [ConflictMode::Ours, ConflictMode::Theirs, ConflictMode::Markers] {
        let decided = planned(&tree, &options(mode), false).map_err(fail)?;
        let turned = planned(&tree, &options(mode), true).map_err(fail)?;
        prop_assert!(turned == decided, "the order matters:\n{}", unlike(&decided, &turned));
        prop_assert!(decided.conflicts().next().is_none(), "{mode:?}: {}", conflicts(&decided));
        let after = applied(&tree, &decided).map_err(TestCaseError::fail)?;
        match mode {
            ConflictMode::Ours => {
                assert_not_lost(&marks, &tree, &after)?;
                assert_settled(&after, &[Drift::Orphaned, Drift::Missing])?;
            }
            ConflictMode::Theirs => {
                assert_settled(&after, &[Drift::Orphaned, Drift::Missing])?;
            }
            ConflictMode::Markers => {
                assert_not_lost(&marks, &tree, &after)?;
                assert_both_sides(&plan, &after)?;
                let told = drifts(&planned(&after, &Options::default(), false).map_err(fail)?);
                let told: BTreeSet<String> = told
                    .into_iter()
                    .filter(|(_, drift)| *drift == Drift::Conflicted)
                    .map(|(path, _)| path)
                    .collect();
                let marked = after.iter().filter(|(_, text)| text.contains("<<<<<<< yours"));
                let marked: BTreeSet<String> = marked.map(|(path, _)| path.to_string()).collect();
                prop_assert_eq!(&told, &marked);
                // What packages export follows from what stays, and that from what else was decided.
                let conflicted = plan.conflicts().map(|(path, _)| path);
                let mut unsettled = conflicted.filter(|path| path.name() != "__init__.py");
                prop_assert!(unsettled.all(|path| marked.contains(path.as_str())), "{marked:?}");
                let allowed = [Drift::Orphaned, Drift::Missing, Drift::Conflicted];
                assert_settled(&after, &allowed)?;
            }
            ConflictMode::Abort => unreachable!("not in the list"),
        }
    }
    Ok(())
}

/// A project, what somebody does to its files, and what becomes of its contracts.
struct Case {
    old: Spec,
    edits: Vec<Edit>,
    new: Spec,
    folders: Vec<Folder>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |spec: &Spec| {
            let nodes = spec.contracts();
            nodes.iter().map(|(_, style, text)| format!("# {style:?}\n{text}")).collect::<String>()
        };
        let (old, new) = (text(&self.old), text(&self.new));
        let diff = similar::TextDiff::from_lines(&old, &new);
        writeln!(f, "{old}\n{}", diff.unified_diff())?;
        write!(f, "folders: {:?}\nedits: {:?}", self.folders, self.edits)
    }
}

/// The files of one ownership that the locks of a tree list.
fn owners_of(tree: &Tree, wanted: Ownership) -> BTreeSet<RelPath> {
    let owners = pipeline::owners(tree).into_iter();
    owners.filter(|(_, ownership)| *ownership == wanted).map(|(path, _)| path).collect()
}

/// A lock without the digest of its contract, which stays while nothing else changes.
fn without_fingerprint(path: &RelPath, text: &str) -> String {
    let is_fingerprint =
        |line: &&str| path.name() == "onex.lock" && line.trim_start().starts_with("\"contract\":");
    text.split_inclusive('\n').filter(|line| !is_fingerprint(line)).collect()
}

/// Cases in which no node goes: what it shared stays where nobody lists it any more.
fn without_deletion() -> impl Strategy<Value = Case> {
    let changes = prop::collection::vec(any::<contract::Change>(), 0..5);
    (contract::spec(), changes).prop_map(|(old, mut changes)| {
        changes.retain(|change| !contract::is_deletion(change));
        let (new, folders) = old.changed(&changes);
        Case { old, edits: Vec::new(), new, folders }
    })
}

fn case() -> impl Strategy<Value = Case> {
    let edits = prop::collection::vec(any::<Edit>(), 0..9);
    let changes = prop::collection::vec(any::<contract::Change>(), 0..5);
    (contract::spec(), edits, changes).prop_map(|(old, edits, changes)| {
        let (new, folders) = old.changed(&changes);
        Case { old, edits, new, folders }
    })
}

proptest! {
    #![proptest_config(config(1000))]

    /// No line of a person is lost or doubled, what parsed parses, a second run does nothing, the order of the nodes
    /// does not matter, a conflict changes nothing, and every way out of one leads out.
    #[test]
    fn what_people_wrote_stays(case in case()) {
        check_edited(edited(&case)?)?;
    }
}

/// How often changes meet, so that the property below is one of conflicts as much as of merges.
#[test]
fn changes_that_meet_are_conflicts_now_and_then() {
    let mut runner = TestRunner::deterministic();
    let [mut conflicts, mut merges] = [0, 0];
    while conflicts + merges < 60 {
        let case = case().new_tree(&mut runner).unwrap().current();
        let Ok(Edited { tree, .. }) = edited_where_it_meets(&case) else { continue };
        let Ok(plan) = planned(&tree, &Options::default(), false) else { continue };
        match plan.conflicts().next() {
            Some(_) if is_merge(&plan) => conflicts += 1,
            Some(_) => {}
            None => merges += 1,
        }
    }
    assert!((10..50).contains(&conflicts), "{conflicts} conflicts, {merges} merges");
}

proptest! {
    #![proptest_config(config(500))]

    /// The same where people edit the lines that the contract changes.
    #[test]
    fn changes_that_meet_lose_nothing(case in case()) {
        check_edited(edited_where_it_meets(&case)?)?;
    }
}

proptest! {
    #![proptest_config(config(500))]

    /// What nobody touched is, after every change of the contracts, what a new project would have.
    #[test]
    fn untouched_files_equal_a_fresh_generation(case in without_deletion()) {
        let mut tree = settled(&case.old)?;
        let generated = owners_of(&tree, Ownership::Generated);
        change_contracts(&mut tree, &case.new, &case.folders);
        let fresh = settled(&case.new)?;
        let plan = planned(&tree, &Options::default(), false).map_err(fail)?;
        prop_assert!(plan.conflicts().next().is_none(), "{}", conflicts(&plan));
        let after = applied(&tree, &plan).map_err(TestCaseError::fail)?;
        // Fields that a contract no longer defines are the user's from then on, and so are what they were, under another
        // name too.
        let renamed = plan.changes.iter().filter_map(|change| match &change.change {
            Change::Moved { from, .. } if generated.contains(from) => Some(change.path.clone()),
            _ => None,
        });
        let generated: BTreeSet<RelPath> = generated.iter().cloned().chain(renamed).collect();
        let given_up: BTreeSet<RelPath> =
            owners_of(&fresh, Ownership::Scaffolded).intersection(&generated).cloned().collect();
        let told = |tree: &Tree| -> Tree {
            let kept = tree.iter().filter(|(path, _)| !given_up.contains(*path));
            kept.map(|(path, text)| (path.clone(), without_fingerprint(path, text))).collect()
        };
        let (fresh, after) = (told(&fresh), told(&after));
        prop_assert!(after == fresh, "{}", difference(&fresh, &after));
    }
}

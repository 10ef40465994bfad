//! What holds of every regeneration, over random contracts, random changes of them and random edits of files.
//!
//! In memory: each case makes a project as `onex new` does, edits it as people do, changes its contracts, and plans
//! as `onex regenerate` does. More cases than usual: `PROPTEST_CASES=20000 cargo test --test it properties`.

mod contract;
mod person;
mod pipeline;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use onex_scaffold::plan::regenerate::{ConflictMode, Options};
use onex_scaffold::plan::{Drift, Obstacle, Plan};
use onex_scaffold::workspace::RelPath;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use contract::{Change, Folder, Spec};
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
    for folder in folders {
        let nodes = path("src/app/nodes");
        let inside = |name: &str| path(&format!("{nodes}/{name}"));
        let old = match folder {
            Folder::Moved(from, _) => inside(from),
            Folder::Deleted(name) => inside(name),
        };
        let below: Vec<RelPath> =
            tree.keys().filter(|p| p.moved(&old, &old).is_some()).cloned().collect();
        for from in below {
            let text = tree.remove(&from).unwrap();
            if let Folder::Moved(_, to) = folder {
                tree.insert(from.moved(&old, &inside(to)).unwrap(), text);
            }
        }
    }
    for (folder, _, text) in new.contracts() {
        tree.insert(path(&format!("src/app/nodes/{folder}/contract.yaml")), text);
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

fn assert_kept(marks: &[Mark], before: &Tree, after: &Tree) -> Result<(), TestCaseError> {
    for mark in marks {
        let (was, is) = (mark.count(before), mark.count(after));
        prop_assert!(is >= was, "{mark:?} is lost:\n{}", difference(before, after));
        prop_assert!(is <= was, "{mark:?} is there {is} times:\n{}", difference(before, after));
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

/// Whether the only trouble is that two changes meet.
fn is_merge(plan: &Plan) -> bool {
    plan.conflicts().all(|(_, obstacle)| matches!(obstacle, Obstacle::Merge(_)))
}

fn check_edited(case: &Case) -> Result<(), TestCaseError> {
    let Edited { tree, marks } = edited(case)?;
    let plan = planned(&tree, &Options::default(), false).map_err(reject)?;
    let turned = planned(&tree, &Options::default(), true).map_err(fail)?;
    prop_assert!(turned == plan, "the order of nodes matters:\n{}", unlike(&plan, &turned));
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
    let conflicted: Vec<RelPath> = plan.conflicts().map(|(path, _)| path.clone()).collect();
    for mode in [ConflictMode::Ours, ConflictMode::Theirs, ConflictMode::Markers] {
        let decided = planned(&tree, &options(mode), false).map_err(fail)?;
        let turned = planned(&tree, &options(mode), true).map_err(fail)?;
        prop_assert!(turned == decided, "the order matters:\n{}", unlike(&decided, &turned));
        prop_assert!(decided.conflicts().next().is_none(), "{mode:?}: {}", conflicts(&decided));
        let after = applied(&tree, &decided).map_err(TestCaseError::fail)?;
        match mode {
            ConflictMode::Ours => {
                for mark in &marks {
                    prop_assert!(mark.count(&after) >= mark.count(&tree), "{mark:?} is lost");
                }
                assert_settled(&after, &[Drift::Orphaned, Drift::Missing])?;
            }
            ConflictMode::Theirs => {
                assert_settled(&after, &[Drift::Orphaned, Drift::Missing])?;
            }
            ConflictMode::Markers => {
                for mark in &marks {
                    prop_assert!(mark.count(&after) >= mark.count(&tree), "{mark:?} is lost");
                }
                let told: BTreeMap<String, Drift> =
                    drifts(&planned(&after, &Options::default(), false).map_err(fail)?)
                        .into_iter()
                        .collect();
                for path in &conflicted {
                    let drift = told.get(path.as_str());
                    prop_assert_eq!(drift, Some(&Drift::Conflicted), "{}\n{}", path, &after[path]);
                }
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

fn case() -> impl Strategy<Value = Case> {
    let edits = prop::collection::vec(any::<Edit>(), 0..7);
    let changes = prop::collection::vec(any::<Change>(), 0..4);
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
        check_edited(&case)?;
    }
}

//! Bounded: whatever stands in a file, the program ends by itself, soon, in little memory, and says why it read no more.
//!
//! Each run has a limit of processor time and of address space. Both are generous, since machines are slow and this is the
//! program without optimisation; what must not happen is far beyond them: a run without end, a heap of gigabytes, a stack
//! that is exhausted. A run that is ended by a signal fails the test.

use std::fmt::Write as _;
use std::path::Path;

use crate::project::{Outcome, Project, SEED, SEED_NODE};

/// Seconds of processor time.
const SECONDS: u32 = 60;

/// Kilobytes of memory.
const MEMORY: u64 = 200_000;

/// Kilobytes of address space, so that a run which takes far too much takes no more from others.
const ADDRESSES: u32 = 1_000_000;

/// Runs the command within the limits.
#[track_caller]
fn bounded(project: &Project, arguments: &[&str]) -> Outcome {
    let script =
        format!("ulimit -t {SECONDS}; ulimit -v {ADDRESSES}; ulimit -s 8192; exec \"$0\" \"$@\"");
    let mut words = vec!["-c", &script, env!("CARGO_BIN_EXE_onex")];
    words.extend(arguments);
    let (outcome, peak) = project.run_beside(Path::new("/bin/sh"), &words, peak);
    assert!(peak <= MEMORY, "{peak} kB of memory, {arguments:?}");
    outcome
}

/// The most memory that a process has taken at any time until it ended, in kilobytes, as Linux tells it.
fn peak(process: u32) -> u64 {
    let status = format!("/proc/{process}/status");
    let mut peak = 0;
    while let Ok(text) = std::fs::read_to_string(&status)
        && let Some(line) = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))
    {
        peak = line.trim().trim_end_matches(" kB").parse().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    peak
}

/// A project with the seed's node.
fn made() -> Project {
    let project = Project::new();
    project.make(&["--path", "."]).exit(0);
    project
}

fn contract_path() -> String {
    format!("{SEED_NODE}/contract.yaml")
}

/// A text so many times.
fn times(text: &str, count: usize) -> String {
    text.repeat(count)
}

/// A line for each number.
fn numbered(count: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        writeln!(text, "{}", line(number)).unwrap();
    }
    text
}

/// Nine levels of nine aliases each.
fn laughs() -> String {
    let level = |n: usize| {
        let inner = if n == 0 { "\"lol\"".to_owned() } else { format!("*l{}", n - 1) };
        format!("l{n}: &l{n} [{}]", vec![inner; 9].join(","))
    };
    numbered(9, level)
}

const DEEP: usize = 100_000;
const MEGABYTE: usize = 1 << 20;

/// Contracts that no program should read to the end.
fn contracts() -> Vec<(&'static str, String)> {
    let map = numbered(1000, |n| format!("  k{n}: v"));
    vec![
        ("an alias bomb", laughs()),
        ("aliases of a large map", format!("a: &a\n{map}b:\n{}", times("- *a\n", 20_000))),
        ("open lists", times("[", DEEP)),
        ("open maps", times("{a: ", DEEP)),
        ("nested lists", format!("a: {}{}", times("[", DEEP), times("]", DEEP))),
        ("lists in lists", times("- ", DEEP)),
        ("keys of keys", times("? ", DEEP)),
        ("blocks", numbered(1000, |n| format!("{}a:", times(" ", n)))),
        ("anchors", numbered(DEEP / 2, |n| format!("a{n}: &a{n} 1"))),
        ("a key a million times", times("a: 1\n", MEGABYTE / 5)),
        ("a million keys", numbered(1_000_000, |n| format!("k{n}: 1"))),
        ("a scalar of fifty megabytes", format!("a: {}", times("x", 50 * MEGABYTE))),
        ("tabs", times("\ta:\t1\n", MEGABYTE / 8)),
        ("quotes that never end", format!("a: \"{}", times("\\n ", MEGABYTE / 4))),
        ("tags", format!("a: {}", times("!x ", MEGABYTE / 4))),
        ("documents", times("---\na: 1\n", MEGABYTE / 9)),
        ("control characters", times("\u{1}", MEGABYTE - 1)),
    ]
}

/// Asserts that a run tells of a file that is larger than what is read at all, or than what its kind may have.
#[track_caller]
fn says_so_if_large(outcome: &Outcome, bytes: usize, most: usize) {
    let said = said(outcome);
    let told = if bytes > 16 * MEGABYTE {
        said.contains("is larger than 16 MiB")
    } else {
        let (has, needs) = (format!("has {bytes} bytes"), format!("more than {most}"));
        bytes <= most || (said.contains(&has) && said.contains(&needs))
    };
    assert!(told, "{bytes} bytes: {said}");
}

/// Runs every command that reads the tree.
#[track_caller]
fn looked_at(project: &Project, what: &str, wanted: &dyn Fn(&Outcome, &str)) {
    for command in ["check", "regenerate"] {
        let format: &[&str] =
            if command == "regenerate" { &["--dry-run"] } else { &["--format", "concise"] };
        let outcome = bounded(project, &[&[command], format].concat());
        let told = outcome.stdout.len() + outcome.stderr.len();
        // A line for each line of the input at most, and never the input for each of them.
        assert!(told < 10_000_000, "{command}, {what}: {told} bytes");
        wanted(&outcome, &format!("{command}, {what}"));
    }
}

/// The beginning of what was said.
fn said(outcome: &Outcome) -> String {
    let all = format!("{}{}", outcome.stdout, outcome.stderr);
    all.chars().take(2000).collect()
}

#[test]
fn a_contract_that_is_too_much_is_refused() {
    let project = made();
    for (what, text) in contracts() {
        std::fs::write(project.at(&contract_path()), &text).unwrap();
        looked_at(&project, what, &|outcome, context| {
            assert_eq!(outcome.code, 2, "{context}: {}", said(outcome));
            let said = said(outcome);
            let refused = said.contains("error[yaml-") || said.contains("is larger than 16 MiB");
            assert!(refused, "{context}: {said}");
        });
    }
}

/// A contract may say more than anybody would write, and still be one: it is generated, or refused, in time.
#[test]
fn a_contract_that_says_very_much_is_still_answered() {
    let entry = |n: usize| {
        format!(
            "    - {{handler: {{name: HandlerA{n}}}, event_model: {{name: ModelB{n}}}, topic: onex.evt.a.b{n}.v1, \
             output_events: [ModelC{n}]}}"
        )
    };
    let field = |n: usize| format!("      f{n}: {{type: string, pattern: \"(a|b{{1,9}})*c{n}$\"}}");
    let definition = |n: usize| {
        format!("  ModelD{n}: {{type: object, properties: {{next: {{$ref: ModelD{}}}}}}}", n + 1)
    };
    let step =
        |n: usize| format!("        - {{node_id: s{n}, depends_on: [s{}]}}", n.saturating_sub(1));
    let head = "name: node_big_orchestrator\nnode_type: ORCHESTRATOR_GENERIC\n";
    for (what, text) in [
        ("entries", format!("{head}handler_routing:\n  handlers:\n{}", numbered(8_000, entry))),
        (
            "one entry again and again",
            format!("{head}handler_routing:\n  handlers:\n{}", numbered(8_000, |_| entry(1))),
        ),
        (
            "heavy patterns",
            format!(
                "{head}definitions:\n  ModelA:\n    properties:\n{}",
                numbered(900, |n| format!(
                    "      f{n}: {{type: string, pattern: '(\\w{{90}}){{9}}{n}'}}"
                ))
            ),
        ),
        (
            "fields",
            format!("{head}definitions:\n  ModelA:\n    properties:\n{}", numbered(2_000, field)),
        ),
        ("definitions", format!("{head}definitions:\n{}", numbered(4_000, definition))),
        (
            "steps",
            format!(
                "{head}workflow_coordination:\n  workflow_definition:\n    execution_graph:\n      nodes:\n{}",
                numbered(8_000, step)
            ),
        ),
        (
            "topics",
            format!(
                "{head}event_bus:\n  subscribe_topics:\n{}",
                numbered(30_000, |n| format!("    - onex.evt.a.b{n}.v1"))
            ),
        ),
        (
            "published events",
            format!(
                "{head}published_events:\n{}",
                numbered(15_000, |n| format!(
                    "  - {{topic: onex.evt.a.b{n}.v1, event_type: X{n}}}"
                ))
            ),
        ),
        (
            "intents",
            format!(
                "{head}intent_consumption:\n  intent_routing_table:\n{}",
                numbered(20_000, |n| { format!("    a.b{n}: node_x_effect") })
            ),
        ),
        ("events that come of one", format!("{head}{}", entries(1, 30_000))),
        ("events that come of many", format!("{head}{}", entries(30, 1000))),
        (
            "fields that are not there",
            format!(
                "{head}definitions:\n  ModelA:\n    required: [{}]\n    properties:\n{}",
                numbered(50_000, |n| format!("x{n},")).replace('\n', " "),
                numbered(5000, |n| format!("      f{n}: {{type: string}}")),
            ),
        ),
        (
            "topics that are not there",
            format!(
                "{head}event_bus:\n  publish_topics:\n{}published_events:\n{}",
                numbered(10_000, |n| format!("    - onex.evt.a.b{n}.v1")),
                numbered(10_000, |n| format!("  - {{topic: onex.evt.c.d{n}.v1}}")),
            ),
        ),
        (
            "suppressions",
            format!(
                "{head}{}",
                numbered(25_000, |_| "# onex: allow(no-route): it is so".to_owned())
            ),
        ),
        (
            "choices",
            format!(
                "{head}definitions:\n  ModelA:\n    properties:\n      a: {{type: string, enum: [{}]}}\n",
                numbered(30_000, |n| format!("v{n},")).replace('\n', " ")
            ),
        ),
        ("a description", format!("{head}description: \"{}\"\n", times("word ", 200_000))),
        ("a word", format!("{head}description: \"{}\"\n", times("w", 1_000_000))),
        ("a name", format!("name: \"{}\"\n", times("node_", 200_000))),
    ] {
        let project = made();
        std::fs::write(project.at(&contract_path()), &text).unwrap();
        looked_at(&project, what, &|outcome, context| {
            assert!([0, 1, 2].contains(&outcome.code), "{context}: {}", said(outcome));
        });
    }
}

/// So many routing entries with so many output events each.
fn entries(count: usize, outputs: usize) -> String {
    let entry = |n: usize| {
        let outputs = numbered(outputs, |m| format!("ModelC{n}x{m},")).replace('\n', " ");
        format!(
            "    - {{handler: {{name: HandlerA{n}}}, event_model: {{name: ModelB{n}}}, topic: onex.evt.a.b{n}.v1, \
             output_events: [{outputs}]}}"
        )
    };
    format!("handler_routing:\n  handlers:\n{}", numbered(count, entry))
}

#[test]
fn a_pattern_that_is_too_much_is_refused() {
    let field = |pattern: &str| {
        format!(
            "name: node_p_orchestrator\nhandler_routing:\n  handlers:\n    - {{handler: {{name: HandlerA}}, event_model: \
             {{name: ModelA}}, output_events: [ModelA]}}\ndefinitions:\n  ModelA:\n    properties:\n      a: {{type: \
             string, min_length: 1, pattern: '{pattern}'}}\n"
        )
    };
    for pattern in [
        times("(", 10_000),
        format!("{}a{}", times("(", 10_000), times(")", 10_000)),
        "((a{1000}){1000}){1000}".to_owned(),
        format!("a{}", times("{9}", 1000)),
        format!("(a{}b)*", times("|a", 100_000)),
        format!("[{}]", times("a-z&&", 20_000)),
        times("(a?){64}", 50),
        times("\\p{L}{99}", 90),
        times("(x+x+)+", 500),
        times("\\p{L}", 200_000),
    ] {
        let project = Project::new().contract(&field(&pattern));
        let contract = project.at("../contract.yaml").display().to_string();
        let outcome = bounded(
            &project,
            &[
                "new",
                "orchestrator",
                "--contract",
                &contract,
                "--package",
                "myapp",
                "--path",
                "p",
                "--dry-run",
            ],
        );
        assert!([0, 2].contains(&outcome.code), "{:.40}: {}", pattern, said(&outcome));
    }
}

#[test]
fn a_lock_that_is_too_much_is_refused() {
    let project = made();
    let path = format!("{SEED_NODE}/onex.lock");
    let lock = project.read(&path);
    let digest = times("0", 64);
    let file = |n: usize| {
        format!(r#"{{"path": "src/f{n}.py", "class": "generated", "sha256": "{digest}"}},"#)
    };
    let files =
        lock.replacen("\"files\": [", &format!("\"files\": [{}", numbered(40_000, file)), 1);
    let entry = |n: usize| format!(r#"{{"handler": "myapp.a:A{n}", "topic": "t{n}"}},"#);
    let entries =
        lock.replacen("\"entries\": [", &format!("\"entries\": [{}", numbered(100_000, entry)), 1);
    let base =
        lock.replacen("\"base\": [", &format!("\"base\": [{}", times("\"x\",", 1_000_000)), 1);
    let lines = lock.replacen(
        "\"base\": [",
        &format!("\"base\": [{}", numbered(200_000, |n| format!("\"x{n}\","))),
        1,
    );
    for (what, text) in [
        ("fifty megabytes", times(" ", 50 * MEGABYTE)),
        ("twelve megabytes", format!("{}{lock}", times(" ", 12 * MEGABYTE))),
        ("open lists", times("[", DEEP)),
        ("open objects", times("{\"a\":", DEEP)),
        ("a million keys", format!("{{{}}}", numbered(1_000_000, |n| format!("\"k{n}\":1,")))),
        ("many files", files),
        ("many entries", entries),
        ("a long base", base),
        ("a long base of other lines", lines),
        ("a number", format!("{{\"format\": {}}}", times("9", MEGABYTE))),
    ] {
        std::fs::write(project.at(&path), &text).unwrap();
        looked_at(&project, what, &|outcome, context| {
            assert!([0, 1, 2].contains(&outcome.code), "{context}: {}", said(outcome));
            says_so_if_large(outcome, text.len(), 8 * MEGABYTE);
        });
    }
}

#[test]
fn settings_that_are_too_much_are_refused() {
    let project = made();
    let pyproject = project.read("pyproject.toml");
    for (what, text) in [
        ("fifty megabytes", times("\n", 50 * MEGABYTE)),
        ("a million keys", numbered(1_000_000, |n| format!("k{n} = 1"))),
        ("open lists", format!("a = {}", times("[", DEEP))),
        ("nested lists", format!("a = {}{}", times("[", DEEP), times("]", DEEP))),
        ("nested tables", format!("a = {}{}", times("{a = ", DEEP), times("}", DEEP))),
        ("a dotted key", format!("{}b = 1", times("a.", DEEP))),
        ("a dotted table", format!("[{}b]\n", times("a.", DEEP))),
        ("tables in tables", numbered(1000, |n| format!("[{}b]", times("a.", n)))),
        ("lists of tables", times("[[a]]\n", 100_000)),
        ("a text", format!("a = \"{}\"", times("x", 12 * MEGABYTE))),
        ("a comment", format!("# {}\n{pyproject}", times("x", 12 * MEGABYTE))),
        (
            "globs",
            format!(
                "{pyproject}\n[tool.onex.lint.per-path]\n\"{}\" = [\"no-route\"]\n",
                times("{a,b,{c,d}}*", 1000)
            ),
        ),
        (
            "a header",
            format!(
                "{pyproject}\n[tool.onex.scaffold]\nlicense-header = \"{}\"\n",
                times("x ", MEGABYTE / 4)
            ),
        ),
        (
            "paths with suppressions",
            format!(
                "{pyproject}\n[tool.onex.lint.per-path]\n{}",
                numbered(20_000, |n| format!("\"**/a{n}/*b*\" = [\"no-route\"]"))
            ),
        ),
        (
            "lines of a header",
            format!(
                "{pyproject}\n[tool.onex.scaffold]\nlicense-header = [{}]\n",
                times("\"x\",", MEGABYTE / 5)
            ),
        ),
        (
            "other packages of ours",
            format!(
                "{pyproject}\n[tool.ruff.lint.isort]\nknown-first-party = [{}]\n",
                numbered(60_000, |n| format!("\"*a{n}*b*\",")).replace('\n', "")
            ),
        ),
        (
            "folders of ours",
            format!("{pyproject}\n[tool.ruff]\nsrc = [{}]\n", times("\"a*\",", 150_000)),
        ),
        (
            "files with long lines",
            format!(
                "{pyproject}\n[tool.ruff.lint.per-file-ignores]\n{}",
                numbered(20_000, |n| format!("\"a{n}*\" = [\"E501\"]"))
            ),
        ),
        (
            "packages of ours",
            format!(
                "{pyproject}\n[tool.ruff.lint.isort]\nknown-first-party = [{}]\n",
                times("\"*a*b*\",", 20_000)
            ),
        ),
    ] {
        std::fs::write(project.at("pyproject.toml"), &text).unwrap();
        looked_at(&project, what, &|outcome, context| {
            assert!([0, 1, 2].contains(&outcome.code), "{context}: {}", said(outcome));
            says_so_if_large(outcome, text.len(), MEGABYTE);
        });
    }
}

/// Settings of ruff that extend others, and those others again.
#[test]
fn settings_that_extend_each_other_end() {
    let extending = |other: &str| {
        Project::standing(&format!("[project]\nname = 'myapp'\n[tool.ruff]\nextend = {other:?}\n"))
            .file("src/myapp/__init__.py", "")
    };
    let chain = |length: usize| {
        let settings = |n: usize| match n == length {
            true => "indent-width = 2\n".to_owned(),
            false => format!("extend = 'c{}.toml'\n", n + 1),
        };
        (1..=length).fold(extending("c1.toml"), |project, n| {
            project.file(&format!("c{n}.toml"), &settings(n))
        })
    };
    let contract = |project: &Project| project.at("../contract.yaml").display().to_string();
    let made = |project: &Project| {
        let contract = contract(project);
        bounded(project, &["new", "orchestrator", "--contract", &contract]).exit(0)
    };
    let is_read = |project: &Project| {
        let mut files = project.tree().into_iter();
        let node =
            files.find(|(path, _)| path.ends_with("_orchestrator/node.py")).unwrap().1.unwrap();
        node.contains("\n  def ") && !node.contains("\n    def ")
    };

    let short = chain(63);
    let outcome = made(&short);
    assert!(!outcome.stderr.contains("endless"), "{}", outcome.stderr);
    assert!(is_read(&short));

    let long = chain(5000);
    made(&long).says("[endless-settings]: no more files that extend each other are read");
    assert!(!is_read(&long));

    for ring in [["c1.toml", "c2.toml"], ["c1.toml", "c1.toml"], ["pyproject.toml", "c1.toml"]] {
        let project = ring.iter().zip(ring.iter().skip(1)).fold(
            extending(ring[0]),
            |project, (one, other)| {
                let back = format!("indent-width = 2\nextend = '{}'\n", ring[0]);
                match *one {
                    "pyproject.toml" => project,
                    one => project.file(other, &back).file(one, &format!("extend = '{other}'\n")),
                }
            },
        );
        made(&project).says("[endless-settings]: these settings extend themselves in the end");
    }

    let outside = extending("x").at("..").display().to_string();
    for other in
        ["../other.toml", "src/../../other.toml", "~/other.toml", "/etc/other.toml", &outside]
    {
        let project = extending(other);
        std::fs::create_dir(project.at(".git")).unwrap();
        std::fs::write(project.at("../other.toml"), "indent-width = 2\n").unwrap();
        made(&project)
            .says("[settings-outside]: ruff's settings outside the repository are not read");
        assert!(!is_read(&project), "{other}");
    }
}

/// Files that a person, or somebody else, has in the node's folder: Python to be read, and to be merged into.
#[test]
fn python_that_is_too_much_is_refused_or_passed_over() {
    let project = made();
    let is_handler = |path: &String| path.contains("/handlers/handler_");
    let handler = project.tree().into_keys().find(is_handler).unwrap();
    let text = project.read(&handler);
    let contract = project.read(&contract_path()).replace("OrderPlaced", "OrderSent");
    let project = project.file(&contract_path(), &contract);
    for (what, more) in [
        ("open brackets", times("(", DEEP)),
        ("brackets", format!("a = {}{}", times("(", DEEP), times(")", DEEP))),
        ("operators", format!("a = {}1", times("-", DEEP))),
        ("a chain", format!("a = b{}", times(".c", DEEP))),
        ("calls", format!("a = b{}", times("()", DEEP))),
        ("a sum", format!("a = 1{}", times("+1", DEEP))),
        ("a comparison", format!("a = 1{}", times("<1", DEEP))),
        ("choices", format!("if a:\n  b\n{}", times("elif a:\n  b\n", DEEP / 10))),
        ("blocks", numbered(1000, |n| format!("{}if a:", times(" ", n)))),
        ("functions", numbered(90, |n| format!("{}def f():", times(" ", n)))),
        ("strings in strings", times("f\"{", DEEP)),
        ("lambdas", format!("a = {}1", times("lambda: ", DEEP))),
        ("a pattern", format!("match a:\n  case {}b: pass\n", times("a|", DEEP))),
        ("subscripts", format!("a: {}int{}", times("list[", 190), times("]", 190))),
        ("imports", numbered(50_000, |n| format!("from a{n} import b{n}"))),
        ("classes", numbered(20_000, |n| format!("class A{n}:\n    pass"))),
        ("assignments", numbered(100_000, |n| format!("a{n} = a{}", n.saturating_sub(1)))),
        ("one line again and again", times("a = 1\n", 2_000_000)),
        ("other lines", numbered(300_000, |n| format!("# {n}"))),
        ("names", format!("__all__ = [{}]\n", numbered(100_000, |n| format!("\"A{n}\",")))),
        ("zeros", times("\0", MEGABYTE)),
        ("fifty megabytes", times("#", 50 * MEGABYTE)),
        ("markers", times("<<<<<<< yours\n", 100_000)),
        ("backslashes", times("\\\n", MEGABYTE)),
        ("names that nothing defines", times("a\n", 900_000)),
        ("names on one line", times("a;", 900_000)),
        ("names in strings", times("f\"{a}{b}\" ", 100_000)),
        ("annotations", numbered(150_000, |_| "a: Any = b".to_owned())),
        ("suppressions", times("# onex: allow(no-route): it is so\n", 50_000)),
    ] {
        std::fs::write(project.at(&handler), format!("{text}\n{more}\n")).unwrap();
        looked_at(&project, what, &|outcome, context| {
            assert!([0, 1, 2].contains(&outcome.code), "{context}: {}", said(outcome));
        });
    }
}

#[test]
fn a_flag_that_is_too_much_is_refused() {
    let project = Project::new();
    // The system lets no word be longer than 128 KiB.
    for route in [
        format!("A(b: {}int{})", times("list[", 9_000), times("]", 9_000)),
        format!("A(b: {})", times("map[str, ", 9_000)),
        format!("A({})", times("a: int, ", 9_000)),
        format!("A{}", times("(", 90_000)),
        format!("A -> {}B", times("B, ", 30_000)),
        format!("A(b: str = \"{}\")", times("\\u{41}", 15_000)),
        format!("A(b: {}\"z\")", times("\"a\"|", 20_000)),
        times("A", 100_000),
    ] {
        let outcome = bounded(
            &project,
            &[
                "new",
                "orchestrator",
                "n",
                "--package",
                "p",
                "--path",
                "p",
                "--dry-run",
                "--route",
                &route,
            ],
        );
        assert!([0, 2].contains(&outcome.code), "{:.40}: {}", route, said(&outcome));
        assert!(outcome.stderr.len() < 1_000_000, "{} bytes", outcome.stderr.len());
    }
}

/// What git ignores is read by the walk through the tree.
#[test]
fn ignore_files_that_are_too_much_are_refused() {
    let project = made();
    for (what, text) in [
        ("fifty megabytes", times("*.x\n", 50 * MEGABYTE / 4)),
        ("many globs", numbered(20_000, |n| format!("*a?[b-z]{n}*c"))),
        ("a glob", times("*a", 100_000)),
        ("brackets", times("[a-z]", 100_000)),
    ] {
        std::fs::write(project.at(".gitignore"), &text).unwrap();
        looked_at(&project, what, &|outcome, context| {
            assert!([0, 1, 2].contains(&outcome.code), "{context}: {}", said(outcome));
            // What is too long is refused before it is read as patterns.
            let is_long = text.len() > 256 << 10;
            let is_told = said(outcome).contains("no list of what git is to ignore needs that")
                || said(outcome).contains("is larger than 16 MiB");
            assert!(!is_long || is_told, "{context}: {}", said(outcome));
        });
    }
}

#[test]
fn real_contracts_are_far_below_the_limits() {
    let project = Project::new().contract(SEED);
    bounded(&project, &["new", "orchestrator", "--contract", "../contract.yaml", "--path", "p"])
        .exit(0);
}

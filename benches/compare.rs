//! How long `onex` takes beside what it is measured against: `scripts/bench` runs it.
//!
//! Both sides of a row run in turn, A B A B, on the same tree and in the same minutes, so that a machine that slows
//! down slows both; what counts is the ratio of each pair. Prints a Markdown table, and keeps it where `--write` says.

mod trees;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use trees::{Tree, Trouble, run};

const ONEX: &str = env!("CARGO_BIN_EXE_onex");
const SEED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/seed/contract.yaml");

/// How many nodes the projects of the large tree have.
const PROJECT: usize = 1000;

fn main() -> Result<(), Trouble> {
    let wish = Wish::read(std::env::args().skip(1))?;
    if let Some(folder) = &wish.tree {
        Tree::make(Path::new(ONEX), folder, wish.nodes)?;
        return Ok(());
    }
    let place = tempfile::tempdir()?;
    let onex = installed(Path::new(ONEX), place.path())?;
    let bench = Bench { wish: &wish, place: place.path(), onex: &onex };
    let table = bench.table()?;
    print(&table);
    if let Some(file) = &wish.write {
        fs::write(file, table)?;
    }
    Ok(())
}

#[allow(clippy::print_stdout, reason = "the table is what this program is run for")]
fn print(table: &str) {
    println!("{table}");
}

#[allow(clippy::print_stderr, reason = "a run takes minutes, and says how far it is")]
fn tell(what: &str) {
    eprintln!("bench: {what}");
}

/// What was asked for on the command line.
struct Wish {
    /// How many nodes the tree has.
    nodes: usize,
    /// How many the large one has; none leaves its rows out.
    large: usize,
    /// How many pairs are measured for each row.
    runs: usize,
    /// Where the table is kept.
    write: Option<PathBuf>,
    /// Where a tree is made, in place of measuring anything.
    tree: Option<PathBuf>,
}

impl Wish {
    fn read(words: impl Iterator<Item = String>) -> Result<Self, Trouble> {
        let mut wish = Self { nodes: 1000, large: 10_000, runs: 11, write: None, tree: None };
        // What cargo itself adds.
        let mut words = words.filter(|word| word != "--bench");
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--nodes" => wish.nodes = value()?.parse()?,
                "--large" => wish.large = value()?.parse()?,
                "--runs" => wish.runs = value()?.parse()?,
                "--write" => wish.write = Some(value()?.into()),
                "--tree" => wish.tree = Some(value()?.into()),
                _ => return Err(format!("no such option: {word}").into()),
            }
        }
        Ok(wish)
    }
}

/// Folders that are another one each time. What one run wrote is not deleted before the next: ext4 looks for a while
/// before it gives the place of a deleted file to another one, and that would be measured.
struct Fresh {
    folder: PathBuf,
    made: Cell<usize>,
}

impl Fresh {
    fn now(&self) -> PathBuf {
        self.folder.join(format!("run{}", self.made.get()))
    }

    fn next(&self) -> PathBuf {
        self.made.set(self.made.get() + 1);
        self.now()
    }
}

struct Bench<'a> {
    wish: &'a Wish,
    place: &'a Path,
    onex: &'a Path,
}

/// A command, and what has to be done before each of its runs, which is not measured.
struct Side<'a> {
    command: Box<dyn Fn() -> Command + 'a>,
    before: Box<dyn Fn() -> Result<(), Trouble> + 'a>,
}

impl<'a> Side<'a> {
    fn new(command: impl Fn() -> Command + 'a) -> Self {
        Self { command: Box::new(command), before: Box::new(|| Ok(())) }
    }

    fn after(self, before: impl Fn() -> Result<(), Trouble> + 'a) -> Self {
        Self { before: Box::new(before), ..self }
    }

    fn time(&self) -> Result<Duration, Trouble> {
        (self.before)()?;
        let mut command = (self.command)();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status()?;
        let took = start.elapsed();
        if status.success() { Ok(took) } else { Err(format!("{command:?} failed").into()) }
    }
}

/// Some figures: the one in the middle, and those between which half of them lie.
struct Spread {
    median: f64,
    from: f64,
    to: f64,
}

impl Spread {
    fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        let at = |part: f64| {
            let last = figures.len().saturating_sub(1) as f64;
            figures.get((last * part).round() as usize).copied().unwrap_or(f64::NAN)
        };
        Self { median: at(0.5), from: at(0.25), to: at(0.75) }
    }
}

/// One line of the table.
struct Row {
    what: String,
    against: String,
    figures: String,
    goal: &'static str,
    times: String,
}

impl Bench<'_> {
    fn table(&self) -> Result<String, Trouble> {
        let mut rows = self.small()?;
        let nodes = self.wish.nodes;
        tell(&format!("making a tree of {nodes} nodes"));
        let tree = Tree::make(self.onex, &self.place.join("tree"), nodes)?;
        rows.extend(self.reading(&tree)?);
        rows.push(self.new_into(&tree)?);
        if self.wish.large > 0 {
            tell(&format!("making a tree of {} nodes", self.wish.large));
            let large = self.large()?;
            rows.push(self.linear(&tree, &large)?);
            rows.push(self.memory(&large)?);
            fs::remove_dir_all(&large.root)?;
        }
        rows.extend(self.regenerating(&tree)?);
        let mut table = String::from(
            "| what | against | ratio (half of the pairs) | goal | medians |\n|---|---|---|---|---|\n",
        );
        for Row { what, against, figures, goal, times } in rows {
            writeln!(table, "| {what} | {against} | {figures} | {goal} | {times} |")?;
        }
        let files = count(&tree.root)?;
        writeln!(
            table,
            "\n{} pairs a row on {} cores; the tree of {nodes} nodes has {files} files.",
            self.wish.runs,
            std::thread::available_parallelism()?
        )?;
        Ok(table)
    }

    /// A folder of projects of a thousand nodes each: nobody has ten thousand in one package.
    fn large(&self) -> Result<Tree, Trouble> {
        let (root, nodes) = (self.place.join("large"), self.wish.large);
        fs::create_dir_all(&root)?;
        for first in (0..nodes).step_by(PROJECT) {
            let project = root.join(format!("project_{first}"));
            Tree::make(self.onex, &project, PROJECT.min(nodes - first))?;
        }
        Ok(Tree { root, nodes })
    }

    /// Runs two commands in turn, after one run of each that is not counted.
    fn row(
        &self,
        (what, against): (&str, &str),
        goal: &'static str,
        ours: &Side<'_>,
        theirs: &Side<'_>,
    ) -> Result<Row, Trouble> {
        self.scaled((what, against), goal, (ours, 1.0), (theirs, 1.0))
    }

    /// The same with times that are divided by something first.
    fn scaled(
        &self,
        (what, against): (&str, &str),
        goal: &'static str,
        (ours, a): (&Side<'_>, f64),
        (theirs, b): (&Side<'_>, f64),
    ) -> Result<Row, Trouble> {
        tell(&format!("{what}, against {against}"));
        let (mut ratios, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
        for run in 0..=self.wish.runs {
            let (one, other) = (ours.time()?.as_secs_f64(), theirs.time()?.as_secs_f64());
            if run > 0 {
                ratios.push((one / a) / (other / b));
                first.push(one);
                second.push(other);
            }
        }
        let Spread { median, from, to } = Spread::of(ratios);
        let milliseconds = |times| Spread::of(times).median * 1000.0;
        Ok(Row {
            what: what.to_owned(),
            against: against.to_owned(),
            figures: format!("**{median:.2}** ({from:.2}–{to:.2})"),
            goal,
            times: format!("{:.1} / {:.1} ms", milliseconds(first), milliseconds(second)),
        })
    }

    fn onex(&self, words: &[&str], paths: &[&Path]) -> Command {
        command(self.onex, words, paths)
    }

    fn fresh(&self, name: &str) -> Result<Fresh, Trouble> {
        let folder = self.place.join(name);
        fs::create_dir(&folder)?;
        Ok(Fresh { folder, made: Cell::new(0) })
    }

    /// One node, and the start of the program.
    fn small(&self) -> Result<Vec<Row>, Trouble> {
        let (made, copied) = (self.fresh("new")?, self.fresh("copy")?);
        let new = ["new", "orchestrator", "--yes", "--contract", SEED, "--path"];
        let ours = || Side::new(|| self.onex(&new, &[&made.next()]));
        let kept = made.next();
        run(&mut self.onex(&new, &[&kept]))?;
        let copy = Side::new(|| command("cp", &["-r"], &[&kept, &copied.next()]));
        let files = count(&kept)?;
        let what = format!("`onex new` of the seed contract ({files} files)");
        let mut rows =
            vec![self.row((&what, "`cp -r` of what it writes"), "≤ 2.0", &ours(), &copy)?];
        rows.push(self.kickstart(&what, &ours(), &kept)?);
        let hello = self.place.join("hello");
        fs::write(hello.with_extension("rs"), "fn main() {\n    println!(\"hello\");\n}\n")?;
        let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
        let source = hello.with_extension("rs");
        run(command(&rustc, &["-O", "-o"], &[&hello, &source]).current_dir(self.place))?;
        let hello = installed(&hello, self.place)?;
        rows.push(self.row(
            ("`onex --version`", "a Rust program that prints a line"),
            "≤ 2.0",
            &Side::new(|| self.onex(&["--version"], &[])),
            &Side::new(|| Command::new(&hello)),
        )?);
        Ok(rows)
    }

    /// kickstart fills the same files from a template, where it is installed.
    fn kickstart(&self, what: &str, ours: &Side<'_>, kept: &Path) -> Result<Row, Trouble> {
        let against = "kickstart with a template of the same files";
        let template = self.place.join("template");
        let folder = template.join("{{ project }}");
        fs::create_dir_all(&template)?;
        run(&mut command("cp", &["-r"], &[kept, &folder]))?;
        let described = "name = \"node\"\nkickstart_version = 1\n\n[[variables]]\nname = \"project\"\n\
                         default = \"node\"\nprompt = \"project\"\n";
        fs::write(template.join("template.toml"), described)?;
        let filled = self.fresh("kickstarted")?;
        let fill = ["--no-input", "--output-dir"];
        let theirs = Side::new(|| command("kickstart", &fill, &[&filled.now(), &template]))
            .after(|| Ok(fs::create_dir(filled.next())?));
        if Command::new("kickstart").arg("--version").output().is_err() {
            let figures = "not measured: `cargo install kickstart --features cli` first".to_owned();
            let (what, against) = (what.to_owned(), against.to_owned());
            return Ok(Row { what, against, figures, goal: "≤ 1.0", times: String::new() });
        }
        self.row((what, against), "≤ 1.0", ours, &theirs)
    }

    /// Runs that write nothing.
    fn reading(&self, tree: &Tree) -> Result<Vec<Row>, Trouble> {
        let root = &tree.root;
        let check = || Side::new(|| self.onex(&["check"], &[root]));
        let read = "find . -type f -print0 | xargs -0 cat >/dev/null";
        let cat = Side::new(|| {
            let mut shell = command("sh", &["-c", read], &[]);
            shell.current_dir(root);
            shell
        });
        let what = format!("`onex check` of {} nodes in step", tree.nodes);
        let mut rows = vec![self.row(
            (&what, "`find … -print0 \\| xargs -0 cat`"),
            "≤ 1.2",
            &check(),
            &cat,
        )?];
        let against = "`ruff format --check --no-cache`";
        if Command::new("ruff").arg("--version").output().is_ok() {
            let ruff = Side::new(|| {
                command("ruff", &["format", "--check", "--no-cache", "--quiet"], &[root])
            });
            rows.push(self.row((&what, against), "≤ 1.0", &check(), &ruff)?);
        } else {
            let figures = "not measured: `uv tool install ruff` first".to_owned();
            let against = against.to_owned();
            rows.push(Row { what, against, figures, goal: "≤ 1.0", times: String::new() });
        }
        let before = modified(root)?;
        let regenerate = Side::new(|| self.onex(&["regenerate"], &[root]));
        let what = format!("`onex regenerate` of {} nodes in step", tree.nodes);
        rows.push(self.row((&what, "`onex check`"), "≤ 1.1", &regenerate, &check())?);
        if modified(root)? != before {
            return Err("a run that had nothing to do wrote files".into());
        }
        Ok(rows)
    }

    /// One more node in a large project.
    fn new_into(&self, tree: &Tree) -> Result<Row, Trouble> {
        let contract = self.place.join("one_more.yaml");
        fs::write(&contract, trees::contract(tree.nodes)?)?;
        let empty = Tree { root: self.place.join("empty"), nodes: 0 };
        fs::create_dir_all(&empty.root)?;
        fs::copy(tree.root.join("pyproject.toml"), empty.root.join("pyproject.toml"))?;
        let text = fs::read_to_string(empty.root.join("pyproject.toml"))?;
        let without = text.lines().filter(|line| !line.starts_with("node_"));
        fs::write(
            empty.root.join("pyproject.toml"),
            without.collect::<Vec<_>>().join("\n") + "\n",
        )?;
        let new = ["new", "orchestrator", "--yes", "--contract"];
        let into = |root: &Path| self.onex(&new, &[&contract, Path::new("--path"), root]);
        let undo = |tree: &Tree| -> Result<Undo, Trouble> {
            let before = texts(&tree.root)?;
            run(&mut into(&tree.root))?;
            Undo::new(&before, &texts(&tree.root)?)
        };
        let (large, small) = (undo(tree)?, undo(&empty)?);
        let row = self.row(
            (&format!("`onex new` into a project of {} nodes", tree.nodes), "into an empty one"),
            "≤ 3.0",
            &Side::new(|| into(&tree.root)).after(|| large.carry_out()),
            &Side::new(|| into(&empty.root)).after(|| small.carry_out()),
        )?;
        large.carry_out()?;
        Ok(row)
    }

    /// Every contract changed: many files are written. What the goal calls the tree that is written is the project, of
    /// which every file is looked at; the files that are not as they were are measured as well.
    fn regenerating(&self, tree: &Tree) -> Result<Vec<Row>, Trouble> {
        tree.change_every_contract()?;
        let before = texts(&tree.root)?;
        let regenerate = || self.onex(&["regenerate"], &[&tree.root]);
        run(&mut regenerate())?;
        let after = texts(&tree.root)?;
        let undo = Undo::new(&before, &after)?;
        let written = self.place.join("written");
        for path in undo.created.iter().chain(undo.changed.keys()) {
            let to = written.join(path.strip_prefix(&tree.root)?);
            fs::create_dir_all(to.parent().unwrap_or(&written))?;
            fs::copy(path, to)?;
        }
        let count = undo.created.len() + undo.changed.len();
        let what = format!("`onex regenerate` of {} nodes, every contract changed", tree.nodes);
        let (of_files, of_tree) = (
            format!("`cp -r` of the {count} files that it writes"),
            format!("`cp -r` of the project ({} files)", after.len()),
        );
        let mut rows = Vec::new();
        for (against, from, name) in
            [(of_tree, &tree.root, "projects"), (of_files, &written, "copied")]
        {
            let copied = self.fresh(name)?;
            // Who waits for the disk should wait for no more than what it wrote itself.
            let ours = Side::new(regenerate).after(|| {
                undo.carry_out()?;
                run(&mut Command::new("sync")).map(drop)
            });
            let copy = Side::new(|| command("cp", &["-r"], &[from, &copied.next()]));
            rows.push(self.row((&what, &against), "≤ 2.0", &ours, &copy)?);
        }
        Ok(rows)
    }

    /// Whether cost grows with the project, and no faster.
    fn linear(&self, tree: &Tree, large: &Tree) -> Result<Row, Trouble> {
        let check = |tree: &Tree| {
            let root = tree.root.clone();
            Side::new(move || self.onex(&["check"], &[&root]))
        };
        let what = format!("`onex check` of {} nodes, per node", large.nodes);
        let against = format!("of {} nodes, per node", tree.nodes);
        let (ours, theirs) = (check(large), check(tree));
        let (a, b) = (large.nodes as f64, tree.nodes as f64);
        self.scaled((&what, &against), "≤ 1.2", (&ours, a), (&theirs, b))
    }

    fn memory(&self, large: &Tree) -> Result<Row, Trouble> {
        let peak = peak_memory(&mut self.onex(&["check"], &[&large.root]))?;
        let figures = match peak {
            Some(bytes) => format!("{} MB", bytes / 1_000_000),
            None => "not measured: this system does not tell".to_owned(),
        };
        Ok(Row {
            what: format!("peak memory of `onex check` of {} nodes", large.nodes),
            against: String::new(),
            figures,
            goal: "≤ 200 MB",
            times: String::new(),
        })
    }
}

/// A program copied into a folder, as `cargo install` does: of one that the linker just wrote, the system keeps small
/// pieces in memory, which takes a tenth longer to start.
fn installed(program: &Path, folder: &Path) -> Result<PathBuf, Trouble> {
    let folder = folder.join("bin");
    fs::create_dir_all(&folder)?;
    let copy = folder.join(program.file_name().ok_or("a program without a name")?);
    fs::copy(program, &copy)?;
    Ok(copy)
}

fn command(program: impl AsRef<OsStr>, words: &[&str], paths: &[&Path]) -> Command {
    let mut command = Command::new(program);
    command.args(words).args(paths);
    command
}

/// Every file below a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let (mut files, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.path())
            } else {
                files.push(entry.path())
            }
        }
    }
    Ok(files)
}

fn count(folder: &Path) -> Result<usize, Trouble> {
    Ok(files(folder)?.len())
}

fn texts(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, Trouble> {
    files(folder)?.into_iter().map(|path| Ok((path.clone(), fs::read(path)?))).collect()
}

fn modified(folder: &Path) -> Result<BTreeMap<PathBuf, std::time::SystemTime>, Trouble> {
    let time = |path: PathBuf| Ok((path.clone(), fs::metadata(path)?.modified()?));
    files(folder)?.into_iter().map(time).collect()
}

/// What takes a run back.
struct Undo {
    created: Vec<PathBuf>,
    changed: BTreeMap<PathBuf, Vec<u8>>,
}

impl Undo {
    fn new(
        before: &BTreeMap<PathBuf, Vec<u8>>,
        after: &BTreeMap<PathBuf, Vec<u8>>,
    ) -> Result<Self, Trouble> {
        let created = after.keys().filter(|path| !before.contains_key(*path)).cloned().collect();
        let changed = before.iter().filter(|(path, text)| after.get(*path) != Some(text));
        Ok(Self { created, changed: changed.map(|(p, text)| (p.clone(), text.clone())).collect() })
    }

    fn carry_out(&self) -> Result<(), Trouble> {
        for path in self.created.iter().filter(|path| path.exists()) {
            fs::remove_file(path)?;
            // What held it alone goes with it.
            let mut folder = path.parent();
            while let Some(empty) = folder.filter(|folder| fs::remove_dir(folder).is_ok()) {
                folder = empty.parent();
            }
        }
        for (path, text) in &self.changed {
            fs::write(path, text)?;
        }
        Ok(())
    }
}

/// The most memory that a command held, where the system keeps count of it: looked at until it ends.
fn peak_memory(command: &mut Command) -> Result<Option<u64>, Trouble> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait()?.is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
        peak = kilobytes.map(|kilobytes| kilobytes * 1024).max(peak);
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(peak)
}

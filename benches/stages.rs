//! How long each stage of the pipeline takes for one node, read beforehand: `cargo bench --bench stages`.
//!
//! The node is that of `snapshots/generate/order_payment`, with four messages, intents and a workflow. Beside the time of
//! each stage stands how many bytes of its input it takes in a second, where it reads text.

use std::path::Path;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;
use onex_scaffold::contract::{self, Contract};
use onex_scaffold::lint;
use onex_scaffold::lock::{self, Lock};
use onex_scaffold::node::{self, Node};
use onex_scaffold::plan::merge::{self, Inputs};
use onex_scaffold::plan::regenerate::{self, Input, Managed, Options};
use onex_scaffold::project::{self, Place, Project, Wish};
use onex_scaffold::python::{facts, format, module};
use onex_scaffold::render::{self, Ownership, RenderedFile};
use onex_scaffold::source::SourceFile;
use onex_scaffold::workspace::{Disk, RelPath, Workspace};

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/generate/order_payment");
const NODE: &str = "src/shop/nodes/node_order_payment_orchestrator";

/// What somebody adds to a handler.
const OWN: &str =
    "\n    def _is_worth_it(self, amount: float) -> bool:\n        return amount > 10.0\n";

#[allow(clippy::panic, reason = "without its sample there is nothing to measure")]
static SAMPLE: LazyLock<Sample> =
    LazyLock::new(|| Sample::read().unwrap_or_else(|| panic!("{PROJECT} is not what it was")));

/// A node with all that its stages take and give.
struct Sample {
    workspace: Workspace,
    project: Project,
    source: SourceFile,
    contract: Contract,
    lock_text: SourceFile,
    lock: Lock,
    node: Node,
    files: Vec<RenderedFile>,
    disk: Disk,
    handler: String,
}

impl Sample {
    fn read() -> Option<Self> {
        let workspace = Workspace::open(Path::new(PROJECT)).ok()?;
        let place = Place::Standing(PROJECT.into());
        let project = project::detect(&place, &workspace, Wish::default()).ok()?.project;
        let file = |name: &str| {
            let path = RelPath::parse(&format!("{NODE}/{name}"))?;
            let disk = workspace.read([path.clone()]).ok()?;
            Some(SourceFile::new(path.as_str(), disk.text(&path)?))
        };
        let (source, lock_text) = (file("contract.yaml")?, file(lock::FILE_NAME)?);
        let (contract, _) = contract::parse(&source);
        let (contract, lock) = (contract?, Lock::parse(&lock_text).ok()?);
        let (node, _) = node::resolve(&contract, &project, &Disk::default(), lock.style).ok()?;
        let files = render::render(&node, &project, source.text()).ok()?;
        let paths: Vec<RelPath> = files.iter().map(|file| file.path.clone()).collect();
        let disk = workspace.survey(&paths).ok()?;
        let mut scaffolded = files.iter().filter(|file| file.ownership == Ownership::Scaffolded);
        let handler = scaffolded.find(|file| file.path.name().starts_with("handler_"))?;
        let handler = handler.text.clone();
        let read = Self {
            workspace,
            project,
            source,
            contract,
            lock_text,
            lock,
            node,
            files,
            disk,
            handler,
        };
        Some(read)
    }
}

fn main() {
    divan::main();
}

fn bytes(text: &str) -> BytesCount {
    BytesCount::of_str(text)
}

/// The text of a contract -> contract.
#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let source = &SAMPLE.source;
    bencher.counter(bytes(source.text())).bench(|| contract::parse(source));
}

/// The text of a lock -> lock.
#[divan::bench]
fn lock(bencher: Bencher<'_, '_>) {
    let text = &SAMPLE.lock_text;
    bencher.counter(bytes(text.text())).bench(|| Lock::parse(text));
}

/// Contract -> node.
#[divan::bench]
fn resolve(bencher: Bencher<'_, '_>) {
    let Sample { contract, project, lock, .. } = &*SAMPLE;
    bencher.bench(|| node::resolve(contract, project, &Disk::default(), lock.style));
}

/// Node -> files, laid out.
#[divan::bench]
fn render(bencher: Bencher<'_, '_>) {
    let Sample { node, project, source, .. } = &*SAMPLE;
    bencher.bench(|| render::render(node, project, source.text()));
}

/// One file of those laid out.
#[divan::bench]
fn format(bencher: Bencher<'_, '_>) {
    let Sample { handler, project, .. } = &*SAMPLE;
    let style = &project.settings.format;
    bencher.counter(bytes(handler)).bench(|| format::format(handler, style));
}

/// What a Python file holds, and what it does.
#[divan::bench]
fn python(bencher: Bencher<'_, '_>) {
    let handler = &SAMPLE.handler;
    bencher.counter(bytes(handler)).bench(|| (module::read(handler), facts::read(handler, None)));
}

/// A change of the contract into a file that somebody worked on.
#[divan::bench]
fn merge(bencher: Bencher<'_, '_>) {
    let base = &SAMPLE.handler;
    let yours = format!("{base}{OWN}");
    let theirs = base.replace("handler_id", "handler_key");
    let inputs = Inputs { base, yours: &yours, theirs: &theirs, renames: &[] };
    bencher.counter(bytes(&yours)).bench(|| merge::merge(&inputs));
}

/// What stands and what is rendered -> plan.
#[divan::bench]
fn plan(bencher: Bencher<'_, '_>) {
    let Sample { node, files, lock, project, disk, .. } = &*SAMPLE;
    let managed =
        [Managed { node, files, referred: &[], lock: Some(lock), contract: &lock.contract }];
    let options = Options::default();
    let input = Input { project, nodes: &managed, others: &[], disk, options: &options };
    bencher.bench(|| regenerate::plan(input));
}

/// Every rule, over a node that was just read.
#[divan::bench]
fn lint(bencher: Bencher<'_, '_>) {
    let gather = || lint::gather(&SAMPLE.workspace, &[RelPath::root()]);
    bencher.with_inputs(gather).bench_values(|read| read.map(|gathered| lint::lint(&gathered)));
}

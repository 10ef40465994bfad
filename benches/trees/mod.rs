//! Projects to measure on: the same bytes for the same number of nodes, on any machine.
//!
//! In: the program, a folder and how many nodes. Out: a project that is in step with its contracts. The nodes are those
//! of a trade in some hundred goods: most route one to three messages, a few up to twelve; one in eight also listens
//! to a message of the node before it, so that its model is a file of both; half of the handlers hold code that
//! somebody wrote. Contracts are written by [`onex_scaffold::contract::write`], all else by `onex` itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use onex_scaffold::contract;
use onex_scaffold::lock::{self, Lock};
use onex_scaffold::node::HandlerStyle;
use onex_scaffold::python::{DottedPath, Identifier};
use onex_scaffold::spec::{self, Given};

/// What went wrong, in words.
pub(crate) type Trouble = Box<dyn std::error::Error>;

const PACKAGE: &str = "market";

/// The node that answers the intents; written by hand, and no orchestrator.
const LEDGER: &str = "node_ledger_effect";

const GOODS: [&str; 12] = [
    "Apple", "Barley", "Copper", "Denim", "Ebony", "Flour", "Glass", "Honey", "Iron", "Jute",
    "Kettle", "Linen",
];

const VERBS: [&str; 12] = [
    "Ordered",
    "Paid",
    "Packed",
    "Shipped",
    "Delivered",
    "Returned",
    "Refunded",
    "Counted",
    "Inspected",
    "Reserved",
    "Released",
    "Archived",
];

const LEDGER_CONTRACT: &str = "\
contract_version: {major: 1, minor: 0, patch: 0}
node_version: {major: 1, minor: 0, patch: 0}
name: \"node_ledger_effect\"
node_type: EFFECT_GENERIC
description: \"Books what came in.\"
";

/// How many messages a node routes, by its number: most nodes are small, as contracts in use are.
const ROUTES: [usize; 20] = [1, 2, 1, 3, 1, 2, 1, 4, 1, 2, 1, 3, 1, 5, 2, 1, 8, 1, 2, 12];

/// Every how many nodes one listens to its neighbour.
const SHARING: usize = 8;

/// A project in a folder of its own.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The project's root.
    pub(crate) root: PathBuf,
    /// How many nodes it holds.
    pub(crate) nodes: usize,
}

impl Tree {
    /// Makes the project in a folder that is not there yet.
    pub(crate) fn make(onex: &Path, root: &Path, nodes: usize) -> Result<Self, Trouble> {
        let tree = Self { root: root.to_owned(), nodes };
        let first = root.with_extension("yaml");
        fs::write(&first, contract(0)?)?;
        let new = ["new", "orchestrator", "--yes", "--contract"];
        run(Command::new(onex).args(new).arg(&first).arg("--path").arg(root))?;
        fs::remove_file(&first)?;
        let mut pyproject = fs::read_to_string(root.join("pyproject.toml"))?;
        for number in 1..nodes {
            let folder = tree.folder(number);
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("contract.yaml"), contract(number)?)?;
            fs::write(folder.join(lock::FILE_NAME), empty_lock(number)?)?;
            let (module, class) = (module(number), class(number));
            let group = "[project.entry-points.\"onex.nodes\"]\n";
            let entry = format!("{group}{} = \"{module}.node:{class}\"\n", node(number));
            pyproject = pyproject.replacen(group, &entry, 1);
        }
        fs::write(root.join("pyproject.toml"), pyproject)?;
        let ledger = root.join("src").join(PACKAGE).join("effects").join(LEDGER);
        fs::create_dir_all(&ledger)?;
        fs::write(ledger.join("contract.yaml"), LEDGER_CONTRACT)?;
        run(Command::new(onex).arg("regenerate").arg(root))?;
        tree.work_on_handlers()?;
        run(Command::new(onex).arg("check").arg(root))?;
        Ok(tree)
    }

    /// Adds a field to the messages of every contract, and leaves the rest to `onex regenerate`.
    pub(crate) fn change_every_contract(&self) -> Result<(), Trouble> {
        let before = "      amount: {type: float, ge";
        let after = format!("      weight: {{type: float, default: 1.0}}\n{before}");
        for number in 0..self.nodes {
            let path = self.folder(number).join("contract.yaml");
            let text = fs::read_to_string(&path)?;
            if !text.contains(before) {
                return Err(format!("{} has no amount", path.display()).into());
            }
            fs::write(&path, text.replace(before, &after))?;
        }
        Ok(())
    }

    /// The folder of a node.
    pub(crate) fn folder(&self, number: usize) -> PathBuf {
        self.root.join("src").join(PACKAGE).join("nodes").join(node(number))
    }

    /// Writes into every other handler what people write: a constant, a method, and a call of it.
    fn work_on_handlers(&self) -> Result<(), Trouble> {
        for number in 0..self.nodes {
            let handlers = self.folder(number).join("handlers");
            let mut files: Vec<PathBuf> = fs::read_dir(&handlers)?
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<_, Trouble>>()?;
            files.sort();
            let written =
                files.iter().filter(|file| file.file_name().is_some_and(|n| n != "__init__.py"));
            for file in written.skip(number % 2).step_by(2) {
                let text = fs::read_to_string(file)?;
                let own = "\n    def _is_worth_it(self, amount: float) -> bool:\n        \
                           \"\"\"Small sums cost more than they bring.\"\"\"\n        \
                           return amount > 10.0\n";
                fs::write(file, text + own)?;
            }
        }
        Ok(())
    }
}

/// The text of a node's contract.
pub(crate) fn contract(number: usize) -> Result<String, Trouble> {
    let good = good(number);
    let count = ROUTES.iter().cycle().nth(number).copied().unwrap_or(1);
    let events = VERBS.iter().take(count).map(|verb| format!("{good}{verb}"));
    let mut routes: Vec<String> = events
        .map(|event| {
            format!(
                "{event}(item_id: uuid, amount: float >= 0 = 0, note: str?) -> \
                 {event}Accepted(item_id: uuid, amount: float), {event}Refused(reason: str len 1..200)"
            )
        })
        .collect();
    if number % SHARING == SHARING - 1 {
        let event = format!("{}Ordered", self::good(number - 1));
        routes.push(format!(
            "{event}(item_id: uuid, amount: float >= 0 = 0, note: str?) -> {good}Noticed(item_id: uuid)"
        ));
    }
    let intent =
        format!("{}.book(item_id: uuid) -> {LEDGER} from {good}Ordered", good.to_lowercase());
    let given = Given {
        name: Some(node(number)),
        description: Some(format!("Takes {good} from the order to the shelf.")),
        routes,
        intents: if number.is_multiple_of(3) { vec![intent] } else { Vec::new() },
        ..Given::default()
    };
    let (answers, found) = spec::read(&given, PACKAGE);
    let Some((answers, _)) = answers else {
        return Err(format!("the answers for {good} are wrong: {found:?}").into());
    };
    let package = Identifier::parse(PACKAGE)?;
    Ok(contract::write(&answers, &package))
}

/// A lock that lists nothing: the node is managed, and all of it is still to be written.
fn empty_lock(number: usize) -> Result<String, Trouble> {
    let lock = Lock {
        module: DottedPath::parse(&module(number))?,
        style: HandlerStyle::Envelope,
        former: Vec::new(),
        contract: lock::digest(""),
        entries: Vec::new(),
        files: Vec::new(),
    };
    Ok(lock.text())
}

fn good(number: usize) -> String {
    let name = GOODS.iter().cycle().nth(number).copied().unwrap_or_default();
    match number / GOODS.len() {
        0 => name.to_owned(),
        round => format!("{name}{round}"),
    }
}

fn node(number: usize) -> String {
    format!("node_{}_orchestrator", good(number).to_lowercase())
}

fn module(number: usize) -> String {
    format!("{PACKAGE}.nodes.{}", node(number))
}

fn class(number: usize) -> String {
    format!("Node{}Orchestrator", good(number))
}

/// Runs a command that has to succeed.
pub(crate) fn run(command: &mut Command) -> Result<(), Trouble> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&said)).into())
}

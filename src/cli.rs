//! The command line, as types: the doc comments are the help texts.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::node::HandlerStyle;
use crate::plan::regenerate::ConflictMode;
use crate::report::Format;

/// Turns an ONEX contract into a node that runs on omnibase-core.
#[derive(Debug, Parser)]
#[command(name = "onex", version, arg_required_else_help = true, after_help = CLOSING)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const CLOSING: &str = "\
Exit codes: 0 done or clean; 1 findings, or a no at the last question; 2 could not run; 130 Ctrl-C
at a question.

The framework's commands are reached by the same name: whatever is not listed here, such as
`onex validate src`, `onex -v health` or `onex new node NAME`, is handed to the framework's own
onex, the next one on PATH or the one of the active environment.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a new node.
    #[command(after_help = "The framework's own scaffold is `onex new node NAME --type TYPE`.")]
    New(New),
    /// Add to a node's contract, and bring the node in step with it.
    Add(Add),
    /// Bring nodes in step with their contracts, keeping what you wrote.
    #[command(
        after_help = "Exit codes: 0 done, with orphans too; 1 a conflict, or markers are left; 2 could not run."
    )]
    Regenerate(Regenerate),
    /// Tell whether nodes are in step with their contracts; writes nothing.
    #[command(
        after_help = "Exit codes: 0 in step; 1 findings, which warnings are not; 2 could not run."
    )]
    Check(Check),
    /// Bring nodes that were written by hand under management, without changing them.
    #[command(
        after_help = "Nothing but onex.lock is written, beside each contract: commit it. All nodes are adopted, or none."
    )]
    Adopt(Adopt),
    /// Find what runtimes would refuse, drop or misroute, in contracts and code.
    Lint(Lint),
    /// Say what a rule checks, why, and what to write instead.
    Explain(Explain),
}

/// `onex new`.
#[derive(Debug, Args)]
pub struct New {
    /// The kind of node.
    #[command(subcommand)]
    pub kind: NewKind,
}

/// The kinds of nodes. Those that are hidden are known, so that the answer can name the framework's way.
#[derive(Debug, Subcommand)]
pub enum NewKind {
    /// Write an ORCHESTRATOR node: contract, shell, handlers, models, tests.
    ///
    /// What the node handles and emits is given with --route and its like, from which the contract is written, or with
    /// --contract. At a terminal, what is not given is asked.
    #[command(after_long_help = crate::spec::SYNTAX)]
    Orchestrator(Box<NewOrchestrator>),
    /// Not here.
    #[command(hide = true)]
    Compute(Elsewhere),
    /// Not here.
    #[command(hide = true)]
    Effect(Elsewhere),
    /// Not here.
    #[command(hide = true)]
    Reducer(Elsewhere),
}

/// `onex new orchestrator`.
#[derive(Clone, Debug, Args)]
pub struct NewOrchestrator {
    /// The node's name, such as `parcel_return`; with --contract it must be the one that the contract gives.
    pub name: Option<String>,

    /// A message that the node handles, and what may come of it: 'OrderPlaced(order_id: uuid) -> OrderValidated'.
    #[arg(long = "route", value_name = "ROUTE", help_heading = ANSWERS)]
    pub routes: Vec<String>,

    /// A model that fields refer to: 'OrderItem(price: decimal, quantity: int >= 1)'.
    #[arg(long = "model", value_name = "MODEL", help_heading = ANSWERS)]
    pub models: Vec<String>,

    /// An intent, the effect node that answers it, and whose handlers raise it:
    /// 'payment.process(order_id: uuid) -> node_payment_effect from OrderPlaced'.
    #[arg(long = "intent", value_name = "INTENT", help_heading = ANSWERS)]
    pub intents: Vec<String>,

    /// A step of the workflow and those that it waits for: 'validate_order: compute after receive_order'
    /// [default: the steps that follow from the routes].
    #[arg(long = "step", value_name = "STEP", help_heading = ANSWERS)]
    pub steps: Vec<String>,

    /// What the node does [default: a sentence made of its name].
    #[arg(long, value_name = "TEXT", help_heading = ANSWERS, allow_hyphen_values = true)]
    pub description: Option<String>,

    /// The third segment of the node's topics [default: the project's choice, else its package].
    #[arg(long, value_name = "WORD", help_heading = ANSWERS)]
    pub producer: Option<String>,

    /// The contract to build the node from, in place of the answers above; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "routes", "models", "intents", "steps", "description", "producer",
    ])]
    pub contract: Option<PathBuf>,

    /// The project: its folder, or an empty or missing one for a new project
    /// [default: the project around the working directory].
    #[arg(long, value_name = "DIR")]
    pub path: Option<PathBuf>,

    /// The package that the node goes to
    /// [default: the one that the contract names, else the project's].
    #[arg(long, value_name = "PKG")]
    pub package: Option<String>,

    /// How handlers are called [default: the project's choice, else envelope].
    #[arg(long, value_name = "STYLE")]
    pub handler_style: Option<HandlerStyle>,

    /// A line for the top of every Python file; may be given several times [default: the project's choice].
    #[arg(long, value_name = "LINE", allow_hyphen_values = true)]
    pub license_header: Vec<String>,

    /// The folder of the tests [default: the project's choice, else pytest's, else `tests`].
    #[arg(long, value_name = "DIR")]
    pub tests: Option<String>,

    /// Keep handler style, producer, license header and tests folder as the project's choices, in
    /// [tool.onex.scaffold] of pyproject.toml.
    #[arg(long)]
    pub remember: bool,

    /// Ask nothing, also at a terminal.
    #[arg(long, visible_alias = "no-interactive")]
    pub yes: bool,

    /// Show what would be written, and write nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

const ANSWERS: &str = "Answers";

/// `onex add`.
#[derive(Debug, Args)]
pub struct Add {
    /// What to add.
    #[command(subcommand)]
    pub what: Addition,
}

/// What can be added to a contract.
#[derive(Debug, Subcommand)]
pub enum Addition {
    /// Add messages that the node handles: 'OrderPaid(order_id: uuid) -> OrderShipped(order_id: uuid)'.
    ///
    /// At a terminal, what is not given is asked.
    #[command(after_long_help = crate::spec::SYNTAX)]
    Route(AddTo),
    /// Add intents: 'payment.process(order_id: uuid) -> node_payment_effect from OrderPlaced'.
    ///
    /// At a terminal, what is not given is asked.
    #[command(after_long_help = crate::spec::SYNTAX)]
    Intent(AddTo),
    /// Add steps to the workflow: 'ship_order: effect after take_payment'.
    ///
    /// At a terminal, what is not given is asked.
    #[command(after_long_help = crate::spec::SYNTAX)]
    Step(AddTo),
}

/// What is added, and to which node.
#[derive(Clone, Debug, Args)]
pub struct AddTo {
    /// The node: its folder, or its name in the project around the working directory.
    pub node: Option<PathBuf>,

    /// What to add, in the syntax of `onex new orchestrator`.
    #[arg(value_name = "SPEC")]
    pub answers: Vec<String>,

    /// A model that the fields refer to and that the contract does not describe yet.
    #[arg(long = "model", value_name = "MODEL")]
    pub models: Vec<String>,

    /// Write without asking.
    #[arg(long)]
    pub yes: bool,

    /// Show what would be done, and write nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Show every change as a unified diff.
    #[arg(long)]
    pub diff: bool,

    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// `onex regenerate`.
#[derive(Debug, Args)]
pub struct Regenerate {
    /// Nodes, or folders that hold some [default: the project around the working directory].
    pub paths: Vec<PathBuf>,

    /// Show what would be done, and write nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Show every change as a unified diff.
    #[arg(long)]
    pub diff: bool,

    /// What to do where the contract's change and yours meet: change nothing at all, write both between
    /// markers, or decide for one side.
    #[arg(long, value_name = "HOW", default_value = "abort")]
    pub conflict: ConflictMode,

    /// Delete what the contract no longer needs, files that you edited too.
    #[arg(long)]
    pub prune: bool,

    /// Write scaffolded files again that you deleted, or that an adopted node never had.
    #[arg(long)]
    pub restore: bool,

    /// Say what a handler or a model of the contract was called before, also after a run that took it for
    /// removed and left your file as an orphan; may be given several times.
    #[arg(long, value_name = "OLD=NEW")]
    pub rename: Vec<String>,

    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// `onex check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Nodes, or folders that hold some [default: the project around the working directory].
    pub paths: Vec<PathBuf>,

    /// Show what would change as unified diffs.
    #[arg(long)]
    pub diff: bool,

    /// Take contracts without a lock for findings.
    #[arg(long)]
    pub strict: bool,

    /// Take warnings for findings.
    #[arg(long)]
    pub deny_warnings: bool,

    /// Check the nodes alone that a change since a git revision concerns.
    ///
    /// Those are the nodes with a file that is not what it was at REV, committed or not, and those that depend on one:
    /// they share a model with it, name it, or belong to a project whose settings changed. What is said of them is what is
    /// said when all nodes are checked.
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,

    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// `onex adopt`.
#[derive(Debug, Args)]
pub struct Adopt {
    /// Nodes, or folders that hold some.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,

    /// The package that the nodes are in [default: the project's].
    #[arg(long, value_name = "PKG")]
    pub package: Option<String>,

    /// Show what would be done, and write nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// What follows a kind that is not here.
#[derive(Debug, Args)]
pub struct Elsewhere {
    /// Whatever it is.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    pub rest: Vec<OsString>,
}

/// `onex lint`.
#[derive(Debug, Args)]
pub struct Lint {
    /// Nodes, or folders that hold some [default: the project around the working directory].
    pub paths: Vec<PathBuf>,

    /// Apply the fixes that are safe to contracts, then tell what is left.
    #[arg(long)]
    pub fix: bool,

    /// Show what --fix would change as unified diffs, and write nothing.
    #[arg(long)]
    pub diff: bool,

    /// Take warnings for errors, as far as the exit code goes.
    #[arg(long)]
    pub deny_warnings: bool,

    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// `onex explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The rule, as findings name it in brackets; without one, all rules are listed.
    pub rule: Option<String>,
}

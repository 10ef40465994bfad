//! How far a long run is: shown on a terminal, and nowhere else.

use std::fmt::Write as _;

use crate::project::Project;
use crate::terminal::{CTRL_C, Setup, Terminal};

const NODES: usize = 12;
const ROUTES: usize = 40;

/// A contract of many messages, so that a look at its node takes a while.
fn contract(node: usize) -> String {
    let mut text = format!(
        "name: node_n{node}_orchestrator\nnode_type: ORCHESTRATOR_GENERIC\n\
         contract_version: {{major: 1, minor: 0, patch: 0}}\n\
         node_version: {{major: 1, minor: 0, patch: 0}}\ndescription: Does much.\n\
         handler_routing:\n  version: {{major: 1, minor: 0, patch: 0}}\n  handlers:\n"
    );
    for route in 0..ROUTES {
        let (event, handler) = (format!("ModelE{node}X{route}"), format!("HandlerE{node}X{route}"));
        writeln!(
            text,
            "    - {{event_model: {{name: {event}}}, handler: {{name: {handler}}}, operation: o{route}}}"
        )
        .unwrap();
    }
    text
}

fn project() -> Project {
    let mut project = Project::new();
    for node in 0..NODES {
        project = project.contract(&contract(node));
        project.make(&["--yes", "--path", ".", "--package", "app"]).exit(0);
    }
    project
}

#[test]
fn a_long_run_says_how_far_it_is_on_a_terminal_alone() {
    let project = project();
    let before = project.tree();
    let told = format!("% of {NODES} nodes");

    let (_, left) = Terminal::start(&project, &["check"], &Setup::default()).end();
    assert!(left.contains(&told), "{left}");
    assert!(left.contains(&format!("{NODES} nodes checked")), "{left}");

    // Stopped at once, and nothing has changed.
    let mut terminal = Terminal::start(&project, &["regenerate"], &Setup::default());
    terminal.see(&told).keys(CTRL_C);
    let (code, left) = terminal.end();
    assert!(code != 0 && !left.contains("unchanged"), "{code}: {left}");
    assert_eq!(project.tree(), before);

    let watched = Setup { environment: &[("CI", "true")], ..Setup::default() };
    let (_, left) = Terminal::start(&project, &["check"], &watched).end();
    assert!(!left.contains(&told), "{left}");
    let piped = project.run(&["check"]);
    assert!(!piped.stderr.contains('%') && !piped.stdout.contains('%'), "{piped:?}");
}

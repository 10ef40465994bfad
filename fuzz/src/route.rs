//! The flags that describe a node: `--route` and its like.

use onex_scaffold::contract;
use onex_scaffold::python::Identifier;
use onex_scaffold::source::SourceFile;
use onex_scaffold::spec::{self, Given};

use crate::{generate, stops, told};

/// What was understood, written out, is understood the same; and it makes a contract without a mistake.
///
/// Each line is a flag: the letter that it begins with, and its value.
pub fn holds(text: &str) {
    let given = given(text);
    let (answers, found) = spec::read(&given, "producer");
    told(&found);
    let Some((answers, origins)) = answers else {
        // Without any route it is for the command to ask for one.
        assert!(stops(&found) || given.routes.is_empty(), "refused without a reason");
        return;
    };
    let printed = spec::given(&answers);
    let (again, found) = spec::read(&printed, "producer");
    let again = again.map(|(answers, _)| answers);
    assert_eq!(again.as_ref(), Some(&answers), "{printed:?}\n{found:?}");

    let package = Identifier::parse("app").expect("a name");
    let written = contract::write(&answers, &package);
    let file = SourceFile::new("contract.yaml", written.clone());
    let (contract, found) = contract::parse(&file);
    let Some(contract) = contract.filter(|_| !stops(&found)) else {
        panic!("no contract: {found:?}\n{written}")
    };
    // What the contract cannot be is told in terms of the flags.
    if let Err(found) = generate::files(&written) {
        told(&found);
        told(&spec::blame(found, &contract, &origins));
    }
}

fn given(text: &str) -> Given {
    let mut given = Given { name: Some("order".to_owned()), ..Given::default() };
    for line in text.lines() {
        let Some(flag) = line.chars().next() else { continue };
        let value = line.get(flag.len_utf8()..).unwrap_or_default().to_owned();
        match flag {
            'n' => given.name = Some(value),
            'd' => given.description = Some(value),
            'p' => given.producer = Some(value),
            'm' => given.models.push(value),
            'i' => given.intents.push(value),
            's' => given.steps.push(value),
            _ => given.routes.push(value),
        }
    }
    given
}

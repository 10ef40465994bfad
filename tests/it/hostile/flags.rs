use onex_scaffold::contract;
use onex_scaffold::contract::yaml::{self, Kind, Yaml};
use onex_scaffold::python::Identifier;
use onex_scaffold::source::SourceFile;
use onex_scaffold::spec::{self, Given};

use super::{STYLES, files, project, refused, said, tricks};

/// A node by its flags, each with places for one text: as it is, or quoted as the syntax quotes.
const FLAGS: [(&str, &str, &str); 14] = [
    ("name", "HERE", "order"),
    ("description", "HERE", "Takes orders."),
    ("producer", "HERE", "shop"),
    ("route", "HERE", "OrderSent"),
    ("route", "OrderSent(HERE: int)", "amount"),
    ("route", "OrderSent(note: str = QUOTED)", "x"),
    ("route", "OrderSent(note: str ~ QUOTED)", "x"),
    ("route", "OrderSent(level: QUOTED|\"other\")", "low"),
    ("route", "OrderSent(data: bytes = QUOTED)", "x"),
    ("route", "OrderSent -> HERE", "OrderGone"),
    ("model", "HERE(amount: int)", "Line"),
    ("intent", "HERE -> node_payment_effect", "payment.process"),
    ("intent", "payment.process -> HERE", "node_payment_effect"),
    ("step", "HERE: compute", "check_order"),
];

fn given(flag: &str, value: &str) -> Given {
    let mut given = Given {
        name: Some("order".to_owned()),
        routes: vec!["OrderPlaced(order_id: uuid) -> OrderValidated(order_id: uuid)".to_owned()],
        ..Given::default()
    };
    let value = value.to_owned();
    match flag {
        "name" => given.name = Some(value),
        "description" => given.description = Some(value),
        "producer" => given.producer = Some(value),
        "route" => given.routes.push(value),
        "model" => given.models.push(value),
        "intent" => given.intents.push(value),
        "step" => given.steps.push(value),
        other => panic!("{other}"),
    }
    given
}

fn with(template: &str, text: &str) -> String {
    let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    template.replace("HERE", text).replace("QUOTED", &quoted)
}

/// What YAML makes of a contract, texts aside.
fn shape(node: &Yaml) -> String {
    match &node.kind {
        Kind::Scalar(scalar) => format!("{:?}", std::mem::discriminant(&scalar.value)),
        Kind::Sequence(items) => format!("[{}]", items.iter().map(shape).collect::<String>()),
        Kind::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| shape(key) + &shape(value));
            format!("{{{}}}", entries.collect::<String>())
        }
    }
}

fn written(given: &Given) -> Result<String, Vec<onex_scaffold::diagnostic::Diagnostic>> {
    let (answers, found) = spec::read(given, "shop");
    let Some((answers, _)) = answers else { return Err(found) };
    Ok(contract::write(&answers, &Identifier::parse("app").unwrap()))
}

fn shape_of(contract: &str) -> String {
    let (tree, found) = yaml::read(&SourceFile::new("contract.yaml", contract));
    assert!(found.is_empty(), "{found:?}\n{contract}");
    shape(&tree.unwrap())
}

#[test]
fn no_flag_becomes_a_key_of_the_contract_or_code() {
    let project = project("[project]\nname = 'app'\n").unwrap();
    let mut understood = 0;
    for (index, (flag, template, usual)) in FLAGS.into_iter().enumerate() {
        let style = STYLES[index % STYLES.len()];
        let twin = written(&given(flag, &with(template, usual)))
            .unwrap_or_else(|found| panic!("{template}: {found:?}"));
        let twin_files = files(&twin, &project, style).map(|files| said(&files));
        let twin_files = twin_files.unwrap_or_else(|found| panic!("{template}: {found:?}\n{twin}"));
        for trick in tricks::all() {
            let context = format!("--{flag} {template} with {trick:?}");
            let contract = match written(&given(flag, &with(template, &trick))) {
                Ok(contract) => contract,
                Err(found) => {
                    refused(&found, &context);
                    continue;
                }
            };
            understood += 1;
            assert_eq!(shape_of(&contract), shape_of(&twin), "{context}\n{contract}");
            match files(&contract, &project, style) {
                Err(found) => refused(&found, &context),
                Ok(files) => {
                    let said = said(&files);
                    // A test has a value for a pattern where one can be found, and else it has none.
                    let like = said == twin_files || template.contains('~');
                    assert!(like, "{context}: {:#?}", said.differences(&twin_files));
                }
            }
        }
    }
    assert!(understood > 500, "{understood} flags are understood");
}

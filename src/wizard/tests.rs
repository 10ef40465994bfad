//! Whole interviews with somebody who answers at random, goes back at random, and takes what is offered at random.

use proptest::prelude::*;

use super::addition::Part;
use super::*;
use crate::ask::{Choices, Prompter, Reply, Stopped};
use crate::contract;
use crate::source::SourceFile;
use crate::spec;

struct OnePlace {
    has_chosen: bool,
    packages: Vec<String>,
}

impl Ground for OnePlace {
    fn here(&self) -> String {
        ".".to_owned()
    }

    fn look(&self, path: &str, package: Option<&str>) -> Result<Site, String> {
        if path != "." {
            return Err("it is not there".to_owned());
        }
        let doubt = package.is_none() && !self.packages.is_empty();
        Ok(Site {
            shown: "a project".to_owned(),
            is_new: false,
            packages: if doubt { self.packages.clone() } else { Vec::new() },
            package: package.unwrap_or("shop").to_owned(),
            producer: "shop".to_owned(),
            tests: "tests".to_owned(),
            style: HandlerStyle::Dual,
            has_chosen: self.has_chosen,
            nodes: vec!["node_shop_orchestrator".to_owned()],
        })
    }
}

/// Answers by dice; when they are used up, with whatever is offered.
struct Dice {
    throws: Vec<u8>,
    /// Every label, with how it was answered.
    told: Vec<String>,
}

impl Dice {
    fn next(&mut self) -> Option<usize> {
        self.throws.pop().map(usize::from)
    }
}

const WORDS: [&str; 20] = [
    "OrderPlaced",
    "OrderPaid(total: decimal)",
    "PlaceOrderCommand",
    "A, B",
    "OrderPlaced, OrderRefused(reason: str)",
    "none",
    "order_id: uuid",
    "items: list[Item] len 1..",
    "item: Item?, on: bool",
    "\"a\"",
    "a: \"x\"|\"y\" = \"y\"",
    "payment.process",
    "notify(to: str)",
    "validate_order",
    "receive_order",
    "node_x_effect",
    "till",
    "Zahlung für Ä",
    ".",
    "x: uid",
];

impl Prompter for Dice {
    fn text(
        &mut self,
        question: &Text<'_>,
        before: Option<&str>,
    ) -> Result<Reply<String>, Stopped> {
        let offered = (question.check)(&question.default);
        assert!(offered.is_ok(), "{}: {} {offered:?}", question.label, question.default);
        if let Some(before) = before {
            assert!((question.check)(before).is_ok(), "{}: {before}", question.label);
        }
        match self.next() {
            Some(0..20) => {
                self.told.push(format!("{}: back", question.label));
                Ok(Reply::Back)
            }
            Some(throw) => {
                let word = WORDS[throw % WORDS.len()];
                let fits = (question.check)(word).is_ok();
                let answer = if fits { word } else { &question.default };
                self.told.push(format!("{}: {answer}", question.label));
                Ok(Reply::Given(answer.to_owned()))
            }
            None => Ok(Reply::Given(question.default.clone())),
        }
    }

    fn choice(&mut self, question: &Choice<'_>, _: Option<usize>) -> Result<Reply<usize>, Stopped> {
        assert!(question.default < question.options.len());
        match self.next() {
            Some(0..20) => Ok(Reply::Back),
            Some(throw) => Ok(Reply::Given(throw % question.options.len())),
            None => Ok(Reply::Given(question.default)),
        }
    }

    fn choices(
        &mut self,
        question: &Choices<'_>,
        _: Option<&[usize]>,
    ) -> Result<Reply<Vec<usize>>, Stopped> {
        assert!(question.default.iter().all(|index| *index < question.options.len()));
        match self.next() {
            Some(0..20) => Ok(Reply::Back),
            Some(throw) => {
                let all = 0..question.options.len();
                Ok(Reply::Given(all.filter(|index| throw >> index & 1 == 1).collect()))
            }
            None => Ok(Reply::Given(question.default.clone())),
        }
    }

    fn say(&mut self, _: &str) -> Result<(), Stopped> {
        Ok(())
    }

    fn show(&mut self, _: &str) -> Result<(), Stopped> {
        Ok(())
    }

    fn forget(&mut self) -> Result<(), Stopped> {
        Ok(())
    }
}

fn filled(throws: Vec<u8>, ground: &OnePlace, preset: &Preset) -> (Filled, Vec<String>) {
    let mut dice = Dice { throws, told: Vec::new() };
    let filled = Session::new(&mut dice)
        .run(|session| interview(session, ground, preset))
        .unwrap_or_else(|stopped| panic!("{stopped}"));
    (filled, dice.told)
}

proptest! {
    #[test]
    fn whatever_is_answered_is_what_flags_can_say(
        throws in proptest::collection::vec(any::<u8>(), 0..120), has_chosen: bool, several: bool,
    ) {
        let packages = if several { vec!["shop".to_owned(), "till".to_owned()] } else { Vec::new() };
        let ground = OnePlace { has_chosen, packages };
        let (filled, told) = filled(throws, &ground, &Preset::default());
        let (read, found) = spec::read(&spec::given(&filled.answers), "elsewhere");
        prop_assert!(found.is_empty(), "{:#?} {:#?}", told, found);
        prop_assert_eq!(&read.unwrap().0, &filled.answers, "{:#?}", told);
        prop_assert_eq!(filled.remembered.is_none(), has_chosen);
        prop_assert_eq!(filled.package.is_some(), several);
        let text = contract::write(&filled.answers, &Identifier::ours("shop"));
        let (_, found) = contract::parse(&SourceFile::new("contract.yaml", text));
        prop_assert!(found.is_empty(), "{:#?}", found);
    }
}

proptest! {
    #[test]
    fn whatever_is_added_is_what_arguments_can_say(
        throws in proptest::collection::vec(any::<u8>(), 0..60),
        standing in spec::testing::answers(),
        part in proptest::sample::select(vec![Part::Route, Part::Intent, Part::Step]),
    ) {
        let package = Identifier::ours("shop");
        let text = contract::write(&standing, &package);
        let (contract, _) = contract::parse(&SourceFile::new("contract.yaml", text));
        let contract = contract.unwrap();
        let known = contract::add::known(&contract);
        let node = addition::Node {
            folder: standing.folder.clone(),
            producer: standing.producer.clone(),
            known: known.clone(),
            models: Vec::new(),
        };
        let mut dice = Dice { throws, told: Vec::new() };
        let added = Session::new(&mut dice)
            .run(|session| addition::addition(session, part, &node))
            .unwrap_or_else(|stopped| panic!("{stopped}"));
        let counts = [added.routes.len(), added.intents.len(), added.steps.len()];
        let wanted = [Part::Route, Part::Intent, Part::Step].map(|one| usize::from(one == part));
        prop_assert_eq!(counts, wanted, "{:#?}", dice.told);
        let given = spec::Given { known: Some(known), ..spec::given(&added) };
        let (read, found) = spec::read(&given, &standing.producer);
        prop_assert!(found.is_empty(), "{:#?} {:#?}", dice.told, found);
        let read = read.unwrap().0;
        prop_assert_eq!(&read.routes, &added.routes);
        prop_assert_eq!(&read.models, &added.models);
        prop_assert_eq!(&read.intents, &added.intents);
        prop_assert_eq!(&read.steps, &added.steps);
        let text = contract::add::add(&contract, &read, &package).unwrap();
        let (_, found) = contract::parse(&SourceFile::new("contract.yaml", text));
        prop_assert!(found.is_empty(), "{:#?} {:#?}", dice.told, found);
    }
}

#[test]
fn enter_all_the_way_avoids_what_is_there() {
    let ground = OnePlace { has_chosen: false, packages: Vec::new() };
    let (filled, _) = filled(Vec::new(), &ground, &Preset::default());
    assert_eq!(filled.answers.folder.as_str(), "node_shop_2_orchestrator");
    assert_eq!(filled.style, Some(HandlerStyle::Dual));
    assert_eq!(
        spec::given(&filled.answers).routes,
        ["Shop2Requested(shop_2_id: uuid) -> Shop2Completed(shop_2_id: uuid)"]
    );
}

#[test]
fn what_is_said_already_is_not_asked() {
    let preset = Preset {
        path: Some(".".to_owned()),
        package: Some("till".to_owned()),
        name: Some("sale".to_owned()),
        description: Some("Sells.".to_owned()),
        producer: Some("desk".to_owned()),
        style: Some(HandlerStyle::Envelope),
    };
    let ground = OnePlace { has_chosen: true, packages: vec!["shop".to_owned()] };
    let (filled, told) = filled(vec![40; 3], &ground, &preset);
    assert!(told[0].starts_with("Name: "), "{told:?}");
    assert_eq!(filled.package.as_deref(), Some("till"));
    assert_eq!(filled.answers.description, "Sells.");
    assert_eq!(filled.answers.producer, "desk");
    assert_eq!(filled.style, Some(HandlerStyle::Envelope));
}

//! Answers -> the text of the flags that give them again.

use std::fmt;

use super::{
    Answers, Event, Field, Given, Held, Intent, Kind, Literal, Model, Route, Step, Value, names,
};
use crate::contract::Constraint;
use crate::python::Identifier;

/// The texts of the flags that give these answers.
#[must_use]
pub fn given(answers: &Answers) -> Given {
    let own = answers.description != names::description(&answers.folder);
    Given {
        name: Some(names::typed(&answers.folder)),
        description: own.then(|| answers.description.clone()),
        producer: Some(answers.producer.clone()),
        routes: routes(answers),
        models: answers.models.iter().map(Model::to_string).collect(),
        intents: answers.intents.iter().map(Intent::to_string).collect(),
        steps: answers.steps.iter().map(Step::to_string).collect(),
        known: None,
    }
}

/// Fields with commas between them, as they stand in parentheses.
#[must_use]
pub fn fields(fields: &[Field]) -> String {
    List(fields).to_string()
}

impl Given {
    /// The words of a command line: NAME, then each flag and its value.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = self.name.iter().cloned().collect();
        let one = |text: &Option<String>| text.iter().cloned().collect();
        let flags: [(&str, Vec<String>); 6] = [
            ("--description", one(&self.description)),
            ("--producer", one(&self.producer)),
            ("--route", self.routes.clone()),
            ("--model", self.models.clone()),
            ("--intent", self.intents.clone()),
            ("--step", self.steps.clone()),
        ];
        for (flag, values) in flags {
            words.extend(values.into_iter().flat_map(|value| [flag.to_owned(), value]));
        }
        words
    }
}

/// The routes, each message with its fields where it is named first.
fn routes(answers: &Answers) -> Vec<String> {
    let mut told: Vec<&Identifier> = Vec::new();
    let mut mention = |name: &'_ Identifier| {
        let event = answers.events.iter().find(|event| event.name == *name);
        match event {
            Some(event) if !told.contains(&&event.name) => {
                told.push(&event.name);
                event.to_string()
            }
            Some(_) | None => name.to_string(),
        }
    };
    let mut texts = Vec::new();
    for Route { event, outputs } in &answers.routes {
        let event = mention(event);
        let outputs: Vec<String> = outputs.iter().map(&mut mention).collect();
        let arrow = if outputs.is_empty() { "" } else { " -> " };
        texts.push(format!("{event}{arrow}{}", outputs.join(", ")));
    }
    texts
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.fields.is_empty() {
            return write!(f, "{}", self.name);
        }
        write!(f, "{}({})", self.name, List(&self.fields))
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.name, List(&self.fields))
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.intent_type())?;
        if !self.fields.is_empty() {
            write!(f, "({})", List(&self.fields))?;
        }
        write!(f, " -> {}", self.target)?;
        if !self.from.is_empty() {
            write!(f, " from {}", List(&self.from))?;
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.kind.as_str())?;
        if !self.after.is_empty() {
            write!(f, " after {}", List(&self.after))?;
        }
        Ok(())
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.holds)?;
        match &self.default {
            Some(default) => write!(f, " = {default}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if self.optional {
            f.write_str("?")?;
        }
        let of = |wanted: Constraint| {
            self.constraints.iter().find(|(c, _)| *c == wanted).map(|(_, literal)| literal)
        };
        let signs = [
            (">=", Constraint::Ge),
            (">", Constraint::Gt),
            ("<=", Constraint::Le),
            ("<", Constraint::Lt),
            ("multiple of", Constraint::MultipleOf),
            ("~", Constraint::Pattern),
        ];
        for (sign, constraint) in signs {
            if let Some(limit) = of(constraint) {
                write!(f, " {sign} {limit}")?;
            }
        }
        match (of(Constraint::MinLength), of(Constraint::MaxLength)) {
            (Some(shortest), Some(longest)) if shortest == longest => write!(f, " len {shortest}"),
            (Some(shortest), Some(longest)) => write!(f, " len {shortest}..{longest}"),
            (Some(shortest), None) => write!(f, " len {shortest}.."),
            (None, Some(longest)) => write!(f, " len ..{longest}"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word.as_str()),
            Self::List(item) => write!(f, "list[{item}]"),
            Self::Map(key, value) => write!(f, "map[{key}, {value}]"),
            Self::Enum(choices) => {
                let choices: Vec<String> = choices.iter().map(Literal::to_string).collect();
                f.write_str(&choices.join("|"))
            }
            Self::Model(name) => write!(f, "{name}"),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(literal) => write!(f, "{literal}"),
            Self::List(items) => write!(f, "[{}]", List(items)),
            Self::EmptyMap => f.write_str("{}"),
            Self::Now => f.write_str("now"),
            Self::New => f.write_str("new"),
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\"{}\"", escaped(text)),
            Self::Number(number) => f.write_str(number),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Null => f.write_str("null"),
        }
    }
}

/// A text between double quotes. What does not print is written as a number, so that it survives a terminal.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if crate::python::is_hidden(c) => {
                escaped.push_str(&format!("\\u{{{:X}}}", u32::from(c)));
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Items with commas between them.
struct List<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{item}")?;
        }
        Ok(())
    }
}

//! The text of one flag -> what it says, with the places of the names in it.
//!
//! A mistake in one field does not hide those of the next; a mistake in the frame around them ends the text.

use super::token::{Token, tokens};
use super::{Field, Held, Kind, Literal, Step, StepKind, Value, Word, names};
use crate::contract::Constraint;
use crate::contract::parse::is_quantity;
use crate::diagnostic::{Diagnostic, nearest};
use crate::python::Identifier;
use crate::source::{SourceFile, Span, Spanned};

/// A message as a route names it.
#[derive(Clone, Debug)]
pub(super) struct RawEvent {
    pub(super) file: SourceFile,
    pub(super) name: Spanned<Identifier>,
    /// Nothing where it has no parentheses.
    pub(super) fields: Option<Fields>,
}

/// A list of fields.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) fields: Vec<RawField>,
    /// With the parentheses.
    pub(super) span: Span,
}

/// A field, and where it and what it names stand.
#[derive(Clone, Debug)]
pub(super) struct RawField {
    pub(super) field: Field,
    pub(super) span: Span,
    pub(super) models: Vec<Spanned<Identifier>>,
}

#[derive(Clone, Debug)]
pub(super) struct RawRoute {
    pub(super) event: RawEvent,
    pub(super) outputs: Vec<RawEvent>,
}

#[derive(Clone, Debug)]
pub(super) struct RawModel {
    pub(super) file: SourceFile,
    pub(super) name: Spanned<Identifier>,
    pub(super) fields: Fields,
}

#[derive(Clone, Debug)]
pub(super) struct RawIntent {
    pub(super) file: SourceFile,
    pub(super) kind: Spanned<Vec<Identifier>>,
    pub(super) fields: Option<Fields>,
    pub(super) target: Identifier,
    pub(super) from: Vec<Spanned<Identifier>>,
}

#[derive(Clone, Debug)]
pub(super) struct RawStep {
    pub(super) file: SourceFile,
    pub(super) step: Step,
    pub(super) id: Span,
    /// The places of `step.after`, in the same order.
    pub(super) after: Vec<Span>,
}

const ROUTE: &str = "OrderPlaced(order_id: uuid) -> OrderValidated(order_id: uuid)";
const MODEL: &str = "OrderItem(price: decimal, quantity: int >= 1)";
const INTENT: &str = "payment.process(order_id: uuid) -> node_payment_effect from OrderPlaced";
const STEP: &str = "validate_order: compute after receive_order";

/// `--route`
pub(super) fn route(file: &SourceFile, found: &mut Vec<Diagnostic>) -> Option<RawRoute> {
    let mut parser = Parser::new(file, ROUTE, found)?;
    let event = parser.event()?;
    let mut outputs = Vec::new();
    if parser.takes("->") {
        outputs.push(parser.event()?);
        while parser.takes(",") {
            outputs.push(parser.event()?);
        }
    }
    parser.end("`->`, `,` or the end")?;
    Some(RawRoute { event, outputs })
}

/// `--model`
pub(super) fn model(file: &SourceFile, found: &mut Vec<Diagnostic>) -> Option<RawModel> {
    let mut parser = Parser::new(file, MODEL, found)?;
    let name = parser.class("a model", names::class_stem)?;
    let fields = parser.fields()?;
    parser.end("the end")?;
    Some(RawModel { file: file.clone(), name, fields })
}

/// `--intent`
pub(super) fn intent(file: &SourceFile, found: &mut Vec<Diagnostic>) -> Option<RawIntent> {
    let mut parser = Parser::new(file, INTENT, found)?;
    let kind = parser.intent_type()?;
    let fields = if parser.is("(") { Some(parser.fields()?) } else { None };
    parser.demand("->", "`->` and the node that answers the intent")?;
    let target = parser.snake("the node that answers the intent, such as `node_payment_effect`")?;
    let mut from = Vec::new();
    if parser.takes_word("from") {
        from.push(parser.class("a message", names::event_stem)?);
        while parser.takes(",") {
            from.push(parser.class("a message", names::event_stem)?);
        }
    }
    parser.end("`from` and the messages whose handlers raise it, or the end")?;
    Some(RawIntent { file: file.clone(), kind, fields, target: target.value, from })
}

/// `--step`
pub(super) fn step(file: &SourceFile, found: &mut Vec<Diagnostic>) -> Option<RawStep> {
    let mut parser = Parser::new(file, STEP, found)?;
    let id = parser.snake("a step such as `validate_order`")?;
    parser.demand(":", "`:` and the kind of the step")?;
    let kind = parser.step_kind()?;
    let mut after = Vec::new();
    if parser.takes_word("after") {
        after.push(parser.snake("a step")?);
        while parser.takes(",") {
            after.push(parser.snake("a step")?);
        }
    }
    parser.end("`after` and the steps that it waits for, or the end")?;
    let places = after.iter().map(|step| step.span).collect();
    let after = after.into_iter().map(|step| step.value).collect();
    let step = Step { id: id.value, kind, after };
    Some(RawStep { file: file.clone(), step, id: id.span, after: places })
}

/// A list of fields without parentheses.
pub(super) fn fields_alone(file: &SourceFile, found: &mut Vec<Diagnostic>) -> Option<Vec<Field>> {
    let mut parser = Parser::new(file, "order_id: uuid, total: decimal", found)?;
    let fields = parser.list(None);
    parser.end("`,` and the next field, or the end")?;
    parser.refuse_repeated(&fields);
    Some(fields.into_iter().map(|field| field.field).collect())
}

/// Messages with commas between them.
pub(super) fn events_alone(
    file: &SourceFile,
    found: &mut Vec<Diagnostic>,
) -> Option<Vec<super::NamedEvent>> {
    let mut parser = Parser::new(file, "OrderValidated, OrderRefused", found)?;
    let mut events = vec![parser.event()?];
    while parser.takes(",") {
        events.push(parser.event()?);
    }
    parser.end("`,` and the next message, or the end")?;
    let named = |event: RawEvent| (event.name.value, event.fields.map(plain));
    Some(events.into_iter().map(named).collect())
}

/// The type of an intent, and perhaps its fields.
pub(super) fn intent_alone(
    file: &SourceFile,
    found: &mut Vec<Diagnostic>,
) -> Option<super::NamedIntent> {
    let mut parser = Parser::new(file, "payment.process", found)?;
    let kind = parser.intent_type()?.value;
    let fields = if parser.is("(") { Some(parser.fields()?) } else { None };
    parser.end("the end")?;
    Some((kind, fields.map(plain)))
}

/// A name in small letters.
pub(super) fn name_alone(file: &SourceFile, found: &mut Vec<Diagnostic>) -> Option<Identifier> {
    let mut parser = Parser::new(file, "validate_order", found)?;
    let name = parser.snake("a name in small letters")?;
    parser.end("the end")?;
    Some(name.value)
}

fn plain(fields: Fields) -> Vec<Field> {
    fields.fields.into_iter().map(|field| field.field).collect()
}

/// More brackets inside each other than this are no type that anybody could read.
const DEEPEST: usize = 8;

struct Parser<'a> {
    file: &'a SourceFile,
    /// How the whole is written, for help.
    form: &'static str,
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
    found: &'a mut Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    fn new(
        file: &'a SourceFile,
        form: &'static str,
        found: &'a mut Vec<Diagnostic>,
    ) -> Option<Self> {
        match tokens(file) {
            Ok(tokens) => Some(Self { file, form, tokens, at: 0, depth: 0, found }),
            Err(problem) => {
                found.push(*problem);
                None
            }
        }
    }

    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    /// The place of the next token.
    fn span(&self) -> Span {
        self.tokens.get(self.at).or(self.tokens.last()).map(|(_, span)| *span).unwrap_or_default()
    }

    /// The end of the token before.
    fn reached(&self) -> u32 {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.map(|(_, span)| span.end).unwrap_or_default()
    }

    fn advance(&mut self) {
        self.at += 1;
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is = self.is(sign);
        self.at += usize::from(is);
        is
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is = matches!(self.peek(), Token::Name(name) if name == word);
        self.at += usize::from(is);
        is
    }

    fn demand(&mut self, sign: &str, wanted: &str) -> Option<()> {
        if self.takes(sign) {
            return Some(());
        }
        self.expected(wanted);
        None
    }

    fn end(&mut self, wanted: &str) -> Option<()> {
        if *self.peek() == Token::End {
            return Some(());
        }
        self.expected(wanted);
        None
    }

    /// Reports that something else stands where `wanted` belongs.
    fn expected(&mut self, wanted: &str) {
        let standing = match self.peek() {
            Token::End => "the text ends".to_owned(),
            Token::Text(_) => "a text in quotes stands".to_owned(),
            Token::Name(_) | Token::Number(_) | Token::Sign(_) => {
                format!("`{}` stands", self.file.slice(self.span()).escape_debug())
            }
        };
        let message = format!("{standing} where {wanted} should stand");
        let found = Diagnostic::error("spec-syntax", self.file, self.span(), message)
            .help(format!("write it as {}", self.form));
        self.found.push(found);
    }

    fn refuse(&mut self, span: Span, message: String, help: String) {
        self.found.push(Diagnostic::error("spec-syntax", self.file, span, message).help(help));
    }

    /// A word that becomes a class name.
    fn class(&mut self, what: &str, stem: impl Fn(&str) -> &str) -> Option<Spanned<Identifier>> {
        let Token::Name(written) = self.peek().clone() else {
            self.expected(&format!("the name of {what}"));
            return None;
        };
        let span = self.span();
        self.advance();
        let name = stem(&written);
        let fits = name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains('_');
        match Identifier::parse(name) {
            Ok(name) if fits => Some(Spanned::new(name, span)),
            problem => {
                let why = match problem {
                    Ok(_) => "is not written like a class".to_owned(),
                    Err(problem) => problem.to_string(),
                };
                let message = format!("`{}` cannot be {what}: it {why}", written.escape_debug());
                let help = match names::camel(&written) {
                    Some(camel) => format!("write `{camel}`"),
                    None => "write a name such as `OrderPlaced`".to_owned(),
                };
                self.refuse(span, message, help);
                None
            }
        }
    }

    /// A word in small letters.
    fn snake(&mut self, what: &str) -> Option<Spanned<Identifier>> {
        let Token::Name(written) = self.peek().clone() else {
            self.expected(what);
            return None;
        };
        let span = self.span();
        self.advance();
        match Identifier::parse(&written) {
            Ok(name) if !written.contains(|c: char| c.is_ascii_uppercase()) => {
                Some(Spanned::new(name, span))
            }
            problem => {
                let why = match problem {
                    Ok(_) => "has capital letters".to_owned(),
                    Err(problem) => problem.to_string(),
                };
                let message = format!("`{}` cannot stand here: it {why}", written.escape_debug());
                self.refuse(
                    span,
                    message,
                    "write small letters, digits and underscores".to_owned(),
                );
                None
            }
        }
    }

    /// `payment.process`
    fn intent_type(&mut self) -> Option<Spanned<Vec<Identifier>>> {
        let first = self.snake("an intent such as `payment.process`")?;
        let mut span = first.span;
        let mut kind = vec![first.value];
        while self.takes(".") {
            let part = self.snake("the next part of the intent")?;
            span = Span::new(span.start, part.span.end);
            kind.push(part.value);
        }
        Some(Spanned::new(kind, span))
    }

    fn step_kind(&mut self) -> Option<StepKind> {
        let Token::Name(written) = self.peek().clone() else {
            self.expected("the kind of the step");
            return None;
        };
        let known = StepKind::ALL.into_iter().find(|kind| kind.as_str() == written);
        if known.is_none() {
            let words = StepKind::ALL.map(StepKind::as_str);
            let help = match nearest(&written, words) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the kinds are {}", words.join(", ")),
            };
            let message = format!("`{}` is no kind of step", written.escape_debug());
            self.refuse(self.span(), message, help);
        }
        self.advance();
        known
    }

    fn event(&mut self) -> Option<RawEvent> {
        let name = self.class("a message", names::event_stem)?;
        let fields = if self.is("(") { Some(self.fields()?) } else { None };
        Some(RawEvent { file: self.file.clone(), name, fields })
    }

    /// `(a: int, b: str)`
    fn fields(&mut self) -> Option<Fields> {
        let start = self.span().start;
        self.demand("(", "`(` and the fields")?;
        let fields = self.list(Some(")"));
        self.demand(")", "`,` and the next field, or `)`")?;
        self.refuse_repeated(&fields);
        Some(Fields { fields, span: Span::new(start, self.reached()) })
    }

    /// Fields with commas between them; one comma behind the last is allowed.
    fn list(&mut self, closing: Option<&str>) -> Vec<RawField> {
        let ends = |parser: &Self| {
            *parser.peek() == Token::End || closing.is_some_and(|closing| parser.is(closing))
        };
        let mut fields = Vec::new();
        while !ends(self) {
            match self.field() {
                Some(field) => fields.push(field),
                None => self.skip_field(),
            }
            if !self.takes(",") {
                break;
            }
        }
        fields
    }

    /// Goes on to the comma or bracket that ends a field which cannot be read.
    fn skip_field(&mut self) {
        let mut depth = 0_i32;
        while *self.peek() != Token::End {
            if let Token::Sign(sign) = self.peek() {
                match *sign {
                    "(" | "[" | "{" => depth += 1,
                    ")" if depth <= 0 => return,
                    ")" | "]" | "}" => depth -= 1,
                    "," if depth <= 0 => return,
                    _ => {}
                }
            }
            self.advance();
        }
    }

    fn refuse_repeated(&mut self, fields: &[RawField]) {
        for (index, field) in fields.iter().enumerate() {
            let name = &field.field.name;
            let mut before = fields.iter().take(index);
            if let Some(first) = before.find(|other| other.field.name == *name) {
                let message = format!("the field `{name}` is there twice");
                let found = Diagnostic::error("spec-duplicate", self.file, field.span, message)
                    .related(first.span, "the first one")
                    .help("take one of them out");
                self.found.push(found);
            }
        }
    }

    fn field(&mut self) -> Option<RawField> {
        let start = self.span().start;
        let name = self.field_name()?;
        self.demand(":", "`:` and the type of the field")?;
        let mut models = Vec::new();
        self.depth = 0;
        let holds = self.held(&mut models)?;
        let default = if self.takes("=") { Some(self.default()?) } else { None };
        let span = Span::new(start, self.reached());
        Some(RawField { field: Field { name, holds, default }, span, models })
    }

    fn field_name(&mut self) -> Option<Identifier> {
        let Token::Name(written) = self.peek().clone() else {
            self.expected("the name of a field");
            return None;
        };
        let span = self.span();
        self.advance();
        match crate::node::models::field_name(&written) {
            Ok(name) => Some(name),
            Err((why, help)) => {
                let message = format!("no field can be called `{}`: {why}", written.escape_debug());
                self.refuse(span, message, help);
                None
            }
        }
    }

    /// A type with what follows it.
    fn held(&mut self, models: &mut Vec<Spanned<Identifier>>) -> Option<Held> {
        let kind = self.kind(models)?;
        let optional = self.takes("?");
        let constraints = self.constraints()?;
        Some(Held { kind, optional, constraints })
    }

    fn kind(&mut self, models: &mut Vec<Spanned<Identifier>>) -> Option<Kind> {
        let span = self.span();
        let Token::Name(written) = self.peek().clone() else {
            return self.choices();
        };
        if matches!(written.as_str(), "true" | "false" | "null") {
            return self.choices();
        }
        self.advance();
        match written.as_str() {
            "list" | "map" => self.container(&written, span, models),
            _ => match Word::named(&written) {
                Some(word) => Some(Kind::Word(word)),
                None => self.model(&written, span, models),
            },
        }
    }

    /// `list[T]`, `map[K, V]`
    fn container(
        &mut self,
        word: &str,
        span: Span,
        models: &mut Vec<Spanned<Identifier>>,
    ) -> Option<Kind> {
        if self.depth >= DEEPEST {
            let message = format!("more than {DEEPEST} types stand inside each other");
            self.refuse(span, message, "give the inner ones a --model of their own".to_owned());
            return None;
        }
        self.depth += 1;
        let kind = if word == "list" {
            self.demand("[", "`[` and what the list holds, as in `list[str]`,")?;
            Kind::List(Box::new(self.held(models)?))
        } else {
            self.demand("[", "`[` and what the map holds, as in `map[str, int]`,")?;
            let key = self.held(models)?;
            self.demand(",", "`,` and the type of the values")?;
            Kind::Map(Box::new(key), Box::new(self.held(models)?))
        };
        self.depth -= 1;
        self.demand("]", "`]`")?;
        Some(kind)
    }

    fn model(
        &mut self,
        written: &str,
        span: Span,
        models: &mut Vec<Spanned<Identifier>>,
    ) -> Option<Kind> {
        let stem = names::class_stem(written);
        if stem.starts_with(|c: char| c.is_ascii_uppercase())
            && !stem.contains('_')
            && let Ok(name) = Identifier::parse(stem)
        {
            models.push(Spanned::new(name.clone(), span));
            return Some(Kind::Model(name));
        }
        let words = Word::ALL.map(Word::as_str).into_iter().chain(["list", "map"]);
        let help = match nearest(written, words.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "the types are {}, \"texts\"|\"to choose from\", and the names of models",
                words.collect::<Vec<_>>().join(", ")
            ),
        };
        self.refuse(span, format!("`{}` is no type", written.escape_debug()), help);
        None
    }

    /// `"low"|"high"`
    fn choices(&mut self) -> Option<Kind> {
        let mut choices: Vec<Literal> = Vec::new();
        loop {
            let (start, span) = (self.at, self.span());
            let fits = |literal: &Literal| match literal {
                Literal::Text(_) | Literal::Bool(_) => true,
                Literal::Number(number) => !number.contains('.'),
                Literal::Null => false,
            };
            let Some(choice) = self.literal().filter(fits) else {
                self.at = start;
                self.expected("a type, or a text to choose from,");
                return None;
            };
            if choices.contains(&choice) {
                let message = "this is among the values to choose from already".to_owned();
                self.refuse(span, message, "take one of them out".to_owned());
                return None;
            }
            choices.push(choice);
            if !self.takes("|") {
                return Some(Kind::Enum(choices));
            }
        }
    }

    fn literal(&mut self) -> Option<Literal> {
        let literal = match self.peek() {
            Token::Text(text) => Literal::Text(text.clone()),
            Token::Number(number) => Literal::Number(plain_number(number)),
            Token::Name(name) => match name.as_str() {
                "true" => Literal::Bool(true),
                "false" => Literal::Bool(false),
                "null" => Literal::Null,
                _ => return None,
            },
            Token::Sign(_) | Token::End => return None,
        };
        self.advance();
        Some(literal)
    }

    fn constraints(&mut self) -> Option<Vec<(Constraint, Literal)>> {
        let mut read: Vec<(Constraint, Literal)> = Vec::new();
        loop {
            let start = self.span().start;
            let next = self.constraint()?;
            if next.is_empty() {
                read.sort_by_key(|(constraint, _)| *constraint);
                return Some(read);
            }
            if next.iter().any(|(new, _)| read.iter().any(|(old, _)| old == new)) {
                let span = Span::new(start, self.reached());
                let message = "this is said a second time".to_owned();
                self.refuse(span, message, "take one of them out".to_owned());
                return None;
            }
            read.extend(next);
        }
    }

    /// One constraint, which may say two things; nothing where none follows.
    fn constraint(&mut self) -> Option<Vec<(Constraint, Literal)>> {
        let bounds = [
            (">=", Constraint::Ge),
            (">", Constraint::Gt),
            ("<=", Constraint::Le),
            ("<", Constraint::Lt),
        ];
        for (sign, constraint) in bounds {
            if self.takes(sign) {
                return Some(vec![(constraint, self.bound()?)]);
            }
        }
        if self.takes("~") {
            let Token::Text(pattern) = self.peek().clone() else {
                self.expected("an expression in quotes");
                return None;
            };
            self.advance();
            return Some(vec![(Constraint::Pattern, Literal::Text(pattern))]);
        }
        if self.takes_word("len") {
            return self.length();
        }
        if self.takes_word("multiple") {
            if !self.takes_word("of") {
                self.expected("`of` and a number");
                return None;
            }
            return Some(vec![(Constraint::MultipleOf, self.number()?)]);
        }
        Some(Vec::new())
    }

    /// A number, or a date or a time in quotes: whether it is one, the type of the field decides.
    fn bound(&mut self) -> Option<Literal> {
        let Token::Text(text) = self.peek() else { return self.number() };
        if !is_quantity(text) {
            self.expected("a number, or a date or a time in quotes,");
            return None;
        }
        let text = Literal::Text(text.clone());
        self.advance();
        Some(text)
    }

    fn number(&mut self) -> Option<Literal> {
        let Token::Number(number) = self.peek() else {
            self.expected("a number");
            return None;
        };
        let number = Literal::Number(plain_number(number));
        self.advance();
        Some(number)
    }

    /// `1..40`, `1..`, `..40`, `5`
    fn length(&mut self) -> Option<Vec<(Constraint, Literal)>> {
        let wanted = "a length such as `1..40`, `1..`, `..40` or `5`";
        let shortest = self.whole();
        let is_range = self.takes("..");
        let longest = if is_range { self.whole() } else { shortest.clone() };
        if shortest.is_none() && longest.is_none() {
            self.expected(wanted);
            return None;
        }
        let shortest = shortest.map(|length| (Constraint::MinLength, length));
        let longest = longest.map(|length| (Constraint::MaxLength, length));
        Some(shortest.into_iter().chain(longest).collect())
    }

    fn whole(&mut self) -> Option<Literal> {
        let Token::Number(number) = self.peek() else { return None };
        if number.contains(['.', '-']) {
            return None;
        }
        let number = Literal::Number(plain_number(number));
        self.advance();
        Some(number)
    }

    fn default(&mut self) -> Option<Value> {
        if self.takes("[") {
            let mut items = Vec::new();
            while !self.is("]") {
                let Some(item) = self.literal() else {
                    self.expected("a value, or `]`,");
                    return None;
                };
                items.push(item);
                if !self.takes(",") {
                    break;
                }
            }
            self.demand("]", "`,` and the next value, or `]`")?;
            return Some(Value::List(items));
        }
        if self.takes("{") {
            self.demand("}", "`}`")?;
            return Some(Value::EmptyMap);
        }
        if self.takes_word("now") {
            return Some(Value::Now);
        }
        if self.takes_word("new") {
            return Some(Value::New);
        }
        let literal = self.literal();
        if literal.is_none() {
            self.expected(
                "a default such as `1`, `\"text\"`, `true`, `null`, `[]`, `{}`, `now` or `new`",
            );
        }
        literal.map(Value::Single)
    }
}

/// A number without zeros in front, which YAML would read as octal, and without a sign that says nothing.
fn plain_number(written: &str) -> String {
    let (sign, unsigned) = match written.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", written),
    };
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let short = whole.trim_start_matches('0');
    let whole = if short.is_empty() { "0" } else { short };
    match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None if whole == "0" => "0".to_owned(),
        None => format!("{sign}{whole}"),
    }
}

//! The intents that handlers raise, read from their code.

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

use super::source::{Role, Source, Sources};
use crate::source::{Span, Spanned};

/// What the handlers of a node raise.
#[derive(Debug, Default)]
pub struct Emitted<'a> {
    /// Each `ModelIntent(intent_type="..")`, and the file that it stands in.
    pub intents: Vec<(&'a Source, Spanned<String>)>,
    /// Whether a `ModelIntent` is built with a type that cannot be read off.
    pub is_open: bool,
}

/// Reads the intents off the handlers' code.
#[must_use]
pub fn emitted(sources: &Sources) -> Emitted<'_> {
    let mut emitted = Emitted::default();
    // A text that has the word nowhere need not be taken apart; one with other letters may spell it otherwise.
    let may_raise = |source: &&Source| {
        let text = source.file.text();
        text.contains("ModelIntent") || !text.is_ascii()
    };
    for source in sources.of(Role::Handler).filter(may_raise) {
        let mut calls = Calls::default();
        calls.visit_body(source.body());
        emitted.is_open |= calls.is_open;
        emitted.intents.extend(calls.intents.into_iter().map(|intent| (source, intent)));
    }
    emitted
}

#[derive(Default)]
struct Calls {
    intents: Vec<Spanned<String>>,
    is_open: bool,
}

impl Visitor<'_> for Calls {
    fn visit_expr(&mut self, expression: &Expr) {
        if let Expr::Call(call) = expression
            && is_intent(call)
        {
            let kind = call.arguments.find_keyword("intent_type").map(|keyword| &keyword.value);
            match kind {
                Some(Expr::StringLiteral(text)) => {
                    let range = text.range();
                    let span = Span::new(range.start().to_u32(), range.end().to_u32());
                    self.intents.push(Spanned::new(text.value.to_str().to_owned(), span));
                }
                Some(_) | None => self.is_open = true,
            }
        }
        walk_expr(self, expression);
    }
}

fn is_intent(call: &ExprCall) -> bool {
    match call.func.as_ref() {
        Expr::Name(name) => name.id.as_str() == "ModelIntent",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "ModelIntent",
        _ => false,
    }
}

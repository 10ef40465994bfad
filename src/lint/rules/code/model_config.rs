use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::python::facts::{Call, Class};

use super::{finding, runtime_code};

rule! {
    /// A model takes fields that it does not know.
    ///
    /// # What it checks
    ///
    /// That a class which derives from `BaseModel` alone says what it does with unknown fields (`extra` in its
    /// `model_config`), and that a frozen one has `from_attributes=True`.
    ///
    /// # Why
    ///
    /// Pydantic drops unknown fields silently, so a misspelt field of an event is lost on the way; the
    /// framework's gate wants `extra="forbid"`. Its conventions want `from_attributes` on frozen models, so that
    /// instances of the same class from another import path are taken.
    ///
    /// # Example
    ///
    /// ```python
    /// # models/model_order_paid.py
    /// from pydantic import BaseModel
    ///
    ///
    /// class ModelOrderPaid(BaseModel):
    ///     total: int
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # models/model_order_paid.py
    /// from pydantic import BaseModel, ConfigDict
    ///
    ///
    /// class ModelOrderPaid(BaseModel):
    ///     model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)
    ///
    ///     total: int
    /// ```
    ModelConfig, "model-config", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in runtime_code(subject) {
        for class in source.facts().classes.iter().filter(|class| is_plain_model(class)) {
            let name = &class.name;
            let config = class.members.iter().find(|member| member.name.value == "model_config");
            let Some(config) = config.and_then(|member| member.value.as_ref()) else {
                let message = format!("`{}` drops fields that it does not know", name.value);
                found.push(finding(Severity::Warning, ID, source, name.span, message).help(WHOLE));
                continue;
            };
            let Some(call) = config.call().filter(|call| is_config(call)) else { continue };
            if call.keyword("extra").is_none() {
                let message = format!("`{}` drops fields that it does not know", name.value);
                found.push(
                    finding(Severity::Warning, ID, source, call.span, message)
                        .help("add `extra=\"forbid\"`"),
                );
            }
            if call.keyword("frozen").is_some() && call.keyword("from_attributes").is_none() {
                let message = format!("`{}` is frozen without `from_attributes`", name.value);
                found.push(
                    finding(Severity::Warning, ID, source, call.span, message)
                        .help("add `from_attributes=True`"),
                );
            }
        }
    }
}

const WHOLE: &str =
    "add `model_config = ConfigDict(frozen=True, extra=\"forbid\", from_attributes=True)`";

/// A model that inherits no configuration, and has none in the old form, which is reported elsewhere.
fn is_plain_model(class: &Class) -> bool {
    let [base] = class.bases.as_slice() else { return false };
    class.is_top_level && base.is_named("pydantic.BaseModel")
}

fn is_config(call: &Call) -> bool {
    call.callee.is_named("pydantic.ConfigDict") && !call.is_open()
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "models/model_order_paid.py";

    fn with(before: &str, after: &str) -> Vec<String> {
        Sample::new().edit(FILE, before, after).lines(super::ID)
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(
            with("frozen=True, extra=\"forbid\"", "frozen=True"),
            ["model_order_paid.py:18 warning: `ModelOrderPaid` drops fields that it does not know"]
        );
        assert_eq!(
            with(", from_attributes=True", ""),
            [
                "model_order_paid.py:18 warning: `ModelOrderPaid` is frozen without `from_attributes`"
            ]
        );
        assert_eq!(
            with("model_config = ConfigDict", "config = ConfigDict"),
            ["model_order_paid.py:15 warning: `ModelOrderPaid` drops fields that it does not know"]
        );
    }

    #[test]
    fn an_answer_of_any_kind_is_one() {
        assert!(with("extra=\"forbid\"", "extra=\"allow\"").is_empty());
        assert!(with("ConfigDict(frozen", "ConfigDict(**HOUSE, frozen").is_empty());
        assert!(with("ModelOrderPaid(BaseModel)", "ModelOrderPaid(ModelHouse)").is_empty());
    }
}

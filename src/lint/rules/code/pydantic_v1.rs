use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Source, Subject, rule};
use crate::python::facts::Call;
use crate::python::module::ClassKind;

use super::{finding, runtime_code, span_of};

rule! {
    /// A model is written for pydantic 1.
    ///
    /// # What it checks
    ///
    /// That models have no inner `class Config`, that `Field(..)` is given no argument which pydantic 2 has
    /// dropped or renamed, and that nothing uses `validator` or `root_validator`.
    ///
    /// # Why
    ///
    /// The framework runs on pydantic 2. It refuses `regex` and `const` when the module is imported, so every
    /// runtime fails to load what imports it; the rest is deprecated, warns, and goes away with pydantic 3 (these
    /// findings are warnings).
    ///
    /// # Example
    ///
    /// ```python
    /// # models/model_order_paid.py
    /// from pydantic import BaseModel, Field
    ///
    ///
    /// class ModelOrderPaid(BaseModel):
    ///     currency: str = Field(regex="[A-Z]{3}")
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # models/model_order_paid.py
    /// from pydantic import BaseModel, ConfigDict, Field
    ///
    ///
    /// class ModelOrderPaid(BaseModel):
    ///     model_config = ConfigDict(extra="forbid")
    ///
    ///     currency: str = Field(pattern="[A-Z]{3}")
    /// ```
    PydanticV1, "pydantic-v1", Error
}

/// Arguments of `Field` that are no more, what is written now, and whether they are refused.
const ARGUMENTS: [(&str, &str, Severity); 5] = [
    ("regex", "pattern", Severity::Error),
    ("const", "an annotation `Literal[..]`", Severity::Error),
    ("min_items", "min_length", Severity::Warning),
    ("max_items", "max_length", Severity::Warning),
    ("allow_mutation", "frozen", Severity::Warning),
];

/// What pydantic 1 called things, and what is written now.
const NAMES: [(&str, &str); 2] =
    [("pydantic.validator", "field_validator"), ("pydantic.root_validator", "model_validator")];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in runtime_code(subject) {
        let facts = source.facts();
        for class in facts.classes.iter().filter(|class| class.name.value == "Config") {
            let outer = class.place.class.and_then(|index| facts.classes.get(index));
            if outer.is_some_and(|outer| outer.kind == ClassKind::Model) {
                let message = "`class Config` is how pydantic 1 configured a model";
                let help = "write `model_config = ConfigDict(..)`";
                found.push(
                    finding(Severity::Warning, ID, source, class.name.span, message).help(help),
                );
            }
        }
        for call in facts.calls.iter().map(|placed| &placed.call) {
            if call.callee.is_named("pydantic.Field")
                || call.callee.is_named("pydantic.fields.Field")
            {
                found.extend(arguments(source, call));
            }
        }
        let decorators = facts.functions.iter().flat_map(|function| &function.decorators);
        for decorator in
            decorators.map(|decorator| decorator.call().map_or(decorator, |call| &call.callee))
        {
            let known = NAMES.iter().find(|(old, _)| decorator.is_named(old));
            if let Some((_, now)) = known {
                let message = "this decorator is one of pydantic 1";
                let help = format!("write `@{now}`");
                found.push(
                    finding(Severity::Warning, ID, source, decorator.span, message).help(help),
                );
            }
        }
    }
}

fn arguments(source: &Source, call: &Call) -> Vec<Diagnostic> {
    let gone = ARGUMENTS.iter().filter_map(|(old, now, severity)| {
        let keyword = call.keyword(old)?;
        let message = match severity {
            Severity::Error => format!("pydantic refuses `Field({old}=..)`"),
            Severity::Warning => format!("`Field({old}=..)` is how pydantic 1 had it"),
        };
        Some(finding(*severity, ID, source, span_of(keyword), message).help(format!("write {now}")))
    });
    gone.collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "models/model_order_paid.py";
    const FIELD: &str = "    order_id: UUID\n";

    fn with(after: &str) -> Vec<String> {
        let sample =
            Sample::new().edit(FILE, "import BaseModel,", "import BaseModel, Field, validator,");
        sample.edit(FILE, FIELD, after).lines(super::ID)
    }

    #[test]
    fn what_pydantic_1_had_is_found() {
        assert_eq!(
            with("    code: str = Field(regex='a')\n"),
            ["model_order_paid.py:20 error: pydantic refuses `Field(regex=..)`"]
        );
        assert_eq!(
            with("    codes: list[str] = Field(min_items=1)\n"),
            ["model_order_paid.py:20 warning: `Field(min_items=..)` is how pydantic 1 had it"]
        );
        assert_eq!(
            with("    class Config:\n        frozen = True\n"),
            ["model_order_paid.py:20 warning: `class Config` is how pydantic 1 configured a model"]
        );
        assert_eq!(
            with("    @validator('x')\n    def f(cls, x): ...\n"),
            ["model_order_paid.py:20 warning: this decorator is one of pydantic 1"]
        );
    }

    #[test]
    fn what_pydantic_2_has_is_fine() {
        assert!(with("    code: str = Field(pattern='a', min_length=1)\n").is_empty());
        assert!(with("    class Kind:\n        class Config: ...\n").is_empty());
    }
}

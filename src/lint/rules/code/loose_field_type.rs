use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::python::module::ClassKind;
use crate::source::Span;

use super::{finding, runtime_code};

rule! {
    /// A field that is an id, a name or a status is a plain `str`.
    ///
    /// # What it checks
    ///
    /// That fields of models named `*_id`, `*_name`, `status`, `type` or `category` are not annotated `str`.
    ///
    /// # Why
    ///
    /// `onex validate --strict` refuses them: any text is an id then, and a misspelt status goes through. `str |
    /// None`, `Literal[..]` and `Annotated[str, ..]` say more and are taken.
    ///
    /// # Example
    ///
    /// ```python
    /// # models/model_order_paid.py
    /// from pydantic import BaseModel, ConfigDict
    ///
    ///
    /// class ModelOrderPaid(BaseModel):
    ///     model_config = ConfigDict(extra="forbid")
    ///
    ///     order_id: str
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # models/model_order_paid.py
    /// from uuid import UUID
    ///
    /// from pydantic import BaseModel, ConfigDict
    ///
    ///
    /// class ModelOrderPaid(BaseModel):
    ///     model_config = ConfigDict(extra="forbid")
    ///
    ///     order_id: UUID
    /// ```
    LooseFieldType, "loose-field-type", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in runtime_code(subject) {
        let models = source.facts().classes.iter().filter(|class| class.kind == ClassKind::Model);
        for member in models.flat_map(|class| &class.members) {
            let Some(annotation) = member.annotation.as_ref().filter(|a| a.is_named("str")) else {
                continue;
            };
            let name = member.name.value.as_str();
            let help = match name {
                "status" | "type" | "category" => "make it an enum, or `Literal[..]` of its values",
                _ if name.ends_with("_id") => "make it a `UUID`, or `Annotated[str, Field(..)]`",
                _ if name.ends_with("_name") => "make it `Annotated[str, Field(min_length=1)]`",
                _ => continue,
            };
            let span = Span::new(member.name.span.start, annotation.span.end);
            let message = format!("the field `{name}` is any text at all");
            found.push(finding(Severity::Warning, ID, source, span, message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "models/model_order_paid.py";

    fn with(field: &str) -> Vec<String> {
        Sample::new().edit(FILE, "    order_id: UUID\n", &format!("    {field}\n")).lines(super::ID)
    }

    #[test]
    fn fields_that_should_say_more_are_found() {
        for (field, name) in [
            ("order_id: str", "order_id"),
            ("customer_name: str = 'x'", "customer_name"),
            ("status: str", "status"),
            ("category: 'str'", "category"),
        ] {
            assert_eq!(
                with(field),
                [format!("model_order_paid.py:20 warning: the field `{name}` is any text at all")]
            );
        }
    }

    #[test]
    fn other_fields_may_be_text() {
        for field in ["reason: str", "order_id: str | None", "paid: bool", "status = 'x'"] {
            assert!(with(field).is_empty(), "{field}");
        }
    }
}

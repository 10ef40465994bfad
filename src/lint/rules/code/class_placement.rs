use heck::ToSnakeCase;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::python::module::ClassKind;

use super::{finding, handlers, runtime_code};

rule! {
    /// A class stands where the framework does not look for its kind.
    ///
    /// # What it checks
    ///
    /// That a handler which the contract names stands below a folder `handlers`, in a file named like it
    /// (`HandlerOrderPlaced` in `handler_order_placed.py`), and that pydantic models begin with `Model`.
    ///
    /// # Why
    ///
    /// `onex validate --strict` refuses `Handler..` classes outside `handlers` and models without the prefix, and
    /// everybody who reads a contract finds the file of a class by its name.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from pydantic import BaseModel
    ///
    ///
    /// class OrderLine(BaseModel):
    ///     quantity: int
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from pydantic import BaseModel
    ///
    ///
    /// class ModelOrderLine(BaseModel):
    ///     quantity: int
    /// ```
    ClassPlacement, "class-placement", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for handler in handlers(subject) {
        let name = &handler.class.name;
        let path = &handler.source.path;
        let report =
            |message: String| finding(Severity::Warning, ID, handler.source, name.span, message);
        if !path.ancestors().any(|folder| folder.name() == "handlers") {
            let message = format!("`{}` stands outside `handlers`", name.value);
            let help = format!("move it to handlers/{}.py", name.value.to_snake_case());
            found.push(report(message).help(help));
        } else if name.value.starts_with("Handler") && !is_file_of(path.name(), &name.value) {
            let message = format!("`{}` stands in {}", name.value, path.name());
            let help = format!("name the file {}.py", name.value.to_snake_case());
            found.push(report(message).help(help));
        }
    }
    for source in runtime_code(subject) {
        let models = source.facts().classes.iter().filter(|class| {
            class.kind == ClassKind::Model
                && class.is_top_level
                && !class.name.value.starts_with('_')
        });
        for class in models.filter(|class| !class.name.value.starts_with("Model")) {
            let name = &class.name;
            let message = format!("the model `{}` does not begin with `Model`", name.value);
            let help = format!("call it `Model{}`", name.value);
            found.push(finding(Severity::Warning, ID, source, name.span, message).help(help));
        }
    }
}

/// Whether a file is named like a class; where the words of a class are divided is a matter of taste.
fn is_file_of(file: &str, class: &str) -> bool {
    let stem = file.strip_suffix(".py").unwrap_or(file);
    stem.replace('_', "").eq_ignore_ascii_case(class)
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";
    const MODULE: &str = "node_order_payment_orchestrator.handlers.handler_payment_taken";

    fn moved(to: &str, module: &str) -> Vec<String> {
        let sample = Sample::new();
        let text = sample.read(FILE);
        let contract = format!("node_order_payment_orchestrator.{module}");
        sample
            .remove(FILE)
            .file(to, &text)
            .edit("contract.yaml", MODULE, &contract)
            .lines(super::ID)
    }

    #[test]
    fn handlers_stand_in_files_of_their_name_below_handlers() {
        assert_eq!(
            moved("handlers/payments.py", "handlers.payments"),
            ["payments.py:22 warning: `HandlerPaymentTaken` stands in payments.py"]
        );
        assert_eq!(
            moved("models/handler_payment_taken.py", "models.handler_payment_taken"),
            [
                "handler_payment_taken.py:22 warning: `HandlerPaymentTaken` stands outside `handlers`"
            ]
        );
        assert!(
            moved("handlers/pay/handler_paymenttaken.py", "handlers.pay.handler_paymenttaken")
                .is_empty()
        );
    }

    #[test]
    fn models_have_their_prefix() {
        let model = "models/model_order_paid.py";
        let named = |name: &str| {
            let class = format!("class {name}(BaseModel):");
            Sample::new().edit(model, "class ModelOrderPaid(BaseModel):", &class).lines(super::ID)
        };
        assert_eq!(
            named("OrderPaid"),
            ["model_order_paid.py:15 warning: the model `OrderPaid` does not begin with `Model`"]
        );
        assert!(named("_Base").is_empty());
    }
}

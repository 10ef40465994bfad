use heck::ToSnakeCase;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::python::module::ClassKind;

use super::{finding, runtime_code};

rule! {
    /// A file holds several models or enums.
    ///
    /// # What it checks
    ///
    /// That a file of the node holds at most one pydantic model or one enum, and not one of each.
    ///
    /// # Why
    ///
    /// `onex validate` refuses the package for it, with or without `--strict`, and the class names no longer tell
    /// the files.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from pydantic import BaseModel
    ///
    ///
    /// class ModelOrderLine(BaseModel):
    ///     quantity: int
    ///
    ///
    /// class ModelOrderTotal(BaseModel):
    ///     total: int
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
    OneClassPerFile, "one-class-per-file", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in runtime_code(subject) {
        let mut classes = source.facts().classes.iter().filter(|class| {
            class.is_top_level && matches!(class.kind, ClassKind::Model | ClassKind::Enum)
        });
        let Some(first) = classes.next() else { continue };
        for class in classes {
            let message =
                format!("`{}` shares its file with `{}`", class.name.value, first.name.value);
            let help = format!("move it to {}.py", class.name.value.to_snake_case());
            found.push(
                finding(Severity::Warning, ID, source, class.name.span, message)
                    .related(first.name.span, "the first model or enum of the file")
                    .help(help),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    fn with(more: &str) -> Vec<String> {
        let path = "models/model_order_paid.py";
        let sample = Sample::new();
        let text = sample.read(path);
        sample.file(path, &format!("{text}\n\n{more}")).lines(super::ID)
    }

    #[test]
    fn every_class_after_the_first_is_found() {
        let one =
            ["model_order_paid.py:23 warning: `ModelX` shares its file with `ModelOrderPaid`"];
        assert_eq!(with("class ModelX(BaseModel):\n    pass\n"), one);
        assert_eq!(with("class ModelX(StrEnum):\n    A = 'a'\n"), one);
        let two = "class ModelX(BaseModel):\n    pass\n\n\nclass ModelY(BaseModel):\n    pass\n";
        assert_eq!(with(two).len(), 2);
    }

    #[test]
    fn other_classes_may_share() {
        assert!(with("class Helper:\n    class ModelX(BaseModel): ...\n").is_empty());
    }
}

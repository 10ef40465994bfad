use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

use super::{finding, runtime_code};

rule! {
    /// An annotation uses the old names of `typing`.
    ///
    /// # What it checks
    ///
    /// That annotations are written as PEP 604 and PEP 585 have it: no `Optional`, `Union`, `List`, `Dict`,
    /// `Tuple`, `Set`, `FrozenSet` or `Type` of `typing`.
    ///
    /// # Why
    ///
    /// The framework's own validators count `Optional[..]` against the package (`onex validate --strict`), and
    /// its code is written in one style.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from typing import Optional
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     def total(self, amount: Optional[int]) -> int:
    ///         return amount or 0
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// class HandlerOrderPlaced:
    ///     def total(self, amount: int | None) -> int:
    ///         return amount or 0
    /// ```
    LegacyTyping, "legacy-typing", Warning
}

/// The old names and what is written now.
const NAMES: [(&str, &str); 8] = [
    ("Optional", "X | None"),
    ("Union", "X | Y"),
    ("List", "list[X]"),
    ("Dict", "dict[K, V]"),
    ("Tuple", "tuple[X, ...]"),
    ("Set", "set[X]"),
    ("FrozenSet", "frozenset[X]"),
    ("Type", "type[X]"),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in runtime_code(subject) {
        for part in source.facts().annotations.iter().flat_map(|annotation| annotation.value.walk())
        {
            let Some(old) = part.name().and_then(|name| name.strip_prefix("typing.")) else {
                continue;
            };
            let Some((_, now)) = NAMES.iter().find(|(name, _)| *name == old) else { continue };
            let message = format!("`{old}` is written `{now}` now");
            found.push(
                finding(Severity::Warning, ID, source, part.span, message)
                    .help(format!("write `{now}`")),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    fn of(import: &str, annotation: &str) -> Vec<String> {
        let text = format!("{import}\n\n\ndef f(x: {annotation}) -> None: ...\n");
        Sample::new().file("handlers/more.py", &text).lines(super::ID)
    }

    #[test]
    fn old_names_are_found_at_any_depth_and_under_any_alias() {
        assert_eq!(
            of("from typing import Optional", "Optional[int]"),
            ["more.py:4 warning: `Optional` is written `X | None` now"]
        );
        assert_eq!(of("import typing as t", "dict[str, t.List[int]]").len(), 1);
        assert_eq!(of("from typing import Union as U", "'U[int, str]'").len(), 1);
    }

    #[test]
    fn a_name_of_ones_own_is_none_of_these() {
        assert!(of("from shop.kinds import List", "List").is_empty());
        assert!(of("from typing import Literal", "Literal['Optional']").is_empty());
    }
}

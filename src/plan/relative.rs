//! Relative imports, followed through renames of modules.
//!
//! In: a text, the module that it is, and [`Rename`]s. Out: the text with `from .old import X` naming the new module.
//! Everything else is left alone; absolute imports are [`super::merge`]'s business.

use super::merge::Rename;
use crate::python::{DottedPath, module};

/// The text with its relative imports following the renames.
///
/// A module that left the package is named absolutely from then on.
#[must_use]
pub(super) fn follow(text: &str, own: &DottedPath, is_package: bool, renames: &[Rename]) -> String {
    let own_name = own.to_string();
    let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for import in module::read(text).imports {
        let Some(origin) = import.from.filter(|origin| origin.level > 0) else { continue };
        let Some(absolute) = origin.absolute(&own_name, is_package) else { continue };
        let Some(rename) = renames.iter().find(|rename| rename.from.to_string() == absolute) else {
            continue;
        };
        let Some(statement) = text.get(import.span.range()) else { continue };
        let written = origin.to_string();
        let Some(at) = statement.find(&written) else { continue };
        let start = import.span.range().start + at;
        let parent = |path: &DottedPath| path.parent();
        let new = if parent(&rename.from) == parent(&rename.to) {
            let stem = written.rsplit_once('.').map_or("", |(head, _)| head);
            format!("{stem}.{}", rename.to.last())
        } else {
            rename.to.to_string()
        };
        edits.push((start..start + written.len(), new));
    }
    let mut followed = text.to_owned();
    for (range, new) in edits.into_iter().rev() {
        followed.replace_range(range, &new);
    }
    followed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_imports_name_the_new_module() {
        let path = |text: &str| DottedPath::parse(text).unwrap();
        let renames = [
            Rename { from: path("a.handlers.handler_x"), to: path("a.handlers.handler_y") },
            Rename { from: path("a.models.model_x"), to: path("b.model_x") },
        ];
        let follow = |text: &str| follow(text, &path("a.handlers.handler_z"), false, &renames);
        assert_eq!(
            follow("from .handler_x import X  # here\nfrom . import other\n"),
            "from .handler_y import X  # here\nfrom . import other\n"
        );
        assert_eq!(follow("from ..models.model_x import M\n"), "from b.model_x import M\n");
        assert_eq!(follow("from .handler_xx import X\n"), "from .handler_xx import X\n");
    }
}

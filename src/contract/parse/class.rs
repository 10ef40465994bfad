//! References to classes, in all their spellings.

use super::reader::{Known, Reader};
use crate::contract::ClassRef;
use crate::contract::yaml::{Kind, Yaml};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};

/// How a model is referred to.
pub(super) const MODEL: &str = "{name: ModelOrderPlacedEvent, module: myapp.models.events}";

/// How a handler is referred to.
pub(super) const HANDLER: &str = "{name: HandlerOrderPlaced, module: myapp.nodes.node_order_orchestrator.handlers.handler_order_placed}";

const REFERENCE: Known = Known {
    place: "of a reference to a class",
    read: &["name", "module"],
    other: &[
        "class",
        "class_name",
        "description",
        "handler_type",
        "input_model",
        "output_model",
        "node",
    ],
};

/// What a text says about a class: where in the text the name begins, and the module, if any.
struct Split<'t> {
    module: Option<(String, &'t str)>,
    name: &'t str,
}

impl Reader<'_> {
    /// The class that a value names: a mapping, a dotted path, or the class alone.
    pub(super) fn class_of(&mut self, node: &Yaml, key: &str, example: &str) -> Option<ClassRef> {
        match &node.kind {
            Kind::Mapping(_) => self.class_of_mapping(node, key, example),
            Kind::Scalar(_) => self.class_of_text(node, key, example),
            Kind::Sequence(_) => {
                self.wrong(
                    node,
                    &format!("`{key}`"),
                    "a reference to a class",
                    &format!("{key}: {example}"),
                );
                None
            }
        }
    }

    fn class_of_mapping(&mut self, node: &Yaml, key: &str, example: &str) -> Option<ClassRef> {
        self.near_misses(node, &REFERENCE);
        let named = ["name", "class", "class_name"].iter().find_map(|key| self.value(node, key));
        let Some(named) = named else {
            let message = format!("`{key}` does not say which class");
            let error = Diagnostic::error("class-reference", self.file, node.span, message)
                .label("no `name` here")
                .help(format!("write it as `{key}: {example}`"));
            self.push(error);
            return None;
        };
        let module = self.text(node, "module");
        if module.is_none() {
            let class = self.class_of_text(named, key, example)?;
            return Some(ClassRef { span: node.span, ..class });
        }
        Some(ClassRef { name: self.text_of(named, "name")?, module, span: node.span })
    }

    pub(super) fn class_of_text(
        &mut self,
        node: &Yaml,
        key: &str,
        example: &str,
    ) -> Option<ClassRef> {
        let text = self.text_of(node, key)?;
        let Some(split) = split(&text.value) else {
            let message = format!("`{}` of `{key}` names no class", text.value);
            let error = Diagnostic::error("class-reference", self.file, node.span, message)
                .label("neither `module.Class` nor `module:Class`")
                .help(format!("write it as `{key}: {example}`"));
            self.push(error);
            return None;
        };
        let module = split.module.map(|(module, written)| {
            Spanned::new(module, self.part(node.span, &text.value, written))
        });
        let name =
            Spanned::new(split.name.to_owned(), self.part(node.span, &text.value, split.name));
        Some(ClassRef { name, module, span: node.span })
    }

    /// The place of a part of a text; the whole where escapes or folding stand between text and source.
    fn part(&self, whole: Span, text: &str, part: &str) -> Span {
        let offset = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
        let quoted = self.file.slice(whole).find(text);
        let place = offset.zip(quoted).and_then(|(offset, quoted)| {
            let start = u32::try_from(offset + quoted).ok()?.checked_add(whole.start)?;
            Some(Span::new(start, start.checked_add(u32::try_from(part.len()).ok()?)?))
        });
        place.unwrap_or(whole)
    }
}

/// Takes `pkg.mod.Class`, `pkg.mod:Class`, `dir/file.py:Class` and `Class` apart.
fn split(text: &str) -> Option<Split<'_>> {
    let (module, name) = match text.rsplit_once(':') {
        Some((path, name)) => (Some((module_of(path)?, path)), name),
        None => match text.rsplit_once('.') {
            Some((module, name)) => (Some((module.to_owned(), module)), name),
            None => (None, text),
        },
    };
    let empty = |part: &str| part.is_empty() || part.contains('/');
    let broken = empty(name) || module.as_ref().is_some_and(|(module, _)| empty(module));
    (!broken).then_some(Split { module, name })
}

/// The module before a colon. The framework takes a path with slashes and a single word for a file below the
/// node's own folder; a dot in front says so.
fn module_of(path: &str) -> Option<String> {
    let file = path.strip_suffix(".py");
    if file.is_none() && path.contains('.') && !path.contains('/') {
        return Some(path.to_owned());
    }
    let below = file.unwrap_or(path);
    let below = below.strip_prefix("./").unwrap_or(below);
    let parts: Vec<_> = below.split('/').collect();
    let fits = parts.iter().all(|part| !part.is_empty() && !part.contains('.'));
    fits.then(|| format!(".{}", parts.join(".")))
}

#[cfg(test)]
mod tests {
    use super::split;

    fn parts(text: &str) -> Option<(Option<String>, &str)> {
        split(text).map(|split| (split.module.map(|(module, _)| module), split.name))
    }

    #[test]
    fn all_spellings_are_taken_apart() {
        let module = |text: &str| Some(text.to_owned());
        for (text, expected) in [
            ("ModelX", (None, "ModelX")),
            ("pkg.mod.ModelX", (module("pkg.mod"), "ModelX")),
            ("pkg.mod:ModelX", (module("pkg.mod"), "ModelX")),
            ("handler:NodeX", (module(".handler"), "NodeX")),
            ("handlers/handler_x:HandlerX", (module(".handlers.handler_x"), "HandlerX")),
            ("./handlers/handler_x.py:HandlerX", (module(".handlers.handler_x"), "HandlerX")),
            ("handler_x.py:HandlerX", (module(".handler_x"), "HandlerX")),
        ] {
            assert_eq!(parts(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_names_no_class_is_none() {
        for text in [
            "",
            ":",
            "a:",
            ":A",
            "a.",
            ".A",
            "../x:A",
            "/abs/x:A",
            "a//b:A",
            "a/b",
            "a/b.A",
            "a/b.c/d:A",
        ] {
            assert!(parts(text).is_none(), "{text}");
        }
    }
}

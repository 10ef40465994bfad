//! The names that generated code uses for itself: no class of a contract can have one of them.
//!
//! A test renders every template, and finds the names that are missing here.

use super::models;

/// What the templates import, define or take from Python, sorted.
const RESERVED: &[&str] = &[
    "ABC",
    "Annotated",
    "BaseModel",
    "ConfigDict",
    "DECLARED_EVENTS",
    "Decimal",
    "EnumMessageCategory",
    "EnumNodeKind",
    "Field",
    "HANDLERS",
    "Literal",
    "M",
    "MODELS",
    "ModelEventEnvelope",
    "ModelHandlerOutput",
    "ModelHandlerRoutingSubcontract",
    "ModelIntent",
    "ModelONEXContainer",
    "ModelOnexError",
    "ModelYamlContract",
    "NodeOrchestrator",
    "ProtocolMessageHandler",
    "ROUTED_INTENTS",
    "ROUTES",
    "RoutedNode",
    "ServiceHandlerRegistry",
    "TYPE_CHECKING",
    "UTC",
    "UUID",
    "_",
    "_event",
    "all",
    "answer",
    "bool",
    "bytes",
    "callable",
    "category",
    "container",
    "contract",
    "correlation_id",
    "date",
    "datetime",
    "decide",
    "dict",
    "emitted",
    "entries",
    "entry",
    "envelope",
    "event",
    "events",
    "fields",
    "files",
    "float",
    "getattr",
    "handle",
    "handler",
    "handler_class",
    "handler_id",
    "handlers",
    "import_module",
    "input_envelope_id",
    "int",
    "intent",
    "intent_type",
    "intents",
    "isinstance",
    "item",
    "iter",
    "key",
    "last",
    "len",
    "list",
    "load_yaml_mapping_no_duplicates",
    "message_types",
    "model",
    "model_config",
    "module",
    "name",
    "named",
    "names",
    "names_in",
    "next",
    "node",
    "node_kind",
    "object",
    "output",
    "overload",
    "part",
    "plain",
    "print",
    "property",
    "pytest",
    "pytestmark",
    "read_contract",
    "read_routing",
    "reference",
    "registry",
    "request",
    "routing",
    "sample_events",
    "self",
    "set",
    "source",
    "str",
    "super",
    "table",
    "timedelta",
    "tuple",
    "type",
    "unvalidated",
    "uuid4",
];

/// Whether generated code uses the name for something else.
#[must_use]
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || models::is_taken(name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ruff_python_ast::AnyNodeRef;
    use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};

    use super::*;
    use crate::contract::parse;
    use crate::node::{HandlerStyle, resolve};
    use crate::project::{Project, Scaffold, Settings};
    use crate::python::Identifier;
    use crate::render::render;
    use crate::source::SourceFile;
    use crate::workspace::{Disk, RelPath};

    /// All that the templates show or leave out, in contracts whose own names hold `Own`.
    const CONTRACTS: [&str; 3] = [
        include_str!("reserved/every_part.yaml"),
        include_str!("reserved/other_spelling.yaml"),
        "name: node_own_orchestrator\n",
    ];

    fn project() -> Project {
        Project {
            is_new: false,
            package: Identifier::ours("own"),
            source_root: RelPath::root(),
            tests: RelPath::root().ours("tests"),
            tests_are_a_package: true,
            unit_marker: true,
            settings: Settings::default(),
            test_settings: Settings::default(),
            scaffold: Scaffold::default(),
        }
    }

    /// Every Python text of every contract in every style.
    fn texts() -> Vec<String> {
        let mut texts = Vec::new();
        for contract in CONTRACTS {
            let (parsed, _) = parse(&SourceFile::new("contract.yaml", contract));
            let (parsed, project) = (parsed.unwrap(), project());
            for style in HandlerStyle::ALL {
                let (node, _) = resolve(&parsed, &project, &Disk::default(), style).unwrap();
                let files = render(&node, &project, contract).unwrap();
                let python =
                    files.into_iter().filter(|file| file.path.to_string().ends_with(".py"));
                texts.extend(python.map(|file| file.text));
            }
        }
        texts
    }

    /// The names that a text binds or looks up; not those of attributes and keyword arguments.
    #[derive(Default)]
    struct Names(BTreeSet<String>);

    impl<'a> SourceOrderVisitor<'a> for Names {
        fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
            let name = match node {
                AnyNodeRef::ExprName(name) => Some(name.id.as_str()),
                AnyNodeRef::StmtFunctionDef(function) => Some(function.name.as_str()),
                AnyNodeRef::StmtClassDef(class) => Some(class.name.as_str()),
                AnyNodeRef::Parameter(parameter) => Some(parameter.name.as_str()),
                AnyNodeRef::TypeParamTypeVar(variable) => Some(variable.name.as_str()),
                AnyNodeRef::Alias(alias) => {
                    Some(alias.asname.as_ref().unwrap_or(&alias.name).as_str())
                }
                _ => None,
            };
            self.0.extend(name.map(str::to_owned));
            TraversalSignal::Traverse
        }
    }

    #[test]
    fn every_name_of_the_templates_is_reserved() {
        let mut names = Names::default();
        for text in texts() {
            let module = ruff_python_parser::parse_module(&text).unwrap().into_syntax();
            names.visit_body(&module.body);
        }
        let own = |name: &&String| {
            name.contains("Own") || name.starts_with("own_") || name.starts_with("test_")
        };
        let dunder = |name: &&String| name.starts_with("__");
        let free: Vec<&String> = names
            .0
            .iter()
            .filter(|name| !own(name) && !dunder(name) && !is_reserved(name))
            .collect();
        assert!(free.is_empty(), "add to RESERVED: {free:#?}");
    }

    #[test]
    fn the_list_is_in_order() {
        assert!(RESERVED.is_sorted());
    }
}

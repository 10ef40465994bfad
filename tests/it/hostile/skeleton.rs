//! What Python makes of a text, names and literals aside.

use ruff_python_ast::visitor::source_order::{self, SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, Expr, Stmt};

/// The shapes of some files, sorted, so that what they are called does not matter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Skeleton(Vec<String>);

impl Skeleton {
    /// Reads files, which must be Python.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut files: Vec<String> = texts.map(file).collect();
        files.sort();
        Self(files)
    }

    /// The files that only one of two has.
    pub(super) fn differences<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let only = |one: &'a Self, two: &'a Self| {
            one.0.iter().filter(|file| !two.0.contains(file)).map(String::as_str)
        };
        only(self, other).chain(only(other, self)).collect()
    }
}

fn file(text: &str) -> String {
    let parsed = ruff_python_parser::parse_module(text)
        .unwrap_or_else(|error| panic!("does not parse: {error}\n{text}"));
    body(parsed.suite())
}

/// Statements, with imports that follow each other in an order that no name decides.
fn body(statements: &[Stmt]) -> String {
    let mut shapes: Vec<String> = statements.iter().map(statement).collect();
    for run in shapes
        .chunk_by_mut(|one, two| one.starts_with("StmtImport") && two.starts_with("StmtImport"))
    {
        run.sort();
    }
    shapes.concat()
}

fn statement(statement: &Stmt) -> String {
    if let Stmt::If(guard) = statement
        && matches!(&*guard.test, Expr::Name(name) if name.id == "TYPE_CHECKING")
        && guard.elif_else_clauses.is_empty()
    {
        return format!("TypeChecking({})", body(&guard.body));
    }
    let mut shape = Shape::default();
    source_order::walk_stmt(&mut shape, statement);
    shape.0
}

#[derive(Default)]
struct Shape(String);

impl<'a> SourceOrderVisitor<'a> for Shape {
    fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
        let kind = node.kind();
        self.0.push_str(&format!("{kind:?}("));
        // A long string may be one in several parts.
        if matches!(node, AnyNodeRef::ExprStringLiteral(_)) {
            TraversalSignal::Skip
        } else {
            TraversalSignal::Traverse
        }
    }

    fn leave_node(&mut self, _: AnyNodeRef<'a>) {
        self.0.push(')');
    }
}

#[test]
fn names_and_literals_are_left_aside_and_nothing_else() {
    let of = |text: &str| Skeleton::of(std::iter::once(text));
    let text =
        "from a import b\nimport c\n\n\nclass D:\n    \"\"\"Doc.\"\"\"\n\n    e: str = 'f'\n";
    let twin =
        "import x\nfrom y import z\n\n\nclass U:\n    '''Other\ndoc.'''\n\n    v: w = 't' 's'\n";
    assert_eq!(of(text), of(twin));
    for other in [
        text.replace("'f'", "f()"),
        text.replace("'f'", "1"),
        text.replace("import b", "import b, g"),
        format!("{text}run()\n"),
        text.replace("    \"\"\"Doc.\"\"\"\n", ""),
    ] {
        assert_ne!(of(text), of(&other), "{other}");
    }
}

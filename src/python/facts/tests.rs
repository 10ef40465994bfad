use super::*;

fn facts(text: &str) -> Facts {
    let own = ModulePath { dotted: "app.nodes.node_x.handlers.handler_a", is_package: false };
    let facts = read(text, Some(own));
    assert_eq!(module::read(text).problems, [], "{text}");
    facts
}

fn slice(text: &str, span: Span) -> &str {
    &text[span.range()]
}

const HANDLER: &str = r#"
from __future__ import annotations
import os.path
import uuid as ids
from typing import TYPE_CHECKING
from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput as Output
from ..models import ModelDone
if TYPE_CHECKING:
    from app.events import ModelStarted

LIMIT: "int | None" = 3

class HandlerA(Base, metaclass=Meta):
    """Answers."""
    kind: str = "a"
    other = LIMIT

    def __init__(self, bus, *, size: int = 2, **rest) -> None:
        super().__init__(bus)
        self.bus, (self.size, _) = bus, (size, 1)

    @property
    def handler_id(self) -> str:
        return "HandlerA"

    async def handle(self, event: "ModelStarted | None") -> Output[None]:
        events, intents = self.decide(event)
        if events == []:
            raise ValueError("none")
        return Output.for_orchestrator(handler_id=self.handler_id, events=events, id=ids.uuid4())

    def decide(self, event):
        if event:
            return (ModelDone(at=os.path.join("a")),), ()
        return (event or ModelDone(),), ()
"#;

#[test]
fn names_are_resolved_through_imports() {
    let facts = facts(HANDLER);
    let called: Vec<_> = facts.calls.iter().filter_map(|call| call.call.callee.name()).collect();
    let expected = [
        "super",
        "self.decide",
        "ValueError",
        "omnibase_core.models.dispatch.model_handler_output.ModelHandlerOutput.for_orchestrator",
        "uuid.uuid4",
        "app.nodes.node_x.models.ModelDone",
        "os.path.join",
        "app.nodes.node_x.models.ModelDone",
    ];
    assert_eq!(called, expected);
    assert!(facts.calls[3].is_raised);
}

#[test]
fn classes_and_functions_are_read_with_all_that_rules_ask() {
    let facts = facts(HANDLER);
    let (index, class) = facts.class("HandlerA").unwrap();
    assert_eq!(class.bases.iter().filter_map(Value::name).collect::<Vec<_>>(), ["Base"]);
    let members: Vec<_> = class.members.iter().map(|member| member.name.value.as_str()).collect();
    assert_eq!(members, ["kind", "other"]);
    let methods: Vec<_> = facts.methods(index).map(|(_, m)| m.name.value.as_str()).collect();
    assert_eq!(methods, ["__init__", "handler_id", "handle", "decide"]);
    let (_, init) = facts.method(index, "__init__").unwrap();
    let parameters: Vec<_> =
        init.arguments().iter().map(|p| (p.name.value.as_str(), p.kind, p.has_default)).collect();
    assert_eq!(
        parameters,
        [
            ("bus", ParameterKind::Positional, false),
            ("size", ParameterKind::KeywordOnly, true),
            ("rest", ParameterKind::Keywords, true),
        ]
    );
    assert_eq!(init.body.len(), 2);
    assert_eq!(init.body[1].kind, StatementKind::Other);
    let (_, handle) = facts.method(index, "handle").unwrap();
    assert!(handle.is_async);
    let annotation = handle.arguments()[0].annotation.as_ref().unwrap();
    let names: Vec<_> = annotation.walk().filter_map(Value::name).collect();
    assert_eq!(names, ["app.events.ModelStarted"], "an annotation in quotes is taken apart");
    assert_eq!(slice(HANDLER, annotation.span), "\"ModelStarted | None\"");
    assert!(handle.returns.as_ref().unwrap().outer().is_framework("ModelHandlerOutput"));
    assert_eq!(
        slice(HANDLER, handle.signature),
        "async def handle(self, event: \"ModelStarted | None\") -> Output[None]"
    );
    assert!(facts.method(index, "handler_id").unwrap().1.is_decorated("property"));
}

#[test]
fn assignments_comparisons_and_strings_have_their_places() {
    let facts = facts(HANDLER);
    let targets: Vec<_> = facts
        .assignments
        .iter()
        .map(|a| (a.target.value.as_str(), a.element.as_slice()))
        .filter(|(target, _)| target.starts_with("self.") || *target == "intents")
        .collect();
    let expected: [(&str, &[usize]); 3] =
        [("self.size", &[1, 0]), ("self.bus", &[0]), ("intents", &[1])];
    assert_eq!(targets, expected);
    let comparison = &facts.comparisons[0];
    assert_eq!(comparison.operator, Operator::Equal);
    assert_eq!(comparison.right.kind, ValueKind::List(Vec::new()));
    let strings: Vec<_> = facts.strings.iter().map(|text| text.value.as_str()).collect();
    assert_eq!(strings, ["a", "HandlerA", "none", "a"]);
}

#[test]
fn values_are_traced_through_variables_and_methods() {
    let facts = facts(HANDLER);
    let call = facts.calls.iter().find(|c| c.call.keyword("events").is_some()).unwrap();
    let events = &call.call.keyword("events").unwrap().value;
    let found: Vec<_> =
        trace(&facts, events, call.place).iter().map(|f| slice(HANDLER, f.value.span)).collect();
    assert_eq!(found, ["(ModelDone(at=os.path.join(\"a\")),)", "(event or ModelDone(),)"]);
}

#[test]
fn what_is_not_certain_is_left_open() {
    let text = "def f(p):\n    a = p\n    a += [1]\n    for b in p:\n        g(a, b, c)\n";
    let facts = facts(text);
    let call = &facts.calls[0];
    for argument in &call.call.arguments {
        let found = trace(&facts, argument, call.place);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].value, argument);
    }
    let ring = "def f():\n    a = b\n    b = a\n    g(a)\n";
    let facts = read(ring, None);
    let call = &facts.calls[0];
    assert!(trace(&facts, &call.call.arguments[0], call.place).is_empty());
}

fn unbound(text: &str) -> Vec<String> {
    facts(text).unbound.into_iter().map(|unbound| unbound.name.value).collect()
}

#[test]
fn names_that_nothing_binds_are_found() {
    assert_eq!(unbound("def f(a):\n    return a + b\n"), ["b"]);
    assert_eq!(unbound("class A:\n    x = 1\n    def f(self):\n        return x\n"), ["x"]);
    assert_eq!(unbound("print(q)\n"), ["q"]);
    assert_eq!(unbound("f'{q}'\n"), ["q"]);
    assert_eq!(unbound("def f(x=y): ...\n"), ["y"]);
    assert_eq!(unbound("@d\nclass A(b, m=c): ...\n"), ["d", "b", "c"]);
    let typed = facts("if TYPE_CHECKING:\n    from a import B\nTYPE_CHECKING = 1\nx: B = B()\n");
    assert_eq!(typed.unbound.len(), 1);
    assert!(typed.unbound[0].imported_for_typing.is_some());
}

#[test]
fn whatever_binds_a_name_counts() {
    for bound in [
        "def f():\n    return g()\ndef g(): ...\n",
        "import a.b as c, d.e\nc, d\n",
        "from x import *\nanything\n",
        "with a() as (b, c): b, c\ndef a(): ...\n",
        "try: ...\nexcept ValueError as error: error\n",
        "try: unicode\nexcept NameError: unicode = str\n",
        "match [1]:\n    case [int(x), *rest] | {'k': x, **rest}: x, rest\n    case y: y\n",
        "[i for i in range(3) if i]\n{k: v for k, v in {}.items()}\n",
        "f = lambda x, *a, k=1, **z: (x, a, k, z)\n",
        "if (n := 1): n\n",
        "def f():\n    global g\n    g = 1\ng\n",
        "def f[T](x: T) -> T:\n    y: T = x\n    return (y, T)\n",
        "class A[T]:\n    def f(self): return T\n",
        "type B[T] = list[T]\nB\n",
        "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n        return x\n",
        "class A:\n    x = 1\n    y = x\n    z = lambda q=x: q\n    def f(self, w=x): return __class__\n",
        "def f(x: Unknown) -> Unknown:\n    y: Unknown\n",
        "for i, (j, *k) in []: i, j, k\n",
        "__file__, __name__, len, WindowsError\n",
        "async def f():\n    async with a() as b: return b\nasync def a(): ...\n",
        "import typing\nif typing.TYPE_CHECKING:\n    from a import B\n    C = B\n",
        "def f():\n    from a import B\n    return B\n",
    ] {
        assert_eq!(unbound(bound), Vec::<String>::new(), "{bound}");
    }
}

#[test]
fn what_expects_an_error_is_marked() {
    let text = "with pytest.raises(E):\n    f()\nwith open('x') as y:\n    g()\n";
    let facts = read(text, None);
    let expects = |name: &str| {
        let call = facts.calls.iter().find(|c| c.call.callee.name() == Some(name)).unwrap();
        call.place.expects_error
    };
    assert!(expects("f"));
    assert!(!expects("g"));
}

#[test]
fn hostile_code_is_survived() {
    let deep = 100_000;
    for text in [
        format!("a{}\n", ".b".repeat(deep)),
        format!("a{}\n", "()".repeat(deep)),
        format!("a = b{}\n", "|b".repeat(deep)),
        format!("a = b{}\n", "*b".repeat(deep)),
        format!("{}b: int = {}1{}\n", "a = ".repeat(deep), "(".repeat(150), ")".repeat(150)),
        format!("x: \"{}\"\n", "list[".repeat(deep)),
        format!("a = [{}]\n", "f(1), ".repeat(deep)),
        format!("if a:\n  a\n{}", "elif a:\n  a\n".repeat(deep)),
        "(".repeat(deep),
        "def f(:\n  class\nx = \n".to_owned(),
    ] {
        let _ = read(&text, None);
    }
    let broken = read("class A:\n    x = \n\ndef f(): return q\n", None);
    assert_eq!(broken.functions.len(), 1);
}

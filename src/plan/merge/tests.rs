//! Merges to read: what was rendered, what the user made of it, what is rendered now, what comes out.

use super::*;
use crate::python::DottedPath;

const BASE: &str = r#"# SPDX-License-Identifier: MIT
"""Handler for placed orders."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput

from myapp.models.events import ModelOrderPlaced

if TYPE_CHECKING:
    from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope

__all__ = ["HandlerOrderPlaced"]


class HandlerOrderPlaced:
    """Takes placed orders."""

    @property
    def handler_id(self) -> str:
        """The class name."""
        return "HandlerOrderPlaced"

    @property
    def message_types(self) -> set[str]:
        """The payloads that this handler takes."""
        return {"ModelOrderPlaced"}

    async def handle(self, envelope: ModelEventEnvelope[ModelOrderPlaced]) -> ModelHandlerOutput[None]:
        """Answer a placed order."""
        return ModelHandlerOutput.for_orchestrator(
            input_envelope_id=envelope.envelope_id,
            correlation_id=envelope.correlation_id or uuid4(),
            handler_id=self.handler_id,
        )
"#;

/// A text with replacements made; each must have something to replace.
#[track_caller]
fn edit(text: &str, edits: &[(&str, &str)]) -> String {
    let mut edited = text.to_owned();
    for (from, to) in edits {
        assert!(edited.contains(from), "nothing to replace: {from}");
        edited = edited.replace(from, to);
    }
    edited
}

fn rename(from: &str, to: &str) -> Rename {
    Rename { from: DottedPath::parse(from).unwrap(), to: DottedPath::parse(to).unwrap() }
}

fn merge3(base: &str, yours: &str, theirs: &str) -> Merged {
    merge(&Inputs { base, yours, theirs, renames: &[] })
}

#[track_caller]
fn clean(base: &str, yours: &str, theirs: &str) -> Clean {
    clean_renamed(base, yours, theirs, &[])
}

#[track_caller]
fn clean_renamed(base: &str, yours: &str, theirs: &str, renames: &[Rename]) -> Clean {
    match merge(&Inputs { base, yours, theirs, renames }) {
        Merged::Clean(clean) => {
            let again = merge3(theirs, &clean.text, theirs);
            let Merged::Clean(again) = again else { panic!("not settled: {again:?}") };
            assert_eq!(again.text, clean.text, "a second merge changes something");
            clean
        }
        Merged::Conflict(conflict) => panic!("conflict:\n{}", conflict.with_markers()),
        Merged::Marked { line } => panic!("marked: {line}"),
    }
}

#[track_caller]
fn becomes(base: &str, yours: &str, theirs: &str, wanted: &str) {
    let text = clean(base, yours, theirs).text;
    assert_eq!(text, wanted, "\n--- merged:\n{text}\n--- wanted:\n{wanted}");
}

/// The user's edits of [`BASE`] and theirs, which must give what both together give.
#[track_caller]
fn both(yours: &[(&str, &str)], theirs: &[(&str, &str)]) {
    let all: Vec<(&str, &str)> = theirs.iter().chain(yours).copied().collect();
    becomes(BASE, &edit(BASE, yours), &edit(BASE, theirs), &edit(BASE, &all));
}

#[track_caller]
fn conflict(base: &str, yours: &str, theirs: &str) -> Conflict {
    match merge3(base, yours, theirs) {
        Merged::Conflict(conflict) => conflict,
        Merged::Clean(clean) => panic!("no conflict:\n{}", clean.text),
        Merged::Marked { line } => panic!("marked: {line}"),
    }
}

const DOC: (&str, &str) = ("Answer a placed order.", "Answer a placed order with nothing.");
const BODY: (&str, &str) = (
    "        return ModelHandlerOutput.for",
    "        total = sum(item.price for item in envelope.payload.items)\n        log(total)\n        return ModelHandlerOutput.for",
);

#[test]
fn a_body_stays_when_the_docstring_changes() {
    both(&[BODY], &[DOC]);
}

#[test]
fn a_body_of_the_users_own_stays_beside_what_theirs_puts_before_it() {
    let stub = BASE.split_at(BASE.find("        return ModelHandlerOutput.for").unwrap()).1;
    let own = "        order = envelope.payload\n        return self.answer(order)\n";
    let before = (
        "\"\"\"Answer a placed order.\"\"\"\n",
        "\"\"\"Answer an order.\"\"\"\n        event = envelope.payload\n",
    );
    both(&[(stub, own)], &[before]);
    // The stub that the user replaced is another one now: that is for the user to see.
    let conflict =
        conflict(BASE, &edit(BASE, &[(stub, own)]), &edit(BASE, &[("or uuid4()", "or uuid5()")]));
    let hunks: Vec<&Hunk> = conflict.hunks().collect();
    assert_eq!(hunks.len(), 1);
    assert_eq!(hunks[0].yours.lines.join("\n") + "\n", own);
    assert_eq!(hunks[0].yours.line, 34);
}

#[test]
fn branches_that_theirs_reorders_keep_what_the_user_put_after_them() {
    let base = "def f(event):\n    \"\"\"F.\"\"\"\n    if isinstance(event, A):\n        return a()\n    if isinstance(event, B):\n        return b()\n    return c()\n";
    let theirs = "def f(event):\n    \"\"\"F.\"\"\"\n    if isinstance(event, B):\n        return b()\n    if isinstance(event, A):\n        return a()\n    return c()\n";
    let mine = ("    return c()\n", "    log(event)\n    return c()\n");
    becomes(base, &edit(base, &[mine]), theirs, &edit(theirs, &[mine]));
}

#[test]
fn a_statement_in_a_block_that_theirs_removes_is_one_small_conflict() {
    let base = "def f():\n    \"\"\"F.\"\"\"\n    if a:\n        b()\n    return 1\n\n\ndef g():\n    \"\"\"G.\"\"\"\n";
    let yours = edit(base, &[("        b()\n", "        b()\n        mine()\n")]);
    let theirs = edit(base, &[("    if a:\n        b()\n", ""), ("G.", "H.")]);
    let conflict = conflict(base, &yours, &theirs);
    let hunks: Vec<&Hunk> = conflict.hunks().collect();
    assert_eq!(hunks.len(), 1);
    assert_eq!(hunks[0].yours.lines, ["    if a:", "        b()", "        mine()"]);
    assert_eq!(conflict.resolved(Side::Yours), edit(&yours, &[("G.", "H.")]));
}

#[test]
fn commented_code_that_theirs_removed_stays_commented() {
    let base = "def f():\n    \"\"\"F.\"\"\"\n    a()\n    b()\n";
    becomes(
        base,
        "def f():\n    \"\"\"F.\"\"\"\n    # a()\n    b()\n",
        "def f():\n    \"\"\"F.\"\"\"\n    b()\n",
        "def f():\n    \"\"\"F.\"\"\"\n    # a()\n    b()\n",
    );
}

#[test]
fn a_decorator_stays_above_a_signature_that_theirs_changes() {
    both(
        &[(
            "    async def handle(self, envelope",
            "    @traced\n    # Why.\n    async def handle(self, envelope",
        )],
        &[("ModelHandlerOutput[None]:", "ModelHandlerOutput[int]:")],
    );
}

#[test]
fn what_the_user_adds_stays_whatever_theirs_changes() {
    let edits = [
        ("class HandlerOrderPlaced:", "@audited\nclass HandlerOrderPlaced(Base, Mixin):"),
        ("    async def handle", "    # Why this is async.\n    async def handle"),
        (
            "    @property\n    def message",
            "    def helper(self) -> int:\n        return 1\n\n    @property\n    def message",
        ),
        (
            "handler_id=self.handler_id,\n        )\n",
            "handler_id=self.handler_id,\n        )\n\n    async def second(self) -> None: ...\n\n\ndef module_helper() -> None:\n    pass\n",
        ),
        (
            "        return {\"ModelOrderPlaced\"}",
            "        # One is enough.\n        return {\"ModelOrderPlaced\"}  # noqa: X1",
        ),
        ("or uuid4(),", "or uuid4(),  # type: ignore[arg-type]"),
        ("__all__ = [", "LOG = 1\n\n__all__ = ["),
    ];
    both(
        &edits,
        &[DOC, ("The payloads that this", "What this"), ("Takes placed orders", "Takes orders")],
    );
}

#[test]
fn a_trailing_comment_stays_on_a_line_that_theirs_changes() {
    both(
        &[("ModelHandlerOutput[None]:", "ModelHandlerOutput[None]:  # type: ignore[override]")],
        &[("async def handle(self, envelope", "async def handle(self, message")],
    );
    becomes(
        BASE,
        &edit(BASE, &[("handler_id=self.handler_id,", "handler_id=self.handler_id,  # noqa: X1")]),
        &edit(BASE, &[("handler_id=self.handler_id,", "handler_id=\"fixed\",")]),
        &edit(BASE, &[("handler_id=self.handler_id,", "handler_id=\"fixed\",  # noqa: X1")]),
    );
    let broken = "async def handle(\n        self, message: ModelEventEnvelope[ModelOrderPlaced]\n    ) -> ModelHandlerOutput[None]:";
    let one_line = "async def handle(self, envelope: ModelEventEnvelope[ModelOrderPlaced]) -> ModelHandlerOutput[None]:";
    becomes(
        BASE,
        &edit(BASE, &[(one_line, &format!("{one_line}  # type: ignore[override]"))]),
        &edit(BASE, &[(one_line, broken)]),
        &edit(
            BASE,
            &[(one_line, &broken.replacen("handle(", "handle(  # type: ignore[override]", 1))],
        ),
    );
}

#[test]
fn an_event_is_renamed_with_the_body_kept() {
    let yours = edit(
        BASE,
        &[
            BODY,
            (
                "\"\"\"Answer a placed order.\"\"\"",
                "\"\"\"Answer a ModelOrderPlaced.\"\"\"\n        # ModelOrderPlaced may be empty.\n        check: ModelOrderPlaced | None = None",
            ),
        ],
    );
    let theirs = edit(BASE, &[("ModelOrderPlaced", "ModelOrderAccepted")]);
    let merged =
        clean_renamed(BASE, &yours, &theirs, &[rename("ModelOrderPlaced", "ModelOrderAccepted")]);
    assert_eq!(merged.text, yours.replace("ModelOrderPlaced", "ModelOrderAccepted"));
    assert_eq!(merged.kept, 5);
    assert_eq!(merged.dropped, []);
}

#[test]
fn handler_and_module_are_renamed_at_once() {
    let yours = edit(
        BASE,
        &[BODY, ("import ModelOrderPlaced\n", "import ModelOrderPlaced  # noqa: TC001\n")],
    );
    let change =
        [("myapp.models.events", "myapp.models.shop"), ("HandlerOrderPlaced", "HandlerOrderTaken")];
    let renames = [
        rename("myapp.models.events", "myapp.models.shop"),
        rename("HandlerOrderPlaced", "HandlerOrderTaken"),
    ];
    let merged = clean_renamed(BASE, &yours, &edit(BASE, &change), &renames);
    assert_eq!(merged.text, edit(&yours, &change));
}

#[test]
fn two_swapped_names_stay_two_names() {
    let base = "def f(a: A, b: B) -> A:\n    \"\"\"A and B.\"\"\"\n    return A()\n";
    let yours =
        "def f(a: A, b: B) -> A:\n    \"\"\"A and B.\"\"\"\n    x = B(A())\n    return A()\n";
    let theirs = "def f(a: B, b: A) -> B:\n    \"\"\"B and A.\"\"\"\n    return B()\n";
    let merged = clean_renamed(base, yours, theirs, &[rename("A", "B"), rename("B", "A")]);
    assert_eq!(
        merged.text,
        "def f(a: B, b: A) -> B:\n    \"\"\"B and A.\"\"\"\n    x = A(B())\n    return B()\n"
    );
}

#[test]
fn a_module_imported_as_a_name_follows() {
    let base = "x = 1\n";
    let yours = "from app.events import placed, other\nfrom app.events import placed as p\nx = 1\nplaced.f()\n";
    let merged =
        clean_renamed(base, yours, "x = 2\n", &[rename("app.events.placed", "app.events.taken")]);
    assert_eq!(
        merged.text,
        "from app.events import taken as placed, other\nfrom app.events import taken as p\nx = 2\nplaced.f()\n"
    );
}

#[test]
fn a_rename_that_this_file_does_not_follow_changes_nothing() {
    let yours = edit(BASE, &[BODY]);
    let merged = clean_renamed(BASE, &yours, BASE, &[rename("ModelOrderPlaced", "ModelOther")]);
    assert_eq!(merged.text, yours);
    let uses = "from m import ModelOther\nx = ModelOther\n";
    let merged = clean_renamed("x = 1\n", uses, "x = 1\n", &[rename("ModelOther", "ModelNew")]);
    assert_eq!(merged.text, "from m import ModelNew\nx = ModelNew\n");
}

#[test]
fn imports_of_both_sides_stay() {
    let yours = edit(
        BASE,
        &[
            (
                "from uuid import uuid4\n",
                "from decimal import Decimal  # money\nfrom uuid import NAMESPACE_DNS, uuid4\n",
            ),
            (
                "__all__",
                "try:\n    import orjson as json\nexcept ImportError:\n    import json\n\n__all__",
            ),
            BODY,
        ],
    );
    let theirs = edit(
        BASE,
        &[
            (
                "from typing import TYPE_CHECKING\nfrom uuid import uuid4",
                "from typing import TYPE_CHECKING\nfrom uuid import UUID, uuid4",
            ),
            ("import ModelOrderPlaced\n", "import ModelOrderPlaced, ModelRefund\n"),
            (
                "if TYPE_CHECKING:\n",
                "if TYPE_CHECKING:\n    from collections.abc import Sequence\n\n",
            ),
            (
                "from omnibase_core.models.dispatch",
                "from omnibase_core.enums import EnumKind\nfrom omnibase_core.models.dispatch",
            ),
            DOC,
        ],
    );
    let wanted = edit(
        &theirs,
        &[
            (
                "from typing import TYPE_CHECKING\nfrom uuid import UUID, uuid4",
                "from typing import TYPE_CHECKING\nfrom decimal import Decimal  # money\nfrom uuid import NAMESPACE_DNS, UUID, uuid4",
            ),
            (
                "__all__",
                "try:\n    import orjson as json\nexcept ImportError:\n    import json\n\n__all__",
            ),
            BODY,
        ],
    );
    becomes(BASE, &yours, &theirs, &wanted);
}

#[test]
fn a_dropped_import_goes_unless_it_is_used_or_remarked() {
    let base = "from a import One, Three, Two\n\nx = One, Two, Three\n";
    let theirs = "from a import Two\n\nx = Two\n";
    becomes(
        base,
        "from a import One, Three, Two\n\nx = One, Two, Three\ny = 1\n",
        theirs,
        "from a import Two\n\nx = Two\ny = 1\n",
    );
    let merged =
        clean(base, "from a import One, Three, Two\n\nx = One, Two, Three\ny = One.z\n", theirs);
    assert_eq!(merged.text, "from a import One, Two\n\nx = Two\ny = One.z\n");
    assert_eq!(merged.dropped, [DroppedName { line: 4, name: "One".to_owned() }]);
    becomes(
        base,
        "from a import (\n    One,  # noqa: F401\n    Three,\n    Two,\n)\n\nx = One, Two, Three\n",
        theirs,
        "from a import (\n    One,  # noqa: F401\n    Two,\n)\n\nx = Two\n",
    );
    becomes(
        "from a import One\n\nx = 1\n",
        "from a import One as First\n\nx = 1\n",
        "x = 2\n",
        "from a import One as First\n\nx = 2\n",
    );
}

#[test]
fn an_import_whose_module_moved_keeps_its_remark() {
    let base = "from a import One\n\nx = One\n";
    let theirs = "from b import One\n\nx = One\n";
    becomes(
        base,
        "from a import One  # noqa: TC001\n\nx = One\n",
        theirs,
        "from b import One  # noqa: TC001\n\nx = One\n",
    );
    becomes(
        base,
        "from a import Mine, One\n\nx = One\n",
        theirs,
        "from a import Mine\nfrom b import One\n\nx = One\n",
    );
    let conflict = conflict(base, "from mine import One\n\nx = One\n", theirs);
    let hunks: Vec<&Hunk> = conflict.hunks().collect();
    assert_eq!(hunks.len(), 1);
    assert_eq!(hunks[0].base.lines, ["from a import One"]);
    assert_eq!(hunks[0].yours.lines, ["from mine import One"]);
    assert_eq!(hunks[0].theirs.lines, ["from b import One"]);
    assert_eq!(conflict.resolved(Side::Theirs), theirs);
}

#[test]
fn an_import_follows_into_and_out_of_type_checking() {
    let runtime = "from typing import TYPE_CHECKING\n\nfrom a import One\n\nif TYPE_CHECKING:\n    from b import Two\n\nx: One\n";
    let typing = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from a import One\n    from b import Two\n\nx: One\n";
    becomes(runtime, &format!("{runtime}y = 1\n"), typing, &format!("{typing}y = 1\n"));
    becomes(typing, &format!("{typing}y = 1\n"), runtime, &format!("{runtime}y = 1\n"));
    // The user's code needs it while it runs.
    becomes(runtime, &format!("{runtime}y = One()\n"), typing, &format!("{runtime}y = One()\n"));
    // The block comes and goes with its last name.
    let without = "from a import One\n\nx: One\n";
    let with =
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from a import One\n\nx: One\n";
    becomes(without, &format!("{without}y = 1\n"), with, &format!("{with}y = 1\n"));
    becomes(with, &format!("{with}y = 1\n"), without, &format!("{without}y = 1\n"));
    let own = edit(
        with,
        &[(
            "    from a import One\n",
            "    from a import One\n    from mine import Mine  # mine\n",
        )],
    );
    becomes(
        with,
        &own,
        without,
        "from typing import TYPE_CHECKING\n\nfrom a import One\n\nif TYPE_CHECKING:\n    from mine import Mine  # mine\n\nx: One\n",
    );
}

#[test]
fn a_deleted_import_comes_back_only_where_it_is_needed() {
    let base = "from uuid import UUID, uuid4\n\n\ndef f():\n    \"\"\"F.\"\"\"\n    return UUID, uuid4()\n";
    let yours = "from uuid import uuid4\n\n\ndef f():\n    \"\"\"F.\"\"\"\n    return uuid4()\n";
    becomes(base, yours, &edit(base, &[("F.", "G.")]), &edit(yours, &[("F.", "G.")]));
    let theirs = format!("{base}\n\ndef g() -> UUID: ...\n");
    becomes(
        base,
        yours,
        &theirs,
        &format!(
            "{}\n\ndef g() -> UUID: ...\n",
            edit(yours, &[("import uuid4", "import UUID, uuid4")])
        ),
    );
}

#[test]
fn new_imports_go_where_isort_puts_them() {
    let base = "from __future__ import annotations\n\nfrom omni.a import A\n\nfrom myapp.x import X\n\ny = 1\n";
    let yours = "from __future__ import annotations\n\nimport re\nfrom decimal import Decimal\n\nfrom omni.a import A\nfrom pydantic import Field\n\nfrom myapp.w import W\nfrom myapp.x import X\n\ny = 1\nz = 1\n";
    let theirs = "from __future__ import annotations\n\nimport json\nfrom uuid import uuid4\n\nfrom omni.a import A\nfrom omni.b import B\n\nfrom myapp.v import V\nfrom myapp.x import X\n\ny = 1\n";
    becomes(
        base,
        yours,
        theirs,
        "from __future__ import annotations\n\nimport json\nimport re\nfrom decimal import Decimal\nfrom uuid import uuid4\n\nfrom omni.a import A\nfrom omni.b import B\nfrom pydantic import Field\n\nfrom myapp.v import V\nfrom myapp.w import W\nfrom myapp.x import X\n\ny = 1\nz = 1\n",
    );
    // A section that was not there.
    becomes(
        base,
        &format!("{base}z = 1\n"),
        "from __future__ import annotations\n\nfrom uuid import uuid4\n\nfrom omni.a import A\n\nfrom myapp.x import X\n\ny = 1\n",
        "from __future__ import annotations\n\nfrom uuid import uuid4\n\nfrom omni.a import A\n\nfrom myapp.x import X\n\ny = 1\nz = 1\n",
    );
    // No import at all, on either side.
    becomes(
        "\"\"\"Doc.\"\"\"\n\nx = 1\n",
        "\"\"\"Doc.\"\"\"\n\nx = 1\ny = 1\n",
        "\"\"\"Doc.\"\"\"\n\nimport os\n\nx = 1\n",
        "\"\"\"Doc.\"\"\"\n\nimport os\n\nx = 1\ny = 1\n",
    );
}

#[test]
fn the_users_own_imports_next_to_generated_ones_stay_where_they_are() {
    let yours = edit(
        BASE,
        &[
            (
                "from typing import TYPE_CHECKING\n",
                "import logging\nfrom typing import TYPE_CHECKING\n",
            ),
            ("\nfrom myapp", "\n# Ours.\nfrom myapp"),
        ],
    );
    becomes(BASE, &yours, &edit(BASE, &[DOC]), &edit(&yours, &[DOC]));
}

#[test]
fn exports_merge_as_a_set() {
    let base = "__all__ = [\"A\", \"B\", \"D\"]\n";
    becomes(
        base,
        "__all__ = [\"A\", \"B\", \"D\", \"mine\"]\n",
        "__all__ = [\"A\", \"C\", \"D\"]\n",
        "__all__ = [\"A\", \"C\", \"D\", \"mine\"]\n",
    );
    becomes(
        base,
        "__all__ = [\n    \"A\",\n    \"B\",  # old\n    \"D\",\n]\n",
        "__all__ = [\"A\", \"C\"]\n",
        "__all__ = [\n    \"A\",\n    \"B\",  # old\n    \"C\",\n]\n",
    );
    becomes(
        base,
        "__all__ = [\"B\"]  # less\n",
        "__all__ = [\"A\", \"B\", \"C\", \"D\"]\n",
        "__all__ = [\"B\", \"C\"]  # less\n",
    );
    becomes(
        "__all__ = []\n",
        "__all__ = []\nx = 1\n",
        "__all__ = [\"A\"]\n",
        "__all__ = [\"A\"]\nx = 1\n",
    );
}

#[test]
fn init_files_merge_as_sets() {
    becomes(
        "\"\"\"Events.\"\"\"\n\nfrom myapp.a import A\nfrom myapp.c import C\n\n__all__ = [\"A\", \"C\"]\n",
        "\"\"\"Events.\"\"\"\n\nfrom myapp.a import A\nfrom myapp.c import C\nfrom myapp.mine import Mine\n\n__all__ = [\"A\", \"C\", \"Mine\"]\n",
        "\"\"\"Events.\"\"\"\n\nfrom myapp.b import B\nfrom myapp.c import C\n\n__all__ = [\"B\", \"C\"]\n",
        "\"\"\"Events.\"\"\"\n\nfrom myapp.b import B\nfrom myapp.c import C\nfrom myapp.mine import Mine\n\n__all__ = [\"B\", \"C\", \"Mine\"]\n",
    );
}

#[test]
fn members_that_both_add_stay_both() {
    let method = (
        "    async def handle",
        "    def theirs(self) -> None:\n        \"\"\"New.\"\"\"\n\n    async def handle",
    );
    let mine = (
        "    async def handle",
        "    def mine(self) -> None:\n        return None\n\n    async def handle",
    );
    let merged = clean(BASE, &edit(BASE, &[mine]), &edit(BASE, &[method])).text;
    let wanted = edit(
        BASE,
        &[(
            "    async def handle",
            "    def mine(self) -> None:\n        return None\n\n    def theirs(self) -> None:\n        \"\"\"New.\"\"\"\n\n    async def handle",
        )],
    );
    assert_eq!(merged, wanted);
    let base = "class A:\n    x = 1\n";
    becomes(
        base,
        "class A:\n    x = 1\n\n    def a(self): ...\n",
        "class A:\n    x = 1\n\n    def b(self): ...\n",
        "class A:\n    x = 1\n\n    def a(self): ...\n\n    def b(self): ...\n",
    );
    becomes(
        base,
        "class A:\n    x = 1\n    y = 2\n",
        "class A:\n    x = 1\n    z = 3\n",
        "class A:\n    x = 1\n    y = 2\n    z = 3\n",
    );
}

#[test]
fn moved_members_are_still_merged() {
    let moved = {
        let start = BASE.find("    @property\n    def message").unwrap();
        let end = BASE.find("    async def handle").unwrap();
        format!(
            "{}{}\n{}",
            &BASE[..start],
            &BASE[end..],
            BASE[start..end].trim_end_matches('\n').to_owned() + "\n"
        )
    };
    let change = ("The payloads that this handler takes", "The payloads");
    becomes(BASE, &moved, &edit(BASE, &[change]), &edit(&moved, &[change]));
    // Theirs moved it; the user changed it.
    becomes(BASE, &edit(BASE, &[change]), &moved, &edit(&moved, &[change]));
}

#[test]
fn what_the_user_deleted_stays_deleted() {
    let method = "    @property\n    def message_types(self) -> set[str]:\n        \"\"\"The payloads that this handler takes.\"\"\"\n        return {\"ModelOrderPlaced\"}\n\n";
    both(&[(method, "")], &[DOC]);
    let conflict = conflict(
        BASE,
        &edit(BASE, &[(method, "")]),
        &edit(BASE, &[("The payloads that", "Payloads that")]),
    );
    let hunks: Vec<&Hunk> = conflict.hunks().collect();
    assert_eq!(hunks.len(), 1);
    assert_eq!((hunks[0].base.line, hunks[0].base.lines.len()), (26, 5));
    assert_eq!(hunks[0].yours.lines, Vec::<String>::new());
    assert_eq!(conflict.resolved(Side::Yours), edit(BASE, &[(method, "")]));
    assert_eq!(
        conflict.resolved(Side::Theirs),
        edit(BASE, &[("The payloads that", "Payloads that")])
    );
}

#[test]
fn what_theirs_deleted_goes_unless_the_user_changed_it() {
    let base = "def a():\n    \"\"\"A.\"\"\"\n\n\ndef b():\n    \"\"\"B.\"\"\"\n\n\ndef c():\n    \"\"\"C.\"\"\"\n";
    let theirs = "def a():\n    \"\"\"A.\"\"\"\n\n\ndef c():\n    \"\"\"C.\"\"\"\n";
    becomes(
        base,
        &edit(base, &[("    \"\"\"A.\"\"\"\n", "    \"\"\"A.\"\"\"\n    x\n")]),
        theirs,
        &edit(theirs, &[("    \"\"\"A.\"\"\"\n", "    \"\"\"A.\"\"\"\n    x\n")]),
    );
    let conflict = conflict(
        base,
        &edit(base, &[("    \"\"\"B.\"\"\"\n", "    \"\"\"B.\"\"\"\n    x\n")]),
        theirs,
    );
    assert_eq!(conflict.resolved(Side::Theirs), theirs);
}

#[test]
fn overloads_and_properties_are_one_member() {
    let base = "class A:\n    @overload\n    def f(self, x: int) -> int: ...\n\n    @overload\n    def f(self, x: str) -> str: ...\n\n    def f(self, x):\n        \"\"\"F.\"\"\"\n        return x\n";
    let yours = edit(base, &[("        return x\n", "        y = x\n        return y\n")]);
    let theirs = edit(base, &[("x: str) -> str", "x: bytes) -> bytes")]);
    becomes(
        base,
        &yours,
        &theirs,
        &edit(&theirs, &[("        return x\n", "        y = x\n        return y\n")]),
    );
}

#[test]
fn both_sides_may_change_one_call() {
    both(
        &[(
            "correlation_id=envelope.correlation_id or uuid4(),",
            "correlation_id=self.correlate(envelope),",
        )],
        &[(
            "            handler_id=self.handler_id,\n",
            "            handler_id=self.handler_id,\n            events=(),\n",
        )],
    );
}

#[test]
fn an_insertion_beside_a_change_keeps_its_side() {
    let base = "def f():\n    a\n    b\n    c\n";
    becomes(
        base,
        "def f():\n    a\n    new\n    b\n    c\n",
        "def f():\n    a\n    B\n    c\n",
        "def f():\n    a\n    new\n    B\n    c\n",
    );
    becomes(
        base,
        "def f():\n    a\n    new\n    b\n    c\n",
        "def f():\n    A\n    b\n    c\n",
        "def f():\n    A\n    new\n    b\n    c\n",
    );
    becomes(
        base,
        "def f():\n    a\n    B\n    c\n",
        "def f():\n    a\n    b\n    new\n    c\n",
        "def f():\n    a\n    B\n    new\n    c\n",
    );
    becomes(
        base,
        "def f():\n    A\n    b\n    c\n",
        "def f():\n    a\n    B\n    c\n",
        "def f():\n    A\n    B\n    c\n",
    );
}

#[test]
fn a_reformatted_file_still_merges() {
    let style = |text: &str| {
        let style = crate::python::format::Style {
            line_length: 60,
            quote_style: crate::python::format::QuoteStyle::Single,
            ..Default::default()
        };
        crate::python::format::format(text, &style).unwrap()
    };
    let yours = style(&edit(BASE, &[BODY]));
    assert_ne!(yours, edit(BASE, &[BODY]));
    let theirs = edit(BASE, &[DOC, ("\"ModelOrderPlaced\"", "\"ModelOther\"")]);
    becomes(BASE, &yours, &theirs, &edit(&yours, &[DOC, ("'ModelOrderPlaced'", "\"ModelOther\"")]));
    // Nothing but the layout: theirs' own text where theirs changed something.
    let theirs = edit(
        BASE,
        &[("correlation_id=envelope.correlation_id or uuid4()", "correlation_id=uuid4()")],
    );
    let merged = clean(BASE, &style(BASE), &theirs).text;
    assert!(merged.contains("            correlation_id=uuid4(),\n"), "{merged}");
    assert_eq!(style(&merged), style(&theirs));
}

#[test]
fn another_indentation_is_followed() {
    for unit in ["\t", "  "] {
        let yours = edit(&BASE.replace("    ", unit), &[("Takes placed", "Took placed")]);
        let theirs = edit(
            BASE,
            &[
                (
                    "        return {\"ModelOrderPlaced\"}",
                    "        known = 1\n        return {\"ModelOrderPlaced\"}",
                ),
                DOC,
            ],
        );
        let wanted = edit(&theirs.replace("    ", unit), &[("Takes placed", "Took placed")]);
        becomes(BASE, &yours, &theirs, &wanted);
    }
}

#[test]
fn blank_lines_are_no_conflict() {
    let base = "def a():\n    x\n\n\ndef b():\n    y\n";
    becomes(
        base,
        "def a():\n    x\n\ndef b():\n    y\n",
        "def a():\n    x\n\n\ndef b():\n    \"\"\"B.\"\"\"\n    y\n",
        "def a():\n    x\n\ndef b():\n    \"\"\"B.\"\"\"\n    y\n",
    );
    becomes(
        base,
        &format!("{base}\n\n"),
        &edit(base, &[("x", "X")]),
        &format!("{}\n\n", edit(base, &[("x", "X")])),
    );
}

#[test]
fn docstrings_that_both_edit_merge_by_lines() {
    let base = "def f():\n    \"\"\"First.\n\n    Takes A.\n\n    Gives B.\n    \"\"\"\n";
    becomes(
        base,
        "def f():\n    \"\"\"First, and mine.\n\n    Takes A.\n\n    Gives B.\n    \"\"\"\n",
        "def f():\n    \"\"\"First.\n\n    Takes A.\n\n    Gives B or C.\n    \"\"\"\n",
        "def f():\n    \"\"\"First, and mine.\n\n    Takes A.\n\n    Gives B or C.\n    \"\"\"\n",
    );
    let conflict =
        conflict(base, &edit(base, &[("First", "Mine")]), &edit(base, &[("First", "Theirs")]));
    assert_eq!(conflict.hunks().count(), 1);
}

#[test]
fn a_local_that_the_user_renamed_stays() {
    let base =
        "def f(envelope):\n    \"\"\"F.\"\"\"\n    event = envelope.payload\n    return event.x\n";
    let yours =
        "def f(envelope):\n    \"\"\"F.\"\"\"\n    order = envelope.payload\n    return order.x\n";
    becomes(base, yours, &edit(base, &[("F.", "G.")]), &edit(yours, &[("F.", "G.")]));
}

#[test]
fn uses_of_dropped_names_are_reported() {
    let base = "class A:\n    def f(self, envelope):\n        \"\"\"F.\"\"\"\n        event = envelope.payload\n        return event\n\n    def decide(self): ...\n";
    let yours = "class A:\n    def f(self, envelope):\n        \"\"\"F.\"\"\"\n        event = envelope.payload\n        log(event, self.decide())\n        return event\n\n    def decide(self): ...\n";
    let theirs =
        "class A:\n    def f(self, envelope):\n        \"\"\"F.\"\"\"\n        return None\n";
    let Merged::Conflict(conflict) = merge3(base, yours, theirs) else {
        panic!("the return changed")
    };
    let at = |line, name: &str| DroppedName { line, name: name.to_owned() };
    assert_eq!(conflict.dropped, []);
    let theirs = "class A:\n    def f(self, envelope):\n        \"\"\"F.\"\"\"\n        return event\n\nx = event\n";
    let merged = clean(base, yours, theirs);
    assert_eq!(merged.dropped, [at(4, "decide")]);
}

#[test]
fn a_conflict_shows_its_lines_and_can_be_settled() {
    let base = "a\nb = 1\nc\nd\n";
    let yours = "a\nb = 2\nc\nmine\nd\n";
    let theirs = "a\nb = 3\nc\nd = 4\n";
    let conflict = conflict(base, yours, theirs);
    let version = |line, lines: &[&str]| Version {
        line,
        lines: lines.iter().map(|&line| line.to_owned()).collect(),
    };
    assert_eq!(
        conflict.hunks().collect::<Vec<_>>(),
        [&Hunk {
            base: version(2, &["b = 1"]),
            yours: version(2, &["b = 2"]),
            theirs: version(2, &["b = 3"])
        }]
    );
    assert_eq!(
        conflict.with_markers(),
        "a\n<<<<<<< yours\nb = 2\n||||||| base\nb = 1\n=======\nb = 3\n>>>>>>> contract\nc\nmine\nd = 4\n"
    );
    assert_eq!(conflict.resolved(Side::Yours), "a\nb = 2\nc\nmine\nd = 4\n");
    assert_eq!(conflict.resolved(Side::Theirs), "a\nb = 3\nc\nmine\nd = 4\n");
    assert_eq!(merge3(theirs, &conflict.with_markers(), theirs), Merged::Marked { line: 2 });
}

#[test]
fn conflicts_keep_line_ends_too() {
    let conflict = conflict("\u{feff}a = 1\r\nb", "\u{feff}a = 2\r\nb", "\u{feff}a = 3\r\nb");
    assert_eq!(
        conflict.with_markers(),
        "\u{feff}<<<<<<< yours\r\na = 2\r\n||||||| base\r\na = 1\r\n=======\r\na = 3\r\n>>>>>>> contract\r\nb"
    );
    assert_eq!(conflict.resolved(Side::Theirs), "\u{feff}a = 3\r\nb");
}

#[test]
fn markers_are_refused_but_not_text_that_looks_like_them() {
    assert_eq!(merge3("x\n", "x\n<<<<<<< HEAD\ny\n", "z\n"), Merged::Marked { line: 2 });
    assert_eq!(
        merge3("x\n", "\"\"\"\n<<<<<<< a\n=======\n>>>>>>> b\n\"\"\"\n", "x\n"),
        Merged::Marked { line: 2 }
    );
    assert_eq!(merge3("x\r\n", "x\r\n>>>>>>> b\r\n", "x\r\n"), Merged::Marked { line: 2 });
    becomes(
        "x = 1\n",
        "\"\"\"\nHeading\n=======\n\n<<<<<<< no\n\"\"\"\nx = 1\n",
        "x = 2\n",
        "\"\"\"\nHeading\n=======\n\n<<<<<<< no\n\"\"\"\nx = 2\n",
    );
}

#[test]
fn line_ends_are_the_users() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let (mine, new) = (edit(BASE, &[BODY]), edit(BASE, &[DOC]));
    let merged = edit(BASE, &[BODY, DOC]);
    becomes(BASE, &crlf(&mine), &new, &crlf(&merged));
    becomes(BASE, &crlf(BASE), &new, &crlf(&new));
    becomes(BASE, &format!("\u{feff}{mine}"), &new, &format!("\u{feff}{merged}"));
    becomes(BASE, mine.trim_end(), &new, merged.trim_end());
    let longer = format!("{BASE}\n\nx = 1\n");
    becomes(BASE, BASE.trim_end(), &longer, &longer);
    becomes(
        BASE,
        &edit(&mine, &[("log(total)\n", "log(total)\n\x0c\n")]),
        &new,
        &edit(&merged, &[("log(total)\n", "log(total)\n\x0c\n")]),
    );
    // Mixed: the majority.
    becomes("a\nb\nc\n", "a\r\nmine\r\nb\nc\r\n", "a\nb\nC\n", "a\r\nmine\r\nb\r\nC\r\n");
}

#[test]
fn one_side_alone_comes_out_byte_for_byte() {
    for yours in ["", "x\r\ny\n", "\u{feff}x", "def f(:\n", "x\r", "\t\n \n", BASE] {
        assert_eq!(clean(BASE, yours, BASE).text, yours);
        assert_eq!(clean(yours, yours, BASE).text, BASE);
        assert_eq!(clean(BASE, yours, yours).text, yours);
    }
}

#[test]
fn a_file_with_a_syntax_error_merges_by_lines() {
    let base = "def f():\n    a\n    b\n    c\n    d\n";
    becomes(
        base,
        "def f(:\n    a\n    b\n    c\n    d\n",
        "def f():\n    a\n    b\n    c\n    D\n",
        "def f(:\n    a\n    b\n    c\n    D\n",
    );
    assert_eq!(conflict(base, "def f(:\n    x\n", "def f():\n    y\n").hunks().count(), 1);
}

#[test]
fn a_result_that_does_not_parse_is_a_conflict() {
    // Each side is Python, and the lines merge; together they are not.
    let base = "x = (\n    1\n)\ny = 1\nz = 2\n";
    let conflict = conflict("f(a)\n", "f(a, *b, c=1)\nreturn_ = 1\n", "f(**k)\n");
    assert_eq!(conflict.hunks().count(), 1);
    let yours = "x = [\n    1\n]\ny = 1\nz = 2\n";
    let theirs = "x = (\n    1,\n    2\n)\ny = 1\nz = 2\n";
    match merge3(base, yours, theirs) {
        Merged::Clean(clean) => assert!(outline::parses(&clean.text), "{}", clean.text),
        Merged::Conflict(conflict) => assert!(conflict.hunks().count() > 0),
        Merged::Marked { .. } => panic!("no markers there"),
    }
}

#[test]
fn large_and_hostile_files_end_in_time() {
    use std::time::{Duration, Instant};
    let mut seed = 7_u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % below
    };
    let two: Vec<String> = (0..3)
        .map(|_| (0..100_000).map(|_| if random(2) == 0 { "a\n" } else { "b\n" }).collect())
        .collect();
    let many: Vec<String> =
        (0..3).map(|_| (0..20_000).map(|_| format!("x{}\n", random(5_000))).collect()).collect();
    let lines = |count: usize, of: fn(usize) -> String| (0..count).map(of).collect::<String>();
    let cases = [
        (two[0].clone(), two[1].clone(), two[2].clone()),
        (many[0].clone(), many[1].clone(), many[2].clone()),
        (
            lines(20_000, |n| format!("a{n}\n")),
            lines(20_000, |n| format!("b{n}\n")),
            lines(20_000, |n| format!("c{n}\n")),
        ),
        (
            lines(20_000, |n| format!("a{n}\n")),
            lines(20_000, |n| format!("a{}\n", 19_999 - n)),
            lines(20_000, |n| format!("a{}\n", n * 7 % 20_000)),
        ),
        (
            lines(10_000, |n| format!("def f{n}(): ...\n")),
            lines(10_000, |n| format!("def f{}(): ...\n", 9_999 - n)),
            lines(10_000, |n| format!("def f{n}(): pass\n")),
        ),
        (
            lines(10_000, |_| "def f(): ...\n".to_owned()),
            lines(10_000, |n| format!("def f(): ...\nx{n}\n")),
            lines(9_000, |_| "def f(): ...\n".to_owned()),
        ),
        (
            lines(20_000, |n| format!("import m{n}\n")),
            lines(20_000, |n| format!("import m{}\n", n * 2)),
            lines(20_000, |n| format!("import m{}\n", n * 3)),
        ),
        (
            lines(900, |n| format!("import m{n}\n")),
            lines(900, |n| format!("import m{}\n", n * 2)),
            lines(900, |n| format!("import m{}\n", n * 3)),
        ),
        (
            "x\n".to_owned(),
            format!("x = [{}]\n", "1,\n".repeat(20_000)),
            format!("x = [{}]\n", "2,\n".repeat(20_000)),
        ),
        (
            "from a import x\n".to_owned(),
            format!(
                "from a import {}\n",
                lines(20_000, |n| format!("b{n},")).trim_end_matches(',')
            ),
            format!(
                "from a import {}\n",
                lines(20_000, |n| format!("c{n},")).trim_end_matches(',')
            ),
        ),
        ("x\n".to_owned(), "(".repeat(1_000_000), "[".repeat(1_000_000)),
        (
            "x\n".to_owned(),
            format!("x = '''{}'''\n", "\n".repeat(200_000)),
            format!("x = '''{}'''\n", "\n".repeat(190_000)),
        ),
    ];
    for (index, (base, yours, theirs)) in cases.iter().enumerate() {
        let start = Instant::now();
        let merged = merge3(base, yours, theirs);
        let took = start.elapsed();
        assert!(!matches!(merged, Merged::Marked { .. }));
        assert!(took < Duration::from_secs(40), "case {index} took {took:?}");
    }
}

"""Which rules and schedules are compared with a library's, and which cannot be."""

import ast
import inspect
import re
import types
from collections.abc import Collection, Mapping
from typing import Any

from tests import ROOT


def without_a_twin(
    exported: Collection[str],
    compared: Collection[str],
    elsewhere: Mapping[str, str],
    why_none: Mapping[str, str],
    tables: str,
) -> list[str]:
    """Return a sentence for each name that nothing nobody here wrote stands beside.

    `elsewhere` has the test that compares it, as pytest calls it; `why_none` the reason
    why there is no library to compare it with, a sentence; `tables` says where a twin
    belongs.
    """
    return [
        *(
            f"{name} is exported and compared with no library: put it beside its twin "
            f"in {tables}, or say in WHY_NONE why it has none and what holds it"
            for name in sorted({*exported} - {*compared, *elsewhere, *why_none})
        ),
        *(
            f"{name} stands beside a twin in {tables}: take it out of WHY_NONE and "
            "ELSEWHERE"
            for name in sorted({*compared} & {*elsewhere, *why_none})
        ),
        *(
            f"{name} is not exported: take it out of WHY_NONE or ELSEWHERE"
            for name in sorted({*elsewhere, *why_none} - {*exported})
        ),
        *(
            f"{name} is compared by {test}, and there is no such test that names it"
            for name, test in elsewhere.items()
            if not _is_test(name, test)
        ),
        *(
            f"{name} has no twin, and no sentence says why: {why!r}"
            for name, why in why_none.items()
            if len(why.split()) < 5
        ),
    ]


def _is_test(name: str, test: str) -> bool:
    path, _, function = test.partition("::")
    text = (ROOT / path).read_text("utf-8") if (ROOT / path).is_file() else ""
    return bool(
        re.search(rf"^def {re.escape(function)}\(", text, re.MULTILINE)
        and re.search(rf"\b{name}\b", text)
    )


def rules(package: types.ModuleType) -> set[str]:
    """Return the exported update rules: classes with a step that can be made."""
    exported = {name: getattr(package, name) for name in package.__all__}
    return {
        name
        for name, each in exported.items()
        if inspect.isclass(each) and hasattr(each, "step")
        if not (inspect.isabstract(each) or getattr(each, "_is_protocol", False))
    }


def schedules(package: types.ModuleType) -> set[str]:
    """Return the exported functions that make a schedule."""
    exported = {name: getattr(package, name) for name in package.__all__}
    return {
        name
        for name, each in exported.items()
        if inspect.isfunction(each)
        if inspect.signature(each).return_annotation == package.Schedule
    }


def rules_in(*tables: Mapping[str, Any]) -> set[str]:
    """Return the kinds of rule that stand as `ours` in a table of pairs."""
    return {type(pair.ours).__name__ for table in tables for pair in table.values()}


def schedules_in(source: str, *tables: str) -> set[str]:
    """Return the schedules that a file's `tables` make, as ``schedules.name(...)``."""
    return {
        call.func.attr
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in tables
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if ast.unparse(call.func.value) == "schedules"
    }

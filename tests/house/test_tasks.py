"""What a task asks the database it asks in a transaction: outside one the database knows nobody.

Under the policies a query without a context finds nothing, and says nothing.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOMS = ("referral", "signals", "shelters", "reporting", "municipalities")
CALLED = re.compile(r"\bactions\.(\w+)\(")
Functions = dict[str, ast.FunctionDef]


def called_by_tasks() -> Iterator[tuple[str, ast.FunctionDef, Functions]]:
    """Each action that a task of its own room calls, with the functions beside it."""
    root = Path(settings.BASE_DIR)
    for tasks in [path for room in ROOMS for path in sorted((root / room).rglob("tasks.py"))]:
        names = set(CALLED.findall(tasks.read_text()))
        for line in ast.walk(ast.parse(tasks.read_text())):
            if isinstance(line, ast.ImportFrom) and ".actions" in (line.module or ""):
                names |= {name.name for name in line.names}
        package = tasks.parent / "actions"
        files = list(package.glob("*.py")) or [package.with_suffix(".py")]
        for file in filter(Path.exists, files):
            body = ast.parse(file.read_text()).body
            beside = {one.name: one for one in body if isinstance(one, ast.FunctionDef)}
            for name in sorted(names & beside.keys()):
                yield f"{file.relative_to(root)}: {name}", beside[name], beside


def is_safe(function: ast.FunctionDef, beside: Functions) -> bool:
    """Whether it opens a transaction, or asks nothing itself and only calls what opens one."""
    words = ast.unparse(function)
    if "atomic" in words:
        return True
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    steps = {call.func.id for call in calls if isinstance(call.func, ast.Name)} & beside.keys()
    return ".objects" not in words and all(
        is_safe(beside[step], beside) for step in steps - {function.name}
    )


def test_what_a_task_calls_opens_a_transaction():
    found = list(called_by_tasks())
    assert len(found) > 20
    assert [where for where, function, beside in found if not is_safe(function, beside)] == []

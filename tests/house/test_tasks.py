"""What a task asks the database it asks in a transaction: outside one the database knows nobody.

Under the policies a query without a context finds nothing, and says nothing.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOMS = ("referral", "signals", "shelters", "reporting", "municipalities")
#: These open a transaction for each step themselves, so that a worker that dies loses one step.
BY_STEPS = {"compute_release"}
#: These only ask a worker, or a page, to look.
NO_QUERY = {"hand_to_worker", "tell"}


def called_by_tasks() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Each action that a task of its own room calls."""
    root = Path(settings.BASE_DIR)
    for tasks in [path for room in ROOMS for path in sorted((root / room).rglob("tasks.py"))]:
        names = set(re.findall(r"\b(?:actions\.)?(\w+)\(", tasks.read_text()))
        package = tasks.parent / "actions"
        files = list(package.glob("*.py")) or [package.with_suffix(".py")]
        for file in filter(Path.exists, files):
            for node in ast.parse(file.read_text()).body:
                if isinstance(node, ast.FunctionDef) and node.name in names:
                    yield f"{file.relative_to(root)}: {node.name}", node


def test_what_a_task_calls_opens_a_transaction():
    found = dict(called_by_tasks())
    assert len(found) > 20
    without = [
        where
        for where, node in found.items()
        if node.name not in BY_STEPS | NO_QUERY and "atomic" not in ast.unparse(node)
    ]
    assert without == []

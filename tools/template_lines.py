"""Which lines of templates a run reached, for coverage; a plugin of pytest and of coverage.

django_coverage_plugin learns it from the tracer, which stops at each line of the template engine:
a quarter of the time of a traced run. Here each node that is rendered is noted as it is, and
asked for its lines when the run ends; what the library knows about lines is used as it is.
"""

from collections import defaultdict
from collections.abc import Generator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from coverage import CoverageData
from coverage.plugin_support import Plugins
from django.conf import settings
from django.template import engines
from django.template.base import Node, TextNode
from django_coverage_plugin.plugin import DjangoTemplatePlugin

RENDERED: set[Node] = set()


class TemplateLines(DjangoTemplatePlugin):  # type: ignore[misc]
    """What the library says of templates, without the tracer."""

    def __init__(self) -> None:
        super().__init__({"template_extensions": "html, txt"})

    def file_tracer(self, filename: str) -> None:
        """Trace nothing of the template engine."""


def coverage_init(plugins: Plugins, _options: Any) -> None:
    library = TemplateLines()
    plugins.add_file_tracer(library)
    plugins.add_configurer(library)


def pytest_configure(config: pytest.Config) -> None:
    """Let each node remember where it stands, before the engine is first used, and note it."""
    if not config.getoption("cov_source"):
        return
    for engine in settings.TEMPLATES:
        cast("dict[str, object]", engine["OPTIONS"])["debug"] = True
    for kind in (Node, TextNode):
        note_rendering(kind)


def note_rendering(kind: type[Node]) -> None:
    render = kind.render_annotated

    def render_and_note(node: Node, context: Any) -> Any:
        RENDERED.add(node)
        return render(node, context)

    kind.render_annotated = render_and_note  # type: ignore[method-assign,assignment]


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtestloop() -> Generator[None, object, object]:
    """Leave the lines beside those of the tracer, before pytest-cov puts them together."""
    answer = yield
    if lines := lines_of(RENDERED):
        data = CoverageData(basename=".coverage", suffix=True)
        data.add_arcs({name: {(-1, line) for line in reached} for name, reached in lines.items()})
        data.add_file_tracers(dict.fromkeys(lines, f"{__name__}.{TemplateLines.__name__}"))
        data.write()
    return answer


def lines_of(nodes: set[Node]) -> dict[str, set[int]]:
    """The lines of each template of ours on which these nodes stand."""
    folders = [folder for engine in engines.all() for folder in engine.dirs]
    ours = tuple(map(str, folders))
    library, lines = TemplateLines(), defaultdict[str, set[int]](set)
    for node in nodes:
        frame = SimpleNamespace(
            f_code=SimpleNamespace(co_name="render_annotated"), f_locals={"self": node}
        )
        name = library.dynamic_source_filename("", frame)
        if name and name.startswith(ours):
            first, last = library.line_number_range(frame)
            lines[name] |= set(range(first, last + 1)) if first > 0 else set()
    return dict(lines)

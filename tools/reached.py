"""Which lines and branches of the house, and which lines of its templates, a run reached.

A plugin of pytest, for a run in several processes. SlipCover writes a probe before each line as
a module is read; a tracer, which Python asks at every line of Django too, took a third of the
time of a test. The lines of a template are those of its nodes that were rendered, as
django_coverage_plugin finds them.
"""

import io
import json
import os
import tomllib
from collections import defaultdict
from collections.abc import Generator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import slipcover
from django.conf import settings
from django.template import engines
from django.template.base import Node, TextNode
from django_coverage_plugin.plugin import DjangoTemplatePlugin
from slipcover.slipcover import add_summaries

from tools.paths import ROOT

CONFIGURED = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["slipcover"]
OUTPUT = "reached"
REPORT = pytest.StashKey[dict[str, Any]]()
#: A probe that was passed is not taken out again, for which SlipCover would look through every
#: module of the house; it takes eleven nanoseconds.
NEVER = 1_000_000_000
RENDERED: set[Node] = set()
#: What the processes of a run reached in each file, as each of them told when it ended.
TOLD: defaultdict[str, set[int | tuple[int, int]]] = defaultdict(set)


def installed() -> Any:
    """Write probes into every module of the house that is read from now on."""
    probes = slipcover.Slipcover(branch=True, d_miss_threshold=NEVER)
    matcher = slipcover.FileMatcher(sources=CONFIGURED["source"], omit=CONFIGURED["omit"])
    slipcover.ImportManager(probes, matcher).__enter__()
    return probes


#: A process that runs tests measures; the one that hands them out puts together what they tell.
PROBES = installed() if "PYTEST_XDIST_WORKER" in os.environ else None


def pytest_configure() -> None:
    """Let each node remember where it stands, before the engine is first used, and note it."""
    if PROBES:
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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell what this process reached."""
    if PROBES:
        # Lines are numbers, and branches are pairs of them.
        seen = {short(Path(name)): list(places) for name, places in PROBES.newly_seen.items()}
        told = seen | {name: list(lines) for name, lines in lines_of(RENDERED).items()}
        cast("Any", session.config).workeroutput[OUTPUT] = json.dumps(told)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear what one process reached."""
    if told := getattr(node, "workeroutput", {}).get(OUTPUT):
        for name, places in json.loads(told).items():
            TOLD[name] |= {place if isinstance(place, int) else tuple(place) for place in places}


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Fail a run that reached less than it must."""
    answer = yield
    if TOLD:
        session.config.stash[REPORT] = report = everything_told()
        session.testsfailed += falls_short(report)
    return answer


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the files with lines or branches that nobody reached, and the sum."""
    if report := config.stash.get(REPORT, None):
        table = io.StringIO()
        slipcover.print_coverage(report, outfile=table, skip_covered=True)
        terminalreporter.section("lines and branches reached")
        terminalreporter.write(table.getvalue())
        said = f"{report['summary']['percent_covered']:.2f} % of lines and branches reached"
        least = CONFIGURED["fail-under"]
        terminalreporter.line(f"{said}; {least} % is the least", red=falls_short(report))


def falls_short(report: dict[str, Any]) -> bool:
    return bool(report["summary"]["percent_covered"] < CONFIGURED["fail-under"])


def everything_told() -> dict[str, Any]:
    """All that could be reached, with what was."""
    report: dict[str, Any] = slipcover.Slipcover(
        branch=True,
        source=CONFIGURED["source"],
        omit=CONFIGURED["omit"],
        exclude_also=CONFIGURED["exclude-also"],
    ).get_coverage()
    for path in templates():
        lines = DjangoTemplatePlugin({}).file_reporter(str(path)).lines()
        report["files"][short(path)] = {"missing_lines": sorted(lines), "missing_branches": []}
    for name, file in report["files"].items():
        for kind in ("lines", "branches"):
            there = file[f"missing_{kind}"]
            file[f"executed_{kind}"] = [place for place in there if place in TOLD[name]]
            file[f"missing_{kind}"] = [place for place in there if place not in TOLD[name]]
    add_summaries(report)
    return report


def templates() -> Iterator[Path]:
    """The templates that pages, mails and papers are made of."""
    for kind in ("*.html", "*.txt"):
        yield from (ROOT / "templates").rglob(kind)


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_of(nodes: set[Node]) -> dict[str, set[int]]:
    """The lines of each template of ours on which these nodes stand."""
    folders = [folder for engine in engines.all() for folder in engine.dirs]
    ours = tuple(map(str, folders))
    library, lines = DjangoTemplatePlugin({}), defaultdict[str, set[int]](set)
    for node in nodes:
        frame = SimpleNamespace(
            f_code=SimpleNamespace(co_name="render_annotated"), f_locals={"self": node}
        )
        name = library.dynamic_source_filename("", frame)
        if name and name.startswith(ours):
            first, last = library.line_number_range(frame)
            lines[short(Path(name))] |= set(range(first, last + 1)) if first > 0 else set()
    return dict(lines)

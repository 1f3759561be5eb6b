"""The main job in real Chromium: with htmx and without scripts, in Dutch and in English.

Words and scripts know nothing of each other, so that two ways have seen all four of them. All:
python3 dev.py test tests/browser --every-way
"""

import pytest
from playwright.sync_api import Browser

from tests.browser.visitors import BrowserVisitor
from tests.journeys import story
from tests.journeys.cast import Colleagues, make_cast, register_last_quarter
from tests.journeys.story import MOTIVATION, NARRATIVE, NOTE
from tests.processes import Served

#: The shapes of pages that axe has looked at: what it judges is the same in both languages.
JUDGED: set[str] = set()
WAYS = {"htmx, Dutch": ("nl", True), "no scripts, English": ("en", False)}
OTHER_WAYS = {"htmx, English": ("en", True), "no scripts, Dutch": ("nl", False)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    every = metafunc.config.getoption("--every-way", default=False)
    ways = WAYS | (OTHER_WAYS if every else {})
    metafunc.parametrize(("language", "scripts"), ways.values(), ids=list(ways))


def test_the_main_job_is_done_in_a_browser(
    served: Served,
    chromium: Browser,
    language: str,
    scripts: bool,  # noqa: FBT001 -- one of the ways
) -> None:
    cast = make_cast()
    register_last_quarter(cast, story.last_quarter())
    at = Colleagues(
        cast,
        lambda member: BrowserVisitor(
            member, chromium, served.url, language=language, scripts=scripts, judged=JUDGED
        ),
    )
    places = story.from_signal_to_closed_case(at)
    release = story.orders_the_release(at.rapporteur)
    story.waits_for_the_figures(at.rapporteur, release)
    story.proposes(at.rapporteur, release)
    story.approves(at.second_rapporteur, release)
    files = story.finds_the_files(at.rapporteur, release)
    assert {len(at.rapporteur.download(file)) > 100 for file in files} == {True}
    story.looks_at_the_dashboard(at.policy)

    for name, words in {
        "officer": (MOTIVATION, NOTE),
        "coordinator": (NARRATIVE, MOTIVATION),
        "shelter": (NARRATIVE, MOTIVATION, NOTE),
        "registrar": (NARRATIVE, MOTIVATION, NOTE),
        "policy": story.PERSONAL,
        "rapporteur": story.PERSONAL,
    }.items():
        pages = "".join(getattr(at, name).seen)
        assert not [word for word in words if word in pages], name
    assert at.officer.status(places.case) == 404
    assert at.coordinator.status(places.signal) == 404
    for visitor in at.seated.values():
        visitor.open("/home/")
        visitor.open("/notices/")
        assert visitor.screen.locator("main h1").count() == 1

"""Two deeds that are done every day, with the keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route

from referral.organisations.roles import Role
from tests.browser.visitors import signed_in
from tests.factories.people import make_member
from tests.factories.signals import make_signal
from tests.processes import Served

#: More stops than any page has between its first link and its last button.
MOST_STOPS = 120
FOCUS = """() => {
  const at = document.activeElement;
  return {name: at.name || "", type: at.type || "", value: at.value || "",
          href: at.getAttribute("href") || "", action: (at.form && at.form.action) || ""};
}"""


def tab_to(page: Page, wanted: Callable[[dict[str, str]], bool]) -> dict[str, str]:
    """Go on with Tab until what is wanted has the focus, and see that the focus shows."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here: dict[str, str] = page.evaluate(FOCUS)
        if wanted(here):
            shown = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            assert page.evaluate(shown), f"nobody sees that {here} has the focus"
            return here
    raise AssertionError(f"Tab does not come there on {page.url}")


def press_on(page: Page, part: str) -> None:
    """Come to the button whose form leads there, or the link, and press Enter."""

    def leads(here: dict[str, str]) -> bool:
        if here["type"] == "submit":
            return part in here["action"]
        return part in here["href"]

    tab_to(page, leads)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tick(page: Page, name: str, value: str) -> None:
    """Space ticks a box; the arrows go through the answers of which one is chosen."""
    here = tab_to(page, lambda here: here["name"] == name)
    for _step in range(20):
        if here["value"] == value:
            page.keyboard.press("Space")
            break
        page.keyboard.press("ArrowDown" if here["type"] == "radio" else "Tab")
        here = page.evaluate(FOCUS)
    assert page.locator(f"[name={name}][value={value}]").is_checked()


def write(page: Page, name: str, words: str) -> None:
    tab_to(page, lambda here: here["name"] == name)
    page.keyboard.type(words)


@pytest.fixture
def page_of(served: Served, chromium: Browser) -> Callable[..., Page]:
    def open_page(member: object, path: str) -> Page:
        context = signed_in(chromium, member, served.url, language="nl")
        page = context.new_page()
        page.goto(path)
        return page

    return open_page


def test_an_officer_sends_a_signal_without_a_mouse(page_of: Callable[..., Page]) -> None:
    page = page_of(make_member(Role.LE_POLICE), "/home/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["href"] == "#main"  # the way past the header comes first
    press_on(page, "/signals/new/")
    tick(page, "danger", "no")
    tick(page, "forms", "labour")
    write(page, "facts", "Two men sleep in the barn.")
    tab_to(page, lambda here: here["name"] == "municipality")
    page.keyboard.type("Rotterdam")
    tab_to(page, lambda here: here["name"] == "place_kind")
    page.keyboard.type("Boer")
    if not page.locator("[name=place_kind]").input_value():
        page.keyboard.press("ArrowDown")
    write(page, "observed", "gisteren")
    write(page, "n_victims", "2")
    tick(page, "people", "man")
    press_on(page, "/signals/new/")
    assert page.url.endswith("/receipt/"), page.locator("main").inner_text()
    assert "SIG-" in page.locator("main").inner_text()


def test_an_analyst_takes_a_signal_up_and_judges_it_without_a_mouse(
    page_of: Callable[..., Page],
) -> None:
    analyst = make_member(Role.EMM_ANALYST)
    signal = make_signal()
    page = page_of(analyst, "/signals/triage/")
    press_on(page, f"/signals/{signal.pk}/take-up/")
    press_on(page, f"/signals/{signal.pk}/judge/")
    tick(page, "verdict", "forwarded")
    write(page, "motivation", "Three facts agree.")
    press_on(page, f"/signals/{signal.pk}/judge/")
    assert "Three facts agree." in page.locator("main").inner_text()
    assert page.url.endswith(f"/signals/{signal.pk}/")


def test_what_is_typed_while_the_form_asks_more_is_kept(page_of: Callable[..., Page]) -> None:
    """The answer to a step is held until more was typed, also in the rows; going back and coming
    again finds it all.
    """
    page = page_of(make_member(Role.PARTNER_NGO), "/signals/new/")
    held: list[Route] = []
    page.locator("#person-group summary").click()
    page.get_by_role("button", name="Persoon toevoegen").click()
    page.locator("[name=person-1-role]").select_option("suspect")
    page.route(re.compile(r"/signals/new/(\?|$)"), lambda route: held.append(route), times=1)  # noqa: PLW0108

    page.locator("[name=consent]").select_option("yes")
    page.locator("[name=facts]").press_sequentially("Zij slaapt in de keuken.")
    page.locator("[name=person-1-given_names]").press_sequentially("Mallory")
    held[0].continue_()
    page.locator("[name=consent_on]").fill("01-11-2026")
    page.get_by_text("Concept bewaard om").wait_for()
    page.goto("/signals/")
    page.go_back()

    assert page.locator("[name=facts]").input_value() == "Zij slaapt in de keuken."
    assert page.locator("[name=person-1-given_names]").input_value() == "Mallory"
    assert page.locator("[name=consent_on]").input_value() == "01-11-2026"

"""The colleagues of the journeys, at a real browser on a narrow phone."""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from referral.organisations.models import Membership
from tests.factories.people import sign_in
from tests.journeys.visitors import Visitor
from tools.shots import PARTS_THAT_VARY

NARROW = {"width": 360, "height": 800}
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"


def signed_in(
    browser: Browser, member: Membership, url: str, *, language: str, scripts: bool = True
) -> BrowserContext:
    """A browser of this colleague, as after signing in."""
    context = browser.new_context(
        base_url=url,
        locale=language,
        viewport=NARROW,
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    session = sign_in(Client(), member).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    return context


class BrowserVisitor(Visitor):
    """Clicks and types. Every page is looked at: width, errors in the console, and axe once."""

    def __init__(
        self,
        member: Membership,
        browser: Browser,
        url: str,
        *,
        language: str,
        scripts: bool,
        judged: set[str],
    ) -> None:
        super().__init__(member, language=language)
        self.url, self.scripts, self.judged = url, scripts, judged
        self.context = signed_in(browser, member, url, language=language, scripts=scripts)
        self.screen: Page = self.context.new_page()
        self.errors: list[str] = []
        self.screen.on("console", self._said)
        self.screen.on("pageerror", lambda error: self.errors.append(str(error)))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def open(self, path: str) -> None:
        answer = self.screen.goto(path)
        self._look(answer.status if answer else 200)

    def follow(self, pattern: str) -> None:
        found = self.links(pattern)
        assert found, f"no link to {pattern} on {self.path}: {self.text[:2000]}"
        links = self.screen.locator("a[href]")
        index = [
            urljoin(self.path, str(address))
            for address in links.evaluate_all("all => all.map(a => a.getAttribute('href'))")
        ].index(found[0])
        with self.screen.expect_navigation() as gone:
            links.nth(index).click()
        self._look(gone.value.status if gone.value else 200)

    def submit(self, form: Any, answers: dict[str, Any]) -> None:
        place = self.page_forms().index(tuple_of(form))
        shown = self.screen.locator("form").nth(place)
        button = shown.locator("button:not([type=button])").first
        if not button.is_visible():  # it says what Enter does; its visible twin is clicked
            said = (button.text_content() or "").strip()
            button = shown.get_by_role("button", name=said, exact=True)
        for name, answer in answers.items():
            if shown.locator(f"button[name={name}]").count():
                button = shown.locator(f"button[name={name}][value='{answer}']")
            else:
                self.fill_in(shown, name, answer)
        if self.scripts and form.get("hx-post"):
            with self.screen.expect_response(lambda answer: answer.request.method == "POST"):
                button.click()
            self.screen.wait_for_load_state("networkidle")
            self._look(200)
            return
        with self.screen.expect_navigation() as gone:
            button.click()
        self._look(gone.value.status if gone.value else 200)

    def page_forms(self) -> list[tuple[str, ...]]:
        return [tuple_of(form) for form in self.page.forms]

    def fill_in(self, form: Locator, name: str, answer: Any) -> None:
        field = form.locator(f"[name={name}]")
        kind = field.first.evaluate("one => one.type")
        folded = form.locator(f"details:not([open]):has([name={name}]) > summary")
        if folded.count():
            folded.first.click()
        if kind in {"radio", "checkbox"} and not isinstance(answer, bool):
            for value in [answer] if isinstance(answer, str) else answer:
                form.locator(f"[name={name}][value='{value}']").check()
        elif kind == "checkbox":
            field.set_checked(answer)
        elif kind.startswith("select"):
            field.select_option(answer)
        else:
            field.fill(str(answer))

    def _look(self, code: int) -> None:
        parts = urlsplit(self.screen.url)
        path = parts._replace(scheme="", netloc="", fragment="").geturl()
        self.came_to(path, self.screen.content(), code)
        assert not self.screen.evaluate(TOO_WIDE), f"{path} is wider than a phone"
        assert not self.errors, (path, self.errors)
        role = self.member.role if parts.path == "/home/" else ""
        shape = f"{role} {PARTS_THAT_VARY.sub('*', parts.path)} {len(self.page.forms)}"
        if self.scripts and shape not in self.judged:
            self.judged.add(shape)
            options = {"preload": False, "resultTypes": ["violations"]}
            found = Axe().run(self.screen, options=options).response["violations"]
            assert not found, (path, [(one["id"], one["nodes"][0]["html"]) for one in found])
            self.screen.wait_for_timeout(100)
            self.errors.clear()  # axe tries inline styles, which the policy refuses

    def status(self, path: str, *, deed: bool = False) -> int:
        """Beside the screen, with the same cookies."""
        if not deed:
            return self.context.request.get(path).status
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.html)
        form = {"csrfmiddlewaretoken": token[1] if token else ""}
        return self.context.request.post(path, form=form).status

    def download(self, path: str) -> bytes:
        answer = self.context.request.get(path)
        assert answer.status == 200
        return answer.body()


def tuple_of(form: Any) -> tuple[str, ...]:
    """What tells one form of a page from another."""
    hidden = [
        field.get("value") or ""
        for field in form.iterfind(".//input[@type='hidden']")
        if field.get("name") != "csrfmiddlewaretoken"
    ]
    return (form.get("action") or "", form.method, *hidden)

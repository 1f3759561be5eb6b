"""Walk the whole site as every colleague of the demo: pictures, axe and width of each page.

python -m tools.shots DIRECTORY --base-url URL [--only SLUG ...] [--language nl]
"""

import argparse
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

WIDTHS = (360, 1280)
PUBLIC = "public"
#: Pages of one shape (another person, another case) that are worth a look each.
SAME_SHAPE = 2
#: Where a colleague also begins: what stands on top of the own lists is in one state only, and
#: other states have pages of their own.
ALSO = {
    "analist": ("/signals/triage/?status=mine",),
    "emm-coordinator": ("/signals/triage/?status=judged", "/signals/triage/?status=needs_info"),
}
#: Pages that are the same for everyone are looked at once, by the first who comes there.
COMMON = ("/accessibility/", "/accounts/", "/demo/", "/geography/")
PARTS_THAT_VARY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|GM\d{4}", re.IGNORECASE)
#: Without a sandbox and without much shared memory, as in a container; nothing leaves the machine.
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser")


@dataclass(frozen=True, slots=True)
class Look:
    """What one page showed at one width."""

    role: str
    path: str
    width: int
    status: int
    title: str
    too_wide: bool
    violations: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        return self.status < 400 and not self.too_wide and not self.violations


class Walk:
    """One visitor's walk along every link, each shape of address at most `SAME_SHAPE` times."""

    def __init__(self, role: str, base: str, directory: Path, common: set[str]) -> None:
        self.role, self.base, self.common = role, base, common
        self.directory = directory / role
        self.directory.mkdir(parents=True, exist_ok=True)
        self.seen: set[str] = set()
        self.shapes: dict[str, int] = {}

    def looks(self, context: BrowserContext, start: str) -> Iterator[Look]:
        page = context.new_page()
        waiting = [*ALSO.get(self.role, ()), start]
        while waiting:
            path = waiting.pop(0)
            if not self.is_new(path):
                continue
            response = visit(page, urljoin(self.base, path))
            if response is None:
                continue
            here = urlsplit(page.url).path
            if here != path and not self.is_new(here):
                continue
            for width in WIDTHS:
                yield self.look(page, here, width, response.status)
            waiting += links(page, self.base)

    def is_new(self, path: str) -> bool:
        shape = PARTS_THAT_VARY.sub("*", path)
        if path in self.seen | self.common or self.shapes.get(shape, 0) >= SAME_SHAPE:
            return False
        if path.startswith(COMMON):
            self.common.add(path)
        self.seen.add(path)
        self.shapes[shape] = self.shapes.get(shape, 0) + 1
        return True

    def look(self, page: Page, path: str, width: int, status: int) -> Look:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=self.directory / f"{file_name(path)}-{width}.png", full_page=True)
        # Without preload: axe asks for imported style sheets at addresses that do not exist.
        found = Axe().run(page, options={"preload": False}).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        violations = tuple(f"{rule['id']}: {rule['nodes'][0]['html'][:90]}" for rule in found)
        return Look(self.role, path, width, status, page.title(), bool(wide), violations)


def visit(page: Page, url: str) -> Response | None:
    """Open a page; a download or another kind of document is none."""
    try:
        response = page.goto(url)
    except Exception as refusal:
        if "Download is starting" in str(refusal):
            return None
        raise
    kind = response.headers.get("content-type", "") if response else ""
    return response if kind.startswith("text/html") else None


def links(page: Page, base: str) -> list[str]:
    """Every address within the site that this page links to, without its query."""
    # Of a link in a drawing `href` is no text, so the attribute is asked.
    whole = "links => links.map(link => new URL(link.getAttribute('href'), document.baseURI).href)"
    addresses = page.eval_on_selector_all("a[href]", whole)
    parts = [urlsplit(address) for address in addresses]
    return [part.path for part in parts if part.netloc == urlsplit(base).netloc]


def file_name(path: str) -> str:
    return PARTS_THAT_VARY.sub("x", path.strip("/")).replace("/", "_") or "start"


def colleagues(browser: Browser, base: str) -> list[str]:
    page = browser.new_page()
    page.goto(urljoin(base, "/demo/"))
    forms = page.eval_on_selector_all(
        'form[action^="/demo/"]', "forms => forms.map(form => form.getAttribute('action'))"
    )
    page.close()
    return [str(action).strip("/").split("/")[-1] for action in forms]


def walk(browser: Browser, base: str, directory: Path, only: list[str], locale: str) -> list[Look]:
    looks: list[Look] = []
    common: set[str] = set()
    for role in [PUBLIC, *colleagues(browser, base)]:
        if only and role not in only:
            continue
        context = browser.new_context(locale=locale, reduced_motion="reduce")
        start = "/"
        if role != PUBLIC:
            page = context.new_page()
            page.goto(urljoin(base, "/demo/"))
            page.click(f'form[action="/demo/{role}/"] button')
            start = urlsplit(page.url).path
            page.close()
        for look in Walk(role, base, directory, common).looks(context, start):
            looks.append(look)
            print(line(look), flush=True)
        context.close()
    return looks


def line(look: Look) -> str:
    faults = [*(["too wide"] if look.too_wide else []), *look.violations]
    said = "; ".join(faults) or "-"
    return f"{look.role:<16} {look.path:<44} {look.width:>5} {look.status} {look.title[:40]:<40} {said}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--only", nargs="*", default=[], help="slugs of colleagues, or public")
    parser.add_argument("--language", default="nl")
    asked = parser.parse_args()
    executable = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        looks = walk(browser, asked.base_url, asked.directory, asked.only, asked.language)
        browser.close()
    unwell = [look for look in looks if not look.is_well]
    print(f"{len(looks)} looks, {len(unwell)} with something to mend")
    return 1 if unwell else 0


if __name__ == "__main__":
    sys.exit(main())

"""A visitor who looks at the start page, and at the home page of each colleague of the demo."""

import http.cookiejar
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from tools.environment import Surroundings
from tools.paths import ROOT
from tools.terminal import Failed, say

PATIENCE = 30  # seconds for one page
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """One browser without a screen: it keeps cookies and follows redirects."""

    def __init__(self, site_url: str) -> None:
        """Begin without cookies."""
        self.site_url = site_url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return the status, the text, and the path where the redirects ended."""
        url = self.site_url + path
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        request = urllib.request.Request(url, data, {"Referer": url})  # noqa: S310  always http
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                text = answer.read().decode()
                return answer.status, text, urllib.parse.urlsplit(answer.url).path
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode(errors="replace"), path
        except OSError as failure:
            return 0, str(failure), path

    def look(self, name: str, path: str, fields: dict[str, str] | None = None) -> bool:
        """Ask a page, print what came and how fast, and tell whether it was a page."""
        start = time.monotonic()
        status, text, end = self.ask(path, fields)
        took = (time.monotonic() - start) * 1000
        print(f"{status:>6} {len(text.encode()):>9,} bytes {took:>7,.0f} ms  {end:<10} {name}")
        return status == 200

    def sign_in(self, slug: str) -> bool:
        """Go through the door of the demo as a colleague, and look at the home page."""
        status, page, _path = self.ask("/demo/")
        token = TOKEN.search(page)
        if status != 200 or not token:
            print(f"{status:>6} the door of the demo, /demo/, does not open for {slug}")
            return False
        return self.look(slug, f"/demo/{slug}/", {"csrfmiddlewaretoken": token[1]})


def visit(surroundings: Surroundings) -> int:
    """Look at every home page once; return 0 when all of them are there."""
    names = colleagues(surroundings)
    say(f"the start page, and the home pages of {len(names)} colleagues")
    good = [Visitor(surroundings.site_url).look("start page", "/")]
    good += [Visitor(surroundings.site_url).sign_in(slug) for slug in names]
    say(f"{good.count(True)} passed, {good.count(False)} failed")
    return 0 if all(good) else 1


def colleagues(surroundings: Surroundings) -> list[str]:
    """Return the short names of the people one can be in the demo."""
    command = "list_demo_colleagues"
    listed = subprocess.run(
        [sys.executable, "manage.py", command, "--json"],
        cwd=ROOT,
        env=surroundings.for_command(command),
        stdout=subprocess.PIPE,
        text=True,
    )
    if listed.returncode:
        raise Failed(f"`manage.py {command}` failed, see above")
    names = [colleague["slug"] for colleague in json.loads(listed.stdout)]
    if not names:
        raise Failed("the demo has no colleagues")
    return names

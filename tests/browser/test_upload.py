"""A file goes in pieces, over a connection that is lost on the way."""

from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from PIL import Image
from playwright.sync_api import Browser, Route

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.attachments.models import Attachment
from tests.browser.visitors import signed_in
from tests.factories.people import make_member
from tests.factories.signals import make_signal
from tests.processes import Served


def lost_once() -> Callable[[Route], None]:
    seen: list[str] = []

    def pass_on(route: Route) -> None:
        seen.append(route.request.method)
        if len(seen) == 3:
            route.abort()
        else:
            route.continue_()

    return pass_on


def test_a_file_goes_on_where_the_connection_was_lost(
    chromium: Browser, served: Served, tmp_path: Path
) -> None:
    officer = make_member(Role.LE_POLICE)
    signal = make_signal(by=officer)
    scan = tmp_path / "scan.png"
    Image.effect_noise((1500, 1100), 90).save(scan)
    page = signed_in(chromium, officer, served.url, language="nl").new_page()
    page.goto(f"/signals/{signal.pk}/attach/")
    page.route("**/upload/", lost_once())

    page.set_input_files("input[type=file]", scan)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/signals/{signal.pk}/#attachments")

    assert "scan.png" in page.locator("#attachments").inner_text()
    with acting(officer, purpose="test"), transaction.atomic():
        assert Attachment.objects.get().received == scan.stat().st_size > 2**20

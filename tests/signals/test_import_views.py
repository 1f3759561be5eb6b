"""The coordinator's pages of imports: a wrong file at the door, a report for every row."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.actions import order_import
from signals.models import ImportBatch, Signal
from signals.tasks import take_in
from tests.factories.people import make_member, sign_in
from tests.signals.test_intake import raw
from tests.signals.test_reading import HEADER, row

pytestmark = pytest.mark.django_db


def test_a_page_of_import_is_only_for_who_imports(client):
    sign_in(client, make_member(Role.EMM_ANALYST))

    assert client.get("/signals/imports/").status_code == 404


@pytest.fixture
def coordinator(client):
    member = make_member(Role.EMM_COORDINATOR)
    sign_in(client, member)
    return member


def upload(content, **changes):
    file = SimpleUploadedFile("signals.csv", content, content_type="text/csv")
    return {"profile": "ctdc", "file": file, **changes}


@pytest.mark.usefixtures("coordinator")
def test_a_file_is_sent_and_followed_until_its_report(client, coordinator):
    content = "\n".join([HEADER, row(), row(gender="Mael")]).encode()
    page = client.post("/signals/imports/", upload(content), follow=True)

    assert "Waiting for its turn" in page.text
    with acting(coordinator, purpose="test"):
        batch = ImportBatch.objects.get()
        part = client.get(f"/signals/imports/{batch.pk}/progress/")
        assert "hx-get" in part.text
        assert "HX-Refresh" not in part
        take_in(batch.pk, by=coordinator)
    assert client.get(f"/signals/imports/{batch.pk}/progress/")["HX-Refresh"] == "true"
    report = client.get(batch.get_absolute_url()).text
    assert "gender: “Mael”" in report
    assert "signals.csv" in client.get("/signals/imports/").text


@pytest.mark.usefixtures("coordinator")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"hello", "does not name"),
        (b"\xff\xfe", "UTF-8"),
        (HEADER.encode(), "no rows"),
    ],
)
def test_a_wrong_file_is_refused_at_the_door(client, content, words):
    page = client.post("/signals/imports/", upload(content))

    assert page.status_code == 422
    assert words in page.text
    assert raw("SELECT count(*) FROM signals_importbatch") == [(0,)]


def test_a_report_says_why_a_file_is_broken(client, coordinator):
    content = "\n".join([HEADER, *[row()] * 150, row(yearRegister="3014")]).encode()
    with acting(coordinator, purpose="test"):
        batch = order_import(
            lambda: [content], file_name="f.csv", profile="ctdc", by=coordinator, at=timezone.now()
        )
        take_in(batch.pk, by=coordinator)

    assert "Line 152: the year “3014”" in client.get(batch.get_absolute_url()).text


def test_rows_of_a_file_wait_in_a_queue_of_their_own(client, coordinator):
    content = "\n".join([HEADER, row(UN_COE_Region="Asia", majorityStatus="Minor")]).encode()
    with acting(coordinator, purpose="test"):
        batch = order_import(
            lambda: [content], file_name="f.csv", profile="ctdc", by=coordinator, at=timezone.now()
        )
        take_in(batch.pk, by=coordinator)
        [signal] = Signal.objects.visible_to(coordinator)

    assert signal.reference not in client.get("/signals/triage/").text
    assert signal.reference in client.get("/signals/triage/?status=files").text

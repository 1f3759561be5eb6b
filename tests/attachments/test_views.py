"""The pages of files: added with and without JavaScript, shown as they stand, taken along."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from referral.files.workflow import Reason
from referral.organisations.roles import Role
from signals.attachments.models import Attachment
from signals.attachments.tasks import rebuild_waiting
from tests.attachments.files import document, photograph
from tests.factories.attachments import begun_upload, make_attachment
from tests.factories.people import make_member, sign_in
from tests.factories.signals import make_signal

pytestmark = pytest.mark.django_db


@pytest.fixture
def signal(alice):
    return make_signal(by=alice)


@pytest.fixture
def page(client, alice, signal):
    sign_in(client, alice)

    def shown() -> str:
        return client.get(signal.get_absolute_url()).content.decode()

    return shown


def sent(client, signal, name, data):
    address = reverse("signals:attachments:attach", args=[signal.pk])
    return client.post(address, {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_a_file_is_added_without_javascript_and_taken_along(client, alice, signal, page):
    assert "Add a file" in page()
    answer = sent(client, signal, "van.jpg", photograph(place=True)).content.decode()
    assert "In quarantine" in answer
    assert "hx-trigger" in answer.partition('id="attachments"')[2]

    rebuild_waiting()

    assert "place, time and camera" in page()
    assert "There is no virus scanner here" in page()
    file = Attachment.objects.visible_to(alice).get()
    taken = client.get(reverse("signals:attachments:download", args=[file.pk]))
    assert taken["Content-Disposition"] == 'attachment; filename="van.jpg"'
    assert (taken["Content-Type"], taken["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert taken["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert taken["Cache-Control"] == "no-store"
    assert "The original, as evidence" not in page()


def test_a_coordinator_takes_the_original_along(client, alice, signal):
    data = document(script=True)
    file = make_attachment(signal, by=alice, name="a.pdf", data=data)
    sign_in(client, make_member(Role.EMM_COORDINATOR))
    page = client.get(signal.get_absolute_url()).content.decode()
    assert file.sha256_hex in page
    taken = client.post(reverse("signals:attachments:evidence", args=[file.pk]))
    assert (taken.content, taken["Content-Security-Policy"][:7]) == (data, "sandbox")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.exe", b"MZ", Reason.EXTENSION),
        ("a.jpg", b"", Reason.EMPTY),
        ("a.pdf", photograph(), Reason.OTHER_KIND),
    ],
)
def test_what_is_not_taken_in_comes_back_in_words(client, alice, signal, name, data, reason):
    sign_in(client, alice)
    answer = sent(client, signal, name, data)
    assert answer.status_code == 422
    assert str(reason.label) in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_file_comes_in_pieces(client, alice, signal, page):
    data = photograph("PNG", size=(300, 200))
    begin = reverse("signals:attachments:begin", args=[signal.pk])
    assert client.post(begin, {"name": "a.exe", "size": 3}).status_code == 422
    begun = client.post(begin, {"name": "scan.png", "size": len(data)})
    address = begun["Location"]
    assert client.head(address)["Upload-Offset"] == "0"
    assert "0% has come in" in page()

    def patch(offset, piece):
        return client.patch(address, piece, headers={"upload-offset": str(offset)})

    assert patch(5, data).status_code == 409
    done = patch(0, data)

    assert (done.status_code, done["Upload-Offset"]) == (204, str(len(data)))
    rebuild_waiting()
    assert "scan.png" in page()
    assert Attachment.objects.visible_to(alice).get().status == "ready"


def test_a_wrong_beginning_ends_the_upload(client, alice, signal, page):
    file = begun_upload(signal, by=alice)
    address = reverse("signals:attachments:upload", args=[file.pk])
    answer = client.patch(address, b"GIF" + b"a" * 70_000, headers={"upload-offset": "0"})
    assert (answer.status_code, str(Reason.OTHER_KIND.label)) == (422, answer.content.decode())
    assert client.head(address).status_code == 410
    assert str(Reason.OTHER_KIND.label) in page()


def test_the_part_renews_itself_as_long_as_a_file_is_under_way(client, alice, signal):
    file = make_attachment(signal, by=alice, settled=False)
    sign_in(client, alice)
    address = reverse("signals:attachments:progress", args=[signal.pk])
    assert "hx-get" in client.get(address).content.decode()
    rebuild_waiting()
    renewed = client.get(address).content.decode()
    assert "hx-get" not in renewed
    assert reverse("signals:attachments:download", args=[file.pk]) in renewed

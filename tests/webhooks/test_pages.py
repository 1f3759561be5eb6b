"""The administrator gives a system an address, shows the secret once, tries it, and ends it."""

import re

import pytest

from referral.access.context import acting
from referral.access.idempotency import new_key
from referral.audit.models import AuditEvent
from referral.organisations.roles import Role
from signals.webhooks.models import Event
from tests.factories.people import make_member, sign_in
from tests.webhooks.rounds import push_round, the_endpoint

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")


@pytest.fixture
def visitor(client, admin):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return sign_in(client, admin)


def test_from_the_page_to_the_first_message_and_its_end(alice, receiver, visitor):
    page = f"/people/systems/{alice.client.pk}/webhook/"
    assert page in visitor.get(f"/people/systems/{alice.client.pk}/").content.decode()
    form = {"address": receiver.url, "events": Event.values, "idempotency_key": new_key()}

    shown = visitor.post(page, form)
    [secret] = SECRET.findall(shown.content.decode())
    again = visitor.post(page, form)

    assert "no-store" in shown["Cache-Control"]
    assert (again.status_code, again["Location"]) == (302, page)
    assert not SECRET.search(visitor.get(page).content.decode())

    visitor.post(f"{page}test/")
    push_round()
    [message] = receiver.taken
    assert (message.said["type"], message.said["data"]) == ("koppeling.test", {})
    assert message.signed_by(secret)
    assert "delivered" in visitor.get(page).content.decode()

    [fresh] = SECRET.findall(visitor.post(f"{page}secret/").content.decode())
    assert fresh != secret
    changed = {"address": receiver.url.replace("baken?", "else?"), "events": [Event.OUTCOME]}
    assert visitor.post(page, changed)["Location"] == page
    assert the_endpoint().events == [Event.OUTCOME]
    visitor.post(f"{page}stop/")
    assert "switched off by an administrator" in visitor.get(page).content.decode()
    visitor.post(f"{page}test/")
    assert "This address is switched off." in visitor.get(page).content.decode()
    visitor.post(f"{page}resume/")
    assert the_endpoint().off_at is None
    with acting(make_member(Role.AUDITOR), purpose="test"):
        lines = AuditEvent.objects.filter(object_id=str(the_endpoint().pk)).order_by("id")
        assert [line.action for line in lines] == [
            "endpoint_added",
            "endpoint_tested",
            "endpoint_secret_rotated",
            "endpoint_changed",
            "endpoint_switched_off",
            "endpoint_resumed",
        ]


@pytest.mark.parametrize(
    "changes",
    [{"address": "https://10.0.0.7/"}, {"address": "https://no.invalid/"}, {"events": []}],
)
def test_what_cannot_be_is_refused_in_words(alice, visitor, receiver, changes):
    form = {"address": receiver.url, "events": Event.values, **changes}

    answer = visitor.post(f"/people/systems/{alice.client.pk}/webhook/", form)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()

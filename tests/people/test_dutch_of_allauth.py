"""Baken says “u” to everyone; the Dutch of django-allauth says “je”.

Our own catalogue goes before that of a package, so its sentences stand there once more, in the
words of Baken. A new version of allauth brings new sentences, and these tests name them.
"""

import re
from pathlib import Path

import allauth
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.urls import reverse
from django.utils import translation

from referral.organisations.roles import Role
from tests.factories.people import make_member
from tools import words

THEIRS = Path(allauth.__file__).parent / "locale/nl/LC_MESSAGES/django.po"
INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jezelf)\b", re.IGNORECASE)
MARK = "Sentence of django-allauth, in the words of Baken"
#: Where allauth may say what it likes, and why nobody reads it here.
NEVER_SHOWN = {
    "socialaccount/": "not installed",
    "templates/socialaccount/": "not installed",
    "idp/": "not installed",
    "templates/idp/": "not installed",
    "templates/account/signup.html": "nobody signs up by themselves",
    "templates/account/signup_by_passkey.html": "nobody signs up by themselves",
    "templates/mfa/webauthn/signup_form.html": "nobody signs up by themselves",
    "templates/account/phone_change.html": "an account has no telephone number",
    "templates/account/messages/phone_": "an account has no telephone number",
}


def theirs() -> dict[words.Identity, Message]:
    with THEIRS.open("rb") as file:
        return words.by_identity(read_po(file, locale="nl"))


def places(message: Message) -> list[str]:
    return [place for place, _line in message.locations]


def is_shown(message: Message) -> bool:
    return not all(place.startswith(tuple(NEVER_SHOWN)) for place in places(message))


def said(message: Message) -> list[str]:
    """What the reader gets, in each number."""
    if not isinstance(message.id, str):
        return [translation.ngettext(*message.id, number) for number in (1, 2)]
    if message.context:
        return [translation.pgettext(message.context, message.id)]
    return [translation.gettext(message.id)]


def test_no_page_or_mail_of_allauth_says_je():
    shown = [message for message in theirs().values() if is_shown(message)]

    assert len(shown) > 200
    with translation.override("nl"):
        assert [text for m in shown for text in said(m) if INFORMAL.search(text)] == []


@pytest.mark.django_db
def test_who_forgot_a_password_is_spoken_to_politely_on_the_page_and_in_the_mail(
    client, mailoutbox
):
    member, door = make_member(Role.LE_POLICE), reverse("account_reset_password")
    asked = {"headers": {"accept-language": "nl"}}

    page = client.get(door, **asked).content.decode()
    client.post(door, {"email": member.user.email}, **asked)

    [mail] = mailoutbox
    assert "Vul uw e-mailadres in" in page
    assert "U krijgt deze e-mail" in mail.body
    assert not INFORMAL.search(page + mail.subject + mail.body)


def test_what_is_never_shown_is_still_a_place_of_allauth():
    everywhere = [place for message in theirs().values() for place in places(message)]

    for start in NEVER_SHOWN:
        assert any(place.startswith(start) for place in everywhere), start


def test_what_stands_in_our_catalogue_for_allauth_is_still_said_there():
    ours = [key for key, m in words.by_identity(words.kept()).items() if MARK in m.auto_comments]

    assert ours
    assert sorted(set(ours) - set(theirs())) == []

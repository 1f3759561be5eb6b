"""The database believes only a context that the application signed, and only for a while."""

import pytest
from django.db import connection, transaction

from referral.access.context import acting
from referral.access.database.base import signed_context
from referral.lib.acting import Actor
from referral.organisations.roles import Role
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db

ACTOR = Actor(user_id=7, organisation_id=8, role="emm_analyst", purpose="test")


def ask(function: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT baken.{function}")
        return cursor.fetchone()[0]


def set_context(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('baken.context', %s, true)", [value])


def test_without_a_context_nobody_acts():
    assert ask("actor_user()") is None
    assert ask("may('signal.read_all')") is False


def test_the_database_knows_who_acts_and_what_they_may():
    member = make_member(Role.EMM_ANALYST)
    with acting(member, purpose="test"):
        assert ask("actor_user()") == member.user_id
        assert ask("actor_organisation()") == member.organisation_id
        assert ask("actor_role()") == "emm_analyst"
        assert ask("may('signal.read_all')") is True
        assert ask("may('care_note.read')") is False
    assert ask("actor_user()") is None


def test_a_context_that_was_not_signed_is_nobody():
    value = signed_context(ACTOR)
    set_context(value)
    assert ask("actor_user()") == 7
    set_context(value.replace("|emm_analyst|", "|com_registrar|"))
    assert ask("actor_user()") is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        ":",
        "::",
        "not a context at all",
        "one:two:three|four",
        "1",
        "1:",
        "1:" + "0" * 64,
        "1:" + "0" * 64 + ":",
        "1:" + "0" * 64 + ":7|8|emm_analyst|99999999999|",
        "99999:" + "0" * 64 + ":7|8|emm_analyst|99999999999|",
        " 1:" + "0" * 64 + ":7|8|emm_analyst|soon|",
    ],
)
def test_what_is_no_context_is_nobody(value):
    set_context(value)

    assert ask("actor_user()") is None
    assert ask("may('signal.read_all')") is False


def test_a_purpose_may_hold_any_sign():
    set_context(signed_context(Actor(user_id=7, organisation_id=8, role="zc", purpose="a:b c'é")))

    assert ask("actor_purpose()") == "a:b c'é"


def test_an_old_context_is_nobody(time_machine):
    time_machine.move_to("2020-01-01")
    value = signed_context(ACTOR)
    set_context(value)
    assert ask("actor_user()") is None


def test_the_outer_member_acts_again_when_the_inner_one_is_done():
    member = make_member(Role.LE_POLICE)
    with acting(member, purpose="outer"):
        other = make_member(Role.ZC)
        with acting(other, purpose="inner"), transaction.atomic():
            assert ask("actor_role()") == "zc"
        assert ask("actor_role()") == "le_police"


def test_the_key_of_the_context_cannot_be_read_by_the_application():
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        connection.cursor().execute("SELECT * FROM baken.context_key")

"""Several questions in one statement give the same rows as each of them alone."""

import pytest

from referral.access.models import DataKey
from referral.access.secrets import new_data_keys
from referral.lib.together import fetch_together
from referral.organisations.models import Organisation, User
from referral.organisations.roles import Role
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


def test_rows_fetched_together_are_the_same_as_fetched_alone(django_assert_num_queries):
    """Keys, bytes, moments and nothing at all; an order; a question without an answer."""
    for _ in range(3):
        make_member(Role.ZC)
    new_data_keys(2)
    questions = (
        DataKey.objects.order_by("-pk"),
        User.objects.order_by("-pk"),
        Organisation.objects.order_by("name"),
        User.objects.filter(pk__lt=0),
    )
    with django_assert_num_queries(1):
        together = fetch_together(*questions)
    for found, question in zip(together, questions, strict=True):
        assert found == list(question)
        for one, other in zip(found, question, strict=True):
            values = [
                {
                    name: bytes(v) if isinstance(v, memoryview) else v
                    for name, v in vars(row).items()
                }
                for row in (one, other)
            ]
            for one_value in values:
                one_value.pop("_state")
            assert values[0] == values[1]
    assert together[3] == []

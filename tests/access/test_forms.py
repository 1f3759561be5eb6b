"""What every form of the house says of an answer that cannot be."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from referral.access.forms import DayField


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31-02-2026", "This day is not in the calendar. Check it."),
        ("2026-02-31", "This day is not in the calendar. Check it."),
        ("tomorrow", "Write a day, such as 31-12-2026."),
    ],
)
def test_a_day_that_cannot_be_is_told_apart_from_what_is_no_day(typed, said):
    with translation.override("en"), pytest.raises(ValidationError, match=said):
        DayField().clean(typed)

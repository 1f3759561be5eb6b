import pytest

from referral.lib.numbers import digits, is_bsn, is_v_number, phone


@pytest.mark.parametrize("number", ["999990019", "111222333", "123456782"])
def test_a_number_that_passes_the_eleven_test_is_a_bsn(number):
    assert is_bsn(number)


@pytest.mark.parametrize(
    "number", ["999990018", "12345678", "000000000", "1234567890", "abcdefghi", "", "१२३४५६७८२"]
)
def test_any_other_number_is_none(number):
    assert not is_bsn(number)


def test_one_wrong_digit_of_a_bsn_is_always_found():
    right = "999990019"
    for place in range(9):
        for digit in set("0123456789") - {right[place]}:
            assert not is_bsn(right[:place] + digit + right[place + 1 :])


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("06 1234 5678", "+31612345678"),
        ("+31 (6) 12-34-56-78", "+31612345678"),
        ("0048 601 234 567", "+48601234567"),
        ("020-1234567", "+31201234567"),
        ("12", ""),
        ("+0612345678", ""),
        ("nummer", ""),
    ],
)
def test_telephone_numbers_are_kept_with_their_country(written, number):
    assert phone(written) == number


def test_a_v_number_has_ten_digits():
    assert is_v_number(digits("287.654.3210"))
    assert not is_v_number("28765432")

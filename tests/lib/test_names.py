import pytest

from referral.lib.names import fold, sound, sounds, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jansen", "JANSSEN"),
        ("Achmed", "Ahmed"),
        ("Mohammed", "Muhamad"),
        ("Kowalska", "Ковалска"),
        ("Dijkstra", "Deikstra"),
        ("Wouters", "Wauters"),
        ("Schmidt", "Smit"),
        ("Йордан", "Yordan"),
        ("Christina", "Кристина"),
        ("Nguyễn", "Nguyen"),
        ("Philipova", "Filipowa"),
    ],
)
def test_names_that_are_heard_alike_have_one_sound(one, other):
    assert sounds(one) == sounds(other)


@pytest.mark.parametrize(("one", "other"), [("Bakker", "Dekker"), ("Ivanova", "Petrova")])
def test_names_that_are_heard_apart_have_two(one, other):
    assert sounds(one) != sounds(other)


def test_folding_makes_latin_letters_of_any_script_and_nothing_else():
    assert fold("  Zoë  O’Brien-Łuczak ") == "zoe obrien luczak"
    assert fold("Χρήστος") == "chrhstos"
    assert fold("王小芳") == "wang xiao fang"
    assert fold("김민준") == "gimminjun"
    assert fold("محمد يوسف") == "mhmd ywsf"
    assert fold("ሰላም") == "selam"
    assert fold("გიორგი") == "giorgi"
    assert fold("Đặng Thị Hồng") == "dang thi hong"
    assert fold("R2-D2!") == "r d"
    assert fold("") == ""


def test_particles_do_not_count_unless_there_is_nothing_else():
    assert words("van der Berg") == ["berg"]
    assert words("Al") == ["al"]
    assert words("") == []


def test_every_word_has_a_sound():
    assert sound("a") == "a"
    assert sound("h") == "h"
    assert sound("王芳") == "王芳"

import pytest

from reporting.tables import (
    TOTAL,
    Category,
    Cell,
    Dimension,
    Level,
    Measure,
    ProgrammeRefused,
    Words,
    combination_code,
)
from tests.reporting.programmes import VICTIMS, flat, nested, programme_of, same, several, table


def test_words_are_given_in_the_language_asked():
    assert Words("man", "male").in_language("nl") == "man"
    assert Words("man", "male").in_language("en") == "male"


def test_the_same_place_is_the_same_cell_whatever_the_order():
    one = Cell.of("victims", {"sex": "f", "form": "labour", "region": TOTAL})

    assert one == Cell.of("victims", {"form": "labour", "sex": "f"})
    assert one.code == "victims|form=labour|sex=f"


@pytest.mark.parametrize("places", [{}, {"form": "labour"}, {"form": "labour", "sex": "f"}])
def test_a_cell_is_read_back_from_its_code(places):
    cell = Cell.of("victims", places)

    assert Cell.parse(cell.code) == cell


@pytest.mark.parametrize("code", ["victims|", "victims|form", "victims|=x", "victims|form="])
def test_what_is_not_a_cell_is_refused(code):
    with pytest.raises(ValueError, match="not a cell"):
        Cell.parse(code)


def test_a_cell_moves_along_one_dimension():
    cell = Cell.of("victims", {"form": "labour"})

    assert cell.moved("sex", "f").category("sex") == "f"
    assert cell.moved("form", TOTAL) == Cell.of("victims", {})
    assert cell.category("region") == TOTAL


def test_a_group_of_unknown_leaves_is_refused():
    leaves = Level("a", same("a"), (Category("a0", same("a0")),))
    groups = Level("g", same("g"), (Category("g0", same("g0"), ("a0", "a9")),))

    with pytest.raises(ProgrammeRefused, match="a9"):
        Dimension("a", same("a"), (leaves, groups))


def test_the_first_level_holds_leaves():
    with pytest.raises(ProgrammeRefused, match="first level"):
        Dimension("a", same("a"), (Level("g", same("g"), (Category("g0", same("g0"), ("x",)),)),))


@pytest.mark.parametrize("codes", [["x", "x"], [TOTAL], ["x=y"], ["x|y"]])
def test_codes_that_would_confuse_cells_are_refused(codes):
    with pytest.raises(ProgrammeRefused):
        Dimension.flat("a", same("a"), [(code, same(code)) for code in codes])


def test_answers_given_together_become_exclusive_combinations():
    dimension = several("r", 3, [frozenset({0, 2}), frozenset()])

    assert dimension.leaf_codes == {"only:r0", "only:r1", "only:r2", "only:r0+r2", "only:none"}
    assert dimension.leaves_of("r0") == {"only:r0", "only:r0+r2"}
    assert dimension.level("r").overlaps
    assert not dimension.level("combinations").overlaps
    assert dimension.category("only:r0+r2").label == same("r0 + r2")
    assert dimension.category("only:none").label == Words("geen", "none")


def test_a_combination_is_named_in_the_order_of_the_answers():
    assert combination_code(["b", "a"], frozenset({"a", "b"})) == "b+a"


def test_a_leaf_counts_in_all_its_groups():
    assert set(nested("r", 4, 2).holders_of("r1")) == {"r1", "rg1"}
    with pytest.raises(ProgrammeRefused, match="r9"):
        nested("r", 4, 2).holders_of("r9")


def test_a_dimension_stands_once_in_a_table():
    with pytest.raises(ProgrammeRefused, match="twice"):
        table("T", ("sex", ("sex",)), sex="sex0")


def test_two_universes_of_one_unit_are_refused():
    programme = programme_of([flat("sex", 2)], table("T", ("sex", ("sex",))))
    other = Measure("victims_without_police", VICTIMS.unit, same("all but one agency"))

    with pytest.raises(ProgrammeRefused, match="same unit"):
        type(programme)("p", same("p"), (VICTIMS, other), programme.dimensions, programme.tables)


@pytest.mark.parametrize(
    "wrong",
    [
        table("T", ("age", ("age",))),
        table("T", ("sex", ("age",))),
        table("T", ("sex", ("sex",)), age="age0"),
    ],
)
def test_a_table_over_something_undeclared_is_refused(wrong):
    with pytest.raises(ProgrammeRefused, match="not declared"):
        programme_of([flat("sex", 2)], wrong)


def test_a_table_code_stands_once():
    with pytest.raises(ProgrammeRefused, match="twice"):
        programme_of([flat("sex", 2)], table("T"), table("T"))

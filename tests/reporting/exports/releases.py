"""A made-up release with protected figures, and the true counts that no file may hold."""

from datetime import date
from functools import cache

from reporting.disclosure.protection import protect
from reporting.exports import ReleaseDocument
from reporting.lattice import lattice_of, tabulate
from reporting.tables import (
    Axis,
    Cell,
    Dimension,
    Measure,
    Programme,
    Sum,
    TableSpec,
    Words,
    combination_code,
)

FORMS = [
    ("sexual", Words("seksuele uitbuiting", "sexual exploitation")),
    ("labour", Words("arbeidsuitbuiting", "labour exploitation")),
    ("crime", Words("criminele uitbuiting", "forced criminality")),
]
SEXES = [("f", Words("vrouw", "female")), ("m", Words("man", "male"))]
REPORTS = Measure("reports", Words("meldingen", "reports"), Words("elke melding", "each report"))
PERSONS = Measure("persons", Words("personen", "persons"), Words("elk een keer", "each once"))
REPEATED = Measure("repeated", Words("herhaald", "repeated"), Words("de rest", "the rest"))
# Numbers that nothing else in a file looks like.
NUMBERS = {("sexual", "f"): 7013, ("sexual", "m"): 1209, ("labour", "f"): 2, ("labour", "m"): 0}
BOTH = 3


def table(code, nl, en, measure, *dimensions):
    axes = tuple(Axis(name, (name,)) for name in dimensions)
    return TableSpec(code, Words(nl, en), measure, axes)


def programme() -> Programme:
    patterns = [frozenset({"sexual"}), frozenset({"labour"}), frozenset({"sexual", "crime"})]
    return Programme(
        "victims",
        Words("Slachtoffers van mensenhandel", "Victims of human trafficking"),
        (REPORTS, PERSONS, REPEATED),
        (
            Dimension.of_combinations("form", Words("vorm", "form"), FORMS, patterns),
            Dimension.flat("sex", Words("geslacht", "sex"), SEXES),
        ),
        (
            table("T01", "Meldingen", "Reports", "reports"),
            table("T02", "Meldingen naar geslacht", "Reports by sex", "reports", "sex"),
            table("T03", "Naar vorm en geslacht", "By form and sex", "reports", "form", "sex"),
        ),
        (Sum(Cell.of("reports", {}), (Cell.of("persons", {}), Cell.of("repeated", {}))),),
    )


@cache
def release() -> tuple[ReleaseDocument, dict[Cell, int]]:
    """The document of a release, and its true counts."""
    shown, lattice = programme(), lattice_of(programme())
    reports = [
        {"form": f"only:{form}", "sex": sex}
        for (form, sex), number in NUMBERS.items()
        for _ in range(number)
    ]
    names = [code for code, _ in FORMS]
    both = f"only:{combination_code(names, frozenset({'sexual', 'crime'}))}"
    reports += [{"form": both, "sex": "f"}] * BOTH
    repeated = 1117
    records = {
        "reports": reports,
        "persons": [{}] * (len(reports) - repeated),
        "repeated": [{}] * repeated,
    }
    counts = tabulate(shown, lattice, records)
    values = protect(shown, lattice, counts, secret=b"a secret of the tests").values
    document = ReleaseDocument(
        reference="baken-victims-2025-01-01",
        programme=shown,
        first_day=date(2025, 1, 1),
        last_day=date(2025, 3, 31),
        counted_on=date(2025, 4, 5),
        values=values,
        notes=(Words("Afgerond op vijf & <meer>.", "Rounded to five & <more>."),),
    )
    return document, counts


def true_counts_to_hide() -> set[str]:
    """The true counts, as digits and as both languages write them, that a file must not hold."""
    _, counts = release()
    big = {n for n in counts.values() if n > 1000 and n % 5}
    assert len(big) >= 5
    return {form for n in big for form in (str(n), f"{n:,}", f"{n:,}".replace(",", "."))}

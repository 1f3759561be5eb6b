"""One place tells the Dutch word for each English one."""

import re

from django.apps import apps
from django.conf import settings

from tools.glossary import PAGE, page, room_of, rows

WRITTEN = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in PAGE.read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| English")
]
#: The household of the system: nobody in the field has a word for it.
NO_WORD = {
    "RolePermission", "DataKey", "KeptAnswer", "FilePiece", "SeenContent", "CaseAccess",
    "OrganisationGroupPermission", "ReportProgrammeGroupPermission", "User",
    "SpentAssertion", "AccessToken", "AttachmentPiece", "DocumentPiece", "DraftContent",
}  # fmt: skip


def test_the_glossary_is_of_the_docstrings():
    assert PAGE.read_text() == page(), "run: python -m tools.glossary"


def test_every_record_of_the_field_has_its_dutch_word():
    rooms = {room_of(settings.BASE_DIR / "signals" / "x"), "reporting", "shelters"}
    ours = {
        model.__name__
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith(("referral.", *(f"{room}." for room in rooms)))
    }
    worded = {english.replace(" ", "") for english, *_rest in rows()}

    assert {name for name in ours if name.lower() not in worded} == NO_WORD


def test_a_row_is_whole():
    assert all(len(row) == 4 and all(row) for row in WRITTEN)
    assert not [row for row in WRITTEN if re.search(r"\bbirth|http", row[1])]

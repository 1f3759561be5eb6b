"""Files in another layout come in by a mapping: data, checked when it is read, kept in versions."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.actions import end_mapping, keep_mapping, mapping_in_force, open_signal, order_import
from signals.facts import layouts
from signals.forms import FileBroken, count_rows, profile_of, read_rows
from signals.models import ImportBatch, ImportRefusal, LayoutMapping, Signal
from signals.rules import LayoutRefused, read_layout
from signals.tasks import take_in
from tests.factories.people import make_member, sign_in

pytestmark = pytest.mark.django_db

NOW = timezone.now()
#: A layout that is nothing like the one that comes with the product.
DUTCH = """
code = "meldpunt"
label = "Meldpunt"
version = 1
[file]
delimiter = ";"
encoding = "latin-1"
[forms]
column = "Soort"
separator = "+"
codes = { seks = "sexual", werk = "labour", bedelen = "begging" }
[period]
column = "Datum"
formats = ["%d.%m.%Y", "%m.%Y"]
[municipality]
column = "Gemeente"
by = "name"
[place_kind]
column = "Locatie"
codes = { hotel = "hotel", kas = "farm" }
empty = "other"
[number]
column = "Aantal"
[sex]
column = "Geslacht"
codes = { v = "female", m = "male" }
[danger]
column = "Gevaar"
yes = ["ja"]
no = ["nee"]
[channel]
constant = "phone"
[facts]
column = "Verhaal"
[details]
columns = { Bron = "source" }
"""
HEADINGS = "Soort;Datum;Gemeente;Locatie;Aantal;Geslacht;Gevaar;Verhaal;Bron"
ROW = "seks+werk;24.03.2025;den haag;kas;3;v;ja;Twee cafés, één kas;lijn 5"


def file_of(*rows, headings=HEADINGS):
    return ["\n".join([headings, *rows, ""]).encode("latin-1")]


def only(row):
    [read] = read_rows(file_of(row), profile_of(read_layout(DUTCH)))
    return read


def test_a_row_of_another_layout_says_the_same_as_a_form():
    draft = only(ROW).draft

    assert (draft.forms, draft.place_kind, draft.n_victims) == (["sexual", "labour"], "farm", 3)
    assert (draft.sex, draft.age_group, draft.danger) == ("female", "unknown", True)
    assert (draft.municipality_code, draft.channel) == ("GM0518", "phone")
    assert draft.observed == DateRange(date(2025, 3, 24), date(2025, 3, 25))
    assert draft.facts == "Twee cafés, één kas"
    assert draft.details == {"source": ["lijn 5"]}
    empty = only(";03.2025;Utrecht;;;;;x;").draft
    assert (empty.forms, empty.place_kind, empty.danger) == (["unknown"], "other", False)
    assert empty.observed == DateRange(date(2025, 3, 1), date(2025, 4, 1))
    assert empty.n_victims is None


BAD_ROWS = {
    "seks+wrk;;Utrecht;;;;;x;": "Soort: “wrk” is not one of: seks, werk, bedelen",
    ";someday;Utrecht;;;;;x;": "Datum: “someday” is not a date that the mapping describes",
    ";;Atlantis;;;;;x;": "Gemeente: there is no municipality “Atlantis”",
    ";;Utrecht;schip;;;;x;": "Locatie: “schip”",
    ";;Utrecht;;many;;;x;": "Aantal: “many” is not a whole number",
    ";;Utrecht;;;;perhaps;x;": "Gevaar: “perhaps” is not one of: nee, ja",
    f";;Utrecht;;;;;x;{'x' * 201}": "source: longer than 200",
    "seks": "There are 1 values",
}


@pytest.mark.parametrize("row", BAD_ROWS)
def test_a_row_that_the_mapping_does_not_know_is_refused_with_column_and_value(row):
    assert BAD_ROWS[row] in only(row).reason


BAD_FILES = {
    "commas": (file_of(ROW, headings=HEADINGS.replace(";", ",")), "does not name Soort"),
    "another heading": (file_of(ROW, headings=HEADINGS.replace("Soort", "Type")), "Soort"),
    "a date that cannot be": (file_of(ROW, ROW.replace("2025", "3025")), "Line 3: the year"),
    "31 February": (file_of(ROW.replace("24.03", "31.02")), "31.02.2025"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_the_mapping_does_not_describe_is_broken(name):
    pieces, words = BAD_FILES[name]
    with pytest.raises(FileBroken, match=words):
        count_rows(pieces, profile_of(read_layout(DUTCH)))


def changed(old, new):
    assert old in DUTCH
    return DUTCH.replace(old, new)


BAD_MAPPINGS = [
    (DUTCH + "[\n", "not TOML: .*line"),
    ("x" * 64_001, "longer than 64000"),
    (changed('code = "meldpunt"', ""), "^code: this is missing"),
    (changed('"meldpunt"', '"Meld punt"'), "code: use 2 to 16 small letters"),
    (changed("version = 1", "version = true"), "^version: write a whole number"),
    (changed("version = 1", ""), "^version: this is missing"),
    (changed("version = 1", "version = 1\ncolour = 1"), "^colour: there is no such field"),
    (changed('encoding = "latin-1"', 'encoding = "ebcdic"'), "file.encoding: .* “ebcdic”"),
    (changed('seks = "sexual"', 'seks = "sexy"'), "forms.codes.seks: a signal knows no “sexy”"),
    (changed('separator = "+"', 'ticks = { A = "labour" }'), "forms.ticks and forms.column fill"),
    (changed('separator = "+"', 'yes = ["1"]'), "forms.yes: this means nothing beside"),
    (changed('column = "Aantal"', 'column = "Soort"'), "“Soort” is used for two fields"),
    (changed('column = "Aantal"', 'column = "A"\nconstant = 2'), "number: give either"),
    (changed("%d.%m.%Y", "%d.%m.%y"), "period.formats: “%d.%m.%y” is no format"),
    (changed('Bron = "source"', 'A = "x", B = "x"'), "details: two columns fill “x”"),
    (changed('constant = "phone"', ""), "channel: a signal needs this, and nothing fills it"),
    (changed('by = "name"', 'by = "mayor"'), "municipality.by: .* “mayor”"),
    (changed('column = "Gemeente"\nby = "name"', ""), "municipality: a signal needs this"),
    (changed('yes = ["ja"]', "yes = [1]"), "danger.yes: write a list of texts"),
    (changed('column = "Verhaal"', "column = 7"), "facts.column: write a text"),
    (DUTCH + '[region]\nconstant = "asia"\n', "region: only a signal from abroad"),
    (DUTCH + "[age_group]\ncodes = {}\n", "age_group.column or age_group.constant: this is"),
    (DUTCH + '[age_group]\ncolumn = "L"\n', "age_group.codes: this is missing"),
    (changed("[number]", "[number]\ncolumn = 'B'"), "not TOML: .*line"),
]


@pytest.mark.parametrize(("content", "sentence"), BAD_MAPPINGS)
def test_a_mapping_with_a_mistake_is_refused_in_one_sentence(content, sentence):
    with pytest.raises(LayoutRefused, match=sentence):
        read_layout(content)


def test_a_date_may_stand_in_three_columns():
    parts = changed(
        'column = "Datum"\nformats = ["%d.%m.%Y", "%m.%Y"]',
        'year = "J"\nmonth = "M"\nday = "D"',
    )
    profile = profile_of(read_layout(parts))
    rows = file_of(
        ";2025;3;24;Utrecht;;;;;x;", ";2025;3;;Utrecht;;;;;x;", headings=HEADINGS.replace("Datum", "J;M;D")
    )  # fmt: skip
    seen = [read.draft.observed for read in read_rows(rows, profile)]

    assert seen == [
        DateRange(date(2025, 3, 24), date(2025, 3, 25)),
        DateRange(date(2025, 3, 1), date(2025, 4, 1)),
    ]


@pytest.fixture
def coordinator(client):
    member = make_member(Role.EMM_COORDINATOR, name="Alice")
    sign_in(client, member)
    return member


def upload(name, content):
    return SimpleUploadedFile(name, content, content_type="text/plain")


def test_a_mapping_is_tried_kept_used_and_downloaded(client, coordinator):
    example = upload("f.csv", b"".join(file_of(ROW, ROW.replace("kas;", "schip;"))))
    page = client.post(
        "/signals/imports/mappings/", {"mapping": upload("m.toml", DUTCH.encode()), "example": example}
    )  # fmt: skip
    assert page.status_code == 200
    assert "seks → sexual" in page.text
    assert "Twee cafés" in page.text
    assert "Locatie: “schip”" in page.text

    answers = {"content": DUTCH.replace("\n", "\r\n"), "reason": "A new partner."}
    page = client.post("/signals/imports/mappings/keep/", answers, follow=True)
    assert "Meldpunt 1" in page.text
    assert "A new partner." in page.text
    page = client.post("/signals/imports/mappings/keep/", answers)
    assert page.status_code == 422
    assert "the next version of “meldpunt” is 2" in page.text

    sent = {"profile": "meldpunt", "file": upload("f.csv", b"".join(file_of(ROW, "x")))}
    page = client.post("/signals/imports/", sent, follow=True)
    assert "Meldpunt 1" in page.text
    with acting(coordinator, purpose="test"):
        batch = ImportBatch.objects.get()
        take_in(batch.pk, by=coordinator)
        [signal] = Signal.objects.visible_to(coordinator)
        [refusal] = ImportRefusal.objects.visible_to(coordinator)
        assert (signal.forms, signal.municipality_id) == (["sexual", "labour"], "GM0518")
        assert open_signal(signal, by=coordinator, at=NOW).facts == "Twee cafés, één kas"
        assert refusal.line == 3
        kept = batch.mapping
    download = client.get(kept.get_absolute_url())
    assert read_layout(download.content.decode()) == read_layout(DUTCH)
    assert "meldpunt-1.toml" in download["Content-Disposition"]


def test_a_mapping_that_is_wrong_comes_back_with_its_sentence(client, coordinator):  # noqa: ARG001
    wrong = changed('seks = "sexual"', 'seks = "sexy"')
    page = client.post("/signals/imports/mappings/", {"mapping": upload("m.toml", wrong.encode())})

    assert page.status_code == 422
    assert "forms.codes.seks" in page.text
    page = client.post("/signals/imports/mappings/", {"mapping": upload("m.toml", b"\xff\xfe")})
    assert "not text in UTF-8" in page.text
    good, other = upload("m.toml", DUTCH.encode()), upload("f.csv", b"hello")
    page = client.post("/signals/imports/mappings/", {"mapping": good, "example": other})
    assert "does not name" in page.text


def test_a_next_version_takes_the_place_of_the_one_before(coordinator):
    with acting(coordinator, purpose="test"):
        first = keep_mapping(DUTCH, reason="x", by=coordinator, at=NOW)
        batch = order_import(
            lambda: file_of(ROW), file_name="f", profile="meldpunt", by=coordinator, at=NOW
        )
        later = timezone.now()
        second = keep_mapping(
            changed("version = 1", "version = 2"), reason="y", by=coordinator, at=later
        )
        first.refresh_from_db()

        assert first.valid.upper == second.valid.lower == later
        assert mapping_in_force("meldpunt", by=coordinator, at=later) == second
        assert ImportBatch.objects.get(pk=batch.pk).mapping == first
        end_mapping(second, by=coordinator, at=timezone.now())
        with pytest.raises(LayoutRefused, match="has ended already"):
            end_mapping(second, by=coordinator, at=timezone.now())
        with pytest.raises(LayoutRefused, match="no mapping “meldpunt” in force"):
            mapping_in_force("meldpunt", by=coordinator, at=timezone.now())


def test_the_database_keeps_mappings_as_they_were_kept(coordinator):
    def broken(name, **changes):
        row = {"code": "other", "version": 1, "label": "x", "content": "x", "reason": "x"}
        row |= {"valid": DateTimeTZRange(NOW, None)}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            LayoutMapping.objects.create(**(row | changes))

    with acting(coordinator, purpose="test"):
        [ctdc] = LayoutMapping.objects.visible_to(coordinator)
        broken("mapping_code_is_small_letters", code="Other")
        broken("mapping_counts_from_one_and_says_why", version=0)
        broken("mapping_counts_from_one_and_says_why", reason="")
        broken("mapping_holds_in_some_time", valid=DateTimeTZRange(NOW, NOW))
        broken("mapping_has_one_version_in_force", code="ctdc", version=2)
        end_mapping(ctdc, by=coordinator, at=NOW)
        broken("version_of_a_mapping_is_written_once", code="ctdc")
        ctdc.valid = DateTimeTZRange(None, None)
        with pytest.raises(IntegrityError, match="version_keeps_its_words"), transaction.atomic():
            ctdc.save(update_fields=["valid"])


def test_who_does_not_import_sees_and_keeps_no_mapping():
    analyst = make_member(Role.EMM_ANALYST)
    with acting(analyst, purpose="test"):
        assert not LayoutMapping.objects.visible_to(analyst)
        assert not LayoutMapping.objects.all()
        with pytest.raises(Exception, match="does not import"):
            keep_mapping(DUTCH, reason="x", by=analyst, at=NOW)


@pytest.mark.usefixtures("coordinator")
def test_the_command_takes_a_mapping_from_a_file(tmp_path, capsys):
    mapping, file = tmp_path / "m.toml", tmp_path / "f.csv"
    mapping.write_text(DUTCH)
    file.write_bytes(b"".join(file_of(ROW)))
    for _again in range(2):
        call_command("import_signals", str(file), f"--mapping={mapping}", "--wait")

    assert '"already_known": 1' in capsys.readouterr().out
    assert [layout.code for layout in layouts()] == ["ctdc"]

"""Each type of column comes back as Django's own bulk_update writes it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.test.utils import isolate_apps

from referral.lib.ids import uuid7
from referral.lib.rows import ROWS, count_rows, update_rows

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 3, 29, 1, 30, 15, 123456, tzinfo=UTC)
EVENING = datetime(2026, 10, 25, 23, 59, tzinfo=UTC)


class Side(models.TextChoices):
    LEFT = "left", "links"


@pytest.fixture
def sample():
    """A table with a column of each type; it exists in this connection only."""
    with isolate_apps("referral.geography"):

        class Sample(models.Model):  # noqa: DJ008 -- nobody reads its name
            id = models.UUIDField(primary_key=True, default=uuid7)
            words = models.TextField(null=True)
            code = models.CharField(max_length=12, null=True)
            small = models.PositiveSmallIntegerField(null=True)
            large = models.BigIntegerField(null=True)
            yes = models.BooleanField(null=True)
            day = models.DateField(null=True)
            moment = models.DateTimeField(null=True)
            length = models.DurationField(null=True)
            other = models.UUIDField(null=True)
            codes = ArrayField(models.CharField(max_length=12), null=True)
            during = DateTimeRangeField(null=True)
            days = DateRangeField(null=True)
            before = models.ForeignKey("self", models.PROTECT, null=True)
            sealed = models.BinaryField(null=True)

            class Meta:
                app_label = "geography"
                db_table = "sample"

        columns = [f"{field.column} {field.db_type(connection)}" for field in fields_of(Sample)]
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE sample ({', '.join(columns)})")
        yield Sample


def fields_of(model):
    return model._meta.concrete_fields


def values_of(model):
    return {row.pop("id"): row for row in model.objects.values()}


ONE = UUID("0195e3c4-0000-7000-8000-000000000001")
EXAMPLES = {
    "words": ["", 'it\'s "said" \\ {here}, [there]\n%s', "Ĉirkaŭ 🕊", None],
    "code": ["", "twelve chars", Side.LEFT, None],
    "small": [0, 32767, None],
    "large": [-(2**63), 2**63 - 1, None],
    "yes": [True, False, None],
    "length": [timedelta(days=400, microseconds=1), timedelta(seconds=-1), None],
    "day": [date(1, 1, 1), date(9999, 12, 31), None],
    "moment": [MORNING, EVENING, datetime(1900, 1, 1, tzinfo=UTC), None],
    "other": [uuid4(), None],
    "codes": [[], ["one"], ["", 'a "b", {c}', "NULL", Side.LEFT], None],
    "during": [
        (MORNING, None),
        (None, EVENING),
        DateTimeTZRange(MORNING, EVENING, "[]"),
        DateTimeTZRange(MORNING, EVENING, "()"),
        DateTimeTZRange(None, None),
        DateTimeTZRange(empty=True),
        None,
    ],
    "days": [DateRange(date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 1, 1), None), None],
    "before": [ONE, None],
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_column_comes_back_as_bulk_update_writes_it(sample, name):
    rows = sample.objects.bulk_create(sample() for _ in EXAMPLES[name])
    attname = sample._meta.get_field(name).attname
    for row, value in zip(rows, EXAMPLES[name], strict=True):
        setattr(row, attname, value)

    assert sample.objects.bulk_update(rows, [name]) == len(rows)
    wanted = values_of(sample)
    sample.objects.update(**{name: None})
    assert update_rows(rows, [name]) == len(rows)

    assert values_of(sample) == wanted
    assert {row.pk: wanted[row.pk][attname] is None for row in rows} == {
        row.pk: value is None for row, value in zip(rows, EXAMPLES[name], strict=True)
    }


def test_only_the_named_columns_of_the_given_rows_change(sample):
    first, second = sample.objects.bulk_create(sample(words="old", small=1) for _ in range(2))
    first.words, first.small, first.day = "new", 2, date(2026, 1, 1)

    assert update_rows([first], ["words", "day"]) == 1

    kept = values_of(sample)
    assert (kept[first.pk]["words"], kept[first.pk]["small"]) == ("new", 1)
    assert kept[first.pk]["day"] == date(2026, 1, 1)
    assert kept[second.pk]["words"] == "old"


def test_rows_that_are_not_there_are_not_counted(sample):
    there = sample.objects.create()

    assert update_rows([there, sample()], ["words"]) == 1
    assert update_rows([], ["words"]) == 0


def test_more_rows_than_go_into_one_statement_are_all_written(sample):
    rows = sample.objects.bulk_create(sample() for _ in range(ROWS + 1))
    for number, row in enumerate(rows):
        row.large = number

    assert update_rows(rows, ["large"]) == ROWS + 1

    assert sorted(sample.objects.values_list("large", flat=True)) == list(range(ROWS + 1))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("words", models.F("code"), "words is an expression"),
        ("sealed", b"x", "has no form in JSON"),
    ],
)
def test_what_cannot_be_written_as_it_is_is_refused(sample, name, value, words):
    row = sample.objects.create()
    setattr(row, name, value)

    with pytest.raises(TypeError, match=words):
        update_rows([row], [name])


def test_several_lists_are_counted_in_one_statement(sample, django_assert_num_queries):
    sample.objects.bulk_create(sample(words=words) for words in ("a", "a", "b"))
    some = sample.objects.filter(words="a").order_by("words")

    with django_assert_num_queries(1):
        numbers = count_rows(some, sample.objects.none(), sample.objects.all())

    assert numbers == [2, 0, 3]

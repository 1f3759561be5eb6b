"""From order to seal: who may move a release, and that a sealed one stands still."""

from copy import deepcopy
from datetime import date
from hashlib import sha256
from io import BytesIO
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from openpyxl import load_workbook
from pikepdf import Pdf

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.organisations.roles import Role
from reporting.actions import (
    approve_release,
    download_artefact,
    propose_release,
    return_release,
    withdraw_release,
)
from reporting.models import Artefact, DraftCounts, Release, ReleaseCell
from reporting.rules import MoveRefused, can_move
from reporting.workflow import MOVES, Side, Status
from tests.factories.people import make_member
from tests.factories.registrations import registration_at
from tests.factories.releases import PERIOD, compute, make_analysts, order, walk

pytestmark = pytest.mark.django_db
#: Of releases beside the one that is there.
SPRING = (date(2026, 4, 1), date(2026, 7, 1))
WALKED = [s for s in Status if s != Status.REFUSED]


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    """The analysts and a release that is computed, with its files; that takes a second."""
    analysts = make_analysts()
    return analysts, compute(order(analysts[0]))


@pytest.fixture
def scene(made):
    return deepcopy(made)


@pytest.fixture
def analysts(scene):
    return scene[0]


@pytest.fixture
def release_at(scene):
    """The computed release, led on to a status, or one that is still on order."""
    analysts, computed = scene

    def at(status):
        if status == Status.COMPUTING:
            return order(analysts[0], period=SPRING)
        return walk(computed, status, analysts)

    return at


def seen(member, model):
    with acting(member, purpose="test"), transaction.atomic():
        return list(model.objects.all())


def as_owner(statement, *arguments):
    """The owner is bound by policies too; the guard of the policies is not."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute(statement, arguments)


@pytest.mark.parametrize("start", WALKED)
def test_a_release_moves_only_along_the_table(analysts, release_at, start):
    alice, bob = analysts
    release = release_at(start)
    statistics = service(Role.SERVICE_STATISTICS)
    sides = {Side.SERVICE: statistics, Side.PROPOSER: alice, Side.APPROVER: bob}
    for goal, (side, member) in product(Status, sides.items()):
        with acting(member, purpose="test"):
            mover = MOVES[start].get(goal)
            # An analyst stands on both sides of a release that a colleague proposed.
            both = mover in {Side.PROPOSER, Side.APPROVER} and side in {
                Side.PROPOSER,
                Side.APPROVER,
            }
            expected = mover == side or (
                both and not (mover == Side.APPROVER and release.proposed_by_id == member.user_id)
            )
            if mover == Side.APPROVER and release.proposed_by_id == member.user_id:
                expected = False
            assert can_move(member, release, goal) == expected, (start, goal, side)


@pytest.mark.parametrize("start", WALKED)
def test_the_database_knows_the_same_table(release_at, start):
    release = release_at(start)
    for goal in set(Status) - MOVES[start].keys() - {Status.COMPUTING}:
        with pytest.raises(IntegrityError):
            as_owner(
                "UPDATE reporting_release SET status = %s WHERE id = %s", goal.value, release.pk
            )


def test_who_proposes_does_not_approve(analysts, release_at):
    alice, _ = analysts
    release = release_at(Status.PROPOSED)

    with acting(alice, purpose="test"), pytest.raises(MoveRefused):
        approve_release(release, by=alice, at=timezone.now())
    with pytest.raises(IntegrityError, match="approved_by_a_second_person"):
        as_owner(
            "UPDATE reporting_release SET status = 'sealed', approved_at = now(),"
            " approved_by_id = proposed_by_id WHERE id = %s",
            release.pk,
        )


def test_a_dashboard_never_reads_which_cells_tell_too_much(analysts):
    """A warning names a cell whose true counts it tells of; the analysts alone need it."""
    at = timezone.make_aware(timezone.datetime(*SPRING[0].timetuple()[:3], 10))
    for _ in range(6):
        registration_at("registered", at=at)
    release = walk(compute(order(analysts[0], period=SPRING)), Status.PROPOSED, analysts)
    assert release.warnings  # six people of one sex, age and form

    with pytest.raises(IntegrityError, match="sealed_release_keeps_no_warning"):
        as_owner(
            "UPDATE reporting_release SET status = 'sealed', approved_at = now(),"
            " approved_by_id = %s WHERE id = %s",
            analysts[1].user_id,
            release.pk,
        )

    with acting(analysts[1], purpose="test"):
        assert approve_release(release, by=analysts[1], at=timezone.now()).warnings == []


def test_a_release_that_is_given_back_can_be_proposed_again(analysts, release_at):
    alice, bob = analysts
    release = release_at(Status.PROPOSED)

    with acting(bob, purpose="test"):
        returned = return_release(release, by=bob, at=timezone.now())
    assert (returned.status, returned.proposed_by) == (Status.COMPUTED, None)
    with acting(alice, purpose="test"):
        assert propose_release(returned, by=alice, at=timezone.now()).status == Status.PROPOSED


def test_a_withdrawal_says_why(analysts, release_at):
    _, bob = analysts
    release = release_at(Status.SEALED)

    with acting(bob, purpose="test"):
        with pytest.raises(MoveRefused):
            withdraw_release(release, reason=" ", by=bob, at=timezone.now())
        done = withdraw_release(release, reason="Late file", by=bob, at=timezone.now())
    assert done.status == Status.WITHDRAWN


def test_the_same_period_is_not_ordered_twice_at_once(analysts):
    alice, bob = analysts
    order(alice, period=SPRING)

    with pytest.raises(MoveRefused):
        order(bob, period=SPRING)


@pytest.mark.usefixtures("analysts")
def test_only_who_was_given_the_programme_orders():
    stranger = make_member(Role.NRM_ANALYST)  # of another organisation, without the programme

    with pytest.raises(MoveRefused):
        order(stranger, period=SPRING)


STATEMENTS = (
    "UPDATE reporting_releasecell SET value = value + 5 WHERE release_id = %s",
    "DELETE FROM reporting_releasecell WHERE release_id = %s",
    "UPDATE reporting_artefact SET content = 'x' WHERE release_id = %s",
    "DELETE FROM reporting_artefact WHERE release_id = %s",
    "DELETE FROM reporting_release WHERE id = %s",
    "UPDATE reporting_release SET sha256 = repeat('0', 64), status = 'proposed' WHERE id = %s",
    "INSERT INTO reporting_releasecell (release_id, code, value) VALUES (%s, 'new', 5)",
)


def test_a_sealed_release_stands_still(release_at):
    release = release_at(Status.SEALED)

    for statement in STATEMENTS:
        with pytest.raises(IntegrityError, match=r"still|never|along"):
            as_owner(statement, release.pk)


def test_a_cell_is_a_multiple_of_five(release_at):
    release = release_at(Status.COMPUTING)

    with pytest.raises(IntegrityError, match="cell_is_a_multiple_of_five"):
        as_owner(
            "INSERT INTO reporting_releasecell (release_id, code, value) VALUES (%s, 'x', 7)",
            release.pk,
        )


def test_computing_twice_gives_one_release_with_the_same_files(analysts):
    release = order(analysts[0], period=SPRING)

    first, second = compute(release), compute(release)

    assert first.sha256 == second.sha256
    files = seen(service(Role.SERVICE_STATISTICS), Artefact)
    assert [file.release_id for file in files].count(first.pk) == 6


def test_true_counts_are_the_services_alone(analysts, release_at):
    alice, bob = analysts
    release_at(Status.SEALED)
    everyone = [alice, bob, *(make_member(role) for role in Role if role != Role.NRM_ANALYST)]

    for member in everyone:
        mine = seen(member, DraftCounts)
        assert bool(mine) == (member.role == Role.SERVICE_STATISTICS), member.role


@pytest.mark.parametrize("status", [Status.COMPUTED, Status.PROPOSED, Status.SEALED])
def test_a_dashboard_shows_sealed_figures_and_no_others(release_at, status):
    release_at(status)
    policy = make_member(Role.MUNI_POLICY)

    assert bool(seen(policy, Release)) == (status == Status.SEALED)
    assert bool(seen(policy, ReleaseCell)) == (status == Status.SEALED)
    assert seen(policy, Artefact) == []


@pytest.mark.parametrize("status", WALKED)
def test_the_queryset_and_the_database_show_the_same(analysts, release_at, status):
    release_at(status)
    for role in Role:
        member = analysts[0] if role == Role.NRM_ANALYST else make_member(role)
        for model in (Release, ReleaseCell):
            with acting(member, purpose="test"), transaction.atomic():
                by_queryset = set(model.objects.visible_to(member).values_list("pk", flat=True))
            by_database = {row.pk for row in seen(member, model)}
            assert by_queryset == by_database, (role, model)


def test_figures_differ_from_the_truth_by_at_most_four_and_every_sum_is_exact(analysts):
    begin = timezone.make_aware(timezone.datetime(2026, 5, 3, 10))
    for number in range(7):
        registration_at("registered", at=begin, person={"sex": ("female", "male")[number % 2]})
    release = compute(order(analysts[0], period=SPRING))
    statistics = service(Role.SERVICE_STATISTICS)

    with acting(statistics, purpose="test"), transaction.atomic():
        values = ReleaseCell.objects.visible_to(statistics).values_by_code()
    assert release.status == Status.COMPUTED
    assert abs(values["reports"] - 7) <= 4
    assert values["reports"] == values["persons"] + values["repeated"]
    sexes = [v for code, v in values.items() if code.startswith("reports|sex=")]
    assert sum(sexes) == values["reports"]


def test_files_say_what_the_cells_say(analysts, release_at):
    release = release_at(Status.SEALED)
    alice, _ = analysts
    with acting(alice, purpose="test"), transaction.atomic():
        files = {f.name: f for f in Artefact.objects.visible_to(alice).filter(release=release)}
    assert {name.rpartition(".")[2] for name in files} == {"csv", "xlsx", "pdf", "json"}
    for file in files.values():
        assert sha256(bytes(file.content)).hexdigest() == file.sha256
    name = f"baken-victims-{PERIOD[0]}-en"
    with Pdf.open(BytesIO(bytes(files[f"{name}.pdf"].content))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
    book = load_workbook(BytesIO(bytes(files[f"{name}.xlsx"].content)))
    assert "T03" in book.sheetnames
    assert all(sheet.sheet_state == "visible" for sheet in book)


def test_a_download_is_recorded_with_its_hash(analysts, release_at):
    alice, _ = analysts
    release_at(Status.SEALED)
    with acting(alice, purpose="test"), transaction.atomic():
        file = Artefact.objects.visible_to(alice).select_related("release")[0]
        download_artefact(file, by=alice, at=timezone.now())
    lines = seen(make_member(Role.AUDITOR), AuditEvent)
    line = next(e for e in lines if e.action == "release_downloaded")

    assert line.opened_details()["sha256"] == file.sha256

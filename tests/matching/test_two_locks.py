"""Two locks on matching, its moves in the database, and each constraint broken on purpose."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from shelters.matching.actions import propose_places
from shelters.matching.models import (
    EligibilityRule,
    MatchLine,
    MatchProposal,
    NeedProfile,
    Override,
)
from shelters.matching.workflow import LINE_MOVES, PROPOSAL_MOVES, LineStatus, ProposalStatus
from tests.factories.matching import matched
from tests.factories.shelters import Place, make_request

pytestmark = pytest.mark.django_db
MODELS = (EligibilityRule, NeedProfile, Override, MatchProposal, MatchLine)


@pytest.fixture
def filled(place: Place) -> Place:
    """Something in every table."""
    matched(place)
    return place


def test_the_queryset_and_the_policy_show_each_the_same(filled):
    readers = {
        EligibilityRule: {one for one in filled.members if one.role in {"zc", "com_placement"}},
        NeedProfile: {filled.desk, filled.alice},
        Override: {filled.desk},
        MatchProposal: {filled.desk, service(Role.SERVICE_SWEEPER)},
        MatchLine: {filled.desk},
    }
    for member in filled.members:
        with acting(member, purpose="test"):
            for model, reading in readers.items():
                by_queryset = set(model.objects.visible_to(member).values_list("pk", flat=True))
                assert by_queryset == set(model.objects.values_list("pk", flat=True))
                assert bool(by_queryset) is (member in reading), (member.role, model)


def test_nobody_writes_what_is_not_theirs(filled):
    later = timezone.now() + timedelta(hours=1)
    for member in filled.members:
        with acting(member, purpose="test"):
            for model in MODELS:
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    model.objects.all()._raw_delete("default")
            if member != filled.desk:
                assert not EligibilityRule.objects.update(valid=(later.date(), None))
                assert not MatchLine.objects.update(status=LineStatus.DECLINED)


def test_what_is_erased_takes_along_what_hangs_on_it(filled):
    """As the erasure does, which runs as the guard."""
    with acting(filled.desk, purpose="test"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_guard")
        for table in ("shelters_placement", "shelters_placementrequest"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- a name of our own
        left = [model.objects.count() for model in (Override, NeedProfile, MatchLine)]
        cursor.execute("SET LOCAL ROLE baken_web")
    assert left == [0, 0, 0]


def test_a_move_that_is_not_in_the_table_is_refused_by_the_database(filled):
    walked = []
    sweeper = service(Role.SERVICE_SWEEPER)
    with acting(filled.desk, purpose="test"):
        propose_places(by=filled.desk, at=timezone.now())
    with acting(sweeper, purpose="test"):
        for proposal in MatchProposal.objects.all():
            start = ProposalStatus(proposal.status)
            for goal in set(ProposalStatus) - {*PROPOSAL_MOVES[start], start}:
                walked.append((start, goal))
                refused(MatchProposal, proposal, sweeper, status=goal)
    desk = filled.desk
    for start in LineStatus:
        with acting(desk, purpose="test"), transaction.atomic():
            line = MatchLine.objects.exclude(bed=None)[0]
            decided = {"decided_at": timezone.now(), "decided_by": desk.user}
            if start != LineStatus.OPEN:
                MatchLine.objects.filter(pk=line.pk).update(status=start, **decided)
            for goal in set(LineStatus) - set(LINE_MOVES[start]):
                walked.append((start, goal))
                refused(MatchLine, line, desk, status=goal, **decided)
            transaction.set_rollback(True)
    assert len(walked) == 1 + 1 + 2 * 3


def refused(model, row, by: Membership, **values: object) -> None:
    with pytest.raises(DatabaseError, match="moves_along_the_table"), transaction.atomic():
        assert model.objects.visible_to(by).filter(pk=row.pk).update(**values)


def test_each_constraint_is_broken_by_its_name(filled):
    desk, sweeper, alice = filled.desk, service(Role.SERVICE_SWEEPER), filled.alice
    plain = make_request(filled)
    with acting(alice, purpose="test"):
        for sentence, values in (
            ("need_profile_says_what_is_known", {"stay": "x"}),
            ("need_profile_brings_a_dozen_children_at_most", {"children": 13}),
        ):
            with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
                NeedProfile(request=plain, **values).save(force_insert=True)
    with acting(desk, purpose="test"):
        line = MatchLine.objects.exclude(bed=None)[0]
        without = MatchLine.objects.filter(bed=None)[0]
        decided = {"status": LineStatus.DECLINED, "decided_by": desk.user}
        for sentence, row, values in (
            ("match_line_is_decided_at_a_time_by_somebody", line, {"decided_at": None}),
            ("match_line_without_a_bed_is_not_decided", without, {"decided_at": timezone.now()}),
        ):
            with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
                MatchLine.objects.filter(pk=row.pk).update(**decided, **values)
        again = propose_places(by=desk, at=timezone.now())
    with acting(sweeper, purpose="test"):
        same = {"proposal": line.proposal, "number": 9}
        for sentence, values in (
            ("proposal_names_a_request_once", {"request": line.request}),
            ("proposal_gives_a_bed_once", {"request": plain, "bed_id": line.bed_id}),
        ):
            with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
                MatchLine.objects.bulk_create([MatchLine(**same, **values)])
        sentence = "match_proposal_is_ready_at_a_time_without_its_question"
        with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
            MatchProposal.objects.filter(pk=again.pk).update(status=ProposalStatus.READY)

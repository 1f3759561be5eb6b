"""A reflection period, a report, a permit and a dismissal, by who does what, as they live it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting, service
from referral.cases.workflow import CaseStatus
from referral.lib.terms import end_of_term
from referral.notices.kinds import Kind
from referral.notices.models import Notice
from referral.organisations.roles import Role
from referral.residence import actions
from referral.residence.models import (
    Alert,
    Deadline,
    Ground,
    OfferGround,
    ResidenceFile,
    Step,
    TermCode,
)
from referral.residence.rules import Decision, MoveRefused, ReportFacts, ResidenceRefused
from referral.residence.tasks import keep_terms
from referral.residence.workflow import ReportStatus, TrackStatus
from tests.factories.cases import case_at, doing, make_country
from tests.factories.people import make_member, sign_in
from tests.factories.residence import (
    file_of,
    looking,
    make_liaison,
    now_of,
    permitted,
    registration_of,
    running,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


def kinds(file: ResidenceFile) -> dict[str, date]:
    """The open days of a file."""
    with looking():
        return {d.kind: d.ends_on for d in Deadline.objects.filter(file=file, closed_at=None)}


def clock(at: datetime) -> tuple[int, int]:
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        told = actions.tell_of_deadlines(by=sweeper, at=at)
        return told, actions.expire_reflections(by=sweeper, at=at)


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=12)


def test_a_period_is_told_of_before_its_end_once_and_expires_after_its_last_day():
    country, liaison = make_country(), make_liaison()
    case = case_at(CaseStatus.ACTIVE, country)
    officer, today = country.officer, timezone.localdate()
    start = today - timedelta(days=20)
    file = running(registration_of(case), officer=officer, starts_on=start)
    end = file.reflection.ends_on
    assert kinds(file) == {
        "reflection_end": end,
        "reporting_day": end_of_term(start, months=1),
    }
    with looking():
        Deadline.objects.filter(kind="reporting_day").update(
            closed_at=timezone.now(), closed_by=officer.user, kept=True
        )

    assert clock(noon(end - timedelta(days=31))) == (0, 0)
    assert clock(noon(end - timedelta(days=30))) == (1, 0)
    assert clock(noon(end - timedelta(days=29))) == (0, 0)
    # The clock stood still over two numbers of days: one notice, both written down.
    assert clock(noon(end - timedelta(days=5))) == (1, 0)
    assert clock(noon(end)) == (1, 0)
    assert clock(noon(end)) == (0, 0)
    assert clock(noon(end + timedelta(days=1))) == (0, 1)
    with looking():
        alerts = list(Alert.objects.order_by("-days").values_list("days", "late"))
        told = list(Notice.objects.filter(kind__startswith="term_ends"))
    assert alerts == [(30, False), (14, True), (7, False), (1, True), (0, False)]
    assert {one.kind for one in told} == {"term_ends_30", "term_ends_7", "term_ends_0"}
    assert {(n.organisation_id, n.role) for n in told if n.kind == Kind.TERM_ENDS_30} == {
        (officer.organisation_id, ""),
        (liaison.organisation_id, "ind_liaison"),
        (country.alice.organisation_id, "zc"),
        (country.placement.organisation_id, "com_placement"),
    }
    assert all(one.url.startswith("/residence/#") for one in told)
    reflection = now_of(file).reflection
    assert (reflection.status, reflection.ended_on) == ("expired", end)
    assert kinds(file) == {}


def test_a_report_ends_the_period_and_a_dismissal_touches_the_permit():
    country, liaison = make_country(), make_liaison()
    case = case_at(CaseStatus.ACTIVE, country)
    officer, now = country.officer, timezone.now()
    today = timezone.localdate()
    file = running(registration_of(case), officer=officer, starts_on=today - timedelta(days=9))

    def report(to: ReportStatus, on: date, **facts: object) -> None:
        with acting(officer, purpose="test"):
            actions.move_report(file, to=to, facts=ReportFacts(on=on, **facts), by=officer, at=now)

    with doing(liaison):
        actions.suspend_departure(file, on=today, by=liaison, at=now)
    report(ReportStatus.TALK_DONE, today - timedelta(days=4))
    for told, words in ((-5, "told before it happened"), (1, "has not come yet")):
        day = today + timedelta(days=told)
        with pytest.raises(ResidenceRefused, match=words):
            report(ReportStatus.CONSIDERING, today - timedelta(days=4), informed_on=day)
    with pytest.raises(ResidenceRefused, match="why the person does not report"):
        report(ReportStatus.NOT_REPORTED, today - timedelta(days=4))
    report(ReportStatus.NOT_REPORTED, today - timedelta(days=4), no_report="fear")
    report(ReportStatus.REPORTED, today - timedelta(days=3), non_punishment="applies")
    file = now_of(file)
    assert (file.reflection.status, file.reflection.end_reason) == ("ended", "reported")
    assert (file.police_side.no_report, file.police_side.non_punishment) == ("", "applies")
    assert kinds(file) == {}

    permitted(file, officer=officer, liaison=liaison, on=today - timedelta(days=2))
    assert kinds(file) == {"permit_end": end_of_term(today - timedelta(days=2), months=12)}
    report(ReportStatus.DISMISSED, today, informed_on=today)
    assert now_of(file).track.ground_fell_on == today
    assert kinds(file)["complaint"] == end_of_term(today, months=3)
    with looking():
        assert Notice.objects.filter(kind=Kind.PERMIT_GROUND_FELL).exists()
    with doing(country.alice):
        opened = actions.open_file(file, by=country.alice, at=now)
    assert opened.next.step == "Look at the permit again"
    assert any("art. 12 Sv" in sentence for sentence in opened.follows)

    with doing(liaison):
        decision = Decision(on=today)
        who = {"by": liaison, "at": now}
        actions.decide_on_residence(file, to=TrackStatus.REVOKED, decision=decision, **who)
    assert kinds(file)["objection"] == today + timedelta(days=28)
    with doing(liaison):
        actions.decide_on_residence(file, to=TrackStatus.OBJECTION, decision=decision, **who)
    assert "objection" not in kinds(file)
    with looking():
        steps = {step.status for step in Step.objects.filter(line="track")}
    assert steps == {
        "reflection",
        "applied",
        "granted",
        "revoked",
        "objection",
    }


def test_who_reported_before_the_period_ran_ends_it_by_that_report_and_gets_five_years_at_most(
    client,
):
    country, liaison = make_country(), make_liaison()
    officer, now = country.officer, timezone.now()
    day = timezone.localdate() - timedelta(days=3)
    file = file_of(registration_of(case_at(CaseStatus.ACTIVE, country)), officer=officer)
    who = {"by": officer, "at": now}
    with acting(officer, purpose="test"):
        actions.offer_reflection(file, ground=OfferGround.EXPLOITED, on=day, **who)
        actions.grant_reflection(file, on=day, **who)
        facts = ReportFacts(on=day)
        actions.move_report(file, to=ReportStatus.REPORTED, facts=facts, **who)
        actions.begin_reflection(file, term=TermCode.REFLECTION, on=day, **who)
        actions.send_m55(file, on=day, **who)
    assert now_of(file).reflection.end_reason == "reported"
    too_long = Decision(on=day, ground="a", permit_from=day, permit_to=day + timedelta(days=1828))
    with doing(liaison), pytest.raises(ResidenceRefused, match="five years at most"):
        actions.decide_on_residence(
            file, to=TrackStatus.GRANTED, decision=too_long, by=liaison, at=now
        )
    steps, deed = (TrackStatus.REJECTED, TrackStatus.OBJECTION), {"by": liaison, "at": now}
    with doing(liaison):
        for to in steps:
            actions.decide_on_residence(file, to=to, decision=Decision(on=day), **deed)
    with doing(liaison), pytest.raises(MoveRefused, match="No permit was given"):
        actions.decide_on_residence(file, to=TrackStatus.REVOKED, decision=Decision(on=day), **deed)
    # A permit that is renewed, twice: the file shows each term, the last on top.
    ends = [day + timedelta(days=more) for more in (90, 180, 270)]
    with doing(liaison):
        for number, end in enumerate(ends):
            given = Decision(
                on=day + timedelta(days=number),
                ground="abc"[number],
                permit_from=day,
                permit_to=end,
            )
            if number:
                actions.decide_on_residence(
                    file,
                    to=TrackStatus.RENEWAL,
                    decision=Decision(on=given.on - timedelta(days=1)),
                    **deed,
                )
            actions.decide_on_residence(file, to=TrackStatus.GRANTED, decision=given, **deed)
    with doing(country.alice):
        opened = actions.open_file(file, by=country.alice, at=now)
    assert [permit.ends_on for permit in opened.permits] == ends[:-1]
    assert opened.permits[1].decided_on == day + timedelta(days=1)
    assert opened.permits[0].ground == Ground.A.label
    assert opened.track.permit_to == ends[-1]
    sign_in(client, country.alice)
    page = client.get(file.get_absolute_url()).content.decode()
    assert page.count("Vergunning daarvoor") == len(opened.permits)


def test_who_may_do_what():
    country, liaison = make_country(), make_liaison()
    case = case_at(CaseStatus.ACTIVE, country)
    officer, now, today = country.officer, timezone.now(), timezone.localdate()
    file = file_of(registration_of(case), officer=officer)
    who = {"on": today, "at": now}

    with doing(country.alice), pytest.raises(MoveRefused):
        actions.offer_reflection(file, ground="exploited", by=country.alice, **who)
    with doing(liaison), pytest.raises(ResidenceFile.DoesNotExist):
        actions.open_file(file, by=liaison, at=now)
    inspector = make_member(Role.LE_NLA)
    with doing(inspector), pytest.raises(ResidenceFile.DoesNotExist):
        actions.offer_reflection(file, ground="exploited", by=inspector, **who)
    tomorrow = {"on": today + timedelta(days=1), "by": officer, "at": now}
    with doing(officer), pytest.raises(ResidenceRefused, match="not come yet"):
        actions.offer_reflection(file, ground="exploited", **tomorrow)
    registration = registration_of(case)
    with doing(officer), pytest.raises(ResidenceRefused, match="already"):
        actions.begin_residence_file(registration, by=officer, at=now)
    with doing(officer), pytest.raises(MoveRefused):
        actions.begin_reflection(file, term="reflection", by=officer, **who)


def test_the_task_runs_twice_and_does_nothing_twice():
    make_liaison()
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country)
    start = timezone.localdate() - timedelta(days=70)
    running(registration_of(case), officer=country.officer, starts_on=start)

    keep_terms()
    with looking():
        first = Notice.objects.count(), Alert.objects.count()
    keep_terms()

    with looking():
        assert (Notice.objects.count(), Alert.objects.count()) == first
    assert first[1] > 0

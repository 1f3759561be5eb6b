"""The expert centre's job from a tip and a signal to feedback, and who sees none of it."""

import pytest

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.notices.kinds import Kind
from referral.notices.models import Notice
from referral.organisations.models import Membership
from signals.deliberation.tasks import make_packs
from tests.journeys import centre
from tests.journeys.cast import Colleagues
from tests.journeys.centre import (
    ANSWER,
    ASKED,
    DONE,
    MINUTES,
    PURPOSE,
    QUESTION,
    TIP,
    TOLD,
    WHY,
)  # fmt: skip
from tests.journeys.story import MOTIVATION, NARRATIVE, UUID, judges, submits_a_signal, takes_up
from tests.journeys.visitors import ClientVisitor, Visitor

pytestmark = pytest.mark.django_db
DEEDS = frozenset(
    {
        "routing_version_activated", "tip_sent", "signal_submitted", "signal_taken_up",
        "signal_question_asked", "tip_answered", "partner_request_asked",
        "partner_request_answered", "partner_request_taken_over", "signal_proposed",
        "meeting_agenda_set", "pack_opened", "meeting_item_decided", "meeting_minutes_locked",
        "signal_judged", "extract_sent", "extract_opened", "extract_answered", "follow_up_done",
        "signal_closed",
    }
)  # fmt: skip


@pytest.fixture
def at() -> Colleagues:
    return Colleagues(centre.make_centre(), ClientVisitor)


def not_there(path: str, visitors: list[Visitor]) -> None:
    for visitor in visitors:
        assert visitor.status(path) == 404, (visitor.member, path)


def read(visitor: Visitor, path: str, *words: str, without: tuple[str, ...] = ()) -> None:
    visitor.open(path)
    assert [word for word in words if word not in visitor.text] == [], path
    assert [word for word in without if word in visitor.html] == [], path


def trail(officer: Membership) -> set[str]:
    with acting(officer, purpose="test"):
        return set(AuditEvent.objects.values_list("action", flat=True))


def told(to: Membership) -> set[str]:
    with acting(to, purpose="test"):
        found = Notice.objects.filter(organisation=to.organisation)
        return set(found.values_list("kind", flat=True))


def test_from_a_tip_and_a_signal_to_feedback(at):
    cast, citizen = at.cast, ClientVisitor(None)
    service, inside = cast.inspector.organisation, ("analyst", "coordinator")

    # Rules: the coordinator tries and sets them; the analyst reads where a signal went, and why.
    centre.makes_the_rules(at.coordinator, service)
    code = centre.tells_a_tip(citizen)
    at.analyst.open("/signals/triage/")
    [tip] = at.analyst.links(rf"/signals/{UUID}/$")[:1]
    signal = submits_a_signal(at.officer)
    read(at.analyst, signal, NARRATIVE, "Direct naar", "Regel 1 v1")
    read(at.inspector, signal, NARRATIVE)
    not_there(tip, at.others(*inside, "inspector"))
    not_there(signal, at.others(*inside, "officer", "inspector"))

    # Triage: a question to the citizen, who answers with the code and reads no name.
    takes_up(at.analyst, tip)
    centre.asks_the_citizen(at.analyst, tip)
    centre.comes_back(citizen, code)
    assert cast.analyst.user.full_name not in citizen.html
    citizen.send("/answer/", answer=TOLD)
    read(at.analyst, tip, TIP, TOLD)
    takes_up(at.analyst, signal)

    # Enrichment: the partner reads the question and the chosen facts; the reporter reads nothing.
    request = centre.asks_a_partner(at.analyst, signal, service)
    not_there(request, at.others(*inside, "inspector"))
    read(at.inspector, request, ASKED, without=(NARRATIVE,))
    centre.answers_the_request(at.inspector)
    centre.takes_the_answer_over(at.analyst, request)
    read(at.coordinator, signal, ANSWER)
    read(at.officer, signal, NARRATIVE, without=(ASKED, ANSWER))

    # Deliberation: each participant has the own papers, and only the chair decides.
    centre.proposes_for_the_meeting(at.analyst, signal)
    meeting = centre.makes_an_agenda(at.coordinator, chair=cast.chair, guest=cast.ind)
    not_there(meeting, at.others(*inside, "chair", "ind"))
    papers = {"wait": make_packs, "seconds": 5}
    guest = centre.reads_the_papers(at.ind, meeting, **papers)
    read(at.ind, guest, "Arbeidsuitbuiting", without=(NARRATIVE, QUESTION, ANSWER))
    not_there(guest, at.others("ind"))
    own = centre.reads_the_papers(at.chair, meeting, **papers)
    read(at.chair, own, QUESTION, NARRATIVE, without=(ANSWER,))
    centre.holds_the_meeting(at.chair, meeting, service)
    read(at.coordinator, meeting, WHY, MINUTES)
    read(at.ind, meeting, without=(WHY, MINUTES))
    not_there(guest, [at.ind])  # closed with the minutes

    # Forwarding: for one purpose, opened with a receipt, and answered.
    judges(at.analyst, signal)
    extract = centre.forwards(at.analyst, signal, service)
    follow_up = centre.says_what_was_done(at.analyst)
    not_there(extract, at.others(*inside, "inspector"))
    not_there(follow_up, at.others(*inside))
    centre.opens_the_extract(at.inspector)
    read(at.inspector, extract, PURPOSE, without=(ANSWER, MOTIVATION, "Anna"))
    centre.gives_feedback(at.inspector)
    read(at.analyst, extract, "Chris")
    centre.closes(at.analyst, signal)

    # The reporter reads the outcome, and nothing that the expert centre wrote.
    read(at.officer, signal, "Doorgezet", without=(ASKED, ANSWER, QUESTION, WHY, DONE, MOTIVATION))
    for outsider in (at.bas, at.outsider):
        outsider.open("/home/")
        assert "SIG-" not in outsider.html
    assert {Kind.PARTNER_ASKED, Kind.EXTRACT_SENT} <= told(cast.inspector)
    assert trail(cast.privacy) >= DEEDS, sorted(DEEDS - trail(cast.privacy))

"""The story of the expert centre, one function a deed: from a tip and a signal to feedback."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, sleep

from django.utils import timezone

from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role
from signals.enrichment.models import FlowBasis, Ground, Source
from tests.factories.people import make_member
from tests.journeys.story import NARRATIVE, UUID, judges, submits_a_signal, takes_up
from tests.journeys.visitors import Visitor

# Words that nobody but their readers may find; they stand nowhere else in the story.
TIP = "Winterkoning hears somebody cry behind the shutters."
TOLD = "Zilvermeeuw is painted on the van."
ASKED = "Korenbloem: do you know who rents the shed?"
NEEDED = "Boterbloem: to judge what was seen."
ANSWER = "Gruttovogel rents it since May."
QUESTION = "Vergeetmijniet: who can go and look?"
WHY = "Leeuwerik: two sources name one shed."
MINUTES = "Tureluurvogel was said beside the decisions."
DONE = "Wulpenveer: the extract has been sent."
PURPOSE = "Pinksterbloem: to find who keeps them there."
DRAFT = "Roodborstje was typed and not sent."
KEPT = "IJsvogelzoeker"
FILE = "Goudvinkfoto.jpg"
CANARIES = (
    TIP, TOLD, ASKED, NEEDED, ANSWER, QUESTION, WHY, MINUTES, DONE, PURPOSE, DRAFT, KEPT, FILE,
)  # fmt: skip


@dataclass
class Centre:
    """One colleague for each role at the expert centre and around it; Bas has no part in it."""

    officer: Membership
    inspector: Membership
    bas: Membership
    analyst: Membership
    coordinator: Membership
    chair: Membership
    ind: Membership
    outsider: Membership
    privacy: Membership


def make_centre() -> Centre:
    return Centre(
        officer=make_member(Role.LE_POLICE, name="Anna"),
        inspector=make_member(Role.LE_NLA, name="Chris"),
        bas=make_member(Role.LE_KMAR, name="Bas"),
        analyst=make_member(Role.EMM_ANALYST, name="Gijs"),
        coordinator=make_member(Role.EMM_COORDINATOR, name="Hanna"),
        chair=make_member(Role.OM_CHAIR, name="Sem"),
        ind=make_member(Role.EMM_PARTNER, name="Uma"),
        outsider=make_member(Role.COM_REGISTRAR, name="Ilse"),
        privacy=make_member(Role.FG, name="Puck"),
    )


@dataclass
class Way:
    """Where the things of the story are found."""

    signal: str = ""
    tip: str = ""
    code: str = ""
    request: str = ""
    meeting: str = ""
    pack: str = ""
    follow_up: str = ""
    extract: str = ""


def makes_the_rules(coordinator: Visitor, service: Organisation) -> None:
    """Labour goes to the service as well; tried on a year first."""
    coordinator.open("/signals/routing/")
    coordinator.send("/begin/")
    coordinator.send(**{"form-1": "labour", "goal-1": str(service.pk)})
    coordinator.send("/dry-run/")
    coordinator.follow("/activate/$")
    coordinator.send()


def tells_a_tip(citizen: Visitor) -> str:
    """Without an account; the answer is the code."""
    citizen.open("/tip/")
    citizen.send(danger="no", facts=TIP, what=["labour"])
    return citizen.read(r"\d{4}\s\d{4}\s\d{4}\s\d{4}")


def asks_the_citizen(analyst: Visitor, tip: str) -> None:
    analyst.open(tip)
    analyst.follow("/ask/$")
    analyst.send(question="What is painted on the van?")


def comes_back(citizen: Visitor, code: str) -> None:
    citizen.open("/tip/code/")
    citizen.send("/tip/code/", code=code)


def asks_a_partner(analyst: Visitor, signal: str, partner: Organisation) -> str:
    analyst.open(signal)
    analyst.follow("/ask-partner/$")
    analyst.send(
        organisation=str(partner.pk),
        basis=str(FlowBasis.objects.get(code="wpg_15").pk),
        purpose=NEEDED,
        question=ASKED,
        facts=["forms", "place"],
    )
    return analyst.links(rf"/partner-requests/{UUID}/$")[0]


def answers_the_request(partner: Visitor) -> None:
    partner.open("/signals/partner-requests/")
    partner.follow(rf"/partner-requests/{UUID}/$")
    partner.follow("/answer/$")
    partner.send(answer=ANSWER)


def takes_the_answer_over(analyst: Visitor, request: str) -> None:
    analyst.open(request)
    analyst.follow("/take-over/$")
    analyst.send(
        kind="place",
        source=str(Source.objects.get(code="police").pk),
        reliability="B",
        credibility="2",
        ground=str(Ground.objects.get(code="wpg_9").pk),
    )


def proposes_for_the_meeting(analyst: Visitor, signal: str) -> None:
    analyst.open(signal)
    analyst.follow("/propose/$")
    analyst.send(question=QUESTION)


def makes_an_agenda(coordinator: Visitor, *, chair: Membership, guest: Membership) -> str:
    coordinator.open("/signals/deliberations/")
    coordinator.follow("/plan/$")
    day = timezone.localdate() + timedelta(days=5)
    coordinator.send(held_on=f"{day:%d-%m-%Y}", chair=str(chair.pk))
    meeting = coordinator.path
    coordinator.open(f"{meeting}invite/")
    coordinator.send(member=str(guest.pk), sections=["codes"])
    place = next(f for f in coordinator.page.forms if "/place/" in (f.get("action") or ""))
    coordinator.submit(place, {})
    coordinator.send("/set-agenda/")
    return meeting


def reads_the_papers(who: Visitor, meeting: str, *, wait: Callable[[], object], seconds: float):
    """A worker makes them; the page says when they are there."""
    end = monotonic() + seconds
    who.open(meeting)
    while not who.links(rf"/papers/{UUID}/$"):
        assert monotonic() < end, who.text
        wait()
        who.open(meeting)
    who.follow(rf"/papers/{UUID}/$")
    return who.path


def holds_the_meeting(chair: Visitor, meeting: str, receiver: Organisation) -> None:
    chair.open(meeting)
    chair.send("/begin/")
    chair.follow("/attendance/$")
    [form] = [f for f in chair.page.forms if chair.is_meant(f, "", "")]
    invited = [name for name in form.inputs.keys() if re.fullmatch(UUID, name)]  # noqa: SIM118
    chair.submit(form, dict.fromkeys(invited, "there"))
    chair.follow("/decide/$")
    chair.send(code="forward_nla", receiver=str(receiver.pk), motivation=WHY)
    chair.follow("/minutes/$")
    chair.send(text=MINUTES)
    chair.follow("/lock/$")
    chair.send()


def forwards(analyst: Visitor, signal: str, receiver: Organisation) -> str:
    analyst.open(signal)
    analyst.follow("/forward/$")
    analyst.send(
        receiver=str(receiver.pk),
        basis=str(FlowBasis.objects.get(code="wpg_15").pk),
        purpose=PURPOSE,
        sections=["facts", "story"],
    )
    analyst.send("/forward/", step="send")
    analyst.open(signal)
    return analyst.links(rf"/extracts/{UUID}/$")[0]


def says_what_was_done(analyst: Visitor) -> str:
    analyst.open("/signals/deliberations/follow-ups/")
    analyst.follow(rf"/follow-ups/{UUID}/$")
    analyst.send(remark=DONE)
    return analyst.path


def opens_the_extract(receiver: Visitor) -> None:
    receiver.open("/signals/extracts/")
    receiver.follow(rf"/extracts/{UUID}/$")
    assert NARRATIVE not in receiver.text
    receiver.send("/open/")
    assert NARRATIVE in receiver.text


def gives_feedback(receiver: Visitor) -> None:
    receiver.follow("/feedback/$")
    receiver.send(feedback="started")


def closes(analyst: Visitor, signal: str) -> None:
    analyst.open(signal)
    analyst.send("/close/")


def keeps_a_draft(officer: Visitor) -> None:
    """By the button that works without JavaScript."""
    officer.open("/signals/new/")
    form = next(f for f in officer.page.forms if f.get("id") == "signal-form")
    form.set("action", "/signals/drafts/save/")
    officer.submit(form, {"facts": DRAFT})


def searches(analyst: Visitor, words: str) -> None:
    """By words that stand in a story, and keeps the search under a name."""
    analyst.open("/signals/search/")
    analyst.send("/search/", words=words)
    analyst.send("/saved/", name=KEPT)


def waits_a_moment() -> None:
    sleep(0.5)


def from_tip_to_feedback(at, citizen: Visitor, *, seconds: float) -> Way:
    """The whole story, without looking left or right; `test_centre` looks."""
    cast, way = at.cast, Way()
    service = cast.inspector.organisation
    makes_the_rules(at.coordinator, service)
    keeps_a_draft(at.officer)
    way.code = tells_a_tip(citizen)
    at.analyst.open("/signals/triage/")
    way.tip = at.analyst.links(rf"/signals/{UUID}/$")[0]
    takes_up(at.analyst, way.tip)
    asks_the_citizen(at.analyst, way.tip)
    comes_back(citizen, way.code)
    citizen.send("/answer/", answer=TOLD)
    way.signal = submits_a_signal(at.officer)
    takes_up(at.analyst, way.signal)
    way.request = asks_a_partner(at.analyst, way.signal, service)
    answers_the_request(at.inspector)
    takes_the_answer_over(at.analyst, way.request)
    proposes_for_the_meeting(at.analyst, way.signal)
    way.meeting = makes_an_agenda(at.coordinator, chair=cast.chair, guest=cast.ind)
    way.pack = reads_the_papers(at.chair, way.meeting, wait=waits_a_moment, seconds=seconds)
    holds_the_meeting(at.chair, way.meeting, service)
    judges(at.analyst, way.signal)
    way.extract = forwards(at.analyst, way.signal, service)
    way.follow_up = says_what_was_done(at.analyst)
    opens_the_extract(at.inspector)
    gives_feedback(at.inspector)
    closes(at.analyst, way.signal)
    return way

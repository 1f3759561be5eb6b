"""The pages, from a proposal on the page of a signal to what was done with the decision."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from signals.deliberation.models import FollowUp, Meeting, Participant
from signals.deliberation.tasks import keep_terms
from signals.deliberation.workflow import MeetingStatus
from tests.deliberation.scenes import QUESTION, WHY
from tests.factories.people import sign_in


def to(name, *things):
    return reverse(f"signals:deliberation:{name}", args=[thing.pk for thing in things])


def test_a_month_in_pages(client, scene):
    signal = scene.signal()
    analyst = sign_in(client, scene.analyst)
    assert b"Propose for the deliberation" in analyst.get(signal.get_absolute_url()).content
    propose = to("propose", signal)
    assert analyst.post(propose, {"question": QUESTION, "urgent": "on"}).status_code == 302
    assert analyst.post(propose, {"question": QUESTION}).status_code == 422
    assert QUESTION in analyst.get(signal.get_absolute_url()).content.decode()

    coordinator = sign_in(client, scene.coordinator)
    day = timezone.localdate() + timedelta(days=40)
    answers = {"held_on": f"{day:%d-%m-%Y}", "chair": scene.chair.pk}
    assert coordinator.post(reverse("signals:deliberation:plan"), answers).status_code == 302
    assert coordinator.post(reverse("signals:deliberation:plan"), answers).status_code == 422
    with acting(scene.coordinator, purpose="test"):
        meeting = Meeting.objects.get(held_on=day)
    coordinator.post(to("invite", meeting), {"member": scene.bob.pk, "sections": ["codes"]})
    page = coordinator.get(meeting.get_absolute_url()).content.decode()
    place = page.split("/place/")[1].split("/")[0]
    placed = reverse("signals:deliberation:place", args=[meeting.pk, place])
    assert coordinator.post(placed, follow=True).status_code == 200
    with acting(scene.coordinator, purpose="test"):
        bob = Participant.objects.get(meeting=meeting, member=scene.bob)
    coordinator.post(to("sections", bob), {"sections": ["codes", "story"]})
    assert coordinator.post(to("set_agenda", meeting), follow=True).status_code == 200
    keep_terms()
    [item] = scene.items(meeting)
    assert coordinator.get(to("invite", meeting)).status_code == 302  # too late

    chair = sign_in(client, scene.chair)
    assert b"Read your papers" in chair.get(reverse("home")).content
    assert b"Begin the meeting on its day" in chair.get(meeting.get_absolute_url()).content
    assert chair.get(to("lock", meeting)).status_code == 302  # not before it is held
    chair.post(to("begin", meeting))
    with acting(scene.coordinator, purpose="test"):
        invited = list(meeting.participants.values_list("pk", flat=True))
    assert "Answer this question." in chair.post(to("attendance", meeting), {}).text
    chair.post(to("attendance", meeting), {str(pk): "there" for pk in invited})
    assert QUESTION in chair.get(to("decide", item)).content.decode()
    decision = {
        "code": "park", "motivation": WHY, "due_on": f"{scene.due_on:%d-%m-%Y}", "receiver": "",
    }  # fmt: skip
    assert chair.post(to("decide", item), decision).status_code == 302
    again = chair.get(to("decide", item)).text
    assert all(said in again for said in ('value="park" selected', WHY, decision["due_on"]))
    kmar = decision | {"code": "forward_kmar"}
    assert chair.post(to("decide", item), kmar).status_code == 422
    chair.post(to("minutes", meeting), {"text": "Nothing else."})
    asked = chair.get(to("lock", meeting)).content.decode()
    assert "Nothing of this meeting can be changed" in asked
    assert "0 of 1 signals on the agenda have no decision yet." in asked
    assert chair.post(to("lock", meeting)).status_code == 302
    chair.post(to("addendum", meeting), {"text": "One word more."})
    locked = chair.get(meeting.get_absolute_url()).content.decode()
    assert all(words in locked for words in (WHY, "Nothing else.", "One word more."))
    assert chair.get(to("minutes", meeting)).status_code == 302
    assert chair.get(reverse("signals:deliberation:follow_ups")).status_code == 200

    analyst = sign_in(client, scene.analyst)
    with acting(scene.analyst, purpose="test"):
        follow_up = FollowUp.objects.get(decision__item=item)
    assert b"Your follow-up of decisions" in analyst.get(reverse("home")).content
    assert WHY in analyst.get(to("follow_up", follow_up)).content.decode()
    assert analyst.post(to("follow_up", follow_up), {"remark": " "}).status_code == 422
    analyst.post(to("follow_up", follow_up), {"remark": "Parked until May."})
    assert b"Parked until May." in analyst.get(to("follow_up", follow_up)).content


def test_the_agenda_changes_by_buttons_and_the_meeting_can_be_cancelled(client, scene):
    meeting = scene.planned(items=2)
    first, second = scene.items(meeting)
    coordinator = sign_in(client, scene.coordinator)
    coordinator.post(to("move", second), {"where": "up"})
    coordinator.post(to("move", second), {"where": "sideways"})
    assert [item.pk for item in scene.items(meeting)] == [second.pk, first.pk]
    coordinator.post(to("move", first), {"where": "off"})
    coordinator.post(to("withdraw", first.proposal))
    coordinator.post(to("set_agenda", meeting))
    coordinator.post(to("take_back", meeting))
    with acting(scene.coordinator, purpose="test"):
        bob = Participant.objects.get(meeting=meeting, member=scene.bob)
    coordinator.post(to("remove", bob))
    assert coordinator.get(to("cancel", meeting)).status_code == 200
    coordinator.post(to("cancel", meeting))
    with acting(scene.coordinator, purpose="test"):
        assert Meeting.objects.get(pk=meeting.pk).status == MeetingStatus.CANCELLED

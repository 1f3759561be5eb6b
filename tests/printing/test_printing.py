"""A case file on paper: only what its reader sees, with who, when and what for on each page."""

import io
from copy import deepcopy
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.cases.actions import write_care_note
from referral.cases.emergency.workflow import Status as Opened
from referral.cases.family.views import part as family
from referral.cases.models import Case
from referral.cases.printing.actions import print_case
from referral.cases.printing.querysets import prints_of
from referral.cases.referrals.views import part as referrals
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.rules import CaseRefused
from referral.cases.tables.views import part as tables
from referral.cases.tables.workflow import TableStatus
from referral.cases.views.residence import residence
from referral.cases.workflow import CaseStatus
from referral.organisations.roles import Role
from shelters.views.section import shelter
from shelters.workflow import PlacementStatus
from tests.factories.cases import FACTS, case_at, doing
from tests.factories.documents import TITLE, make_document
from tests.factories.emergencies import emergency_at
from tests.factories.families import child_of
from tests.factories.people import make_member, sign_in
from tests.factories.planning import WORDS, planned
from tests.factories.referrals import make_lawyer, referral_at
from tests.factories.residence import make_liaison, registration_of, running
from tests.factories.shelters import CANARIES, make_place, make_request, placement_at
from tests.factories.tables import AGREED, GOAL, table_at
from tests.reporting.exports.text import text_of_pdf

pytestmark = pytest.mark.django_db
NOTE = "Sister waits at the station"


#: By section what stands on paper of the case that `made` makes, beside its title.
OF_CARE = {
    "plan": WORDS, "checklist": "Eerste contact", "tasks": WORDS, "risk": WORDS, "notes": NOTE,
    "consents": "Gegeven", "family": "0 tot en met 11", "referrals": "Aangenomen, eerste contact volgt nog",
    "documents": TITLE, "tables": GOAL,
}  # fmt: skip


#: What else stands there.
OF_LIFE = {"identity": FACTS.family_name, "shelter": "Aangekomen op", "residence": "Laatste dag"}
MADE_FOR = "Alleen voor: Een bespreking"


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    """A case with something in every section, and somebody in Bob's shelter."""
    make_liaison()
    place = make_place()
    country, alice, lawyer = place.country, place.country.alice, make_lawyer()
    case = case_at(CaseStatus.ACTIVE, country)
    placement_at(PlacementStatus.ARRIVED, place, request=make_request(place, case=case))
    planned(case, by=alice)
    with doing(alice):
        write_care_note(case, text=NOTE, by=alice, at=timezone.now())
    child_of(case, by=alice)
    referral_at(ReferralStatus.ACCEPTED, country, receiver=lawyer, case=case)
    make_document(case, by=alice)
    table_at(TableStatus.HELD, case, lawyer, by=alice)
    start = timezone.localdate() - timedelta(days=3)
    running(registration_of(case), officer=country.officer, starts_on=start)
    return place, case


@pytest.fixture
def world(made, db):  # noqa: ARG001
    return deepcopy(made)


def choose(client, case, *sections, purpose="meeting"):
    address = reverse("print_case", args=[case.pk])
    return client.post(address, {"sections": sections, "purpose": purpose})


def prints_on_the_page(client, case):
    return client.get(reverse("print_case", args=[case.pk])).context["prints"]


def test_chosen_sections_go_on_paper_with_name_time_and_purpose_on_each_page(client, world):
    place, case = world
    alice = place.country.alice
    sign_in(client, alice)
    page = client.get(reverse("print_case", args=[case.pk]))
    offered = dict(page.context["form"].fields["sections"].choices)
    assert list(offered) == [
        "summary", "identity", "consents", "plan", "checklist", "tasks", "risk", "family",
        "shelter", "residence", "referrals", "documents", "tables", "notes", "timeline",
    ]  # fmt: skip
    # Whatever part of the case is printed is a part of its page.
    shown = client.get(case.get_absolute_url())
    assert reverse("print_case", args=[case.pk]) in shown.content.decode()
    assert set(offered) <= {part.slug for part in shown.context["parts"]}

    answer = choose(client, case, *offered)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "no-store"
    text = text_of_pdf(answer.content)
    said = [
        *OF_CARE.values(),
        *OF_LIFE.values(),
        *offered.values(),
        case.reference,
        AGREED,
        MADE_FOR,
    ]
    assert [words for words in said if words not in text] == []
    assert [words for words in CANARIES if words in text] == []
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert "pdfuaid:part" in str(pdf.open_metadata())
        pages = len(pdf.pages)
    assert text.count(MADE_FOR) == pages > 1
    assert text.count(alice.user.full_name) >= 2 * pages
    with acting(make_member(Role.AUDITOR), purpose="test"):
        mine = AuditEvent.objects.filter(actor_id=alice.user_id)
        line = mine.get(action="case_printed")
        assert line.purpose == "Een bespreking over deze casus"
        assert line.ids == list(offered)
        # Each section is read by the deed of its own room.
        read = {
            "care_notes_read", "planning_read", "consents_listed", "identity_opened", "family_read",
            "shelter_requests_listed", "placements_listed", "residence_file_opened",
            "referrals_listed", "documents_listed", "case_tables_listed", "case_table_opened",
        }  # fmt: skip
        assert read - set(mine.values_list("action", flat=True)) == set()
    # Who sees the case sees what was printed, by role; a section that is not theirs has no name.
    [before] = prints_on_the_page(client, case)
    assert before.label == "Een bespreking over deze casus"
    assert (before.by, before.text) == (
        f"Zorgcoördinator, {alice.organisation.name}",
        ", ".join(offered.values()),
    )
    sign_in(client, place.worker)
    [before] = prints_on_the_page(client, case)
    assert before.text.startswith("Samenvatting, Identiteit, een ander onderdeel, Opvang")
    assert offered["notes"] not in before.text
    with acting(place.country.charlie, purpose="test"):
        assert prints_of(case.pk) == []
    sign_in(client, alice)
    # One section alone is one section: nothing else is read, or on paper.
    few = text_of_pdf(choose(client, case, "summary").content)
    assert [said for said in (NOTE, WORDS, FACTS.family_name, GOAL) if said in few] == []
    for wrong in (choose(client, case), choose(client, case, "notes", purpose="curiosity")):
        assert wrong.status_code == 422


def test_what_a_reader_does_not_see_is_not_offered_and_not_printed(client, world):
    place, case = world
    country = place.country
    at = timezone.now()
    more = (shelter, residence, referrals, tables, family)
    page = sign_in(client, place.worker).get(reverse("print_case", args=[case.pk]))
    offered = [value for value, _label in page.context["form"].fields["sections"].choices]
    assert offered == ["summary", "identity", "shelter", "residence", "timeline"]
    text = text_of_pdf(choose(client, case, *offered).content)
    assert place.house.shelter.code_name in text
    assert "Laatste dag" not in text  # of residence a shelter reads one day, and no file
    assert [words for words in (*CANARIES, *OF_CARE.values()) if words in text] == []
    for section in OF_CARE:
        with doing(place.worker), pytest.raises(CaseRefused):
            print_case(case, sections=[section], purpose="visit", by=place.worker, at=at, more=more)
    # In an emergency one reads, and takes nothing along.
    emergency_at(Opened.TO_REVIEW, case, by=country.bob)
    page = sign_in(client, country.bob).get(reverse("print_case", args=[case.pk]))
    assert page.context["form"] is None
    with doing(country.bob), pytest.raises(CaseRefused):
        print_case(case, sections=["summary"], purpose="visit", by=country.bob, at=at)
    with doing(country.charlie), pytest.raises(Case.DoesNotExist):
        print_case(case, sections=["summary"], purpose="visit", by=country.charlie, at=at)

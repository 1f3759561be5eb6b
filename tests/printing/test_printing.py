"""A case file on paper: only what its reader sees, with who, when and what for on each page."""

import io
from copy import deepcopy

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.cases.actions import write_care_note
from referral.cases.emergency.workflow import Status as Opened
from referral.cases.models import Case
from referral.cases.printing.actions import print_case
from referral.cases.printing.rules import PrintSection
from referral.cases.rules import CaseRefused
from referral.cases.workflow import CaseStatus
from referral.organisations.roles import Role
from shelters.workflow import PlacementStatus
from tests.factories.cases import FACTS, case_at, doing
from tests.factories.emergencies import emergency_at
from tests.factories.people import make_member, sign_in
from tests.factories.planning import WORDS, planned
from tests.factories.shelters import make_place, placement_at
from tests.reporting.exports.text import text_of_pdf

pytestmark = pytest.mark.django_db
NOTE = "Sister waits at the station"


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    place = make_place()
    case = case_at(CaseStatus.ACTIVE, place.country)
    planned(case, by=place.country.alice)
    with doing(place.country.alice):
        write_care_note(case, text=NOTE, by=place.country.alice, at=timezone.now())
    return place, case


@pytest.fixture
def world(made, db):  # noqa: ARG001
    return deepcopy(made)


def choose(client, case, *sections, purpose="meeting"):
    address = reverse("cases:printing:print", args=[case.pk])
    return client.post(address, {"sections": sections, "purpose": purpose})


def test_chosen_sections_go_on_paper_with_name_time_and_purpose_on_each_page(client, world):
    place, case = world
    alice = place.country.alice
    sign_in(client, alice)

    assert (
        reverse("cases:printing:print", args=[case.pk])
        in client.get(case.get_absolute_url()).content.decode()
    )
    answer = choose(client, case, *PrintSection.values)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "no-store"
    text = text_of_pdf(answer.content)
    for said in (case.reference, NOTE, WORDS, FACTS.family_name, "Alleen voor: Een bespreking"):
        assert said in text, said
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert "pdfuaid:part" in str(pdf.open_metadata())
        pages = len(pdf.pages)
    assert text.count("Alleen voor: Een bespreking") == pages > 1
    assert text.count(alice.user.full_name) >= 2 * pages
    with acting(make_member(Role.AUDITOR), purpose="test"):
        mine = AuditEvent.objects.filter(actor_id=alice.user_id, object_id=str(case.pk))
        line = mine.get(action="case_printed")
        assert line.purpose == "Een bespreking over deze casus"
        assert line.opened_details()["sections"] == PrintSection.values
        assert mine.filter(action="care_notes_read").exists()
    # One section alone is one section: nothing else is read, or on paper.
    few = text_of_pdf(choose(client, case, "summary").content)
    assert [said for said in (NOTE, WORDS, FACTS.family_name) if said in few] == []
    for wrong in (choose(client, case), choose(client, case, "notes", purpose="curiosity")):
        assert wrong.status_code == 422


def test_what_a_reader_does_not_see_is_not_offered_and_not_printed(client, world):
    place, case = world
    country = place.country
    placed = placement_at(PlacementStatus.ARRIVED, place)
    at = timezone.now()
    page = sign_in(client, place.worker).get(reverse("cases:printing:print", args=[placed.case_id]))
    offered = [value for value, _label in page.context["form"].fields["sections"].choices]
    assert offered == ["summary", "identity", "course"]
    assert choose(client, Case(pk=placed.case_id), "notes").status_code == 422
    with doing(place.worker), pytest.raises(CaseRefused):
        print_case(
            Case(pk=placed.case_id), sections=["notes"], purpose="visit", by=place.worker, at=at
        )
    # In an emergency one reads, and takes nothing along.
    emergency_at(Opened.TO_REVIEW, case, by=country.bob)
    page = sign_in(client, country.bob).get(reverse("cases:printing:print", args=[case.pk]))
    assert page.context["form"] is None
    with doing(country.bob), pytest.raises(CaseRefused):
        print_case(case, sections=["summary"], purpose="visit", by=country.bob, at=at)
    with doing(country.charlie), pytest.raises(Case.DoesNotExist):
        print_case(case, sections=["summary"], purpose="visit", by=country.charlie, at=at)

"""The pages of extracts: from the next step on the signal's page to feedback and paper."""

import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from weasyprint import CSS, HTML

from referral.access.context import acting
from referral.organisations.roles import OrganisationType, Role
from signals.enrichment.models import FlowBasis
from signals.forwarding.actions.reading import STYLE
from signals.forwarding.models import Extract
from signals.forwarding.workflow import ExtractStatus
from signals.workflow import Status
from tests.factories.forwarding import PURPOSE, extract_at
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import FACTS, signal_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver():
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_POLICE)


def test_the_whole_way_on_its_pages(receiver, client):
    analyst = make_member(Role.EMM_ANALYST)
    signal = signal_at(Status.FORWARDED, analyst=analyst)
    url = reverse("signals:forwarding:send", args=[signal.pk])
    answers = {
        "receiver": receiver.organisation.pk, "purpose": PURPOSE,
        "basis": FlowBasis.objects.get(code="wpg_15").pk, "sections": ["facts", "story"],
    }  # fmt: skip
    sign_in(client, analyst)
    shown = client.get(signal.get_absolute_url())
    assert (shown.context["next"].step, shown.context["next"].url) == ("Send the extract", url)
    refused = client.post(url, {**answers, "sections": [], "step": "look"})
    assert refused.status_code == 422
    preview = client.post(url, {**answers, "step": "look"}).content.decode()
    assert FACTS in preview
    seen = re.search(r'name="seen" value="(\w{64})"', preview)[1]
    changed = client.post(url, {**answers, "seen": seen, "step": "change"}).content.decode()
    assert PURPOSE in changed
    assert client.post(url, {**answers, "seen": seen, "step": "send"}).status_code == 302

    sign_in(client, receiver)
    assert "Forwarded to us" in client.get(reverse("home")).content.decode()
    with acting(receiver, purpose="test"):
        extract = Extract.objects.get()
    cover = client.get(extract.get_absolute_url()).content.decode()
    assert FACTS not in cover
    assert signal.reference not in cover
    pdf = reverse("signals:forwarding:pdf", args=[extract.pk])
    assert client.get(pdf).status_code == 302
    client.post(reverse("signals:forwarding:open", args=[extract.pk]))
    assert FACTS in client.get(extract.get_absolute_url()).content.decode()
    assert client.get(pdf).content.startswith(b"%PDF")
    feedback = reverse("signals:forwarding:feedback", args=[extract.pk])
    assert client.post(feedback, {"feedback": "nothing"}).status_code == 422
    client.post(feedback, {"feedback": "started"})
    sign_in(client, analyst)
    page = client.get(signal.get_absolute_url()).content.decode()
    assert "Close this signal when nothing more is to be done" in page
    assert "Close with feedback" not in page


def test_an_extract_is_recalled_on_its_page(receiver, client):
    analyst = make_member(Role.EMM_ANALYST)
    sent = extract_at(ExtractStatus.SENT, receiver=receiver, analyst=analyst)
    sign_in(client, analyst)
    client.post(reverse("signals:forwarding:recall", args=[sent.pk]))
    page = sign_in(client, receiver).get(sent.get_absolute_url()).content.decode()
    assert "recalled this extract" in page


def test_each_page_of_paper_says_how_secret_it_is_and_what_it_is_for():
    document = {"classification": "Secret", "purpose": PURPOSE, "reference": "SIG-2026-000001"}
    document["sections"] = [{"title": "Words", "texts": ["A word. " * 2000]}]
    said = render_to_string("forwarding/extract_pdf.html", {"document": document})
    pages = HTML(string=said).render(stylesheets=[CSS(STYLE)]).pages

    assert len(pages) > 1
    for page in pages:
        words = " ".join(
            box.text
            for margin in page._page_box.children[1:]
            for box in margin.descendants()
            if hasattr(box, "text")
        )
        assert "Secret" in words
        assert PURPOSE in words

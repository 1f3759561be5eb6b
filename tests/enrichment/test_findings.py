"""Findings: written, amended, kept for their term, kept longer by decision, destroyed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from referral.access.context import acting, service
from referral.access.models import DataKey
from referral.audit.models import AuditEvent
from referral.lib.refusals import Refused
from referral.organisations.roles import Role
from signals.enrichment.actions import (
    add_enrichment,
    amend_enrichment,
    destroy_enrichments,
    open_enrichments,
    prolong_enrichment,
)
from signals.enrichment.models import (
    Enrichment,
    EnrichmentVersion,
    FlowBasis,
    Ground,
    Prolongation,
)
from signals.enrichment.rules import months_after
from signals.workflow import Status
from tests.factories.enrichment import FOUND, enrichment_at, make_finding
from tests.factories.people import make_member, sign_in
from tests.factories.signals import signal_at
from tests.sentences import bare, changed, once_more, unbroken

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)


@pytest.fixture
def analyst():
    member = make_member(Role.EMM_ANALYST, name="Alice the analyst")
    with acting(member, purpose="test"):
        yield member


def test_a_month_later_is_the_same_day_or_the_last_of_the_month():
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 1), 12) == date(2027, 12, 1)


def test_a_finding_is_sealed_and_amended_as_a_new_version_beside_the_old_one(analyst):
    added = enrichment_at(analyst=analyst, at=AT)
    later = make_finding(text="It was another heron.", reliability="D")
    colleague = make_member(Role.EMM_COORDINATOR, name="Bob")
    with acting(colleague, purpose="test"):
        amend_enrichment(added, later, by=colleague, at=AT + timedelta(days=2))
        [opened] = open_enrichments(added.signal, by=colleague, at=AT)

    assert (opened.last.text, opened.last.version.reliability) == ("It was another heron.", "D")
    assert [(one.text, str(one.version.written_by)) for one in opened.earlier] == [
        (FOUND, "Alice the analyst")
    ]
    assert opened.enrichment.ends_on == date(2026, 7, 31)
    stored = EnrichmentVersion.objects.values_list("sealed", flat=True)
    assert not any(b"heron" in bytes(sealed) for sealed in stored)
    fg = make_member(Role.FG)
    with acting(fg, purpose="test"):
        trail = AuditEvent.objects.visible_to(fg).values_list("action", flat=True)
        assert {"enrichment_added", "enrichment_amended", "enrichments_opened"} <= set(trail)


def test_another_basis_brings_another_term_and_a_lapsed_one_is_refused(analyst):
    added = enrichment_at(analyst=analyst, at=AT, ground="avg_6_1_e")
    amend_enrichment(added, make_finding("wpg_8"), by=analyst, at=AT)
    assert Enrichment.objects.get().ends_on == date(2031, 1, 31)

    with pytest.raises(Refused, match="term is over already"):
        amend_enrichment(added, make_finding("wpg_9"), by=analyst, at=AT + timedelta(days=200))
    finding = make_finding(ground=Ground(valid=DateRange(date(2000, 1, 1), date(2001, 1, 1))))
    with pytest.raises(Refused, match="no longer holds"):
        add_enrichment(added.signal, finding, by=analyst, at=AT)


def test_a_term_runs_out_and_the_words_are_destroyed_but_not_that_they_were_there(analyst):
    added = enrichment_at(analyst=analyst, at=AT)
    key = added.key_id
    last_day = datetime(2026, 7, 31, 20, 0, tzinfo=UTC)
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        assert destroy_enrichments(by=sweeper, at=last_day) == 0
        assert destroy_enrichments(by=sweeper, at=last_day + timedelta(hours=3)) == 1
        assert destroy_enrichments(by=sweeper, at=last_day + timedelta(hours=3)) == 0

    with acting(analyst, purpose="test"):
        [opened] = open_enrichments(added.signal, by=analyst, at=AT)
        assert opened.enrichment.destroyed_at
        assert (opened.last.text, opened.last.version.sealed) == ("", None)
        assert opened.last.version.get_kind_display() == "Known from before"
        assert not DataKey.objects.filter(pk=key).exists()
        with pytest.raises(Refused, match="has been destroyed"):
            amend_enrichment(added, make_finding(), by=analyst, at=AT)


def test_a_finding_is_kept_longer_by_decision_near_its_end_where_the_law_allows_it(analyst):
    added = enrichment_at(analyst=analyst, at=AT)
    fixed = enrichment_at(added.signal, analyst=analyst, at=AT, ground="wpg_8")
    near = datetime(2026, 7, 10, 10, 0, tzinfo=UTC)
    with acting(analyst, purpose="test"):
        with pytest.raises(Refused, match="not nearly over"):
            prolong_enrichment(added, reason="A trial.", by=analyst, at=AT)
        with pytest.raises(Refused, match="does not allow"):
            prolong_enrichment(fixed, reason="A trial.", by=analyst, at=near)
        with pytest.raises(Refused, match="why"):
            prolong_enrichment(added, reason=" ", by=analyst, at=near)
        prolong_enrichment(added, reason="A trial.", by=analyst, at=near)
        found = Enrichment.objects.visible_to(analyst).nearly_due_on(date(2027, 1, 20))
        assert [one.ends_on for one in found] == [date(2027, 1, 31)]
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        assert destroy_enrichments(by=sweeper, at=near + timedelta(days=60)) == 0


def test_a_signal_that_nobody_took_up_is_not_enriched(analyst):
    with pytest.raises(Refused, match="Received"):
        add_enrichment(signal_at(Status.RECEIVED), make_finding(), by=analyst, at=AT)


BROKEN = {
    "enrichment_destroyed_has_time_and_name_and_no_key": (
        "Enrichment",
        {"destroyed_at": AT + timedelta(days=999)},
    ),
    "finding_is_described_in_known_words": ("EnrichmentVersion", {"reliability": "Z"}),
    "finding_is_kept_until_a_later_day": ("Prolongation", {"until": date(2020, 1, 1)}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_keeps_its_sentence(name, analyst):
    added = enrichment_at(analyst=analyst, at=AT)
    with acting(analyst, purpose="test"):
        prolong_enrichment(added, reason="A trial.", by=analyst, at=AT + timedelta(days=170))
        label, values = BROKEN[name]
        models = {"Enrichment": Enrichment, "EnrichmentVersion": EnrichmentVersion}
        model = models.get(label, Prolongation)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL ROLE baken_guard")
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            model.objects.update(**values)


def test_the_database_keeps_numbers_origin_and_term(analyst):
    added = enrichment_at(analyst=analyst, at=AT)
    version = EnrichmentVersion.objects.get()
    with acting(analyst, purpose="test"):
        for name, break_it in {
            "enrichment_keeps_its_origin": lambda: Enrichment.objects.update(number=7),
            "enrichment_is_destroyed_after_its_term": lambda: Enrichment.objects.update(
                destroyed_at=AT, destroyed_by=analyst.user, key=None
            ),
            "versions_of_a_finding_follow_one_another": lambda: again(version, number=9),
            "enrichments_of_a_signal_are_numbered": lambda: twice(added),
            "permission denied": lambda: EnrichmentVersion.objects.update(kind="other"),
        }.items():
            with pytest.raises(DatabaseError, match=name), transaction.atomic():
                break_it()


def again(version, **values):
    version.pk = None
    version.__dict__.update(values)
    version.save(force_insert=True)


def twice(enrichment):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_owner")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE enrichment_enrichment DISABLE TRIGGER USER")
        cursor.execute("SET LOCAL ROLE baken_guard")
    again(enrichment)


def test_only_the_expert_centre_reads_findings_and_the_reporter_sees_no_trace(client):
    reporter, analyst = make_member(Role.LE_POLICE), make_member(Role.EMM_ANALYST)
    signal = signal_at(Status.TRIAGE, by=reporter, analyst=analyst)
    enrichment_at(signal, analyst=analyst)

    page = sign_in(client, reporter).get(signal.get_absolute_url()).content.decode()
    assert "Enrichment" not in page
    assert FOUND not in page
    assert sign_in(client, reporter).get(
        reverse("signals:enrichment:add", args=[signal.pk])
    ).status_code == 404  # fmt: skip
    assert FOUND in sign_in(client, analyst).get(signal.get_absolute_url()).content.decode()


def test_a_finding_is_written_and_amended_on_its_pages(client):
    analyst = make_member(Role.EMM_ANALYST)
    signal = signal_at(Status.TRIAGE, analyst=analyst)
    sign_in(client, analyst)
    said = make_finding()
    answers = {
        "kind": said.kind.value, "text": "A stork.", "source": str(said.source.pk),
        "reliability": "A", "credibility": "1", "ground": str(said.ground.pk),
    }  # fmt: skip
    add = reverse("signals:enrichment:add", args=[signal.pk])
    assert client.post(add, {**answers, "text": "", "idempotency_key": "a" * 32}).status_code == 422
    assert client.post(add, answers).status_code == 302
    with acting(analyst, purpose="test"):
        amend = reverse("signals:enrichment:amend", args=[Enrichment.objects.get().pk])
    assert "A stork." in client.get(amend).content.decode()
    client.post(amend, {**answers, "text": "Two storks."})
    page = client.get(signal.get_absolute_url()).content.decode()
    assert "Two storks." in page
    assert "Version 1" in page
    too_early = client.get(amend.replace("amend", "prolong"), follow=True)
    assert "not nearly over" in too_early.text


def test_who_keeps_a_finding_longer_sees_it_and_until_when_also_once_its_signal_is_closed(client):
    analyst, now = make_member(Role.EMM_ANALYST), timezone.now()
    signal = signal_at(Status.MONITORED, analyst=analyst)
    with acting(analyst, purpose="test"):
        old = enrichment_at(signal, analyst=analyst, at=now - timedelta(days=170))
    until = date_format(months_after(old.ends_on, 6))
    sign_in(client, analyst)
    client.post(reverse("signals:close", args=[signal.pk]))

    prolong = reverse("signals:enrichment:prolong", args=[old.pk])
    page = client.get(prolong).text
    assert FOUND in page
    assert f"kept until {until}" in page
    assert "kept longer" in client.post(prolong, {"reason": "A trial."}, follow=True).text


def test_the_database_keeps_the_lists_and_the_numbers(analyst):
    added = enrichment_at(analyst=analyst, at=AT)
    with acting(analyst, purpose="test"):
        prolong_enrichment(added, reason="A trial.", by=analyst, at=AT + timedelta(days=170))
        version, longer = EnrichmentVersion.objects.get(), Prolongation.objects.get()
        ground, flow = Ground.objects.first(), FlowBasis.objects.first()
        with bare(EnrichmentVersion, Prolongation, Ground, FlowBasis):
            assert not unbroken(
                {
                    "ground_stands_under_a_known_regime_for_a_term": changed(ground, term_months=0),
                    "flow_goes_to_partners_on_the_side_of_investigation": changed(
                        flow, receiver_types=["care_coord"]
                    ),
                    "versions_of_a_finding_are_numbered": once_more(version),
                    "finding_is_kept_until_a_day_by_one_decision": once_more(longer),
                }
            )

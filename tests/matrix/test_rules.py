"""The law as data: every cell has an answer, keepers change it, and a version keeps its words."""

from itertools import product

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.organisations.models import Organisation
from referral.organisations.roles import OrganisationType as T
from referral.organisations.roles import Role
from referral.persons.models import AgeGroup
from referral.sharing.matrix.actions import Wish, end_rule, write_rule
from referral.sharing.matrix.models import AIMS, BASES, LegalRule, Outcome
from referral.sharing.matrix.rules import Book, RuleRefused
from referral.sharing.models import Purpose
from referral.sharing.rules import legal_basis_for
from tests.factories.people import make_member, make_organisation, sign_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
#: One of each band of the law, and the ends.
AGES = [AgeGroup.UNDER_12, AgeGroup.FROM_15, AgeGroup.FROM_18, AgeGroup.FROM_65, AgeGroup.UNKNOWN]
WISH = Wish(
    place=45,
    sharers=["youth"],
    aims=["registration"],
    recipients=["comensha"],
    outcome="allowed",
    basis="youth_act",
    citation="Jeugdwet art. 7.3.11",
    words_nl="U mag aanmelden.",
    words_en="You may report.",
)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def keeper():
    return make_member(Role.FG, organisation=make_organisation(T.COMENSHA))


def test_every_cell_of_the_matrix_has_an_answer_with_its_source_and_words():
    book = Book.read()
    for sharer, aim, recipient, age in product(T.values, AIMS, ["", *T.values], AGES):
        ruling = book.ruling(sharer, aim, recipient=recipient, age=age)
        assert ruling.citation
        assert (ruling.basis in BASES) == (ruling.outcome != Outcome.NOT_ALLOWED)
        assert ruling.needs_consent == (ruling.basis == "consent")
    for rule in book.rules:
        with override("nl"):
            assert rule.words == rule.words_nl
        with override("en"):
            assert rule.words == rule.words_en
    assert set(Purpose.values) <= set(AIMS)


def test_what_goes_on_to_care_goes_with_consent_and_to_bodies_without_persons_never():
    book = Book.read()
    for sharer, recipient, age in product(T.values, T.values, AgeGroup.values):
        for aim in (Purpose.PLACEMENT, Purpose.CARE_COORDINATION, Purpose.HANDOFF):
            outcome = book.ruling(sharer, aim, recipient=recipient, age=age).outcome
            assert outcome in {Outcome.CONSENT, Outcome.NOT_ALLOWED}
    for sharer, aim, body in product(T.values, AIMS, (T.TASKFORCE, T.MINISTRY, T.VNG, T.CCV)):
        assert book.ruling(sharer, aim, recipient=body).outcome == Outcome.NOT_ALLOWED


def test_a_keeper_puts_a_rule_between_others_changes_it_and_ends_it(keeper):
    def youth():
        return legal_basis_for(T.YOUTH, Purpose.REGISTRATION, AgeGroup.FROM_30)

    assert youth().needs_consent
    with acting(keeper, purpose="test"):
        write_rule("youth_registers", WISH, reason="Nieuwe wet", by=keeper, at=NOW)
        assert (youth().outcome, youth().basis) == (Outcome.ALLOWED, "youth_act")
        assert not youth().confirmed
        with pytest.raises(RuleRefused, match="colleague"):
            write_rule("youth_registers", WISH, reason="Weer", by=keeper, at=NOW)
        with pytest.raises(RuleRefused, match="is taken by"):
            write_rule("other", WISH, reason="Botst", by=keeper, at=NOW)
        with pytest.raises(RuleRefused, match="why the rule changes"):
            write_rule("youth_registers", WISH, reason=" ", version=1, by=keeper, at=NOW)
        later = timezone.now()
        write_rule("youth_registers", WISH, reason="Beter", version=1, by=keeper, at=later)
        end_rule("youth_registers", reason="Vervallen", version=2, by=keeper, at=timezone.now())
        assert youth().needs_consent
        assert [one.version for one in LegalRule.objects.of_code("youth_registers")] == [2, 1]
        assert not LegalRule.objects.in_force().filter(code="youth_registers").exists()
        with transaction.atomic(), pytest.raises(RuleRefused, match="colleague"):
            end_rule("youth_registers", reason="x", version=2, by=keeper, at=NOW)
    auditor = make_member(Role.AUDITOR)
    with acting(auditor, purpose="test"):
        told = AuditEvent.objects.visible_to(auditor).filter(action__startswith="legal_rule")
        assert told.count() == 3


@pytest.mark.parametrize("kind", [T.POLICE_UNIT, T.NGO])
def test_the_officer_of_one_organisation_changes_nothing_for_all(kind):
    officer = make_member(Role.FG, organisation=make_organisation(kind))
    with acting(officer, purpose="test"):
        with pytest.raises(RuleRefused, match="Only a privacy officer"):
            write_rule("youth_registers", WISH, reason="Mag niet", by=officer, at=NOW)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            LegalRule.objects.create(
                code="mine", version=1, place=1, sharers=[], aims=[], recipients=[], ages=[],
                outcome="allowed", basis="wmo", citation="x", words_nl="x", words_en="x",
                reason="x", valid=(NOW, None),
            )  # fmt: skip
        assert LegalRule.objects.filter(code="nothing_else").update(valid=(None, NOW)) == 0


def broken(**more):
    fields = {
        "code": "mine", "version": 1, "place": 1, "sharers": [], "aims": [], "recipients": [],
        "ages": [], "outcome": "allowed", "basis": "wmo", "citation": "x", "words_nl": "x",
        "words_en": "x", "reason": "x", "valid": (NOW, None),
    }  # fmt: skip
    return LegalRule.objects.create(**{**fields, **more})


def test_the_database_refuses_a_rule_that_cannot_be_one(keeper):
    wrong = {
        "legal_rule_code_is_small_letters": {"code": "Mine!"},
        "legal_rule_asks_what_is_known": {"sharers": ["circus"]},
        "legal_rule_has_a_basis_unless_nothing_is_shared": {"basis": ""},
        "legal_rule_has_a_source_words_and_a_reason": {"citation": ""},
        "legal_rule_holds_in_some_time": {"valid": (NOW, NOW)},
        "version_of_a_legal_rule_is_written_once": {"code": "nothing_else", "valid": (NOW, None)},
        "legal_rules_stand_in_an_order": {"place": 10},
        "legal_rule_has_one_version_in_force": {"code": "nothing_else", "version": 2},
    }
    with acting(keeper, purpose="test"):
        for name, fields in wrong.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                broken(**fields)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            LegalRule.objects.filter(code="nothing_else").update(outcome="allowed")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        with pytest.raises(IntegrityError, match="legal_rule_keeps_its_words"):
            cursor.execute("UPDATE matrix_legalrule SET words_nl = '' WHERE version = 1")


def test_anyone_asks_without_an_account_and_nothing_is_kept(client):
    before = AuditEvent.objects.count()
    page = client.get(reverse("matrix:may_i_share"))
    assert page.status_code == 200
    asked = {"who": "ngo", "about": "12-14", "aim": "registration", "recipient": "comensha"}
    with override("nl"):
        answer = client.get(reverse("matrix:may_i_share"), asked, headers={"accept-language": "nl"})
    text = answer.content.decode()
    assert "Jeugdwet art. 7.3.4" in text
    assert "Vraag het de ouder of voogd" in text
    assert answer.headers["Cache-Control"].find("no-store") >= 0
    assert "sessionid" not in answer.cookies
    assert AuditEvent.objects.count() == before
    assert client.get(reverse("matrix:may_i_share"), {**asked, "who": "x"}).status_code == 422
    assert "Besluit politiegegevens" in client.get(reverse("matrix:rules")).content.decode()


def test_a_keeper_changes_a_rule_on_its_page(client, keeper):
    sign_in(client, keeper)
    page = client.get(reverse("matrix:rule", args=["inspectorate_registers"]))
    sent = {
        name: value
        for name, value in page.context["form"].initial.items()
        if value not in ("", None)
    } | {"version": 1, "reason": "Nummering nagegaan", "confirmed": "on"}
    answer = client.post(reverse("matrix:rule", args=["inspectorate_registers"]), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert legal_basis_for(T.NLA, Purpose.REGISTRATION).confirmed
    new = {**sent, "code": "nla-again", "place": 41, "reason": "Proef"}
    new.pop("version")
    assert client.post(reverse("matrix:add"), new).status_code == 302
    wrong = client.post(reverse("matrix:add"), {**new, "basis": "", "place": 42})
    assert wrong.status_code == 422
    ended = client.post(
        reverse("matrix:rule", args=["nla_again"]), {**sent, "place": 41, "ends": "on"}
    )
    assert ended.status_code == 302
    assert Organisation.objects.filter(pk=keeper.organisation_id).exists()
    assert [rule.in_force for rule in LegalRule.objects.of_code("nla_again")] == [False]

"""Links and dismissals: made, ended, kept, seen by whom; and what the table itself refuses."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.lib.refusals import Refused
from referral.organisations.roles import Role
from signals.links.actions import (
    dismiss_suggestion,
    end_link,
    graph,
    open_graph,
    open_links,
)
from signals.links.models import Dismissal, Link, LinkKind, Telling
from signals.links.rules import MOST_NODES, Edge, Node, Shape, draw
from tests.factories.links import NOTE, PHONE, VAN, make_link, naming
from tests.factories.people import make_member
from tests.factories.signals import item, make_signal

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return make_member(Role.EMM_ANALYST)


def test_a_link_is_made_seen_from_both_sides_ended_and_kept(analyst):
    one, other = make_signal(), make_signal()
    link = make_link(other, one, analyst=analyst)
    assert (link.first, link.second) == (one, other)
    assert NOTE.encode() not in bytes(link.sealed)

    with acting(analyst, purpose="test"):
        with pytest.raises(Refused, match="linked already"):
            make_link(one, other, analyst=analyst)
        [seen] = open_links(other, by=analyst, at=timezone.now())
        assert (seen.other, seen.note) == (one, NOTE)
        ended = end_link(link, by=analyst, at=timezone.now())
        assert ended.ended_by == analyst.user
        with pytest.raises(Refused, match="ended before"):
            end_link(link, by=analyst, at=timezone.now())
        assert len(open_links(one, by=analyst, at=timezone.now())) == 1
        make_link(one, other, analyst=analyst)
    with acting(make_member(Role.FG), purpose="test"):
        actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert actions >= {"signals_linked", "signals_unlinked", "signal_links_opened"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "friends"}, "one of the answers"),
        ({"kind": LinkKind.OTHER, "note": " "}, "why they belong together"),
        ({"note": "a" * 2001}, "too long"),
    ],
)
def test_a_link_that_says_nothing_is_refused(analyst, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        make_link(make_signal(), make_signal(), analyst=analyst, **changes)


def test_a_signal_is_not_linked_with_itself_and_not_by_a_reporter(analyst):
    one, officer = make_signal(), make_member(Role.LE_POLICE)
    with pytest.raises(Refused, match="signal itself"):
        make_link(one, one, analyst=analyst)
    with acting(analyst, purpose="test"), pytest.raises(Refused, match="signal itself"):
        dismiss_suggestion(one, other=one, by=analyst, at=timezone.now())
    with pytest.raises(PermissionDenied):
        make_link(one, make_signal(), analyst=officer)


def test_a_reporter_sees_that_own_signals_were_split_and_no_note_and_nothing_else(analyst):
    alice = make_member(Role.LE_POLICE)
    one, two, third = make_signal(by=alice), make_signal(by=alice), make_signal(by=alice)
    foreign = make_signal()
    seen = make_link(one, two, kind=LinkKind.SPLIT, analyst=analyst)
    make_link(one, third, analyst=analyst)
    make_link(one, foreign, kind=LinkKind.SPLIT, analyst=analyst)

    with acting(alice, purpose="test"):
        found = open_links(one, by=alice, at=timezone.now())
        assert [(opened.link, opened.other, opened.note) for opened in found] == [(seen, two, "")]
        assert [*Link.objects.all()] == [seen]


def rows(analyst):
    first, second = make_signal(), make_signal()
    now = timezone.now()
    pair = {"first": first, "second": second}
    by = analyst.user
    return {
        Link: {**pair, "kind": "place", "sealed": b"x" * 29, "made_at": now, "made_by": by},
        Dismissal: {**pair, "dismissed_at": now, "dismissed_by": by},
        Telling: {**pair, "told_at": now},
    }


def test_each_constraint_refuses_what_its_name_says(analyst):
    lines = rows(analyst)
    turned = {"first": lines[Link]["second"], "second": lines[Link]["first"]}
    broken = [
        (Link, "link_is_of_a_known_kind", {"kind": "friends"}),
        (Link, "signals_of_a_link_stand_in_order", turned),
        (Link, "link_note_is_sealed", {"sealed": b"short"}),
        (Link, "link_that_ended_has_time_and_name", {"ended_at": timezone.now()}),
        (Link, "two_signals_have_one_standing_link", {}),
        (Dismissal, "signals_of_a_dismissal_stand_in_order", turned),
    ]
    with acting(analyst, purpose="test"):
        link = Link.objects.create(**lines[Link])
        for model, name, changes in broken:
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                model.objects.create(**{**lines[model], **changes})
        with pytest.raises(IntegrityError, match="not_changed"), transaction.atomic():
            Link.objects.filter(pk=link.pk).update(kind="person")
        end_link(link, by=analyst, at=timezone.now())
        with pytest.raises(IntegrityError, match="link_is_ended_once"), transaction.atomic():
            Link.objects.filter(pk=link.pk).update(ended_at=None, ended_by=None)
        assert Link.objects.all()._raw_delete("default") == 0
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        told = {**lines[Telling], "told_by": sweeper.user}
        Telling.objects.create(**told)
        for name, changes in (
            ("handler_is_told_once_of_two_signals", {}),
            ("signals_of_a_telling_stand_in_order", turned),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Telling.objects.create(**{**told, **changes})


def test_nobody_links_or_tells_in_anothers_name(analyst):
    lines, other = rows(analyst), make_member(Role.EMM_ANALYST)
    lines[Telling]["told_by"] = analyst.user
    with acting(other, purpose="test"):
        for model, line in lines.items():
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                model.objects.create(**line)


def test_the_picture_holds_two_steps_and_kinds_only(analyst):
    one, near, far = naming(VAN), naming(VAN, PHONE), naming(PHONE)
    naming(PHONE, item("company", web="a.example"))
    hand = make_signal()
    make_link(one, hand, analyst=analyst)
    naming(item("company", web="b.example"))

    with acting(analyst, purpose="test"):
        shown = open_graph(one, by=analyst, at=timezone.now())
    steps = {line.signal: line.step for line in shown.neighbours}
    assert (steps[near], steps[hand], steps[far], len(steps)) == (1, 1, 2, 4)
    labels = [placed.node.label for placed in shown.drawing.nodes]
    assert {"Number plate", "Telephone number"} < set(labels)
    assert "XX" not in "".join(labels)
    assert not shown.cut


def test_a_large_web_is_cut_and_says_so(analyst, monkeypatch):
    one = naming(VAN, PHONE)
    for shared in (VAN, VAN, PHONE, PHONE):
        naming(shared)
    monkeypatch.setattr(graph, "MOST_NODES", 5)
    with acting(analyst, purpose="test"):
        cut = open_graph(one, by=analyst, at=timezone.now())
    assert (len(cut.drawing.nodes), cut.cut) == (4, True)


def test_every_node_has_a_place_of_its_own_and_the_same_each_time():
    many = [Node(str(n), "a", Shape.SIGNAL, 2 * (n % 3)) for n in range(MOST_NODES)]
    edges = [Edge("0", "3", by_hand=True), Edge("1", "0"), Edge("1", "2")]
    drawing = draw(many, edges)
    assert drawing.lines == draw(many[::-1], edges).lines
    corners = {(placed.x, placed.y) for placed in drawing.nodes}
    assert len(corners) == MOST_NODES
    assert all(0 <= x < drawing.width and 0 <= y < drawing.height for x, y in corners)

"""What can go along in an extract: one closed list of section makers.

A room that adds something to a signal that receivers may read adds one line to SECTIONS. Who
reported is in none of them: a source stays with the expert centre.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from signals.actions import OpenedSignal
from signals.enrichment.actions import FACTS, OpenedEnrichment, facts_of
from signals.enrichment.actions.facts import LANGUAGE
from signals.enrichment.models import EnrichmentVersion
from signals.forwarding.rules import Packing
from signals.views.pages import words


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document: lines of label and value, and free words."""

    title: str
    lines: Sequence[Sequence[str]] = ()
    texts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """All that a receiver reads; it stays as it was sent."""

    reference: str
    receiver: str
    classification: str
    purpose: str
    basis: str
    sections: Sequence[Section] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Material:
    """What the makers choose from: the signal as the expert centre reads it, and its findings."""

    opened: OpenedSignal
    findings: Sequence[OpenedEnrichment]


@dataclass(frozen=True, slots=True)
class Maker:
    """How one section is made; `names`: whether names can stand in it."""

    label: str | Promise
    names: bool
    make: Callable[[Material], Section]


def _facts(material: Material) -> Section:
    return Section(gettext("Facts"), lines=facts_of(material.opened.signal, FACTS))


def _story(material: Material) -> Section:
    added = [one.facts for one in material.opened.deepenings if one.facts]
    return Section(gettext("What was seen"), texts=[material.opened.facts, *added])


def _details(material: Material) -> Section:
    lines = [
        [name.replace("_", " "), words(said)] for name, said in material.opened.details.items()
    ]
    return Section(gettext("Details"), lines=lines)


def _indicators(material: Material) -> Section:
    last = next(iter(material.opened.deepenings), None)
    answers = last.answers if last else ()
    lines = [[str(one.indicator), str(one.get_knowledge_display())] for one in answers]
    return Section(gettext("Indicators"), lines=lines)


def _interpretation(material: Material) -> Section:
    last = next(iter(material.opened.deepenings), None)
    texts = [last.interpretation] if last and last.interpretation else []
    return Section(gettext("What the reporter thinks of it"), texts=texts)


def _findings(material: Material) -> Section:
    lines = [
        [
            _described(one.last.version),
            one.last.text,
        ]
        for one in material.findings
    ]
    return Section(gettext("Findings of the expert centre"), lines=lines)


def _described(version: EnrichmentVersion) -> str:
    code = f"{version.reliability}{version.credibility}"
    return f"{version.get_kind_display()} ({version.source}, {code})"


SECTIONS: dict[str, Maker] = {
    "facts": Maker(_("Facts in codes: what, where, when, how many"), names=False, make=_facts),
    "indicators": Maker(_("Indicators that were deepened"), names=False, make=_indicators),
    "story": Maker(_("What was seen, in words"), names=True, make=_story),
    "details": Maker(_("Details"), names=True, make=_details),
    "interpretation": Maker(_("What the reporter thinks of it"), names=True, make=_interpretation),
}
#: Sections in which names can stand.
NAMING = [name for name, maker in SECTIONS.items() if maker.names]


def document_of(packing: Packing, material: Material, *, purpose: str) -> Document:
    """What the receiver reads, in the language of the chain; an empty section is left out."""
    with override(LANGUAGE):
        made = [SECTIONS[name].make(material) for name in SECTIONS if name in packing.sections]
        if material.findings:
            made.append(_findings(material))
        police = packing.basis.code.startswith("wpg")
        return Document(
            reference=material.opened.signal.reference,
            receiver=packing.receiver.name,
            classification=gettext("Police data: confidential")
            if police
            else gettext("Personal data: confidential"),
            purpose=purpose,
            basis=str(packing.basis),
            sections=[section for section in made if section.lines or section.texts],
        )


def fingerprint(document: Document) -> str:
    """Whether two documents say the same."""
    said = json.dumps(asdict(document), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def document_from(payload: dict[str, object]) -> Document:
    """The document as it was sealed."""
    sections = payload.pop("sections")
    made = [Section(**one) for one in sections] if isinstance(sections, list) else []
    return Document(**payload, sections=made)  # type: ignore[arg-type]

"""Reads of documents; the policies of migration 0001 say the same to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from referral.cases.documents.workflow import Status
from referral.cases.querysets import FULL
from referral.cases.referrals.models import Referral
from referral.cases.workflow import CaseStatus
from referral.files.querysets import FilePieceQuerySet, KeptFileQuerySet
from referral.files.workflow import UNDER_WAY, Part
from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from referral.cases.documents.models import Document, DocumentPiece
    from referral.cases.models import Case
    from referral.organisations.models import Membership

#: What may go along with a referral. Medical statements, identity papers and what was told to the
#: police never do, nor what nobody has named: the person agreed to help, not to those.
GOING_ALONG = ("letter", "decision", "minutes", "consent_form")


class DocumentQuerySet(KeptFileQuerySet["Document"]):
    def visible_to(self, member: Membership) -> Self:
        """As care notes: coordinators who hold the full file, and who opened it in an emergency.

        Who helps on a referral with the section of documents sees those that went along; the
        sweeper, who makes files anew, the rows of all that are not withdrawn.
        """
        if member.may(Permission.DEADLINE_SWEEP):
            return self.exclude(status=Status.WITHDRAWN)
        seen = Q(pk__in=[])
        if member.may(Permission.CARE_NOTE_READ) or member.may(Permission.EMERGENCY_READ_NOTES):
            grants = apps.get_model("cases.CaseGrant")._default_manager.all()
            opened = grants.opening_to(member).filter(profile=FULL)
            seen |= Q(case__in=opened.values("case"))
        if member.may(Permission.REFERRAL_RECEIVE):
            helping = Referral.objects.visible_to(member).helped_with_documents(member)
            along = helping.filter(case=OuterRef("case"), offered_at__gte=OuterRef("settled_at"))
            seen |= Q(Exists(along), status=Status.READY, category__in=GOING_ALONG)
        return self.filter(seen)

    def gone_along_with(self, referral: Referral) -> Self:
        """What was ready when it was offered, of the kinds that go along at all."""
        return self.ready().filter(
            case=referral.case_id, category__in=GOING_ALONG, settled_at__lte=referral.offered_at
        )

    def sent_by(self, member: Membership) -> Self:
        """As long as the case is worked on: an upload does not go on into one that is closed."""
        return super().sent_by(member).filter(case__status=CaseStatus.ACTIVE)

    def of(self, case: Case | UUID) -> Self:
        return self.filter(case=case)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class DocumentPieceQuerySet(FilePieceQuerySet["DocumentPiece"]):
    def visible_to(self, member: Membership) -> Self:
        """Of what is ready the file that was made anew; of what is under way everything, for the
        sweeper alone.
        """
        documents = apps.get_model("documents", "Document").objects.visible_to(member)
        if member.may(Permission.DEADLINE_SWEEP):
            return self.filter(document__in=documents.filter(status__in=UNDER_WAY))
        return self.filter(part=Part.REBUILT, document__in=documents.ready())

"""How `user.has_perm("cases.work_case", case)` answers: from the grants, and nothing else."""

from django.db.models import Model

from referral.cases.models import Case, CaseGrant, Level, Profile
from referral.lib.acting import current_actor
from referral.organisations.models import Membership, User

LEVELS = {
    "cases.view_case": Level.VIEW,
    "cases.work_case": Level.WORK,
    "cases.manage_case": Level.MANAGE,
}


class CaseGrantBackend:
    """Answers for the membership by which the user acts now; for everything else, no."""

    def authenticate(self, request: object, **credentials: object) -> None:  # noqa: ARG002
        return None

    def has_perm(self, user_obj: User, perm: str, obj: Model | None = None) -> bool:
        actor = current_actor()
        wanted = LEVELS.get(perm)
        if wanted is None or not isinstance(obj, Case):
            return False
        if actor is None or actor.user_id != user_obj.pk:
            return False
        member = Membership(
            user_id=actor.user_id, organisation_id=actor.organisation_id, role=actor.role
        )
        grants = CaseGrant.objects.opening_to(member).filter(case=obj, level__gte=wanted)
        if wanted > Level.VIEW:
            grants = grants.filter(profile=Profile.FULL)
        return grants.exists()

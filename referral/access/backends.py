"""How `user.has_perm` answers: nobody by being special, coarse objects through guardian.

Case access has its own backend over grants in referral.cases; guardian was measured 9 to 1200
times slower on a million cases and knows no validity (docs/adr).
"""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils import timezone
from guardian.core import ObjectPermissionChecker

from referral.lib.acting import current_actor
from referral.organisations.models import Membership, User


class SignInBackend(AuthenticationBackend):
    """Signs in by e-mail address and password, and grants nothing."""

    def get_user(self, user_id: int) -> User | None:
        """Who a session names, with the memberships that run now: one statement at each request.

        Whose account or last membership ended comes without one, and is looked up alone.
        """
        running = list(Membership.objects.running_of(user_id, timezone.now()))
        if not running:
            found: User | None = super().get_user(user_id)
            return found
        person = running[0].user
        person.running_memberships = running
        return person

    def has_perm(self, user_obj: object, perm: str, obj: object = None) -> bool:  # noqa: ARG002
        return False

    def has_module_perms(self, user_obj: object, app_label: str) -> bool:  # noqa: ARG002
        return False


class MembershipBackend:
    """Coarse object permissions of the role-group by which the user acts now."""

    def authenticate(self, request: object, **credentials: object) -> None:  # noqa: ARG002
        return None

    def has_perm(self, user_obj: User, perm: str, obj: Model | None = None) -> bool:
        actor = current_actor()
        if obj is None or actor is None or actor.user_id != user_obj.pk:
            return False
        group = Group.objects.filter(name=f"{actor.organisation_id}:{actor.role}").first()
        if group is None or not self._is_member(actor.user_id, actor.organisation_id, actor.role):
            return False
        label, _, codename = perm.partition(".")
        return label == obj._meta.app_label and ObjectPermissionChecker(group).has_perm(
            codename, obj
        )

    def _is_member(self, user_id: int, organisation_id: int, role: str) -> bool:
        return (
            Membership.objects.valid_at(timezone.now())
            .filter(user_id=user_id, organisation_id=organisation_id, role=role)
            .exists()
        )

"""What a restriction refuses, in words; every room above asks here."""

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused


class Restricted(Refused):
    """The data of this person are kept and not used for now."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This person asked that the data are not used for now. They are shared only where "
                "a life depends on it, with that basis written down."
            )
        )

"""What comes out of making a file anew."""

from dataclasses import dataclass

from referral.files.workflow import Reason, Removal


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The new file, and what of the old one is no longer in it."""

    data: bytes
    removed: tuple[Removal, ...] = ()


class Unfit(Exception):
    """A file that cannot be made anew."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason

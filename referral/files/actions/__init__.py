"""What is done with every file: it comes in, is settled, and is read. Rooms say whose it is."""

from referral.files.actions.keeping import Keeping, OpenedFile

__all__ = ["Keeping", "OpenedFile"]

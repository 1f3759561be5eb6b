"""Signals that are begun and not sent: of one holder, sealed, and gone when they are sent."""

"""Saying no in words."""

from collections.abc import Mapping

from django.forms import BaseForm


class Refused(Exception):
    """A deed that is not done. The text is a sentence for the one who tried, and says what to do.

    `reasons` holds a sentence for each answer of a form that is the cause, by the answer's name.
    """

    reasons: Mapping[str, str] = {}

    def show_in(self, form: BaseForm) -> None:
        """Put each sentence beside its question, or above the form when it is about no single one.

        A form whose questions have other names than the answers says so in `ASKED_AS`.
        """
        asked_as: Mapping[str, str] = getattr(form, "ASKED_AS", {})
        for answer, reason in self.reasons.items():
            name = asked_as.get(answer, answer)
            form.add_error(name if name in form.fields else None, reason)
        if not self.reasons:
            form.add_error(None, str(self))

"""The file that is added, and what is told of one that will come in pieces."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.files.rules import FileRefused, check_beginning, check_file, clean_name
from referral.files.workflow import Reason


class FileForm(HouseForm):
    """One file; its name, size and beginning are looked at before it is kept."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A jpg, png, pdf or docx file of at most 30 MB."),
        allow_empty_file=True,  # it gets our own sentence
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.pdf,.docx"}),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            try:
                kind = check_file(clean_name(file.name or ""), file.size or 0)
                check_beginning(kind, next(iter(file.chunks())))
            except FileRefused as refused:
                refused.show_in(self)
        return self.cleaned_data

    def content(self) -> tuple[str, bytes]:
        """The name and the bytes of a file that was found good."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        file.seek(0)
        return file.name or "", file.read()


class BeginForm(HouseForm):
    """What is told of a file that will come in pieces."""

    name = forms.CharField(max_length=1000, error_messages={"required": Reason.EXTENSION.label})
    size = forms.IntegerField(min_value=0)

"""The file that a coordinator sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.access.forms import HouseForm
from signals.forms.profiles import profile_of
from signals.forms.reading import FileBroken, check_head
from signals.models import LayoutMapping
from signals.rules import read_layout

LARGEST_FILE = 500_000_000


class ImportForm(HouseForm):
    """A file of signals and its layout; the beginning is looked at before it is kept."""

    profile = forms.ChoiceField(label=gettext_lazy("Layout of the file"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A CSV file of at most 500 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args: Any, mappings: Sequence[LayoutMapping], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mappings = {mapping.code: mapping for mapping in mappings}
        choices = [(code, str(mapping)) for code, mapping in self.mappings.items()]
        self.fields["profile"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        file, profile = self.cleaned_data.get("file"), self.cleaned_data.get("profile")
        if isinstance(file, UploadedFile) and profile:
            self._check_file(file, profile)
        return self.cleaned_data

    def _check_file(self, file: UploadedFile[bytes], profile: str) -> None:
        if (file.size or 0) > LARGEST_FILE:
            self.add_error("file", _("This file is larger than 500 MB."))
            return
        try:
            check_head(file.chunks(), profile_of(read_layout(self.mappings[profile].content)))
        except FileBroken as broken:
            self.add_error("file", str(broken))

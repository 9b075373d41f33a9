"""Where files are chosen on a citizen's page, and what became of those that came."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sipuma.complaints.evidence import MOST_OF_A_CASE
from sipuma.public.uploads import Posted
from sipuma.web.forms import SipumaForm


class SeveralFiles(forms.FileInput):
    """A choice of any number of files."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__({"multiple": True})


class EvidenceForm(SipumaForm):
    """Shows the place for files. They are taken while the request is read; `posted` tells which were not."""

    evidence = forms.FileField(label=_("Evidence"), required=False, widget=SeveralFiles)

    def __init__(
        self, data: Any = None, *args: Any, posted: Posted | None = None, **kwargs: Any
    ) -> None:  # Any: forwarded to SipumaForm as is
        super().__init__(data, *args, **kwargs)
        self._problems = posted.problems if posted else []
        self.fields["evidence"].help_text = _what_helps()

    def full_clean(self) -> None:
        super().full_clean()
        for problem in self._problems if self.is_bound else ():
            self.add_error("evidence", problem)


def _what_helps() -> str:
    words = gettext(
        "Photos, recordings, letters, screenshots: whatever shows it. Up to %(most)s files at a time and "
        "%(all)s in all, %(size)s each. Officers look at a copy without hidden details, such as the place "
        "where a photo was taken. Where no such copy can be made, as of very large files, the page says so."
    )
    size = filesizeformat(settings.SIPUMA.max_file_bytes)
    return words % {"most": settings.SIPUMA.max_files, "all": MOST_OF_A_CASE, "size": size}

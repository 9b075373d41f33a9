"""The forms of an office's calendar: one for each kind of change, with the fields that it needs."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sipuma.offices.calendar_changes import LONGEST_NAME, LONGEST_REASON, Change
from sipuma.offices.hours_text import DAYS
from sipuma.offices.models import CalendarKind
from sipuma.web.forms import DateField, SipumaForm

WEEKDAYS: Final = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
HOURS: Final = tuple(f"hours_{weekday}" for weekday in range(DAYS))
_TOO_LONG: Final = _("Use at most %(limit_value)d characters.")
# fmt: off
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    CalendarKind.CLOSURE: ("first", "name", "reason"),
    CalendarKind.OPENING: ("first", "reason"),
    CalendarKind.RAMADAN: ("first", "last", *HOURS, "reason"),
    CalendarKind.PERIOD:  ("first", "last", "name", *HOURS, "reason"),
    CalendarKind.WEEK:    ("first", *HOURS, "reason"),
    CalendarKind.REMOVAL: ("removes", "reason"),
}
FIRST_DAYS: Final = {
    CalendarKind.CLOSURE: _("Day"),
    CalendarKind.OPENING: _("Day"),
    CalendarKind.WEEK:    _("From this day on"),
}
# fmt: on


def _day(label: Any) -> DateField:  # Any: a lazy text, as Django's fields take it
    return DateField(label=label, error_messages={"required": _("Write the day.")})


def _hours(weekday: int) -> forms.CharField:
    return forms.CharField(label=WEEKDAYS[weekday], required=False, max_length=200)


class ChangeForm(SipumaForm):
    """A change of one kind; whether it makes sense is the domain's to say."""

    mark_optional = False

    def __init__(
        self,
        kind: str,
        data: Mapping[str, Any] | None = None,  # Any: a QueryDict or a plain mapping, as Django takes them
        *,
        initial: Mapping[str, Any] | None = None,  # Any: dates and texts
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id=f"{kind}-%s")
        self.kind = kind
        for name in FIELDS[kind]:
            self.fields[name] = self._build(name)

    def _build(self, name: str) -> forms.Field:
        if name in HOURS:
            return _hours(HOURS.index(name))
        if name == "first":
            return _day(FIRST_DAYS.get(CalendarKind(self.kind), _("First day")))
        if name == "last":
            return _day(_("Last day"))
        if name == "removes":
            return forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31)
        return self._text(name)

    @staticmethod
    def _text(name: str) -> forms.CharField:
        reason = name == "reason"
        missing = _("Write why, with the decree if there is one.") if reason else _("Write a name.")
        return forms.CharField(
            label=_("Why") if reason else _("Name"),
            max_length=LONGEST_REASON if reason else LONGEST_NAME,
            error_messages={"required": missing, "max_length": _TOO_LONG},
        )

    def change(self) -> Change:
        """Return what a valid form asks for."""
        given = self.cleaned_data
        return Change(
            kind=self.kind,
            reason=given["reason"],
            first=given.get("first"),
            last=given.get("last"),
            name=given.get("name", ""),
            hours=[given[name] for name in HOURS if name in given],
            removes=given.get("removes"),
        )

"""The legal sources by their full names; rules of our own are called internal rules to the public."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sipuma.cases.workflow import Text


@dataclass(frozen=True)
class Source:
    """A legal source: its number as it is cited, and in our own words what it is about."""

    name: Text
    about: Text


# fmt: off
# By the short names that rules use (the moves' `rule`, the deadlines' too).
SOURCES: Mapping[str, Source] = {
    "S2":        Source("KEP-154/BC/2012", _("how complaints are handled at DJBC")),
    "S1":        Source("KEP-43/KBC.1703/2023", _("the service standard for complaints at a desk")),
    "SOP-JKT":   Source(_("SOP of manual reception (Bea Cukai Jakarta)"),
                        _("the steps from reception to archive")),
    "PER13":     Source("PER-13/BC/2025", _("complaints about customs service and supervision")),
    "PMK205":    Source("PMK 205/PMK.09/2022", _("reports of violations at the Ministry of Finance")),
    "KMK149":    Source("KMK 149/KMK.09/2011", _("WISE, and an answer within 30 days")),
    "PERPRES76": Source("PERPRES 76/2013", _("complaints about public services, within 60 days")),
    "PP94":      Source("PP 94/2021", _("discipline of civil servants")),
    "PMK190":    Source("PMK 190/PMK.01/2018", _("code of ethics at the Ministry of Finance")),
    "SP4N":      Source(_("SP4N norms (PermenPANRB 5/2025)"),
                        _("usual periods of the national complaint system, where DJBC has none of its own")),
}
ALIASES = {"KEP154": "S2", "SP4N-CLS": "SP4N"}
# fmt: on
# A short name, and the chapter or step behind it: «S2 verifikasi 3».
_CITED = re.compile(r"(?P<code>[A-Z][A-Z0-9]*(?:-[A-Z]+)?)(?P<place>(?: (?!analogue)[\w]+)*)")


def cited(rule: str) -> list[tuple[str, str]]:
    """Return the sources that a rule names, as (short name, place in it), each once."""
    found = [(ALIASES.get(one["code"], one["code"]), one["place"].strip()) for one in _CITED.finditer(rule)]
    return list(dict.fromkeys(one for one in found if one[0] in SOURCES))


def in_words(rule: str) -> str:
    """Return a rule as the public reads it: «KEP-154/BC/2012 (verifikasi 3)», or that it is our own."""
    return "; ".join(_citation(code, place) for code, place in cited(rule)) or str(_("internal rule"))


def _citation(code: str, place: str) -> str:
    name = str(SOURCES[code].name)
    if place.isdigit():
        place = _("step %(number)s") % {"number": place}
    return f"{name} ({place})" if place else name


def named_in(rules: Iterable[str]) -> list[Source]:
    """Return every source that one of these rules names, in the order of the table."""
    codes = {code for rule in rules for code, _place in cited(rule)}
    return [source for code, source in SOURCES.items() if code in codes]

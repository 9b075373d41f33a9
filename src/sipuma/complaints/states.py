"""The states of a complaint, what officers call them and what the complainant reads."""

from django.utils.translation import gettext_lazy as _

from sipuma.cases.workflow import State


class S:
    """The states' names, as they are stored and as DOMAIN section 7 has them."""

    RECEIVED = "DITERIMA"
    VERIFICATION = "VERIFIKASI"
    WAITING = "MENUNGGU_DATA"
    PYB = "DI_PYB"
    ASSESSMENT = "PENGKAJIAN_KI"
    UNIT = "PENGKAJIAN_UNIT"
    FOLLOW_UP = "TINDAK_LANJUT"
    WISE = "DITERUSKAN_WISE"
    NOT_ACTIONABLE = "TIDAK_DITINDAKLANJUTI"
    DONE = "SELESAI"
    WITHDRAWN = "DITARIK"
    # Not of DOMAIN section 7: what stays in the old register book of a case that went one level up.
    MOVED = "DIALIHKAN"
    CLOSED = "DITUTUP"


HANDLED = _("Being handled")
TO_ITJEN = _("Forwarded to the Inspectorate General")

# fmt: off
STATES = (
    State(S.RECEIVED,       _("Received"),                  _("Received")),
    State(S.VERIFICATION,   _("In verification"),           _("Being verified")),
    State(S.WAITING,        _("Awaiting additional data"),  _("Additional data needed from you")),
    State(S.PYB,            _("With the PYB"),              HANDLED),
    State(S.ASSESSMENT,     _("Assessment (KI)"),           HANDLED),
    State(S.UNIT,           _("Assessment (related unit)"), HANDLED),
    State(S.FOLLOW_UP,      _("Follow-up running"),         HANDLED),
    State(S.WISE,           _("Forwarded to WISE"),         TO_ITJEN, final=True),
    State(S.NOT_ACTIONABLE, _("Not actionable"),            _("Can’t be followed up"), final=True),
    State(S.DONE,           _("Completed"),                 _("Completed"), final=True),
    State(S.WITHDRAWN,      _("Withdrawn"),                 _("Withdrawn by you"), final=True),
    State(S.MOVED,          _("Moved one level up"),        _("Moved to another office"), final=True),
    State(S.CLOSED,         _("Closed (duplicate, spam)"),  _("Closed"), final=True),
)
# fmt: on
BY_NAME = {state.name: state for state in STATES}
OPEN = tuple(state.name for state in STATES if not state.final)

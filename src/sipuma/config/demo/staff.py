"""The demo's staff: one user a role and office, all with the same published password."""

from collections.abc import Mapping

from sipuma import vault
from sipuma.offices.epochs import kit_of
from sipuma.offices.founding import Sheet
from sipuma.offices.models import Member, Office, SlotKind
from sipuma.offices.officer import Officer
from sipuma.offices.ring import KeyPair
from sipuma.offices.staffing import enrol, seats_of

PASSWORD = "demo-sipuma-2026"  # noqa: S105  # published: everybody may sign in to a demo
MAIL_DOMAIN = "contoh.example"

# fmt: off
PLACES = {
    "130300": "Sabang",
    "110400": "Malili",
    "130000": "Kanwil Aceh",
    "110000": "Kanwil Sulbagsel",
    "001400": "Dit. KI",
    "001000": "Sekretariat",
    "009000": "Dit. IKC",
    "000000": "Kantor Pusat",
}
TITLES = {
    "penerima":      "Penerima",
    "verifikator":   "Verifikator",
    "kepala-uki":    "Kepala UKI",
    "pengkaji-unit": "Pengkaji Unit",
    "pengkaji":      "Pengkaji",
    "pyb":           "PYB",
    "kustodian":     "Kustodian",
    "informasi":     "Petugas Informasi",
    "tik":           "Petugas TIK",
    "pimpinan":      "Pimpinan",
    "auditor":       "Auditor",
    "admin":         "Admin",
}
STAFF: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("130300", ("penerima", "verifikator", "kepala-uki", "pengkaji-unit")),
    ("110400", ("penerima", "verifikator", "kepala-uki", "pengkaji-unit")),
    ("130000", ("pengkaji", "kepala-uki", "kustodian")),
    ("110000", ("pengkaji", "kepala-uki", "kustodian")),
    ("001400", ("pyb", "pengkaji", "kepala-uki", "kustodian", "verifikator")),
    ("001000", ("pyb",)),
    ("130300", ("informasi",)),
    ("009000", ("tik",)),
    ("000000", ("pimpinan", "auditor", "admin")),
)
# fmt: on
# Employee numbers, made up: a complaint that names one is closed to its member.
NIPS = {"pengkaji-unit.110400": "199001012015031001"}
# These roles have no team: what they see needs no key.
SEATLESS = frozenset({"informasi", "tik", "pimpinan", "auditor", "admin"})
USERNAMES = tuple(f"{role}.{code}" for code, roles in STAFF for role in roles)

Officers = Mapping[str, Officer]


def enrol_staff(sheets: Mapping[str, Sheet]) -> Officers:
    """Enrol everybody; return them unlocked, by user name.

    Raises:
        Refused: one of them is there already.
    """
    return {f"{role}.{code}": _enrol(role, code, sheets) for code, roles in STAFF for role in roles}


def is_staffed() -> bool:
    """Return whether this installation's staff is the demo's."""
    return Member.objects.filter(user__username=USERNAMES[-1], email__endswith=f"@{MAIL_DOMAIN}").exists()


def _enrol(role: str, code: str, sheets: Mapping[str, Sheet]) -> Officer:
    office = Office.objects.get(pk=code)
    seats = seats_of(["none" if role in SEATLESS else role], office)
    member, kit = enrol(
        username=f"{role}.{code}",
        name=f"{TITLES[role]} {PLACES[code]}",
        office=office,
        seats=[(seat, sheets[kit_of(seat.team)].pair) for seat in seats],
        password=PASSWORD,
        email=f"{role}.{code}@{MAIL_DOMAIN}",
        nip=NIPS.get(f"{role}.{code}", ""),
    )
    # The kit opens the same keys as the password, without the time that a password costs.
    slot = member.slots.get(kind=SlotKind.KIT)
    secret = vault.open_kit_slot(bytes(slot.blob), kit, context=member.subject.encode())
    return Officer(member, KeyPair.from_bytes(secret))

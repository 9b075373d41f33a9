"""Files a complaint: what the person wrote is sealed, numbered and sent on its way in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.cases.entries import COMPLAINANT, Sealed, Step, seal_text
from sipuma.cases.evidence import seal_evidence, unclaimed
from sipuma.cases.filing import AlreadyFiled, NewCase, open_case
from sipuma.cases.models import Audience, Case, Channel
from sipuma.cases.tickets import find_holder, keys_of
from sipuma.complaints.conflict import first_due_with, first_state, level_above
from sipuma.complaints.contact_file import keep
from sipuma.complaints.contacts import email_address, mobile_number
from sipuma.complaints.custody import Custodians, custodians_of, seal_identity
from sipuma.complaints.notices import case_waits, people_of
from sipuma.complaints.words import ELEMENTS, SERVICE
from sipuma.files.acceptance import Accepted
from sipuma.offices.loading import KI
from sipuma.offices.models import Office, Team, TeamKey, TeamKind
from sipuma.offices.trust import public_key, trusted_keys
from sipuma.outbox.gateways import has_gateway
from sipuma.outbox.models import Message
from sipuma.outbox.posting import Address, message, seal_once

FILED = "filed"
CONTACT_PATH = "contact-path"


@dataclass(frozen=True)
class Filing:
    """What a complainant sends. Every text may be empty but `what` and `how`; `office` None: not known."""

    what: str
    how: str
    who: str = ""
    when: str = ""
    where: str = ""
    category: str = ""
    office: Office | None = None
    conflict: bool = False
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    callback: str = field(default="", repr=False)
    disclose: bool = False

    @property
    def matter(self) -> dict[str, object]:
        """Return the five elements and what they are about."""
        names = ("what", "who", "when", "where", "how", "category")
        return {name: getattr(self, name) for name in names}

    @property
    def identity(self) -> dict[str, str]:
        """Return who the complainant is, as far as given; empty when nothing was."""
        given = {name: getattr(self, name) for name in ("name", "address", "email", "phone")}
        return given if any(given.values()) else {}


def matter_of(payload: Mapping[str, object]) -> dict[str, str]:
    """Return the five elements and the category of a filed entry as texts; what nobody knows says so."""
    unknown = payload.get("unknown")
    known = {name: str(payload.get(name, "")) for name in (*(name for name, _label in ELEMENTS), "category")}
    nobody_knows = (
        {str(name): _("Not known (tidak diketahui)") for name in unknown} if isinstance(unknown, list) else {}
    )
    return known | nobody_knows


@dataclass(frozen=True)
class Filed:
    """What came of filing. `again` is true when this ticket had a case already and nothing was saved."""

    case: Case
    again: bool


def file(
    filing: Filing,
    ticket: vault.Ticket,
    *,
    channel: str = Channel.WEB,
    files: Sequence[Accepted] = (),
    at: datetime | None = None,
) -> Filed:
    """File a complaint under a ticket, with its evidence (moves 1; R1, R3, R5, R6, R12, R61).

    The same ticket again gives the same case; a conflict of interest goes one level up at once.
    """
    keys, at = keys_of(ticket), at or timezone.now()
    team = handling_team(filing.office, conflict=filing.conflict)
    custodians = custodians_of(team.office) if filing.identity else None
    trusted = trusted_keys((team, *(custodians.teams if custodians else ())))
    addresses = _addresses(filing)
    new = _new_case(filing, team, trusted[team.pk], addresses, channel=channel, at=at)
    entries = [*_entries(filing, new, custodians, trusted), *_evidence(new, unclaimed(files))]
    # All that costs time comes before the transaction, in which others wait for their number.
    notices, people = _ticket_messages(ticket, addresses), people_of(team)
    try:
        case = open_case(
            new,
            entries=entries,
            ticket=keys,
            by=COMPLAINANT,
            messages=lambda register: [*_with_reference(notices, register), *case_waits(people, register)],
        )
    except AlreadyFiled:
        holder = find_holder(keys)
        if holder is None:
            raise
        return Filed(holder.case, again=True)
    return Filed(case, again=False)


def handling_team(office: Office | None, *, conflict: bool) -> Team:
    """Return who verifies: the office's UKI; Dit. KI for «I don't know»; one level up on a conflict.

    About an office that the complainant doesn't know Dit. KI finds out itself, conflict or not.
    """
    code = office.pk if office else KI
    teams = Team.objects.select_related("office__supervisor")
    team = teams.get(office_id=code, kind=TeamKind.VERIFICATION)
    return level_above(team) if conflict and office else team


def accepted_contacts(filing: Filing) -> Mapping[str, Address]:
    """Return which of the given contacts can get a ticket, by channel (R6)."""
    return _addresses(filing)


def _addresses(filing: Filing) -> dict[str, Address]:
    email = email_address(filing.email) if filing.email else None
    phone = mobile_number(filing.phone) if filing.phone else None
    # Without a gateway nothing goes out, and so nothing is promised.
    return {found.channel.value: found for found in (email, phone) if found and has_gateway(found.channel)}


def _new_case(
    filing: Filing, team: Team, key: TeamKey, addresses: dict[str, Address], *, channel: str, at: datetime
) -> NewCase:
    private = vault.generate()
    contacts = keep(addresses.values(), private.public.raw)
    return NewCase(
        service=SERVICE,
        channel=channel,
        team=team,
        team_public=public_key(key),
        state=first_state(team),
        at=at,
        due=first_due_with(team, at),
        category=filing.category,
        language=language(),
        private=private,
        email_contact=contacts.get("email"),
        sms_contact=contacts.get("sms"),
    )


def _entries(
    filing: Filing, new: NewCase, custodians: Custodians | None, trusted: dict[int, TeamKey]
) -> list[Sealed]:
    case = new.private.public
    own = new.complainant.public if new.complainant else case
    step = Step("file", "", new.state)
    matter = seal_text(
        new.uid, FILED, filing.matter, audience=Audience.COMPLAINANT, readers=(case, own), step=step
    )
    entries = [matter]
    if filing.callback:
        payload = {"text": filing.callback}
        both = (new.team_public, own)
        where = Audience.VERIFICATION
        entries.append(seal_text(new.uid, CONTACT_PATH, payload, audience=where, readers=both))
    if custodians:
        readers = [own, new.team_public] if filing.disclose else [own]
        sides, wish = custodians.public(trusted), filing.disclose
        entries.append(
            seal_identity(new.uid, filing.identity, disclose=wish, custodians=sides, readers=readers)
        )
    return entries


def _evidence(new: NewCase, files: Sequence[Accepted]) -> list[Sealed]:
    own = new.complainant.public if new.complainant else new.private.public
    readers = (new.private.public, own)
    return [seal_evidence(new.uid, one, audience=Audience.COMPLAINANT, readers=readers) for one in files]


def _ticket_messages(ticket: vault.Ticket, addresses: dict[str, Address]) -> list[Message]:
    data = {"ticket": ticket.grouped}
    return [
        message(seal_once(address), template="ticket", data=data, language=language())
        for address in addresses.values()
    ]


def language() -> str:
    """Return the language that the complainant reads this page in: id or en."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def _with_reference(messages: list[Message], register: str) -> list[Message]:
    for one in messages:
        one.reference = register
    return messages

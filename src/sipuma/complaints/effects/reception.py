"""What a receiver does after saving: additions, telling the number, a ticket on request, completion (S1)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from sipuma.cases.entries import mark
from sipuma.cases.models import Audience, Case, ReportedEmployee
from sipuma.cases.resealing import save_seals, seals_for_complainant
from sipuma.cases.tickets import Issue, prepare_issue, save_issue
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints import notices
from sipuma.complaints.contact_file import keep, on_file, ticket_arrived
from sipuma.complaints.contacts import email_address, masked, mobile_number
from sipuma.complaints.effects.sealing import sealed_entry, step_of, text
from sipuma.complaints.models import Reception
from sipuma.complaints.words import Reason
from sipuma.offices.models import Team
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.outbox.gateways import has_gateway
from sipuma.outbox.models import Message
from sipuma.outbox.posting import Address, Recipient, message, seal_once, withdraw_waiting

TICKET = "ticket"
TICKET_ISSUED = "ticket-issued"


def add_data(attempt: Attempt) -> Effects:
    """R20: data added or put right; the first text stays, and this stands beside it with its reason."""
    payload = {
        "text": attempt.text("message"),
        "nature": attempt.text("nature"),
        "reason": attempt.text("reason"),
    }
    late = attempt.case.reason == Reason.NO_DATA
    return Effects(
        changes={"late_answer": True} if late else {},
        sealed=[sealed_entry(attempt, "addition", Audience.COMPLAINANT, payload)],
        messages=notices.to_handlers(attempt.case),
    )


def retract_employee(attempt: Attempt) -> Effects:
    """A reported employee recorded by mistake counts no more; the entry stays, with the reason beside it."""

    def save(_saved: dict[str, Any]) -> None:
        mistaken = ReportedEmployee.objects.filter(pk=attempt.text("employee"), case=attempt.case)
        mistaken.update(retracted_at=attempt.at)

    entry = text(attempt, "employee-retracted", Audience.HANDLERS, "employee", "reason")
    return Effects(sealed=[entry], after=[save])


def set_archive(attempt: Attempt) -> Effects:
    """R24: where the papers are kept."""
    return Effects(sealed=[text(attempt, "archive", Audience.HANDLERS, "archive")])


def tell_register(attempt: Attempt) -> Effects:
    """R21, R22: who told the register number, how and when; or why nobody could."""

    def save(_saved: dict[str, Any]) -> None:
        Reception.objects.filter(case=attempt.case).update(
            told=attempt.text("told"), told_at=attempt.at, told_by=attempt.by.member
        )

    return Effects(sealed=[text(attempt, "register-told", Audience.HANDLERS, "told", "note")], after=[save])


def complete_reception(attempt: Attempt) -> Effects:
    """Move 3: reception ends; the desk's seals go, and what it adds later it can't read back."""

    def save(_saved: dict[str, Any]) -> None:
        Reception.objects.filter(case=attempt.case, completed_at=None).update(
            completed_at=attempt.at, completed_by=attempt.by.member
        )

    drop = [attempt.case.reception] if attempt.case.reception else []
    return Effects(
        sealed=[mark("reception-completed", audience=Audience.HANDLERS, step=step_of(attempt))],
        drop=drop,
        after=[save],
    )


def send_ticket(attempt: Attempt) -> Effects:
    """R23: a ticket drawn now and sent straight to the complainant; one sent before is revoked (R83).

    Raises:
        Refused: no address was given, or one that no ticket can go to.
    """
    addresses = _addresses(attempt)
    kept = keep(addresses, bytes(attempt.case.public))
    desk = attempt.case.reception
    if desk is None:
        raise Refused(_("Only a desk that recorded the case sends a ticket to a new address."))
    to = ", ".join(masked(one) for one in addresses)
    changes: dict[str, object] = {f"{channel}_contact": blob for channel, blob in kept.items()}
    issued = _issued(attempt, desk, [seal_once(one) for one in addresses], changes=changes, to=to)
    # Whoever got a ticket learns that another was asked for, and where to object.
    told = notices.to_complainant(attempt.case, "ticket-replaced") if ticket_arrived(attempt.case) else []
    return replace(issued, messages=[*issued.messages, *told])


def reissue_ticket(attempt: Attempt) -> Effects:
    """R83: a new ticket to the contact on file, and to no other; the old one is revoked."""
    case = attempt.case
    return _issued(attempt, case.verification, on_file(case), changes={}, to=_("the contact on file"))


def _issued(
    attempt: Attempt, team: Team, recipients: list[Recipient], *, changes: dict[str, object], to: str
) -> Effects:
    case, officer = attempt.case, _officer(attempt)
    issue = _prepared(case, team, officer)
    seals, complete = seals_for_complainant(case, issue.private.public, officer)
    new = [_ticket_message(case, issue, one) for one in recipients]

    def save(_saved: dict[str, Any]) -> None:
        save_issue(case, issue, at=attempt.at, resealing=not complete)
        save_seals(seals)
        # A ticket that is still on its way would arrive after this one, and open nothing.
        before = Message.objects.filter(reference=case.register, template=TICKET)
        withdraw_waiting(before.exclude(uid__in=[one.uid for one in new]))

    return Effects(
        changes=changes,
        sealed=[sealed_entry(attempt, TICKET_ISSUED, Audience.HANDLERS, {"to": to})],
        messages=new,
        after=[save],
    )


def _prepared(case: Case, team: Team, officer: Officer) -> Issue:
    try:
        return prepare_issue(case, team, officer)
    except PermissionError as error:
        raise Refused(_("You don't hold this team's key.")) from error


def _officer(attempt: Attempt) -> Officer:
    if attempt.officer is None:
        raise PermissionError(attempt.case.register)
    return attempt.officer


def _ticket_message(case: Case, issue: Issue, recipient: Recipient) -> Message:
    return message(
        recipient,
        template=TICKET,
        data={"ticket": issue.ticket.grouped},
        reference=case.register,
        language=case.language,
    )


def _addresses(attempt: Attempt) -> list[Address]:
    """Return the addresses that a ticket can go to; what was typed and is none is refused (R6)."""
    found = []
    for name, find, wrong in _FINDERS:
        typed = attempt.text(name).strip()
        address = find(typed) if typed else None
        if typed and address is None:
            raise Refused(wrong(), field=name)
        if address is not None and not has_gateway(address.channel):
            raise Refused(_("This site sends nothing on this path. Use the other one."), field=name)
        if address is not None:
            found.append(address)
    if not found:
        raise Refused(_("Enter an e-mail address or a mobile number."), field="email")
    return found


_FINDERS: tuple[tuple[str, Callable[[str], Address | None], Callable[[], str]], ...] = (
    ("email", email_address, lambda: _("This e-mail address is not complete, like nama@contoh.id.")),
    (
        "phone",
        mobile_number,
        lambda: _("This is no Indonesian mobile number, like 0812 3456 7890. Only those get an SMS."),
    ),
)

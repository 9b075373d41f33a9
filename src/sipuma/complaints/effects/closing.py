"""Closing as a duplicate or spam, in two steps, and what ties a joined case to the one that it joins."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from sipuma.cases.entries import append, mark, readers_of, seal_text
from sipuma.cases.exclusions import carry_exclusions, release_exclusions
from sipuma.cases.models import Audience, Case, Entry
from sipuma.cases.opening import Reader
from sipuma.cases.resealing import drop_reader, save_seals, seal_case_key
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints import notices
from sipuma.complaints.effects.sealing import Effect, sealed_entry, step_of, text
from sipuma.complaints.joining import joined_to, main_is_sound
from sipuma.complaints.states import BY_NAME
from sipuma.offices.officer import Officer
from sipuma.outbox.models import Message

Words = Callable[[Attempt], str]
ANSWERS = ("result", "decision")


def propose_closing(attempt: Attempt) -> Effects:
    register = attempt.text("joins").strip()
    main = Case.objects.filter(register=register).first() if register else None
    return Effects(
        changes={"closing": attempt.text("closing_kind"), "joins": main},
        sealed=[text(attempt, "closing-proposed", Audience.HANDLERS, "closing_kind", "joins", "reason")],
        messages=notices.to_team(attempt.case.verification, attempt.case.register),
    )


def drop_proposal(attempt: Attempt) -> Effects:
    """The head refuses the proposal with a reason, or who made it takes it back."""
    return Effects(
        changes={"closing": "", "joins": None},
        sealed=[text(attempt, "closing-refused", Audience.HANDLERS, "reason")],
        messages=notices.to_team(attempt.case.verification, attempt.case.register),
    )


def confirm_closing(attempt: Attempt) -> Effects:
    """A duplicate's key is sealed to the case that it joins: whoever holds that one opens both."""
    case = attempt.case
    with override(case.language):
        words = _joined_words() if case.joins else _spam_words()
    effects = Effects(
        sealed=[sealed_entry(attempt, "decision", Audience.COMPLAINANT, {"text": words})],
        messages=notices.to_complainant(case),
    )
    if case.joins is None:
        return _releasing(effects, case)
    effects.after.append(lambda _saved: _join(attempt))
    return effects


def undo_closing(attempt: Attempt) -> Effects:
    """Closed by mistake, or the case that it joined was withdrawn: it goes on by itself."""
    case = attempt.case
    main = case.joins
    sealed = text(attempt, "move", Audience.HANDLERS, "reason")
    return Effects(
        changes={"closing": "", "joins": None, "closed_at": None},
        sealed=[
            sealed if attempt.officer else mark("move", audience=Audience.HANDLERS, step=step_of(attempt))
        ],
        messages=[
            *notices.to_complainant(case),
            *notices.to_team(case.verification, case.register),
        ],
        after=[lambda _saved: _part(case, main)] if main else [],
    )


def _part(case: Case, main: Case) -> None:
    drop_reader(case, main.public_key)
    release_exclusions(case, main)


def _join(attempt: Attempt) -> None:
    """Tie the case, and those that joined it before, to the main case; that one is locked meanwhile."""
    case, officer = attempt.case, attempt.officer
    if officer is None or case.joins_id is None:
        raise PermissionError(case.register)
    main = Case.objects.select_for_update().get(pk=case.joins_id)
    case.joins = main
    main_is_sound(attempt)
    save_seals([seal_case_key(one, main.public_key, officer) for one in (case, *joined_to(case))])
    for one in joined_to(case):
        drop_reader(one, case.public_key)
    joined_to(case).update(joins=main)
    carry_exclusions(case, main)
    Message.objects.bulk_create(notices.to_handlers(main))
    if BY_NAME[main.state].final:
        _tell_result(main, case, attempt, officer)


def _tell_result(main: Case, case: Case, attempt: Attempt, officer: Officer) -> None:
    """Give the complainant of a case that joins a closed one the answer that was given there."""
    # Only what was written in closing it: other letters answer what that complainant alone has said.
    letters = Entry.objects.filter(case=main, kind__in=ANSWERS, target=main.state)
    given = letters.filter(audience=Audience.COMPLAINANT).last()
    if given is None:
        return
    opened = Reader([main], officer.private, objects=[given.uid]).open(given)
    words = str((opened.payload or {}).get("text", ""))
    _write(case, given.kind, words, attempt)


def with_joined(effect: Effect, words: Words) -> Effect:
    """Return an effect that also tells the complainants of joined cases: with public keys, after the fact.

    `words` are asked for in each one's language; nothing in them may come from another's complaint.
    """

    def both(attempt: Attempt) -> Effects:
        effects = effect(attempt)
        kind = next((one.kind for one in effects.sealed if one.audience == Audience.COMPLAINANT), "message")

        def tell(_saved: dict[str, Any]) -> None:
            for one in joined_to(attempt.case):
                with override(one.language):
                    _write(one, kind, words(attempt), attempt)
                Message.objects.bulk_create(notices.to_complainant(one))

        effects.after.append(tell)
        return effects

    return both


def said(name: str) -> Words:
    """Return the words of a form's field."""
    return lambda attempt: attempt.text(name)


def with_released(effect: Effect) -> Effect:
    """Return an effect after which the joined cases go on by themselves: none ends with another's wish."""
    return lambda attempt: _releasing(effect(attempt), attempt.case)


def _releasing(effects: Effects, case: Case) -> Effects:
    """Let the joined cases go: those that are there when the case is changed, and locked by it."""
    effects.after.append(
        lambda _saved: effects.follow.extend((one, "release") for one in joined_to(case)),
    )
    return effects


def _write(case: Case, kind: str, words: str, attempt: Attempt) -> None:
    readers = readers_of(case, Audience.COMPLAINANT)
    sealed = seal_text(case.uid, kind, {"text": words}, audience=Audience.COMPLAINANT, readers=readers)
    append(case, [sealed], by=attempt.by, at=attempt.at)


def _joined_words() -> str:
    return _(
        "Your complaint was joined with another complaint about the same matter. Your ticket number goes on "
        "working: you see here how the matter goes on, and what you write reaches those who handle it."
    )


def _spam_words() -> str:
    return _(
        "We could not recognise a complaint in what you sent, and have closed it. It stays stored, sealed. "
        "If this is a mistake, write here what it is about."
    )

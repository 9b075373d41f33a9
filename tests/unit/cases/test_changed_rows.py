"""Rows that somebody who writes to the database changed: a visit of a handler opens nothing to them."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from sipuma import vault
from sipuma.cases.evidence import Piece
from sipuma.cases.models import Audience, Case, Entry, Evidence, Seal
from sipuma.cases.resealing import reseal_for_complainant
from sipuma.cases.tickets import prepare_issue, save_issue
from sipuma.complaints.evidence import pieces_for
from sipuma.complaints.filing import Filing, file
from sipuma.files.acceptance import Acceptance, Accepted
from sipuma.offices.models import Office
from sipuma.offices.trust import Untrusted
from sipuma.workspace.dossier import Dossier
from tests.unit.files.samples import jpeg
from tests.world import SABANG, Complaint, FileCase, RecordCase, World, move


def seals_of(public: vault.PublicKey) -> int:
    return Seal.objects.filter(reader=public.fingerprint).count()


def test_a_visit_seals_nothing_to_a_complainants_key_that_was_exchanged_in_the_database(
    world: World, file_case: FileCase
) -> None:
    complaint, thief = file_case(), vault.generate()
    Case.objects.filter(pk=complaint.case.pk).update(complainant_public=thief.public.raw, resealing=True)
    with pytest.raises(Untrusted):
        reseal_for_complainant(complaint.now(), world.officer("verifikator"))
    assert not seals_of(thief.public)


def test_a_visit_seals_nothing_to_a_key_that_was_given_to_a_case_without_a_ticket(
    world: World, record_case: RecordCase
) -> None:
    complaint, thief = record_case(), vault.generate()
    Case.objects.filter(pk=complaint.case.pk).update(complainant_public=thief.public.raw, resealing=True)
    with pytest.raises(Untrusted):
        reseal_for_complainant(complaint.now(), world.officer("verifikator"))
    assert not seals_of(thief.public)


def with_later_ticket(complaint: Complaint, world: World) -> vault.PrivateKey:
    """Have the desk issue a ticket after completion, so that earlier texts wait for a handler."""
    receiver, case = world.officer("penerima"), complaint.now()
    assert case.reception is not None
    issued = prepare_issue(case, case.reception, receiver)
    save_issue(case, issued, at=timezone.now(), resealing=True)
    return issued.private


def internal_note(complaint: Complaint, world: World) -> Entry:
    verifier = world.officer("verifikator")
    move(complaint, "take", by=verifier)
    move(complaint, "note", by=verifier, note="Jangan hubungi kepala kantor.")
    return Entry.objects.get(case=complaint.case, kind="note")


def test_an_internal_note_whose_row_says_otherwise_is_not_sealed_to_the_complainant(
    world: World, record_case: RecordCase
) -> None:
    complaint = record_case()
    own = with_later_ticket(complaint, world).public
    note = internal_note(complaint, world)
    Entry.objects.filter(pk=note.pk).update(audience=Audience.COMPLAINANT)
    reseal_for_complainant(complaint.now(), world.officer("verifikator"))
    assert Seal.objects.filter(reader=own.fingerprint).exists()
    assert not Seal.objects.filter(object=note.uid, reader=own.fingerprint).exists()
    assert not complaint.now().resealing


def test_an_identity_whose_row_says_otherwise_is_not_sealed_to_a_new_ticket(
    world: World, record_case: RecordCase
) -> None:
    complaint = record_case(name="Pelapor", disclose=True)
    own = with_later_ticket(complaint, world).public
    Entry.objects.filter(case=complaint.case, kind="identity").update(audience=Audience.COMPLAINANT)
    reseal_for_complainant(complaint.now(), world.officer("verifikator"))
    identity = Entry.objects.get(case=complaint.case, kind="identity")
    assert not Seal.objects.filter(object=identity.uid, reader=own.fingerprint).exists()


def taken(name: str, content: bytes) -> Accepted:
    acceptance = Acceptance(name, limit=10**8)
    acceptance.write(content)
    return acceptance.finish()


def filed_with(*files: Accepted) -> Case:
    filing = Filing(what="a", how="b", office=Office.objects.get(pk=SABANG))
    return file(filing, vault.Ticket.draw(), files=files).case


Forge = Callable[[Evidence, Evidence], None]


def _without_copy(one: Evidence, _other: Evidence) -> None:
    Evidence.objects.filter(pk=one.pk).update(copy=None)


def _with_the_copy_of_another(one: Evidence, other: Evidence) -> None:
    stolen = other.copy
    Evidence.objects.filter(pk=other.pk).update(copy=None)
    Evidence.objects.filter(pk=one.pk).update(copy=stolen)


def _with_its_own_original(one: Evidence, _other: Evidence) -> None:
    Evidence.objects.filter(pk=one.pk).update(copy=one.uid)


@pytest.mark.parametrize("forge", [_without_copy, _with_the_copy_of_another, _with_its_own_original])
def test_a_changed_row_never_shows_the_original_in_place_of_the_cleaned_copy(
    world: World, forge: Forge
) -> None:
    case = filed_with(taken("a.jpg", jpeg()))
    other = filed_with(taken("b.jpg", jpeg() + b"lain"))
    forge(case.evidence.get(), other.evidence.get())
    [piece] = pieces_for(case, world.officer("verifikator"))
    assert piece.cleaned
    with pytest.raises((FileNotFoundError, vault.Unopenable)):
        _read(piece)


def _read(piece: Piece) -> bytes:
    with piece.open_shown() as opened:
        return opened.read()


def test_evidence_whose_row_was_deleted_leaves_the_rest_of_its_case_readable(world: World) -> None:
    case = filed_with(taken("a.txt", b"isi\n"), taken("b.txt", b"lain\n"))
    case.evidence.order_by("pk")[0].delete()
    verifier = world.officer("verifikator")
    assert [one.name for one in pieces_for(case, verifier)] == ["b.txt"]
    assert Dossier(case, verifier).matter

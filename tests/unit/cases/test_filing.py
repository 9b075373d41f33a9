"""Opening a case: numbers without gaps, all or nothing, and no word of it in any table."""

import base64
import itertools
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models
from pytest_django import DjangoAssertNumQueries

from sipuma import vault
from sipuma.cases import filing as opening
from sipuma.cases.entries import SYSTEM, mark, readers_of
from sipuma.cases.filing import NewCase, open_case
from sipuma.cases.models import Audience, Case, Channel, Counter, Entry, Seal, Ticket
from sipuma.cases.numbering import next_register
from sipuma.cases.tickets import find_by_text, find_holder, keys_of, wrap_key
from sipuma.complaints.filing import Filed, Filing, accepted_contacts, file
from sipuma.complaints.states import S
from sipuma.offices.models import Office, Team, TeamKind
from sipuma.offices.trust import Untrusted, team_public
from sipuma.outbox.models import Message
from tests.ways import Walker, holder_of
from tests.world import KI, MALILI, SABANG, Complaint, FileCase, World

SAME_TICKET = 4
LEAST = 6  # shorter pieces turn up in random bytes by chance


def sabang() -> Office:
    return Office.objects.get(pk=SABANG)


def test_numbers_run_without_a_gap_by_office(file_case: FileCase) -> None:
    found = [file_case(office).case.register[-6:] for office in (SABANG, MALILI, SABANG, None, MALILI)]
    assert found == ["000001", "000001", "000002", "000001", "000002"]


@pytest.mark.parametrize(
    ("office", "moment", "year"),
    [
        (SABANG, datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), 2026),
        (SABANG, datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC), 2027),
        (MALILI, datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), 2026),
        (MALILI, datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), 2027),
        ("120600", datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC), 2026),
        ("120600", datetime(2026, 12, 31, 15, 0, 0, tzinfo=UTC), 2027),
    ],
)
@pytest.mark.usefixtures("world")
def test_the_year_turns_at_midnight_of_the_office(office: str, moment: datetime, year: int) -> None:
    place = Office.objects.get(pk=office)
    filed = file(Filing(what="a", how="b", office=place), vault.Ticket.draw(), at=moment)
    assert filed.case.register == f"{office}-{year}-000001"


@pytest.mark.usefixtures("world")
def test_a_new_year_begins_at_one_and_the_old_one_goes_on() -> None:
    moments = [datetime(year, 6, 1, tzinfo=UTC) for year in (2026, 2026, 2027, 2026, 2027)]
    found = [next_register(sabang(), at)[7:] for at in moments]
    assert found == ["2026-000001", "2026-000002", "2027-000001", "2026-000003", "2027-000002"]


@pytest.mark.parametrize("table", [Case, Ticket, Seal])
def test_a_filing_that_fails_leaves_nothing_and_frees_its_number(
    file_case: FileCase, table: type[models.Model]
) -> None:
    file_case()
    tables = (Case, Entry, Seal, Ticket, Message, Counter)
    before = [list(one._default_manager.order_by("pk").values()) for one in tables]
    with patch.object(table, "save", side_effect=OSError("disk full")), pytest.raises(OSError, match="disk"):
        file_case()
    assert [list(one._default_manager.order_by("pk").values()) for one in tables] == before
    assert file_case().case.register.endswith("000002")


def test_a_database_error_of_another_kind_is_not_taken_for_a_second_filing(file_case: FileCase) -> None:
    broken = patch.object(opening, "append", side_effect=IntegrityError("something else"))
    with broken, pytest.raises(IntegrityError):
        file_case()


@pytest.mark.usefixtures("world")
def test_the_same_ticket_again_is_the_same_case() -> None:
    ticket, form = vault.Ticket.draw(), Filing(what="a", how="b", office=sabang())
    first, again = file(form, ticket), file(form, ticket)
    assert (first.again, again.again) == (False, True)
    assert first.case == again.case
    assert (Case.objects.count(), Message.objects.count()) == (1, 0)


@pytest.mark.usefixtures("world")
def test_a_ticket_that_has_a_case_uses_up_no_second_number() -> None:
    ticket, form = vault.Ticket.draw(), Filing(what="a", how="b", office=sabang())
    file(form, ticket)
    file(form, ticket)
    assert Counter.objects.get().n == 1


@pytest.mark.usefixtures("world")
def test_a_ticket_revoked_in_the_meantime_is_not_filed_twice() -> None:
    ticket, form = vault.Ticket.draw(), Filing(what="a", how="b", office=sabang())
    file(form, ticket)
    Ticket.objects.update(revoked_at=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(opening.AlreadyFiled):
        file(form, ticket)
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_numbers_without_a_gap_and_one_ticket_makes_one_case(world: World) -> None:
    same, form = vault.Ticket.draw(), Filing(what="a", how="b", office=sabang())
    tickets = [*(vault.Ticket.draw() for _one in range(6)), *(same for _one in range(SAME_TICKET))]
    found: list[Filed] = []
    failures: list[BaseException] = []

    def work(ticket: vault.Ticket) -> None:
        try:
            found.append(file(form, ticket))
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(ticket,)) for ticket in tickets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(one.again for one in found) == SAME_TICKET - 1
    registers = sorted(Case.objects.values_list("register", flat=True))
    assert [register[-6:] for register in registers] == [f"{n:06d}" for n in range(1, 8)]


def columns() -> Iterator[tuple[str, bytes]]:
    """Yield every cell of every table, as bytes."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._default_manager.values_list():
            for value in row:
                yield model._meta.db_table, value if isinstance(value, bytes) else str(value).encode()


def forms(text: str) -> set[bytes]:
    """Return how a text may hide: plain, in other encodings, in hex, in base64 at each alignment."""
    raws = {text.encode(), text.lower().encode(), text.encode("utf-16-le"), text.encode("utf-16-be")}
    hidden = {raw.hex().encode() for raw in raws} | {raw.hex().upper().encode() for raw in raws}
    for raw, shift in itertools.product(raws, range(3)):
        encoded = base64.b64encode(b"\0" * shift + raw)
        hidden |= {encoded[4:-4], base64.urlsafe_b64encode(b"\0" * shift + raw)[4:-4]}
    return {form for form in raws | hidden if len(form) >= LEAST}


def test_no_table_holds_a_word_of_the_matter_an_address_or_the_ticket(
    world: World, file_case: FileCase
) -> None:
    canaries = {
        name: f"Kenari{name.title()}Kuning"
        for name in ("what", "who", "when", "where", "how", "name", "address", "callback")
    }
    email, phone = "kenari.pelapor@surat.example", "081234567890"
    complaint = file_case(**canaries, email=email, phone=phone, disclose=True)
    walker = Walker(world, complaint)
    walker.verified()
    walker.step("record_employee", "verifikator", employee_name="KenariPegawai", nip="198765432109876543")
    walker.step("note", "verifikator", note="KenariCatatan")
    walker.step("request_data", "verifikator", question="KenariPertanyaan")
    ticket = complaint.ticket.text
    secrets = [*canaries.values(), email, phone, phone[1:], "KenariPegawai", "198765432109876543"]
    secrets += ["KenariCatatan", "KenariPertanyaan", ticket, complaint.ticket.grouped, "kenari"]
    needles = [needle for secret in secrets for needle in forms(secret)]
    cells = list(columns())
    assert len(cells) > 10_000
    found = {(table, n) for table, cell in cells for n in needles if n in cell or n in cell.lower()}
    assert found == set()
    assert Message.objects.filter(template="ticket").count() == 2


def test_the_canaries_would_be_found(file_case: FileCase) -> None:
    file_case()
    Office.objects.filter(pk=SABANG).update(name=base64.b64encode(b"xKenariKuning!!").decode())
    assert any(needle in cell for _table, cell in columns() for needle in forms("KenariKuning"))


def test_a_ticket_is_found_however_it_is_typed(file_case: FileCase) -> None:
    complaint = file_case()
    text = complaint.ticket.grouped
    for typed in (text, text.lower(), text.replace("-", ""), f"  {text.replace('-', ' ')} "):
        holder = find_by_text(typed)
        assert holder is not None
        assert holder.case == complaint.case


@pytest.mark.parametrize("typed", ["", "X", "0" * 500, "bukan tiket"])
@pytest.mark.usefixtures("world")
def test_what_is_no_ticket_costs_the_same_look_up(
    typed: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert find_by_text(typed) is None
    with django_assert_num_queries(1):
        assert find_by_text(vault.Ticket.draw().text) is None


def test_a_revoked_ticket_finds_nothing(file_case: FileCase) -> None:
    complaint = file_case()
    Ticket.objects.update(revoked_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert find_by_text(complaint.ticket.text) is None


def test_a_ticket_row_moved_to_another_case_opens_nothing(file_case: FileCase) -> None:
    complaint, other = file_case(), file_case()
    Ticket.objects.filter(case=complaint.case).update(case=other.case)
    with pytest.raises(vault.Unopenable):
        find_by_text(complaint.ticket.text)


def test_a_swapped_case_key_is_refused_before_anything_is_sealed_to_it(
    world: World, file_case: FileCase
) -> None:
    complaint, attackers = file_case(), vault.generate()
    for column in ("public", "complainant_public"):
        genuine = getattr(complaint.case, column)
        Case.objects.update(**{column: attackers.public.raw})
        with pytest.raises(Untrusted):
            readers_of(complaint.now(), Audience.COMPLAINANT)
        with pytest.raises(Untrusted):
            Walker(world, complaint).step("note", "verifikator", note="x")
        Case.objects.update(**{column: genuine})
    assert len(readers_of(complaint.now(), Audience.COMPLAINANT)) == 2


def test_a_case_whose_id_was_swapped_with_the_key_opens_for_nobody(world: World, file_case: FileCase) -> None:
    complaint, fresh = file_case(), file_case()
    holder_of(complaint)
    mine = {"uid": fresh.case.uid, "public": fresh.case.public}
    fresh_public = fresh.case.complainant_public
    Ticket.objects.filter(case=fresh.case).delete()
    Seal.objects.filter(case=fresh.case).delete()
    Entry.objects.filter(case=fresh.case).delete()
    Case.objects.filter(pk=fresh.case.pk).delete()
    Case.objects.filter(pk=complaint.case.pk).update(**mine, complainant_public=fresh_public)
    with pytest.raises(vault.Unopenable):
        holder_of(complaint)
    with pytest.raises(PermissionError):
        Walker(world, Complaint(complaint.now(), complaint.ticket)).pyb()


def new_case(**changes: object) -> NewCase:
    team = Team.objects.select_related("office").get(office_id=KI, kind=TeamKind.VERIFICATION)
    values: dict[str, object] = {
        "service": "complaint",
        "channel": Channel.WEB,
        "team": team,
        "team_public": team_public(team),
        "state": S.RECEIVED,
        "at": datetime(2026, 3, 2, tzinfo=UTC),
        "due": None,
    }
    return NewCase(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.usefixtures("world")
def test_a_case_may_have_no_complainant() -> None:
    case = open_case(
        new_case(complainant=None), entries=[mark("move", audience="handlers")], ticket=None, by=SYSTEM
    )
    assert case.complainant_key is None
    assert readers_of(case, Audience.COMPLAINANT) == [case.public_key]
    assert not Ticket.objects.exists()
    assert str(case) == case.register


@pytest.mark.usefixtures("world")
def test_a_case_without_ticket_does_not_hide_a_database_error() -> None:
    new = new_case()
    open_case(new, entries=[], ticket=None, by=SYSTEM)
    with pytest.raises(IntegrityError):
        open_case(new, entries=[], ticket=None, by=SYSTEM)
    assert Counter.objects.get().n == 1


@pytest.mark.usefixtures("world")
def test_a_wrapped_key_opens_with_its_own_ticket_only() -> None:
    new, keys = new_case(), keys_of(vault.Ticket.draw())
    assert new.complainant is not None
    wrapped = wrap_key(new.complainant, keys, case_uid=new.uid)
    open_case(new, entries=[], ticket=keys, by=SYSTEM)
    Ticket.objects.update(wrapped=wrapped[:-1] + b"\0")
    with pytest.raises(vault.Unopenable):
        find_holder(keys)


@pytest.mark.parametrize(
    ("email", "phone", "accepted"),
    [
        ("a@b.example", "081234567890", {"email", "sms"}),
        ("a@b.example", "0652 21105", {"email"}),
        ("bukan surel", "0812 3456 7890", {"sms"}),
        ("", "", set()),
        ("x@", "1500225", set()),
    ],
)
@pytest.mark.usefixtures("world")
def test_each_contact_that_can_get_a_ticket_gets_one_and_the_rest_is_said(
    email: str, phone: str, accepted: set[str]
) -> None:
    form = Filing(what="a", how="b", office=sabang(), email=email, phone=phone)
    filed = file(form, vault.Ticket.draw())
    sent = set(Message.objects.filter(template="ticket").values_list("channel", flat=True))
    assert sent == set(accepted_contacts(form)) == accepted
    assert bool(filed.case.email_contact) is ("email" in accepted)
    assert bool(filed.case.sms_contact) is ("sms" in accepted)
    assert set(Message.objects.values_list("reference", flat=True)) <= {filed.case.register}

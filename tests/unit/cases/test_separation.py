"""Who can open what, tried with the keys themselves and with write access to the database."""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sipuma import vault
from sipuma.cases.access import log_read, visible
from sipuma.cases.models import Audience, Case, Entry, ReadLog, Seal
from sipuma.cases.opening import Reader, holder_keys
from sipuma.cases.resealing import drop_seals, hand_case_key, hand_everything
from sipuma.complaints.custody import IDENTITY
from sipuma.complaints.filing import CONTACT_PATH
from sipuma.complaints.states import S
from sipuma.complaints.tracking import Tracked, write
from sipuma.offices.models import Member, Membership, Office, Team, TeamKey, TeamKeySeal, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.trust import Untrusted, team_public
from tests.ways import Walker, holder_of
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World

SECRET = "Rahasia pelapor"


def team(kind: str = TeamKind.VERIFICATION, office: str = SABANG) -> Team:
    return Team.objects.get(office_id=office, kind=kind)


def fresh(officer: Officer) -> Officer:
    return Officer(Member.objects.get(pk=officer.member.pk), officer.ring.pair)


def opened(officer: Officer, complaint: Complaint) -> dict[str, str]:
    """Return what the officer's keys open of a case: the payloads' text by kind, by every way there is."""
    officer = fresh(officer)
    found: dict[str, str] = {}
    for find in (officer.private, officer.ring.private):
        try:
            lines = Reader([complaint.now()], find).timeline()
        except vault.Unopenable:
            continue
        found |= {line.entry.kind: str(line.payload) for line in lines if line.payload}
    return found


@pytest.fixture
def complaint(file_case: FileCase) -> Complaint:
    return file_case(what=SECRET, name="Nama Pelapor", callback="0651-1")


STRANGERS = [
    ("verifikator", MALILI),
    ("penerima", SABANG),
    ("pengkaji-unit", SABANG),
    ("pengkaji", ACEH),
    ("pyb", KI),
    ("kustodian", ACEH),
    ("kustodian", KI),
    ("admin", SABANG),
]


@pytest.mark.parametrize(("role", "office"), STRANGERS)
def test_no_other_team_sees_or_opens_a_case(
    world: World, complaint: Complaint, role: str, office: str
) -> None:
    mine, stranger = world.officer("verifikator"), world.officer(role, office)
    assert SECRET in opened(mine, complaint)["filed"]
    assert complaint.case not in visible(stranger)
    assert opened(stranger, complaint) == {}


def test_a_staffed_team_is_closed_to_the_one_above_it_in_the_day(world: World, complaint: Complaint) -> None:
    above = world.officer("verifikator", ACEH)
    assert complaint.case in visible(above)
    world.officer("verifikator")
    assert complaint.case not in visible(fresh(above))
    assert Reader([complaint.case], fresh(above).private).timeline()[0].payload is None


class Attack:
    """Somebody at Malili with keys of their own and the right to write to every table."""

    def __init__(self, world: World, complaint: Complaint) -> None:
        self.officer = world.officer("verifikator", MALILI)
        self.complaint = complaint
        self.member = self.officer.member
        self.public = self.officer.ring.pair.private.public
        self.key, self.pair = self.officer.ring.team(team(office=MALILI))

    def membership(self) -> None:
        Membership.objects.create(member=self.member, team=team(), rank="head", let_in_at=timezone.now())

    def role_row(self) -> None:
        Membership.objects.filter(member=self.member).update(team=team(), rank="head")

    def supervisor(self) -> None:
        Team.objects.filter(pk=team().pk).update(supervisor=team(office=MALILI))
        Membership.objects.filter(team=team()).update(let_in_at=None)

    def handling(self) -> None:
        own = team(office=MALILI)
        Case.objects.update(team=own, verification=own, office=own.office)

    def seals_renamed(self) -> None:
        for entry in (self.complaint.case.uid, *Entry.objects.values_list("uid", flat=True)):
            seal = Seal.objects.filter(object=entry).order_by("pk").first()
            assert seal is not None
            Seal.objects.filter(pk=seal.pk).update(reader=self.public.fingerprint)

    def seals_renamed_to_the_team(self) -> None:
        Seal.objects.filter(reader=team_public(team()).fingerprint).update(reader=bytes(self.key.fingerprint))

    def forged_case_key(self) -> None:
        own, case = vault.generate(), self.complaint.case
        context = vault.Context(case.uid.bytes, case.uid.bytes, "case-key")
        sealed = vault.seal_private_key(own, self.public, context=context)
        Seal.objects.filter(object=case.uid).update(reader=self.public.fingerprint, sealed=sealed)

    def team_key_seal(self) -> None:
        above = TeamKeySeal.objects.filter(
            key__team=team(), reader=team_public(team(office=ACEH)).fingerprint
        )
        assert above.update(reader=self.public.fingerprint) == 1

    def team_key_seal_of_ones_own(self) -> None:
        TeamKeySeal.objects.filter(key__team=team()).delete()
        TeamKeySeal.objects.filter(key__team=team(office=MALILI)).update(key=team().keys.get())

    def team_key_row(self) -> None:
        theirs = team().keys.get()
        TeamKey.objects.filter(pk=theirs.pk).update(team=team(office=MALILI), epoch=1)

    def teams_swapped(self) -> None:
        here, own = team(), team(office=MALILI)
        Team.objects.filter(pk=here.pk).update(kind="spare")
        Team.objects.filter(pk=own.pk).update(office_id=SABANG)
        Team.objects.filter(pk=here.pk).update(office_id=MALILI, kind=TeamKind.VERIFICATION)

    def complainant(self) -> None:
        Case.objects.update(complainant_public=self.public.raw)


ATTACKS = [name for name in vars(Attack) if not name.startswith("_")]


@pytest.mark.parametrize("name", ATTACKS)
def test_write_access_to_the_database_opens_no_payload(world: World, complaint: Complaint, name: str) -> None:
    world.officer("verifikator")
    attack = Attack(world, complaint)
    getattr(attack, name)()
    assert opened(attack.officer, complaint) == {}


def test_two_attacks_at_once_open_no_payload(world: World, complaint: Complaint) -> None:
    world.officer("verifikator")
    attack = Attack(world, complaint)
    for name in ("membership", "seals_renamed_to_the_team", "team_key_seal", "handling"):
        getattr(attack, name)()
    assert complaint.case in visible(fresh(attack.officer))  # the row, which they could read anyway
    assert opened(attack.officer, complaint) == {}


class Swap:
    """Ways of putting a key of one's own where a team's key stands."""

    def __init__(self, attack: Attack) -> None:
        self.attack, self.victim = attack, team().keys.get()

    def forged(self, *, subject: str, epoch: int) -> bytes:
        pair = self.attack.pair
        return vault.certify(
            pair.signing,
            subject=subject,
            epoch=epoch,
            encryption=self.attack.public,
            verify=pair.signing.verify_key,
        ).to_bytes()

    def certificate_of_another_team(self) -> None:
        self.victim.certificate = self.attack.key.certificate
        self.victim.save()

    def certificate_by_another_team(self) -> None:
        self.victim.certificate = self.forged(subject=team().subject, epoch=0)
        self.victim.save()

    def epoch_by_another_team(self) -> None:
        certificate = self.forged(subject=team().subject, epoch=1)
        TeamKey.objects.create(
            team=team(), epoch=1, fingerprint=self.attack.public.fingerprint, certificate=certificate
        )

    def epoch_behind_the_attackers_own(self) -> None:
        TeamKey.objects.filter(team=team()).delete()
        forged = [self.attack.key.certificate, self.forged(subject=team().subject, epoch=1)]
        for epoch, certificate in enumerate(forged):
            TeamKey.objects.create(
                team=team(), epoch=epoch, fingerprint=bytes([epoch]) * 16, certificate=certificate
            )

    def altered_bytes(self) -> None:
        raw = bytearray(self.victim.certificate)
        raw[200] ^= 1
        self.victim.certificate = bytes(raw)
        self.victim.save()

    def nothing_at_all(self) -> None:
        TeamKey.objects.filter(team=team()).delete()

    def rubbish(self) -> None:
        self.victim.certificate = b"rubbish"
        self.victim.save()


SWAPS = [name for name in vars(Swap) if not name.startswith("_") and name != "forged"]


@pytest.mark.parametrize("name", SWAPS)
def test_nothing_is_sealed_to_a_swapped_team_key(
    world: World, file_case: FileCase, complaint: Complaint, name: str
) -> None:
    mine = world.officer("verifikator")
    getattr(Swap(Attack(world, complaint)), name)()
    count = (Case.objects.count(), Seal.objects.count())
    with pytest.raises(Untrusted):
        team_public(team())
    with pytest.raises(Untrusted):
        file_case()
    with pytest.raises(Untrusted):
        mine.ring.team(team())
    assert (Case.objects.count(), Seal.objects.count()) == count


def test_nothing_is_handed_to_a_swapped_team_key(world: World, complaint: Complaint) -> None:
    walker = Walker(world, complaint)
    walker.to(S.VERIFICATION)
    target = team(TeamKind.PYB, KI).keys.get()
    target.certificate = Attack(world, complaint).key.certificate
    target.save()
    before = list(Seal.objects.order_by("pk").values())
    with pytest.raises(Untrusted):
        walker.step("route_pyb", "verifikator")
    assert list(Seal.objects.order_by("pk").values()) == before
    assert complaint.now().state == S.VERIFICATION


def test_a_case_key_that_cannot_be_opened_is_not_handed_on(world: World, complaint: Complaint) -> None:
    stranger, case = world.officer("verifikator", MALILI), complaint.now()
    with pytest.raises(PermissionError):
        hand_case_key(case, to=team(office=MALILI), officer=stranger)
    with pytest.raises(PermissionError):
        hand_everything(case, source=team(), to=team(office=MALILI), officer=stranger)
    Seal.objects.filter(object=case.uid).delete()
    with pytest.raises(PermissionError):
        hand_case_key(case, to=team(office=MALILI), officer=world.officer("verifikator"))


def test_a_unit_opens_what_is_addressed_to_it_and_nothing_else(world: World, complaint: Complaint) -> None:
    walker = Walker(world, complaint)
    walker.to(S.UNIT)
    walker.step("note", "verifikator", note="Catatan UKI")
    write(holder_of(complaint), "Pesan pelapor")
    unit = world.officer("pengkaji-unit")
    assert complaint.case in visible(unit)
    assert set(opened(unit, complaint)) == {"referral", "study"}
    assert SECRET not in str(opened(unit, complaint))
    assert Reader([complaint.now()], unit.private).case_key(complaint.case) is None
    uki = opened(world.officer("verifikator"), complaint)
    assert {"filed", "referral", "study", "note", "message"} <= set(uki)


def test_an_executing_unit_opens_its_own_follow_up_and_nothing_else(
    world: World, complaint: Complaint
) -> None:
    walker = Walker(world, complaint)
    walker.to(S.FOLLOW_UP)
    walker.step("add_follow_up", "pengkaji", ACEH, executor=SABANG, instruction="Lain lagi.")
    executor = world.officer("pengkaji-unit", MALILI)
    assert set(opened(executor, complaint)) == {"follow-up"}
    assert "Minta penjelasan." in opened(executor, complaint)["follow-up"]
    assert "Lain lagi." in opened(world.officer("pengkaji-unit"), complaint)["follow-up"]
    walker.step("report_follow_up", "pengkaji-unit", MALILI)
    assert set(opened(executor, complaint)) == {"follow-up", "follow-up-result"}


def test_the_complainant_opens_the_conversation_and_never_an_internal_note(
    world: World, complaint: Complaint
) -> None:
    walker = Walker(world, complaint)
    walker.to(S.FOLLOW_UP)
    walker.step("note", "pengkaji", ACEH, note="Catatan dalam")
    walker.step("message", "pengkaji", ACEH, message="Pesan untuk Anda")
    holder = holder_of(complaint)
    lines = Reader([complaint.now()], holder_keys(holder.private)).timeline()
    seen = {line.entry.kind for line in lines if line.payload}
    assert seen == {"filed", "message", CONTACT_PATH, IDENTITY}
    assert {line.entry.audience for line in lines if line.payload is None} == {"handlers", "unit"}
    assert [letter.text for letter in Tracked(holder).conversation] == ["Pesan untuk Anda"]
    # Not even when the seal of a note is renamed to the complainant.
    note = Entry.objects.get(kind="note")
    Seal.objects.filter(object=note.uid).update(reader=holder.private.public.fingerprint)
    assert not opened_by_ticket(holder.private, complaint, "note")


def opened_by_ticket(private: vault.PrivateKey, complaint: Complaint, kind: str) -> bool:
    try:
        line = Reader([complaint.now()], holder_keys(private)).timeline(kind=kind)[0]
    except vault.Unopenable:
        return False
    return bool(line.payload)


def half_of(officer: Officer, identity: Entry, complaint: Complaint) -> vault.Secret:
    context = vault.Context(complaint.case.uid.bytes, identity.uid.bytes, f"{IDENTITY}-half")
    for seal in Seal.objects.filter(object=identity.uid):
        private = officer.private(bytes(seal.reader))
        if private is not None:
            return vault.open_key(bytes(seal.sealed), private, context=context)
    raise LookupError(officer.member.name)


@pytest.mark.parametrize(
    ("office", "region"),
    [(SABANG, ACEH), (ACEH, ACEH), ("021800", "020400"), (KI, "001000"), ("040500", "001000")],
)
def test_an_identity_opens_with_both_halves_together_and_with_neither_alone(
    world: World, file_case: FileCase, office: str, region: str
) -> None:
    complaint = file_case(office, name="Nama Pelapor", address="Jalan Contoh 1")
    identity = Entry.objects.get(kind=IDENTITY)
    a, b = world.officer("kustodian", region), world.officer("kustodian", KI)
    half_a, half_b = half_of(a, identity, complaint), half_of(b, identity, complaint)
    context = vault.Context(complaint.case.uid.bytes, identity.uid.bytes, IDENTITY)
    ciphertext = bytes(identity.ciphertext or b"")
    assert b"Jalan Contoh 1" in vault.open_with_key(ciphertext, vault.join(half_a, half_b), context=context)
    for half in (half_a, half_b):
        with pytest.raises(vault.Unopenable):
            vault.open_with_key(ciphertext, half, context=context)
    for officer in (a, b):
        assert opened(officer, complaint) == {}
        assert complaint.case not in visible(officer)
    for own, other in itertools.permutations((a, b)):
        fingerprint = next(
            bytes(s.reader)
            for s in Seal.objects.filter(object=identity.uid)
            if other.private(bytes(s.reader))
        )
        assert own.ring.private(fingerprint) is None


def test_no_supervising_chain_reaches_the_custodians(world: World, complaint: Complaint) -> None:
    identity = Entry.objects.get(kind=IDENTITY)
    readers = [bytes(seal.reader) for seal in Seal.objects.filter(object=identity.uid)]
    for role in ("verifikator", "kepala-uki", "pyb", "pengkaji", "pengkaji-unit"):
        above = world.officer(role, KI)
        assert [above.ring.private(reader) for reader in readers] == [None] * 3
        assert not above.reach.teams(TeamKind.CUSTODIAN)
    # Not even with the database's word for it.
    side = team(TeamKind.CUSTODIAN, ACEH)
    Team.objects.filter(pk=side.pk).update(supervisor=team(TeamKind.CUSTODIAN, KI))
    keeper = world.officer("kustodian", KI)
    assert keeper.ring.pair_of(bytes(side.keys.get().fingerprint)) is None


def test_an_identity_is_opened_by_the_uki_only_where_the_complainant_wished_it(
    world: World, file_case: FileCase
) -> None:
    for disclose in (True, False):
        complaint = file_case(name="Nama Pelapor", disclose=disclose)
        assert ("Nama Pelapor" in str(opened(world.officer("verifikator"), complaint))) is disclose
        line = Reader([complaint.case], holder_keys(holder_of(complaint).private)).timeline(kind=IDENTITY)[0]
        assert line.payload is not None
        assert line.payload["name"] == "Nama Pelapor"
        assert not opened(world.officer("verifikator", MALILI), complaint)


@pytest.mark.usefixtures("world")
def test_without_an_identity_custodians_get_nothing(file_case: FileCase) -> None:
    complaint = file_case()
    assert not Entry.objects.filter(case=complaint.case, kind=IDENTITY).exists()
    assert {entry.audience for entry in Entry.objects.all()} == {Audience.COMPLAINANT}


def test_a_dropped_team_is_out(world: World, complaint: Complaint) -> None:
    mine = world.officer("verifikator")
    drop_seals(complaint.case, team())
    assert complaint.case not in visible(mine)
    assert opened(mine, complaint) == {}


def test_an_entry_moved_to_another_case_or_kind_does_not_open(
    world: World, file_case: FileCase, complaint: Complaint
) -> None:
    mine, other = world.officer("verifikator"), file_case()
    for changes in ({"case": other.case}, {"kind": "note"}):
        entry = Entry.objects.get(case=complaint.case, kind="filed")
        Entry.objects.filter(pk=entry.pk).update(**changes)
        Seal.objects.filter(object=entry.uid).update(case=Entry.objects.get(pk=entry.pk).case)
        assert SECRET not in str(opened(mine, complaint))
        assert SECRET not in str(opened(mine, other))
        Entry.objects.filter(pk=entry.pk).update(case=complaint.case, kind="filed")
        Seal.objects.filter(object=entry.uid).update(case=complaint.case)
    assert SECRET in str(opened(mine, complaint))


def test_each_day_of_reading_is_noted_once(world: World, complaint: Complaint) -> None:
    mine = world.officer("verifikator")
    for _time in range(3):
        log_read(complaint.case, mine)
    assert ReadLog.objects.get().member == mine.member


def test_opening_25_cases_takes_as_many_queries_as_opening_one(world: World, file_case: FileCase) -> None:
    world.officer("verifikator")
    assert len({file_case().case.pk for _one in range(25)}) == 25
    needed = {}
    for number in (1, 25):
        officer = world.officer("verifikator")
        with CaptureQueriesContext(connection) as queries:
            listed = list(visible(officer).order_by("pk")[:number])
            lines = Reader(listed, officer.private).timeline()
        needed[number] = len(queries)
        assert [bool(line.payload) for line in lines] == [True] * number
    assert needed[25] == needed[1] <= 12


def test_a_reader_of_named_objects_opens_only_those(world: World, complaint: Complaint) -> None:
    walker = Walker(world, complaint)
    walker.to(S.VERIFICATION)
    filed = Entry.objects.get(kind="filed")
    reader = Reader([complaint.now()], world.officer("verifikator").private, objects=[filed.uid])
    found = {line.entry.kind: line.payload is not None for line in reader.timeline()}
    assert found["filed"]
    assert not found[CONTACT_PATH]
    assert found["move"]  # an entry without text is nobody's secret


@pytest.mark.usefixtures("world")
def test_an_empty_office_is_worked_from_above_level_by_level(world: World, file_case: FileCase) -> None:
    complaint, top = file_case(), world.officer("kepala-uki", KI)
    assert Office.objects.get(pk=SABANG).teams.filter(memberships=None).count() == 3
    assert complaint.case in visible(top)
    assert SECRET not in str(opened(top, complaint))
    assert "filed" in opened(top, complaint)
    head = world.officer("kepala-uki", ACEH)
    assert complaint.case in visible(head)
    assert complaint.case not in visible(fresh(top))
    Walker(world, complaint).step("take", "kepala-uki", ACEH)
    assert complaint.now().state == S.VERIFICATION

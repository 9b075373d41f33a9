"""Ways of a complaint through the procedure, each by genuine moves of the right people."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from sipuma.cases.models import Case
from sipuma.cases.tickets import Holder, find_holder, keys_of
from sipuma.complaints import tracking
from sipuma.complaints.afterwards import ask_reopening
from sipuma.complaints.states import S
from sipuma.offices.places import workers_of
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, World, assessed, move

TOMORROW = timezone.localdate() + timedelta(days=1)

# Values with which each move is complete.
VALUES: dict[str, dict[str, object]] = {
    "assess": dict(assessed()),
    "record_employee": {"employee_state": "known", "employee_name": "Pegawai", "nip": "1" * 18},
    "retract_employee": {"reason": "Salah orang."},
    "desk_employee": {"employee_state": "known", "employee_name": "Pegawai", "nip": "1" * 18},
    "add_data": {"nature": "ralat", "message": "Bukan Senin, melainkan Selasa.", "reason": "Salah dengar."},
    "set_archive": {"archive": "Lemari 3, map 12"},
    "tell_register": {"told": "telepon", "note": "Pagi."},
    "send_ticket": {"email": "pelapor@surat.example", "phone": ""},
    "request_data": {"question": "Kapan tepatnya?"},
    "answer": {"message": "Senin pagi."},
    "not_actionable": {"reason": "A", "explanation": "Materi tidak jelas."},
    "route_pyb": {"finding": "Cukup jelas."},
    "route_unit": {"unit": SABANG, "referral": "Antrean loket terlalu lama."},
    "transfer": {"target": MALILI, "reason": "Salah kantor."},
    "escalate_conflict": {"reason": "Pegawai yang diadukan dari UKI sendiri."},
    "dispose": {"target": ACEH, "instruction": "Segera."},
    "forward_wise": {"ground": "UNRELATED", "reason": "Bukan tugas DJBC."},
    "pyb_not_actionable": {"consideration": "Sudah selesai.", "answer": "Terima kasih."},
    "return_verifier": {"reason": "Salah jenis."},
    "return_unit": {"reason": "Bukan urusan kami."},
    "return_pyb": {"reason": "Salah disposisi."},
    "submit_study": {"facts": "Fakta.", "conclusion": "Kesimpulan.", "recommendation": "Rekomendasi."},
    "approve_study": {"note": "Baik."},
    "return_study": {"reason": "Kurang lengkap."},
    "close_assessment": {"outcome": "tidak-terbukti", "answer": "Tidak ditemukan bukti."},
    "close_follow_up": {"outcome": "terbukti", "answer": "Laporan Anda ditindaklanjuti."},
    "add_follow_up": {
        "follow_up_kind": "klarifikasi",
        "executor": MALILI,
        "follow_up_due": TOMORROW,
        "instruction": "Minta penjelasan.",
    },
    "report_follow_up": {"result": "Sudah dijelaskan."},
    "record_wise": {"external_register": "WISE-1", "external_date": date(2026, 1, 2), "wise_result": ""},
    "withdraw": {"message": "Sudah selesai."},
    "message": {"message": "Terima kasih."},
    "note": {"note": "Catatan."},
    "unit_note": {"note": "Catatan unit."},
    "assign": {"assignee": "", "note": "Tinggal menelepon."},
    "link_cases": {"other": "", "reason": "Perkara yang sama."},
    "unlink_cases": {"other": "0", "reason": "Ternyata bukan."},
    "unassign": {"note": ""},
    "propose_closing": {"closing_kind": "spam", "joins": "", "reason": "Hanya iklan."},
    "refuse_closing": {"reason": "Ini pengaduan."},
    "take_back_closing": {"reason": "Keliru."},
    "undo_closing": {"reason": "Ternyata pengaduan."},
    "reopen": {"reason": "Ada data baru."},
    "say_helped": {"helped": "partly", "message": "Lama."},
    "ask_reopening": {"message": "Ada saksi baru."},
    "decline_reopening": {"answer": "Saksi itu sudah didengar."},
}


def values_of(name: str, case: Case) -> dict[str, object]:
    """Return complete values of a move, for what the case has: a follow-up that waits, a colleague."""
    values = dict(VALUES.get(name, {}))
    if name == "report_follow_up":
        waiting = case.follow_ups.filter(reported_at=None).first()
        values["follow_up"] = str(waiting.pk) if waiting else "0"
    if name == "retract_employee":
        counting = case.reported.filter(retracted_at=None).first()
        values["employee"] = str(counting.pk) if counting else "0"
    if name == "link_cases":
        other = Case.objects.filter(office=case.office).exclude(pk=case.pk).first()
        values["other"] = other.register if other else ""
    if name == "assign":
        others = [one for one in workers_of(case.team) if one.pk != case.assignee_id]
        values["assignee"] = others[0].user.get_username() if others else ""
    return values


def holder_of(complaint: Complaint) -> Holder:
    found = find_holder(keys_of(complaint.ticket))
    assert found is not None
    return found


class Walker:
    """Moves one complaint; every step is taken by the person whose turn it is."""

    def __init__(self, world: World, complaint: Complaint) -> None:
        self.world = world
        self.complaint = complaint

    def step(self, name: str, role: str, office: str = SABANG, **values: object) -> Case:
        complete = values_of(name, self.complaint.now()) | values
        return move(self.complaint, name, by=self.world.officer(role, office), **complete)

    def verified(self, kind: str = "T1") -> None:
        self.step("take", "verifikator")
        self.step("assess", "verifikator", type=kind)

    def waiting(self) -> None:
        self.verified()
        self.step("request_data", "verifikator")

    def not_actionable(self) -> None:
        self.verified()
        self.step("not_actionable", "verifikator")

    def pyb(self) -> None:
        self.verified()
        self.step("route_pyb", "verifikator")

    def wise(self) -> None:
        self.pyb()
        self.step("forward_wise", "pyb", KI)

    def assessment(self) -> None:
        self.pyb()
        self.step("dispose", "pyb", KI)
        self.step("submit_study", "pengkaji", ACEH)

    def unit(self) -> None:
        self.verified("T2a")
        self.step("route_unit", "verifikator")
        self.step("submit_study", "pengkaji-unit")

    def follow_up(self) -> None:
        self.assessment()
        self.step("approve_study", "kepala-uki", ACEH)
        self.step("add_follow_up", "pengkaji", ACEH)

    def done(self) -> None:
        self.follow_up()
        self.step("report_follow_up", "pengkaji-unit", MALILI)
        self.step("close_follow_up", "pengkaji", ACEH)

    def moved(self) -> None:
        self.world.officer("kepala-uki", ACEH)
        self.verified()
        self.step("escalate_conflict", "verifikator")

    def withdrawn(self) -> None:
        if self.complaint.case.reception:
            self.step("withdraw", "penerima")
            return
        tracking.withdraw(holder_of(self.complaint), "Sudah selesai.")

    def closed(self) -> None:
        self.verified()
        self.step("propose_closing", "verifikator")
        self.step("confirm_closing", "kepala-uki")

    def asked_to_reopen(self) -> None:
        """Let the complainant ask that the closed case be reopened, by ticket or at the desk."""
        if self.complaint.case.reception:
            self.step("ask_reopening", "penerima")
            return
        ask_reopening(holder_of(self.complaint), "Ada saksi baru.")

    def to(self, state: str) -> "Walker":
        """Bring the complaint from its filing into a state."""
        WAYS[state](self)
        assert self.complaint.now().state == state
        return self


WAYS: dict[str, Callable[[Walker], object]] = {
    S.RECEIVED: lambda _walker: None,
    S.VERIFICATION: Walker.verified,
    S.WAITING: Walker.waiting,
    S.PYB: Walker.pyb,
    S.ASSESSMENT: Walker.assessment,
    S.UNIT: Walker.unit,
    S.FOLLOW_UP: Walker.follow_up,
    S.WISE: Walker.wise,
    S.NOT_ACTIONABLE: Walker.not_actionable,
    S.DONE: Walker.done,
    S.WITHDRAWN: Walker.withdrawn,
    S.MOVED: Walker.moved,
    S.CLOSED: Walker.closed,
}

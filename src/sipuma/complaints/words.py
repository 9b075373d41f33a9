"""The fixed lists of the complaint service: types, categories, reasons, outcomes, follow-ups."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

SERVICE = "complaint"


class Type(models.TextChoices):
    """Type of complaint (jenis), S2; suggestion and input after DOMAIN 22.10."""

    T1 = "T1", _("T1: abuse of authority, code of ethics or discipline")
    T2A = "T2a", _("T2a: performance and official duty")
    T2B = "T2b", _("T2b: not about performance, or outside official duty")
    SUGGESTION = "T3", _("Suggestion or input")


class Category(models.TextChoices):
    """What a complaint is about (DOMAIN section 6)."""

    BRIBERY = "suap", _("Bribe or gratification")
    LEVY = "pungli", _("Illegal levy (pungli)")
    AUTHORITY = "wewenang", _("Abuse of authority")
    INTEREST = "benturan", _("Conflict of interest")
    HOURS = "jam-kerja", _("Working hours not kept")
    CONDUCT = "perilaku", _("Conduct, courtesy or way of life")
    SECRETS = "rahasia", _("Leak of official secrets")
    PROPERTY = "bmn", _("Damage or misuse of state property")
    HARASSMENT = "pelecehan", _("Harassment")
    NEUTRALITY = "netralitas", _("Political neutrality")
    SERVICE_TIME = "waktu", _("Slow service")
    PROCEDURE = "prosedur", _("Procedure")
    VALUATION = "tarif", _("Tariff or customs value")
    PARCELS = "kiriman", _("Parcels or passengers’ goods")
    CEISA = "ceisa", _("CEISA system")
    TECHNICAL = "teknis", _("Technical operational problem")
    FACILITIES = "sarana", _("Facilities")
    FRAUD = "penipuan", _("Fraud in the name of customs")
    SUGGESTION = "saran", _("Suggestion or input")
    OTHER = "lain", _("Something else")


class Reason(models.TextChoices):
    """Why a complaint can't be followed up (DOMAIN section 9): A to E the verifier's, F the PYB's."""

    UNCLEAR = "A", _("A: the matter is unclear and can’t be clarified")
    NO_DATA = "B", _("B: no additional data or confirmation within 14 days")
    EMPLOYEE_UNCLEAR = "C", _("C: the reported employee is unclear")
    RETIRED = "D", _("D: the reported employee has retired")
    DECEASED = "E", _("E: the reported employee has died")
    CONSIDERED = "F", _("F: certain considerations of the competent official")


VERIFIER_REASONS = tuple((reason.value, reason.label) for reason in Reason if reason != Reason.CONSIDERED)
EMPLOYEE_REASONS = (Reason.EMPLOYEE_UNCLEAR, Reason.RETIRED, Reason.DECEASED)


class Outcome(models.TextChoices):
    """What came out (moves 17 and 18)."""

    PROVEN = "terbukti", _("Proven")
    PARTLY = "terbukti-sebagian", _("Partly proven")
    NOT_PROVEN = "tidak-terbukti", _("Not proven")
    ANSWERED = "terjawab", _("Question or request answered")


STUDY_OUTCOMES = tuple((o.value, o.label) for o in (Outcome.NOT_PROVEN, Outcome.ANSWERED))
FOLLOW_UP_OUTCOMES = tuple((o.value, o.label) for o in (Outcome.PROVEN, Outcome.PARTLY, Outcome.NOT_PROVEN))


class Closing(models.TextChoices):
    """Why a complaint is closed without being handled by itself (DOMAIN section 7, move 23)."""

    DUPLICATE = "duplicate", _("Duplicate: it joins another complaint")
    SPAM = "spam", _("Spam: no complaint can be recognised")


class Reopening(models.TextChoices):
    """What became of the complainant's one request to reopen the case (move 19)."""

    ASKED = "asked", _("asks for reopening")
    DECLINED = "declined", _("reopening declined")
    GRANTED = "granted", _("reopened at request")


class Helped(models.TextChoices):
    """What the complainant says of the answer, once."""

    YES = "yes", _("Yes, it helped")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No, it did not help")


class Clarity(models.TextChoices):
    """The verifier's judgement of one of the five elements (S2)."""

    CLEAR = "jelas", pgettext("element", "clear")
    PARTLY = "sebagian", pgettext("element", "partly clear")
    MISSING = "tidak-ada", pgettext("element", "missing")


class Ground(models.TextChoices):
    """Grounds for forwarding to the Inspectorate General (DOMAIN section 7, move 12)."""

    UNRELATED = "UNRELATED", _("Not related to DJBC’s tasks and functions")
    PER13_T1 = "PER13_T1", _("Type T1: code of ethics and discipline (PER-13/BC/2025)")
    CONFLICT = "COI_DIT_KI", _("Dit. KI itself is reported (conflict of interest)")


class FollowUpKind(models.TextChoices):
    """Kinds of follow-up (tindak lanjut) after SOP-JKT, PP94, PMK205, PMK190."""

    CLARIFICATION = "klarifikasi", _("Clarification")
    CONFIRMATION = "konfirmasi", _("Confirmation")
    RESEARCH = "penelitian", _("Research")
    EXAMINATION = "pemeriksaan", _("Examination")
    SUPERIOR = "atasan-langsung", _("Examination by the direct superior")
    TEAM = "tim-pemeriksa", _("Examination by an examination team")
    AUDIT = "audit-investigasi", _("Investigation audit")
    DELEGATION = "pelimpahan", _("Delegation")
    ADMINISTRATIVE = "administratif", _("Administrative act")
    LIGHT = "disiplin-ringan", _("Light discipline")
    MEDIUM = "disiplin-sedang", _("Medium discipline")
    SEVERE = "disiplin-berat", _("Severe discipline")
    ETHICS = "kode-etik", _("Code of ethics")
    IMPROVEMENT = "perbaikan", _("Improvement of a system or service")


class Nature(models.TextChoices):
    """What is recorded after saving (S1 5; R20)."""

    ADDITION = "tambahan", _("Additional data (data tambahan)")
    CORRECTION = "ralat", _("Correction (ralat)")


# Words of sanctions: R52 keeps them out of the answer that the complainant reads.
SANCTION_WORDS = (
    "hukuman disiplin",
    "disiplin ringan",
    "disiplin sedang",
    "disiplin berat",
    "penurunan pangkat",
    "penundaan kenaikan",
    "pemotongan tunjangan",
    "teguran lisan",
    "teguran tertulis",
    "pembebasan dari jabatan",
    "diberhentikan",
    "pemberhentian",
    "dipecat",
    "sanksi moral",
    "sanksi berupa",
)

ELEMENTS = (
    ("what", _("What happened")),
    ("who", _("Who is reported")),
    ("when", _("When")),
    ("where", _("Where")),
    ("how", _("How it happened")),
)

"""What is stored of a case: metadata in clear, every word of the matter sealed."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sipuma import vault
from sipuma.cases.finding_models import CaseLink, IndexedCase, IndexedWord
from sipuma.files.verdict import Verdict
from sipuma.offices.models import Member, Office, Team
from sipuma.offices.trust import Untrusted, issued_key

# Django finds the models of a room in this module.
__all__ = ["CaseLink", "IndexedCase", "IndexedWord"]


def uid_of(public: bytes, complainant: bytes) -> uuid.UUID:
    """Return the id of a case with these public keys.

    Every ciphertext is bound to the id, and the id to the keys: a key swapped in the database is noticed,
    and with the id swapped as well nothing of the case opens any more.
    """
    return uuid.UUID(bytes=vault.derive(public + complainant, label="sipuma/case/uid")[:16])


class Channel(models.TextChoices):
    """How a complaint came in (DOMAIN section 5)."""

    WEB = "WEB", _("Website")
    PORTAL = "PORTAL", _("Service users' portal")
    HELPDESK = "HELPDESK", _("Complaint desk")
    PHONE = "PHONE", _("Telephone")
    LETTER = "LETTER", _("Letter")
    BOX = "BOX", _("Complaint box")
    FAX = "FAX", _("Fax")
    SMS = "SMS", _("SMS")
    EMAIL = "EMAIL", _("E-mail")
    WHATSAPP = "WHATSAPP", _("WhatsApp")
    CONTACT_CENTER = "CONTACT_CENTER", _("Contact centre (Bravo 1500225)")
    LAPOR = "LAPOR", _("Referred by SP4N LAPOR")
    WISE = "WISE", _("Referred by WISE")
    OTHER = "OTHER", _("Another official channel")


ONLINE = (Channel.WEB, Channel.PORTAL)
OFFLINE = tuple(channel for channel in Channel if channel not in ONLINE)
OPEN_AND_QUIET = models.Q(due__isnull=False, escalated_at__isnull=True)


FILTERED = ("team", "state", "type", "category", "channel", "register")


class Case(models.Model):
    """One complaint's metadata; `state` and `due` are a projection of the timeline, compared and set."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    register = models.CharField(max_length=30, unique=True)
    service = models.CharField(max_length=12)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="registered")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="cases")
    verification = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    # The reception team that recorded the case; None for one that was filed online.
    reception = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="recorded")
    # Who of the handling team works on it; the others may still act.
    assignee = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=14, choices=Channel.choices)
    state = models.CharField(max_length=24)
    since = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(null=True)
    # The moment from which `due` is counted: receipt, the beginning of the stage, an answer, a transfer.
    counted_from = models.DateTimeField(default=timezone.now)
    # When the head of UKI was told that this stage is overdue.
    escalated_at = models.DateTimeField(null=True)
    # The day of the newest reminder of the request for data that waits (7 or 12), or 0.
    reminded = models.PositiveSmallIntegerField(default=0)
    # Working days that were left when the clock was stopped by a request for data.
    days_left = models.PositiveSmallIntegerField(null=True)
    received_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    type = models.CharField(max_length=4, blank=True)
    category = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=2, default="id")
    assessed_at = models.DateTimeField(null=True)
    study = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=1, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    external_register = models.CharField(max_length=60, blank=True)
    external_date = models.DateField(null=True)
    late_answer = models.BooleanField(default=False)
    # A case comes back once in its life; what the complainant asked for then, and whether the answer helped.
    reopened_at = models.DateTimeField(null=True)
    reopening = models.CharField(max_length=8, blank=True)
    helped = models.CharField(max_length=6, blank=True)
    # What was proposed, or confirmed, in place of handling it, and the case that it joins.
    closing = models.CharField(max_length=9, blank=True)
    joins = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    public = models.BinaryField()
    complainant_public = models.BinaryField(null=True)
    # The key of a ticket issued later: signed by the reception or compliance team that issued it.
    ticket_certificate = models.BinaryField(null=True)
    ticket_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    # Texts for the complainant wait to be sealed to that key at a handler's next visit.
    resealing = models.BooleanField(default=False)
    email_contact = models.BinaryField(null=True)
    sms_contact = models.BinaryField(null=True)
    # Moved one level up (`cases.moving`): this row only keeps its number, and nothing is written to it again.
    moved_at = models.DateTimeField(null=True)
    # The row that this case had before it was moved one level up.
    predecessor = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="successor")

    class Meta:
        indexes = (
            models.Index(fields=("team", "due", "id"), name="queue"),
            models.Index(fields=("team", "state", "due", "id"), name="queue_by_state"),
            models.Index(fields=("team", "type", "due", "id"), name="queue_by_type"),
            models.Index(fields=("team", "assignee", "due", "id"), name="queue_by_assignee"),
            models.Index(fields=("state", "due"), name="deadlines"),
            models.Index(fields=("due",), name="not_escalated", condition=OPEN_AND_QUIET),
            models.Index(fields=("reception", "received_at"), name="register_book"),
            models.Index(fields=("office", "received_at"), name="received_at_an_office"),
            # All that a search filters by, beside its orders: rows are long because of their keys.
            models.Index(fields=("received_at", "id", "due", *FILTERED), name="search_newest"),
            models.Index(fields=("due", "id", "received_at", *FILTERED), name="search_by_due"),
        )

    def __str__(self) -> str:
        return self.register

    @property
    def public_key(self) -> vault.PublicKey:
        """Return the key that anything may be written to the case with.

        Raises:
            Untrusted: the case's keys are not those it was opened with.
        """
        self._check_keys()
        return vault.PublicKey(bytes(self.public))

    @property
    def complainant_key(self) -> vault.PublicKey | None:
        """Return the key of the complainant's newest ticket, or None for a case without one.

        Raises:
            Untrusted: the key of a later ticket is not vouched for by the team that issued it, or the case's
                keys are not those it was opened with.
        """
        self._check_keys()
        if self.ticket_certificate is not None and self.ticket_team is not None:
            return issued_key(self.ticket_team, bytes(self.ticket_certificate), subject=self.ticket_subject)
        return vault.PublicKey(bytes(self.complainant_public)) if self.complainant_public else None

    def _check_keys(self) -> None:
        if self.uid != uid_of(bytes(self.public), bytes(self.complainant_public or b"")):
            raise Untrusted(self.register)

    @property
    def is_joined(self) -> bool:
        """Return whether the case goes on in another one; a proposal alone joins nothing."""
        return self.joins_id is not None and self.closed_at is not None

    @property
    def has_ticket(self) -> bool:
        return self.complainant_public is not None or self.ticket_certificate is not None

    @property
    def ticket_subject(self) -> str:
        """Return the name that the certificate of a later ticket's key carries."""
        return f"complainant:{self.uid}"


class Author(models.TextChoices):
    """Who wrote an entry."""

    COMPLAINANT = "complainant", _("Complainant")
    MEMBER = "member", _("Officer")
    SYSTEM = "system", _("System")


class Audience(models.TextChoices):
    """Who can read an entry; which keys that means is said in `cases.entries`."""

    COMPLAINANT = "complainant", _("Complainant and handlers")
    HANDLERS = "handlers", _("Handlers")
    UNIT = "unit", _("Related unit and handlers")
    VERIFICATION = "verification", _("Compliance unit")
    CUSTODIANS = "custodians", _("Custodians")


class Entry(models.Model):
    """One line of a case's timeline: append-only, and the only place where text lives."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20)
    author = models.CharField(max_length=11, choices=Author.choices)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    capacity = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=12, choices=Audience.choices)
    move = models.CharField(max_length=24, blank=True)
    source = models.CharField(max_length=24, blank=True)
    target = models.CharField(max_length=24, blank=True)
    ciphertext = models.BinaryField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)


class Seal(models.Model):
    """An object's key sealed to one reader. `object` is an entry's uid, or the case's for the case key."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="seals")
    object = models.UUIDField()
    reader = models.BinaryField(max_length=16)
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("object", "reader"), name="one_seal_an_object"),)
        indexes = (models.Index(fields=("reader", "case"), name="what_a_reader_holds"),)


class Ticket(models.Model):
    """What finds a case by its ticket: a keyed hash, and the complainant's key wrapped by the ticket."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tickets")
    # The id of the case that the key is wrapped for: of the first one, when the case was moved since.
    origin = models.UUIDField()
    lookup = models.BinaryField(max_length=32, unique=True)
    wrapped = models.BinaryField()
    issued_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)


class Evidence(models.Model):
    """One piece of evidence: where its ciphertexts lie. Name, type and keys stand in the sealed entry."""

    uid = models.UUIDField(unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="evidence")
    # The copy without metadata, when one could be made.
    copy = models.UUIDField(null=True, unique=True)
    scan = models.CharField(max_length=9, choices=Verdict.choices)
    size = models.PositiveBigIntegerField()


class Counter(models.Model):
    """The last register number given by an office in a year."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("office", "year"), name="one_counter_a_year"),)


class ReportedState(models.TextChoices):
    """What is known of a reported employee (DOMAIN section 4)."""

    KNOWN = "known", _("Known")
    UNCLEAR = "unclear", _("Unclear (tidak jelas)")
    RETIRED = "retired", _("Retired (pensiun)")
    DECEASED = "deceased", _("Deceased (meninggal dunia)")


class ReportedEmployee(models.Model):
    """A reported employee: the state in clear, because rules ask for it; name and NIP in the sealed entry."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reported")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=ReportedState.choices)
    # Recorded by mistake: it counts no more, and its entry stays readable.
    retracted_at = models.DateTimeField(null=True)


class Exclusion(models.Model):
    """A member who is among a case's reported and must not see it (`cases.exclusions`).

    `mark` is a keyed hash of the member: a copy of the database alone names nobody.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exclusions")
    reported = models.ForeignKey(ReportedEmployee, on_delete=models.PROTECT, related_name="exclusions")
    mark = models.BinaryField(max_length=32)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "reported", "mark"), name="one_exclusion_an_employee"),
        )
        indexes = (models.Index(fields=("mark", "case"), name="who_is_shut_out"),)


class FollowUp(models.Model):
    """One follow-up of a case; what is to be done and what came of it stand in sealed entries."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    executor = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="follow_ups")
    due = models.DateField()
    reported_at = models.DateTimeField(null=True)


class ReadLog(models.Model):
    """Who opened which case on which day, and when last."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reads")
    day = models.DateField()
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("member", "case", "day"), name="one_read_a_day"),)

"""What is stored of offices, teams, members, their keys and their sessions."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sipuma import vault
from sipuma.offices.calendar_rows import CalendarKind as CalendarKind
from sipuma.offices.calendar_rows import CalendarRow as CalendarRow
from sipuma.worktime import zone_label


class OfficeKind(models.TextChoices):
    """Kinds of office in `offices.csv`."""

    PUSAT = "PUSAT", _("Head office")
    KANWIL = "KANWIL", _("Regional office (Kanwil)")
    KPU = "KPU", _("Main service office (KPU)")
    KPPBC = "KPPBC", _("Customs office (KPPBC)")
    PSO = "PSO", _("Patrol base (PSO)")
    BALAI = "BALAI", _("Laboratory (BLBC)")


class Office(models.Model):
    """One of the offices of DJBC, with the channels it publishes."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=6, choices=OfficeKind.choices)
    parent_code = models.CharField(max_length=6, blank=True)
    supervisor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supervised")
    city = models.CharField(max_length=100)
    province = models.CharField(max_length=100)
    timezone = models.CharField(max_length=40)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    fax = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    whatsapp = models.CharField(max_length=40, blank=True)
    # When somebody sits at the complaints desk, in the office's own words.
    desk_hours = models.CharField(max_length=200, blank=True)
    channels_changed_at = models.DateTimeField(null=True)
    channels_changed_by = models.ForeignKey("Member", null=True, on_delete=models.SET_NULL, related_name="+")
    # Drawn anew with every change of the calendar; None while the office has only the national one.
    calendar_version = models.UUIDField(null=True)
    listed = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> str:
        """Return WIB, WITA or WIT."""
        return zone_label(self.timezone)


class TeamKind(models.TextChoices):
    """What a team of an office does (DESIGN section 4)."""

    RECEPTION = "reception", _("Reception")
    VERIFICATION = "verification", _("Compliance unit (UKI)")
    UNIT = "unit", _("Related unit")
    ASSESSMENT = "assessment", _("Assessment")
    PYB = "pyb", _("Competent official (PYB)")
    CUSTODIAN = "custodian", _("Identity custodians")


class Team(models.Model):
    """The people of one office who do one kind of work, and the owner of a key."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="teams")
    kind = models.CharField(max_length=12, choices=TeamKind.choices)
    supervisor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supervised")
    # A member was removed without an unlocked key at hand: the next teammate who signs in renews the key.
    renew = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("office", "kind"), name="one_team_of_a_kind"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.office}"

    @property
    def subject(self) -> str:
        """Return the name that the team's certificates carry."""
        return f"team:{self.office_id}:{self.kind}"


class TeamKey(models.Model):
    """One epoch of a team's key pairs: public halves and the certificate that vouches for them."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="keys")
    epoch = models.PositiveIntegerField()
    fingerprint = models.BinaryField(max_length=16, unique=True)
    certificate = models.BinaryField()

    class Meta:
        ordering = ("-epoch",)
        constraints = (models.UniqueConstraint(fields=("team", "epoch"), name="one_key_an_epoch"),)


class TeamKeySeal(models.Model):
    """The private halves of a team key, sealed to one reader: a member, the supervising team, a kit."""

    key = models.ForeignKey(TeamKey, on_delete=models.CASCADE, related_name="seals")
    reader = models.BinaryField(max_length=16)
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "reader"), name="one_seal_a_reader"),)
        indexes = (models.Index(fields=("reader",)),)


class IndexKey(models.Model):
    """The secret under which a team's words are looked up, sealed to the team's newest key; never changed."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="index_key")
    sealed = models.BinaryField()


class Notices(models.TextChoices):
    """When a member gets notices by e-mail: of each thing, together in the morning, or of what is late."""

    AT_ONCE = "at-once", _("At once, one e-mail for each notice")
    DAILY = "daily", _("Once each working day at 07.30, all together, with what is overdue")
    OVERDUE = "overdue", _("Only what is overdue, each working day at 07.30")


class Member(models.Model):
    """A person on the staff. Public keys in clear, private ones only in key slots."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="member")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="members")
    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    # A keyed hash of the employee number (`offices.nip`), by which a reported employee is recognised.
    nip = models.BinaryField(max_length=32, null=True, db_index=True)
    fingerprint = models.BinaryField(max_length=16, null=True, unique=True)
    public = models.BinaryField(null=True)
    verify = models.BinaryField(null=True)
    invitation = models.BinaryField(max_length=32, null=True, unique=True)
    invited_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    notices = models.CharField(max_length=7, choices=Notices.choices, default=Notices.AT_ONCE)
    digested_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"member:{self.user.get_username()}"

    @property
    def public_key(self) -> vault.PublicKey:
        """Return the member's key as stored; `trust.seat_public` says whether a team vouches for it.

        Raises:
            ValueError: the member has not joined yet.
        """
        return vault.PublicKey(bytes(self.public or b""))


class SlotKind(models.TextChoices):
    """What opens a key slot."""

    PASSWORD = "password", _("Password")
    KIT = "kit", _("Recovery kit")


class KeySlot(models.Model):
    """The member's private keys behind one secret of theirs, as LUKS has them."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="slots")
    kind = models.CharField(max_length=8, choices=SlotKind.choices)
    blob = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("member", "kind"), name="one_slot_of_a_kind"),)


class Kit(models.Model):
    """A printed sheet's key pair: the organisation's, and one for each side of the custodians."""

    name = models.CharField(max_length=20, primary_key=True)
    fingerprint = models.BinaryField(max_length=16, unique=True)
    public = models.BinaryField()
    # The organisation vouches for the key: top teams' new keys are sealed to it.
    certificate = models.BinaryField(default=bytes)
    slot = models.BinaryField()

    @staticmethod
    def subject(name: str) -> str:
        """Return the name that the certificate of this sheet carries."""
        return f"kit:{name}"


class Rank(models.TextChoices):
    """A member's place in a team; the head of UKI is a head in verification (and assessment)."""

    MEMBER = "member", _("member")
    HEAD = "head", _("head")


class Membership(models.Model):
    """A member's place in a team; without a seal on the team's key it only waits to be let in."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    rank = models.CharField(max_length=6, choices=Rank.choices, default=Rank.MEMBER)
    # The team's own newest key vouches for the member's: a row put here by hand gets no key.
    certificate = models.BinaryField(null=True)
    let_in_at = models.DateTimeField(null=True)
    let_in_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("member", "team"), name="one_place_in_a_team"),)

    @property
    def subject(self) -> str:
        """Return the name that the certificate of this place carries."""
        return f"{self.member.subject}@{self.team.subject}"


class Session(models.Model):
    """A signed-in browser: found by a hash of its cookie, readable with the cookie only."""

    id = models.BinaryField(max_length=32, primary_key=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="sessions")
    sealed = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)


class Draft(models.Model):
    """What a member was typing when the session ended, or kept for later, sealed to the member.

    `once` names the recording that it is a draft of, so that a newer one replaces it; None for other forms.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="drafts")
    once = models.UUIDField(null=True)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

"""Tables of the rival: as many rows as a filing makes, of like size, with no more indexes than needed."""

from django.db import models


class Number(models.Model):
    """Stands for the register number's counter, and is the single row of the smallest durable insert."""

    n = models.PositiveIntegerField()

    objects: models.Manager["Number"] = models.Manager()


class Case(models.Model):
    """Two public keys and a sealed contact."""

    register = models.CharField(max_length=30)
    public = models.BinaryField()
    complainant_public = models.BinaryField()
    contact = models.BinaryField()

    objects: models.Manager["Case"] = models.Manager()


class Entry(models.Model):
    """A sealed text."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    uid = models.UUIDField()
    ciphertext = models.BinaryField()

    objects: models.Manager["Entry"] = models.Manager()


class Seal(models.Model):
    """A sealed key."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    object = models.UUIDField()
    reader = models.BinaryField()
    sealed = models.BinaryField()

    objects: models.Manager["Seal"] = models.Manager()


class Ticket(models.Model):
    """A wrapped key."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    lookup = models.BinaryField()
    wrapped = models.BinaryField()

    objects: models.Manager["Ticket"] = models.Manager()


class Message(models.Model):
    """A sealed address and a sealed payload."""

    recipient = models.BinaryField()
    data = models.BinaryField()

    objects: models.Manager["Message"] = models.Manager()

"""What helps to find cases again: a word index without words, and links between cases."""

from django.db import models
from django.utils import timezone


class IndexedWord(models.Model):
    """A word of a case in one team's index: a hash under that team's index key, and nothing of the word.

    No count and no place; a hash of one team's is never another's, so word and case are enough of a key.
    """

    pk = models.CompositePrimaryKey("word", "case_id")
    word = models.BigIntegerField()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("offices.Team", on_delete=models.PROTECT, related_name="+", db_index=False)


class IndexedCase(models.Model):
    """Which entries of a case stand in a team's index already, by their ids."""

    pk = models.CompositePrimaryKey("team_id", "case_id")
    team = models.ForeignKey("offices.Team", on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    entries = models.JSONField(default=list)


class CaseLink(models.Model):
    """Two cases that a verifier linked; `first` has the lower id. Why stands in the entries of both."""

    first = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("first", "second"), name="one_link_a_pair"),)

"""What an unlocked teammate does in passing: renews team keys that are due and re-seals open cases."""

from django.db import IntegrityError

from sipuma.cases.resealing import renew_seals
from sipuma.offices.models import Team
from sipuma.offices.officer import Officer
from sipuma.offices.places import active_memberships
from sipuma.offices.renewal import renew, teams_to_renew
from sipuma.offices.trust import Untrusted


def keep_up(officer: Officer) -> int:
    """Renew the keys of the member's own teams where due, then re-seal a batch; return how many seals moved.

    It writes, so it belongs after signing in and to POST requests, never to a GET.
    """
    for team in teams_to_renew(officer.member):
        _renew(team, officer)
    # The officer of this request knows the keys as they were before.
    fresh = Officer(officer.member, officer.ring.pair)
    return sum(_reseal(team, fresh) for team in _renewed_teams(fresh))


def _renew(team: Team, officer: Officer) -> None:
    try:
        renew(team=team, by=officer.ring)
    except (PermissionError, Untrusted):
        return  # somebody who holds the key will come; the team page shows what is due
    except IntegrityError:
        return  # a colleague renewed it in this very moment


def _reseal(team: Team, officer: Officer) -> int:
    try:
        return renew_seals(team, officer)
    except Untrusted:
        return 0  # nothing is sealed to a key that was swapped


def _renewed_teams(officer: Officer) -> list[Team]:
    places = active_memberships().filter(member=officer.member, team__keys__epoch__gt=0)
    return [place.team for place in places.select_related("team").distinct()]

"""Limits in calendar days: the 14 days that a complainant has to answer."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sipuma.worktime import calendar_day_limit

JAKARTA = ZoneInfo("Asia/Jakarta")


# fmt: off
REQUESTS = [
    # zone, request in UTC, the last local day to answer
    ("Asia/Jakarta",   "2026-03-10 02:00", "2026-03-24"),  # 09:00 WIB, the example of the rule
    ("Asia/Jakarta",   "2026-03-10 16:59", "2026-03-24"),  # 23:59 WIB
    ("Asia/Jakarta",   "2026-03-10 17:00", "2026-03-25"),  # 00:00 WIB of the next day
    ("Asia/Pontianak", "2026-03-10 16:59", "2026-03-24"),
    ("Asia/Makassar",  "2026-03-10 15:59", "2026-03-24"),
    ("Asia/Makassar",  "2026-03-10 16:00", "2026-03-25"),
    ("Asia/Jayapura",  "2026-03-10 14:59", "2026-03-24"),
    ("Asia/Jayapura",  "2026-03-10 15:00", "2026-03-25"),
    ("Asia/Jakarta",   "2026-12-20 03:00", "2027-01-03"),  # over the year's end
    ("Asia/Jakarta",   "2028-02-20 03:00", "2028-03-05"),  # over a leap day
]
# fmt: on


@pytest.mark.parametrize(("zone", "requested_utc", "last_day"), REQUESTS)
def test_fourteen_days_end_with_the_last_second_of_the_fourteenth_local_day(
    zone: str, requested_utc: str, last_day: str
) -> None:
    limit = calendar_day_limit(zone, datetime.fromisoformat(requested_utc).replace(tzinfo=UTC), 14)

    assert limit.last_moment == datetime.fromisoformat(f"{last_day}T23:59:59").replace(tzinfo=ZoneInfo(zone))
    assert limit.lapses_at == limit.last_moment + timedelta(seconds=1)
    assert limit.lapses_at.tzinfo == ZoneInfo(zone)


def test_a_limit_counts_holidays_like_any_other_day() -> None:
    limit = calendar_day_limit("Asia/Jakarta", datetime(2026, 3, 17, 9, tzinfo=JAKARTA), 7)

    assert limit.lapses_at == datetime(2026, 3, 25, tzinfo=JAKARTA)


def test_a_limit_of_no_days_lasts_until_the_end_of_the_day() -> None:
    limit = calendar_day_limit("Asia/Jakarta", datetime(2026, 3, 17, 9, tzinfo=JAKARTA), 0)

    assert limit.lapses_at == datetime(2026, 3, 18, tzinfo=JAKARTA)


def test_a_limit_of_less_than_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="counted forward"):
        calendar_day_limit("Asia/Jakarta", datetime(2026, 3, 17, 9, tzinfo=JAKARTA), -1)


def test_a_limit_in_a_zone_without_offices_is_refused() -> None:
    with pytest.raises(ValueError, match="No Indonesian time zone"):
        calendar_day_limit("Europe/Paris", datetime(2026, 3, 17, 9, tzinfo=JAKARTA), 14)

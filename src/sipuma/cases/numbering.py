"""Register numbers: `<office code>-<year>-<6 digits>`, without a gap, also when many file at once."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from sipuma.offices.models import Office

NEXT = """
INSERT INTO cases_counter (office_id, year, n) VALUES (%s, %s, 1)
ON CONFLICT (office_id, year) DO UPDATE SET n = cases_counter.n + 1 RETURNING n
"""


def next_register(office: Office, at: datetime) -> str:
    """Return the office's next number in the year that `at` falls into at the office.

    It belongs inside the transaction that saves the case: rolled back, the number is free again.
    """
    year = at.astimezone(ZoneInfo(office.timezone)).year
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [office.pk, year])
        (number,) = cursor.fetchone()
    return f"{office.pk}-{year}-{number:06d}"

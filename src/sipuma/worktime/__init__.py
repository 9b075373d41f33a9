"""Working-time arithmetic for deadlines: hours, holidays and clocks of an office, without Django."""

from sipuma.worktime.calendar import Calendar, Closure, Opening, Period, office_calendar
from sipuma.worktime.count import (
    DayNote,
    Reading,
    Reason,
    add_working_days,
    due_with_cutoff,
    explain,
    working_days_between,
    working_hours_between,
)
from sipuma.worktime.hours import OFFICE_HOURS, RAMADAN_HOURS, Interval, WeeklyHours, parse_hours
from sipuma.worktime.limits import Limit, calendar_day_limit, closing_after
from sipuma.worktime.national import MissingJointLeave, joint_leave_is_known, national_closures, ramadans
from sipuma.worktime.zones import moment_in, office_zone, zone_label

__all__ = [
    "OFFICE_HOURS",
    "RAMADAN_HOURS",
    "Calendar",
    "Closure",
    "DayNote",
    "Interval",
    "Limit",
    "MissingJointLeave",
    "Opening",
    "Period",
    "Reading",
    "Reason",
    "WeeklyHours",
    "add_working_days",
    "calendar_day_limit",
    "closing_after",
    "due_with_cutoff",
    "explain",
    "joint_leave_is_known",
    "moment_in",
    "national_closures",
    "office_calendar",
    "office_zone",
    "parse_hours",
    "ramadans",
    "working_days_between",
    "working_hours_between",
    "zone_label",
]

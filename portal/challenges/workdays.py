"""Workdays in China: holidays and make-up workdays where they are published, Monday to Friday beyond."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import chinese_calendar

from portal import clock


class WorkdayDue(NamedTuple):
    """When something is due; `provisional` when a day of it lies beyond the published holidays."""

    at: datetime
    provisional: bool


def is_workday(day: date) -> tuple[bool, bool]:
    """Whether people work that day, and whether that is only a guess from the day of the week."""
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:
        return day.weekday() < 5, True


def add_workdays(start: datetime, count: int) -> WorkdayDue:
    """The same time of day `count` workdays later, on a clock in Hangzhou.

    What begins on a day off begins with the next workday's first minute.
    """
    local = clock.local(start)
    day, clock_time, provisional = local.date(), local.time(), False
    works, guessed = is_workday(day)
    provisional |= guessed
    if not works:
        # Nobody works until the next workday begins: its midnight is where the clock starts.
        clock_time = time(0)
        while not works:
            day += timedelta(days=1)
            works, guessed = is_workday(day)
            provisional |= guessed
    left = count
    while left:
        day += timedelta(days=1)
        works, guessed = is_workday(day)
        provisional |= guessed
        left -= works
    at = datetime.combine(day, clock_time, tzinfo=clock.SHANGHAI)
    return WorkdayDue(at.astimezone(start.tzinfo), provisional)

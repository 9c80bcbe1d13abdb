"""The only clock: every deadline is judged by it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_offset = timedelta(0)


def set_offset(seconds: float) -> None:
    """Shift the clock, for tests and demonstrations; `portal.settings` refuses it in production."""
    global _offset
    _offset = timedelta(seconds=seconds)


def now() -> datetime:
    """This instant in UTC."""
    return datetime.now(UTC) + _offset


def today() -> date:
    """The calendar day in Hangzhou."""
    return now().astimezone(SHANGHAI).date()


def local(instant: datetime) -> datetime:
    """The same instant on a clock in Hangzhou."""
    return instant.astimezone(SHANGHAI)


def from_local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant given by date and time in Hangzhou; hour 24 is the next day 00:00."""
    start = datetime(year, month, day, tzinfo=SHANGHAI)
    return (start + timedelta(hours=hour, minutes=minute)).astimezone(UTC)

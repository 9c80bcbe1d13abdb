"""Calendar months in Hangzhou: the step in which the four chains are measured."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from portal import clock


class Month(NamedTuple):
    """A calendar month, named by its first day."""

    first: date

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.replace(day=1))

    @classmethod
    def before_this(cls) -> "Month":
        """The last month that is over."""
        return cls.of(clock.today()).shift(-1)

    def shift(self, months: int) -> "Month":
        years, index = divmod(self.first.year * 12 + self.first.month - 1 + months, 12)
        return Month(date(years, index + 1, 1))

    @property
    def next_first(self) -> date:
        """The first day that no longer belongs to it."""
        return self.shift(1).first

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next_first - timedelta(days=1)

    @property
    def starts_at(self) -> datetime:
        return clock.from_local(self.first.year, self.first.month, 1)

    @property
    def ends_at(self) -> datetime:
        """The first instant that no longer belongs to it."""
        return self.shift(1).starts_at


def months_between(first: Month, last: Month) -> list[Month]:
    """Every month from the first to the last, both included; none when they are the other way round."""
    count = (last.first.year - first.first.year) * 12 + last.first.month - first.first.month
    return [first.shift(step) for step in range(count + 1)]

"""
Business days of the federal authorities: Monday to Friday, without the legal public holidays.

    business_days_later(date(2026, 7, 1), 1)   -> 2 July
    business_days_later(date(2026, 7, 2), 1)   -> 6 July: the 3rd is kept for the 4th, which is a Saturday

Source: 5 U.S.C. 6103; the exact rules, CS-06.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _SATURDAY = 0, 3, 5
_FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
"""New Year's Day, Juneteenth, Independence Day, Veterans Day, Christmas Day: month and day."""
_NTH = ((1, _MONDAY, 3), (2, _MONDAY, 3), (9, _MONDAY, 1), (10, _MONDAY, 2), (11, _THURSDAY, 4))
"""Birthday of Martin Luther King, Washington's Birthday, Labor Day, Columbus Day, Thanksgiving: which of the month."""
_MEMORIAL_MONTH = 5


def business_days_later(day: date, count: int) -> date:
    """The so-many-th business day after a day; the last day there is where the calendar ends."""
    while count > 0 and day < date.max:
        day += _DAY
        count -= is_business_day(day)
    return day


def is_business_day(day: date) -> bool:
    """Whether authorities work on it."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    """The days of a year on which holidays are kept; that of the next New Year may be among them."""
    days = {_kept(date(year, month, day)) for month, day in _FIXED}
    if year < date.max.year:
        days.add(_kept(date(year + 1, 1, 1)))
    days |= {_nth(year, month, weekday, number) for month, weekday, number in _NTH}
    days.add(_last_monday_of_may(year))
    return frozenset(days)


def _kept(day: date) -> date:
    """A Saturday is kept on the day before, a Sunday on the day after."""
    match day.weekday():
        case 5:
            return day - _DAY
        case 6:
            return day + _DAY
        case _:
            return day


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, _MEMORIAL_MONTH, 31)
    return last - timedelta(days=last.weekday())

"""Birthdays as people write them, with or without the year. Pure functions, without ``env``."""

import re
from datetime import date

# A year that has 29 February stands in for the year that is not known.
LEAP_YEAR = 2000


def parse(text, day_first=True, today=None):
    """Return ``(day, month, year)`` of "12.03", "12/03/1990", "1990-03-12"; year 0 when it is not given.

    :param day_first: whether the day comes before the month, as in the reader's language
    :param today: a year of two digits is taken as the latest one that is not after it
    :raise ValueError: when the text is no such day
    """
    numbers = [part for part in re.split(r"[\s./\-]+", text.strip()) if part]
    if not 2 <= len(numbers) <= 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in numbers):
        raise ValueError(text)
    if len(numbers) == 3 and len(numbers[0]) == 4:
        year, month, day = (int(part) for part in numbers)
    else:
        first, second = int(numbers[0]), int(numbers[1])
        day, month = (first, second) if day_first else (second, first)
        year = _year(numbers[2], today or date.today()) if len(numbers) == 3 else 0
    check(day, month, year)
    return day, month, year


def _year(text, today):
    if len(text) == 4:
        return int(text)
    if len(text) != 2:
        raise ValueError(text)
    year = today.year - today.year % 100 + int(text)
    return year if year <= today.year else year - 100


def check(day, month, year):
    """Raise ValueError when there is no such day; year 0 stands for an unknown one."""
    date(year or LEAP_YEAR, month, day)


def write(day, month, year, day_first=True):
    """Return the text that parse() reads back."""
    separator = "." if day_first else "/"
    first, second = (day, month) if day_first else (month, day)
    return separator.join([f"{first:02}", f"{second:02}", *([f"{year:04}"] if year else [])])


def in_year(day, month, year):
    """Return the date on which the birthday is kept in ``year``: 28 February stands in for the 29th."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)


def age(day, month, year, today):
    """Return the full years on ``today``, None when the year of birth is not known."""
    if not (day and month and year):
        return None
    return today.year - year - (today < in_year(day, month, today.year))

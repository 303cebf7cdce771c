"""What a part of a prepaid thing is worth, without a database."""

from math import floor


def part_value(value, spent, parts, left, taken, rounding):
    """Return the paid value of a part that is taken now, to the smallest coin.

    Every part is worth the same, rounded down; what is taken last gets all that is left of the value, so that the
    parts add up to it, in whatever order parts were given back in between.

    :param float value: what was paid for all parts
    :param float spent: value of what is taken already
    :param float parts: sessions, or the nominal amount
    :param float left: how many of them are left
    :param float taken: how many of them are taken now, not more than are left
    :param float rounding: the smallest coin, such as 0.01
    """
    rest = max(0, round(value / rounding) - round(spent / rounding))
    coins = rest
    if round(left - taken, 6) > 0:
        # A hair above, as 0.1 + 0.2 is a hair below.
        coins = min(rest, floor(round(value / rounding) * taken / parts + 1e-9))
    return round(coins * rounding, 10)

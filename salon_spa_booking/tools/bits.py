"""Time as integers: bit i of a number stands for the five minutes that begin i * STEP minutes after a board's begin."""

from datetime import timedelta
from functools import lru_cache

STEP = 5
FIVE = timedelta(minutes=STEP)
_ALMOST = FIVE - timedelta.resolution
_A_DAY, _SECONDS = 24 * 60 // STEP, 60 * STEP
# Adding five minutes i times, made once and grown as boards get longer.
_offsets = []


def floor_cells(minutes):
    return minutes // STEP


def ceil_cells(minutes):
    return -(-minutes // STEP)


def floor_cell(moment, begin):
    return (moment - begin) // FIVE


def ceil_cell(moment, begin):
    return -((begin - moment) // FIVE)


def between(first, last):
    """Return the bits ``first`` to ``last - 1``; none when the range is empty."""
    first = max(first, 0)
    return (1 << last) - (1 << first) if first < last else 0


def shifted(bits, cells):
    """Return ``bits`` moved ``cells`` earlier (later when negative); what falls before the begin is lost."""
    return bits >> cells if cells >= 0 else bits << -cells


def eroded(bits, length):
    """Return the cells from which ``length`` cells in a row are set.

    >>> bin(eroded(0b0111_0011, 2))
    '0b110001'
    """
    have = 1
    while have < length:
        step = min(have, length - have)
        bits &= bits >> step
        have += step
    return bits


def dilated(bits, reach):
    """Return the cells from which a set cell is at most ``reach`` cells ahead.

    >>> bin(dilated(0b1000_0000, 2))
    '0b11100000'
    """
    have = 1
    while have <= reach:
        step = min(have, reach + 1 - have)
        bits |= bits >> step
        have += step
    return bits


def spread(bits, reach):
    """Return the cells that are at most ``reach`` cells after a set cell."""
    have = 1
    while have <= reach:
        step = min(have, reach + 1 - have)
        bits |= bits << step
        have += step
    return bits


def edges(bits):
    """Return the first and the last cell of every run of set cells."""
    return bits & ~((bits << 1) & (bits >> 1))


def touched(spans, begin, size):
    """Return the cells that ``spans`` (start, stop) touch, that is rounded outwards, between 0 and ``size``."""
    early = begin - _ALMOST
    cells = []
    for start, stop in spans:
        since, until = start - begin, stop - early
        # Twice as quick as dividing by a timedelta; days and seconds are rounded down, also before the begin.
        cells.append((since.days * _A_DAY + since.seconds // _SECONDS, until.days * _A_DAY + until.seconds // _SECONDS))
    cells.sort()
    return _painted(cells, size)


def filled(spans, begin, size):
    """Return the cells that lie wholly within the union of ``spans`` (start, stop), between 0 and ``size``."""
    early = begin - _ALMOST
    cells = []
    first = reach = None
    for start, stop in sorted(spans):
        if reach is not None and start <= reach:
            # Together they may fill a cell that neither fills alone.
            reach = max(reach, stop)
            cells.pop()
        else:
            first, reach = start, stop
        since, until = first - early, reach - begin
        cells.append((since.days * _A_DAY + since.seconds // _SECONDS, until.days * _A_DAY + until.seconds // _SECONDS))
    return _painted(cells, size)


def _painted(cells, size):
    """Return the union of sorted ranges (first, last), last excluded, cut to 0 and ``size``."""
    starts, stops = bytearray(size // 8 + 1), bytearray(size // 8 + 1)
    reach = 0
    for first, last in cells:
        if first < reach:
            first = reach
        if last > size:
            last = size
        if first < last:
            starts[first >> 3] |= 1 << (first & 7)
            stops[last >> 3] |= 1 << (last & 7)
            reach = last
    # 2**last - 2**first sets exactly the bits first to last - 1; apart, the ranges don't disturb each other.
    return int.from_bytes(stops, "little") - int.from_bytes(starts, "little")


@lru_cache(maxsize=256)
def comb(length, step):
    """Return every ``step``-th of ``length`` cells, the first included."""
    bits = 0
    for cell in range(0, length, step):
        bits |= 1 << cell
    return bits


def digits(bits, size):
    """Return ``size`` bytes, one a cell: 1 where the bit is set, else 0."""
    return _spaced(bits, size).to_bytes(size, "little")


def lanes(numbers, size):
    """Return the columns of up to eight ``numbers`` a lane: per cell a byte whose bit k tells of the k-th number."""
    result = []
    for first in range(0, len(numbers), 8):
        lane = 0
        for place, bits in enumerate(numbers[first : first + 8]):
            lane |= _spaced(bits, size) << place
        result.append(lane.to_bytes(size, "little"))
    return result


def _spaced(bits, size):
    """Return ``bits`` with eight times the room: bit i becomes bit 8 * i."""
    return int.from_bytes(f"{bits:0{size}b}".encode(), "big") & _ones(size)


@lru_cache(maxsize=256)
def _ones(size):
    return int.from_bytes(b"\x01" * size, "little")


def offsets(size):
    """Return at least ``size`` timedeltas, the i-th of i * STEP minutes."""
    while len(_offsets) < size:
        _offsets.append(len(_offsets) * FIVE)
    return _offsets

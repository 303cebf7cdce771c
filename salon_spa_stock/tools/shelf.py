"""What is taken first from a place: opened containers before unopened ones, and what expires first before the rest.

Quantities are in the product's own unit. Nothing here knows the database.
"""

from dataclasses import dataclass
from datetime import datetime

# Whatever is typed, a service does not open more containers than this; the last one goes below zero.
MOST_OPENED = 20


@dataclass
class Lot:
    """So much of one lot (``key`` is False for stock without a lot) lies here."""

    key: object
    quantity: float
    expires: datetime | None = None


@dataclass(eq=False)
class Opened:
    """A container in use; ``key`` is None for one that is opened now."""

    key: object
    lot: object
    left: float
    expired: bool = False


@dataclass
class Part:
    """So much of one lot, out of one container or of none."""

    quantity: float
    lot: object = False
    opened: Opened | None = None


class Shelf:
    """One product at one place.

    :param lots: ``[Lot]`` in the order in which they came
    :param opened: ``[Opened]`` in the order in which they were opened
    :param now: what has expired by then is left alone
    :param size: how much is in a container; 0 when the product is not kept in any
    :param digits: decimal places that quantities have
    """

    def __init__(self, lots, opened, now, size=0, digits=2):
        self.lots = sorted(lots, key=lambda lot: lot.expires or datetime.max)
        self.opened = list(opened)
        self.now, self.size, self.digits = now, size, digits
        self.zero = 0.5 * 10**-digits

    def _round(self, quantity):
        return round(quantity, self.digits)

    def _fresh(self, lot):
        return lot.expires is None or lot.expires > self.now

    def expired(self):
        """Return the keys of the lots that lie here and may not be used any more."""
        return [lot.key for lot in self.lots if lot.quantity > self.zero and not self._fresh(lot)]

    def available(self):
        """Return how much lies here that may be used."""
        return sum(lot.quantity for lot in self.lots if self._fresh(lot))

    def take(self, quantity, lot=False, opened=None):
        """Take ``quantity``, whether it is there or not.

        :param lot: key of the lot that somebody said it was
        :param opened: key of the container that somebody said it was
        :return: ``(parts, short)``: where it came from, and how much of it was not there
        """
        short = self._round(min(quantity, max(0, quantity - max(0, self.available()))))
        parts = self._from_containers(quantity, lot, opened) if self.size else self._from_lots(quantity, lot)
        return parts, short

    def _lot(self, key):
        found = next((lot for lot in self.lots if lot.key == key), None)
        if not found:
            found = Lot(key, 0)
            self.lots.append(found)
        return found

    def _from_lots(self, quantity, wanted):
        parts, left = [], quantity
        # Stable: within the wanted lot and the others it stays first expiry first.
        for lot in sorted(self.lots, key=lambda lot: not wanted or lot.key != wanted):
            if left <= self.zero:
                break
            if lot.quantity <= self.zero or not (self._fresh(lot) or lot.key == wanted):
                continue
            taken = self._round(min(left, lot.quantity))
            parts.append(Part(taken, lot.key))
            left = self._round(left - taken)
        if left > self.zero:
            # Nothing is left: the last one goes below zero.
            key = wanted or (parts[-1].lot if parts else self._last())
            same = next((part for part in parts if part.lot == key), None)
            if same:
                same.quantity = self._round(same.quantity + left)
            else:
                parts.append(Part(left, key))
        for part in parts:
            self._lot(part.lot).quantity -= part.quantity
        return parts

    def _last(self):
        """Return the lot that a shortage is written on: the one that stays fresh longest, else none."""
        fresh = [lot.key for lot in self.lots if lot.key and self._fresh(lot)]
        known = fresh or [lot.key for lot in self.lots if lot.key]
        return known[-1] if known else False

    def _from_containers(self, quantity, lot, wanted):
        parts, left = [], quantity
        for container in sorted(self.opened, key=lambda one: wanted is None or one.key != wanted):
            if left <= self.zero:
                break
            usable = container.key == wanted if wanted is not None else False
            usable = usable or (not container.expired and (not lot or container.lot == lot))
            if not usable or container.left <= self.zero:
                continue
            left = self._draw(parts, container, left)
        for _number in range(MOST_OPENED):
            if left <= self.zero:
                return parts
            container = Opened(None, self.next_lot(lot), self.size)
            self.opened.append(container)
            left = self._draw(parts, container, left)
        if left > self.zero:
            parts[-1].quantity = self._round(parts[-1].quantity + left)
            container.left = self._round(container.left - left)
            self._lot(container.lot).quantity -= left
        return parts

    def _draw(self, parts, container, left):
        taken = self._round(min(left, container.left))
        parts.append(Part(taken, container.lot, container))
        container.left = self._round(container.left - taken)
        self._lot(container.lot).quantity -= taken
        return self._round(left - taken)

    def next_lot(self, wanted=False):
        """Return the lot of the container to open next: of what is still closed, what expires first."""
        if wanted:
            return wanted
        inside = {}
        for container in self.opened:
            inside[container.lot] = inside.get(container.lot, 0) + container.left
        for lot in self.lots:
            if self._fresh(lot) and lot.quantity - inside.get(lot.key, 0) > self.zero:
                return lot.key
        return self._last()

"""What stock was worth at a moment, replayed from the moves; the arithmetic of Odoo's stock valuation, and no more.

Odoo answers for the present. Asked for a day of the past it values receipts without a purchase by the cost of today, so
that yesterday's closing is not today's opening. Here the value that each move was booked with is replayed in order,
which for the present gives Odoo's own figure and for the past the one that was shown then.
"""

from typing import NamedTuple


class Move(NamedTuple):
    """A move into (``in_qty``) or out of (``out_qty``) the valued stock, in the product's unit and company currency."""

    date: object
    in_qty: float
    out_qty: float
    value: float


def average(moves, prices, quantity, until):
    """Return the value of ``quantity`` at average cost, after the moves and price changes up to ``until``.

    :param moves: Move objects in order of date
    :param prices: [(date, cost per unit)] of manual changes of the cost, in order
    :param float quantity: what was in stock at ``until``
    """
    moves = [move for move in moves if move.date <= until]
    prices = [price for price in prices if price[0] <= until]
    entries = [move for move in moves if move.in_qty]
    if prices and (not entries or prices[-1][0] > entries[-1].date):
        return prices[-1][1] * quantity
    cost = value = held = 0.0
    upcoming = 0
    for move in moves:
        while upcoming < len(prices) and move.date >= prices[upcoming][0]:
            cost = prices[upcoming][1]
            value = cost * held
            upcoming += 1
        if move.in_qty:
            before = held
            held += move.in_qty
            if before > 0:
                value += move.value
                cost = value / held
            else:
                # What was below zero is filled up for nothing, and the rest is worth what the receipt cost.
                cost = move.value / move.in_qty
                value = cost * held
        if move.out_qty:
            value -= move.out_qty * cost
            held -= move.out_qty
    return value


def first_in_first_out(moves, quantity, cost, until):
    """Return the value of ``quantity``, taken from the last receipts up to ``until``; ``cost`` is for what has none."""
    if quantity <= 0:
        return quantity * cost
    value, rest, last = 0.0, quantity, None
    for move in reversed([move for move in moves if move.date <= until and move.in_qty]):
        taken = min(rest, move.in_qty)
        value += move.value * taken / move.in_qty
        rest -= taken
        last = move
        if rest <= 1e-9:
            return value
    return value + rest * (last.value / last.in_qty if last else cost)


def standard(prices, quantity, cost, until):
    """Return the value of ``quantity`` at the cost that was set before ``until``, else at the first ever set."""
    known = [price for price in prices if price[0] <= until] or prices[:1]
    return quantity * (known[-1][1] if known else cost)

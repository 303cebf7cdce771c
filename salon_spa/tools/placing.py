"""Who sits where: chooses a resource and a seat for each want of a booking, without a database."""


def overlap(start, stop, other_start, other_stop):
    return start < other_stop and other_start < stop


def place(wants, taken, seats, allowed=None):
    """Choose a resource and a seat for every want, or tell which want finds none.

    Of several free resources the one that this booking already uses comes first, then one with seats for all who want
    it at the same time, then the order of the choices. Nothing free is overlooked: a choice that leaves a later want
    without a place is taken back.

    :param wants: list of ``(choices, start, stop)``; ``choices`` are ids of resources, any of which serves
    :param taken: list of ``(resource id, seat, start, stop)`` that are not to be had
    :param seats: ``{resource id: number of seats}``
    :param allowed: function of ``(index of the want, resource id, resource ids chosen for the wants before)``
    :return: ``(list of (resource id, seat), None)`` or ``(None, index of the want that could not be placed)``

    >>> place([((7, 8), 10, 11)], [(7, 1, 9, 12)], {7: 1, 8: 1})
    ([(8, 1)], None)
    >>> place([((7, 8), 10, 11), ((7, 8), 10, 11)], [], {7: 1, 8: 2})
    ([(8, 1), (8, 2)], None)
    >>> place([((7, 8), 10, 11), ((7,), 10, 11)], [], {7: 1, 8: 1})
    ([(8, 1), (7, 1)], None)
    >>> place([((7,), 10, 11), ((7,), 10, 11)], [], {7: 1})
    (None, 1)
    """
    chosen = []
    deepest = 0

    def free_seats(resource, start, stop):
        here = [(wants[i][1], wants[i][2], seat) for i, (other, seat) in enumerate(chosen) if other == resource]
        here += [(begin, end, seat) for other, seat, begin, end in taken if other == resource]
        busy = {seat for begin, end, seat in here if overlap(start, stop, begin, end)}
        return [seat for seat in range(1, seats.get(resource, 1) + 1) if seat not in busy]

    def candidates(index):
        choices, start, stop = wants[index]
        free = {resource: free_seats(resource, start, stop) for resource in choices}
        used = {resource for resource, _seat in chosen}
        company = sum(other[0] == choices and overlap(start, stop, *other[1:]) for other in wants[index:])
        ranked = sorted(
            (resource for resource in choices if free[resource]),
            key=lambda resource: (resource not in used, len(free[resource]) < company),
        )
        for resource in ranked:
            if not allowed or allowed(index, resource, [one for one, _seat in chosen]):
                yield resource, free[resource][0]

    def search(index):
        nonlocal deepest
        if index == len(wants):
            return True
        deepest = max(deepest, index)
        for candidate in candidates(index):
            chosen.append(candidate)
            if search(index + 1):
                return True
            chosen.pop()
        return False

    return (chosen, None) if search(0) else (None, deepest)

"""Who sits where: chooses a resource and a seat for each want of a booking, without a database."""

# More trials than any real visit needs; what is not found by then counts as not free.
PATIENCE = 20_000


def overlap(start, stop, other_start, other_stop):
    return start < other_stop and other_start < stop


def place(wants, taken, seats, allowed=None, bonds=None):
    """Choose a resource and a seat for every want, or tell which want finds none.

    Of several free resources the one that this booking already uses comes first, then one with seats for all who want
    it at the same time, then the order of the choices. Nothing free is overlooked: a choice that leaves another want
    of the same time without a place is taken back.

    :param wants: list of ``(choices, start, stop)``; ``choices`` are ids of resources, any of which serves
    :param taken: ``{resource id: [(seat, start, stop)]}`` of what is not to be had
    :param seats: ``{resource id: number of seats}``
    :param allowed: function of ``(index of the want, resource id, {index: resource id chosen})``
    :param bonds: for each want a value or None; wants of the same value take the same resource
    :return: ``(list of (resource id, seat), None)`` or ``(None, index of a want that could not be placed)``

    >>> place([((7, 8), 10, 11)], {7: [(1, 9, 12)]}, {7: 1, 8: 1})
    ([(8, 1)], None)
    >>> place([((7, 8), 10, 11), ((7, 8), 10, 11)], {}, {7: 1, 8: 2})
    ([(8, 1), (8, 2)], None)
    >>> place([((7, 8), 10, 11), ((7,), 10, 11)], {}, {7: 1, 8: 1})
    ([(8, 1), (7, 1)], None)
    >>> place([((7,), 10, 11), ((7,), 10, 11)], {}, {7: 1})
    (None, 1)
    >>> place([((7, 8), 10, 11), ((7, 8), 11, 12)], {7: [(1, 11, 12)]}, {7: 1, 8: 1}, bonds=["stay", "stay"])
    ([(8, 1), (8, 1)], None)
    """
    bonds = bonds or [None] * len(wants)
    chosen = {}
    for cluster in _clusters(wants, bonds):
        unplaced = _place_cluster(cluster, wants, taken, seats, allowed, bonds, chosen)
        if unplaced is not None:
            return None, unplaced
    return [chosen[index] for index in range(len(wants))], None


def _clusters(wants, bonds):
    """Return the lists of indexes of wants that overlap in time or are bonded, directly or by others between."""
    clusters, end = [], None
    for index in sorted(range(len(wants)), key=lambda index: (wants[index][1], index)):
        _choices, start, stop = wants[index]
        if not clusters or start >= end:
            clusters.append([])
            end = stop
        clusters[-1].append(index)
        end = max(end, stop)
    merged = []
    for cluster in clusters:
        keys = {bonds[index] for index in cluster} - {None}
        bonded = [other for other in merged if not keys.isdisjoint(bonds[index] for index in other)]
        merged = [other for other in merged if other not in bonded]
        merged.append(sorted(sum(bonded, cluster)))
    return merged


def _place_cluster(cluster, wants, taken, seats, allowed, bonds, chosen):
    """Add the places of a cluster to ``chosen``; return the index of a want that finds none, if there is one."""
    deepest, trials = 0, 0

    def free_seats(resource, start, stop):
        busy = {seat for seat, begin, end in taken.get(resource, ()) if overlap(start, stop, begin, end)}
        for index in cluster:
            if index in chosen and chosen[index][0] == resource and overlap(start, stop, *wants[index][1:]):
                busy.add(chosen[index][1])
        return [seat for seat in range(1, seats.get(resource, 1) + 1) if seat not in busy]

    def candidates(position):
        index = cluster[position]
        choices, start, stop = wants[index]
        bonded = {chosen[other][0] for other in cluster if other in chosen and bonds[other] == bonds[index]}
        if bonds[index] is not None and bonded:
            choices = [resource for resource in choices if resource in bonded]
        free = {resource: free_seats(resource, start, stop) for resource in choices}
        used = {resource for resource, _seat in chosen.values()}
        rest = [wants[other] for other in cluster[position:]]
        company = sum(other[0] == wants[index][0] and overlap(start, stop, *other[1:]) for other in rest)
        ranked = sorted(
            (resource for resource in choices if free[resource]),
            key=lambda resource: (resource not in used, len(free[resource]) < company),
        )
        for resource in ranked:
            if not allowed or allowed(index, resource, {key: place[0] for key, place in chosen.items()}):
                yield resource, free[resource][0]

    def search(position):
        nonlocal deepest, trials
        if position == len(cluster):
            return True
        deepest = max(deepest, position)
        for candidate in candidates(position):
            trials += 1
            if trials > PATIENCE:
                return False
            chosen[cluster[position]] = candidate
            if search(position + 1):
                return True
            del chosen[cluster[position]]
        return False

    return None if search(0) else cluster[deepest]

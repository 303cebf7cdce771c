"""Where the phases of a service lie, in minutes from the client's start."""

PHASES = ("prep_minutes", "active_minutes", "processing_minutes", "finishing_minutes", "cleanup_minutes")


def offsets(phases, first, last):
    """Return ``(from, to)`` in minutes from the client's start: the begin of phase ``first``, the end of ``last``.

    >>> service = {"active_minutes": 40, "processing_minutes": 30, "finishing_minutes": 15}
    >>> service |= {"prep_minutes": 5, "cleanup_minutes": 5}
    >>> offsets(service, "prep_minutes", "cleanup_minutes"), offsets(service, *["processing_minutes"] * 2)
    ((-5, 90), (40, 70))
    """
    begin, end = PHASES.index(first), PHASES.index(last)
    minutes = [phases[name] for name in PHASES]
    return sum(minutes[:begin]) - minutes[0], sum(minutes[: end + 1]) - minutes[0]


def master_offsets(phases):
    """Return the spans of the master in minutes from the client's start: all but the processing.

    >>> master_offsets({"prep_minutes": 5, "active_minutes": 40, "processing_minutes": 30, "finishing_minutes": 15,
    ...                 "cleanup_minutes": 5})
    ((-5, 40), (70, 90))
    """
    spans = [offsets(phases, "prep_minutes", "cleanup_minutes")]
    if phases["processing_minutes"]:
        spans = [
            offsets(phases, "prep_minutes", "active_minutes"),
            offsets(phases, "finishing_minutes", "cleanup_minutes"),
        ]
    return tuple(span for span in spans if span[0] < span[1])

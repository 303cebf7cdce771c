"""How the benchmarks take time: each job runs on an empty cache, as a new request would."""

import statistics
import time


def taken_ms(env, job, times):
    """Return the milliseconds of each of ``times`` runs, after one that warms what a server keeps warm."""
    taken = []
    for _index in range(times):
        env.invalidate_all()
        begin = time.perf_counter()
        job()
        taken.append((time.perf_counter() - begin) * 1000)
    return taken[1:] or taken


def median_ms(env, job, times):
    return statistics.median(taken_ms(env, job, times + 1))


def quantiles_ms(env, job, times):
    """Return the median and the 95th percentile of ``times`` runs, the first of which warms the server."""
    return quantiles(taken_ms(env, job, times))


def quantiles(taken):
    taken = sorted(taken)
    return statistics.median(taken), taken[int(len(taken) * 0.95)]

"""Measures the speed of what the budgets name and prints a table per subject. `make bench` prepares what it needs.

Every `bench_NAME.py` beside this file has `main(env)`: it works in an Odoo environment on a database of its own, may
commit, and returns rows of (what was measured, the measured value, its budget or ""), or of what its COLUMNS name.
`make bench ARGS="cadence"` runs bench_cadence.py only.
"""

import contextlib
import importlib
import os
import sys
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

FOLDER = Path(__file__).parent
COLUMNS = ("what", "measured", "budget")


def run_sql(statement, *names):
    with contextlib.closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextlib.contextmanager
def environment(template, name, modules=()):
    """An Odoo environment on a copy of the database ``template``, which is dropped afterwards.

    ``modules`` are installed in the copy first.
    """
    import odoo
    from odoo.modules.registry import Registry

    run_sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    run_sql("CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        registry = Registry.new(name, update_module=True, install_modules=modules) if modules else Registry(name)
        with registry.cursor() as cursor:
            yield odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
    finally:
        odoo.sql_db.close_db(name)
        run_sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def show(title, columns, rows):
    rows = [columns, *rows]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    print(f"\n{title}")
    for number, row in enumerate(rows):
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if not number:
            print("  " + "  ".join("-" * width for width in widths))


def main():
    from odoo.tools import config

    database = os.environ["SALON_DATABASE"]
    config.parse_config(["-c", os.environ["SALON_CONF"], "--log-level", "warn"])
    sys.path.insert(0, str(FOLDER))
    names = [f"bench_{name}" for name in sys.argv[1:]] or sorted(path.stem for path in FOLDER.glob("bench_*.py"))
    for name in names:
        print(f"{name}: preparing and measuring...", flush=True)
        begin = time.monotonic()
        with environment(database, f"{database}_{name}") as env:
            module = importlib.import_module(name)
            rows = module.main(env)
        columns = getattr(module, "COLUMNS", COLUMNS)
        show(f"{name}, {time.monotonic() - begin:.0f} s in all", columns, rows)


if __name__ == "__main__":
    main()

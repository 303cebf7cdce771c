"""What the repository's own tests share. `make test` sets the scene; these names of the environment describe it:

SALON_DATABASE  the run's database: every addon of the repository installed, no demo data. pytest-odoo works on it.
                A test that needs databases of its own gives them names that start with this one and an underscore;
                the run drops them in the end, whatever happens.
SALON_TEMPLATE  a database with Odoo's own addons that ours depend on (and hr_holidays) installed, and none of ours.
                Copies of it are quick; nothing may connect to it.
SALON_CONF      an Odoo configuration file without a database: `python -m odoo -c $SALON_CONF -d NAME ...`
PGHOST ...      lead to the PostgreSQL server, so that libpq and psycopg2 need no arguments.

The fixtures below are the usual way to use them:

fresh_db        the name of a new copy of the template, dropped after the test
odoo_cli        a function that runs one Odoo command line on that copy
salon_db        the name of a copy with our addons installed, which the tests of one module share: they commit
"""

import configparser
import contextlib
import functools
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql

_numbers = itertools.count(1)


def setting(name):
    value = os.environ.get(name)
    if not value:
        pytest.fail(f"{name} is not set: run the tests by `make test`, which prepares what they need.", pytrace=False)
    return value


def filestore(database):
    configuration = configparser.ConfigParser(interpolation=None)
    configuration.read(setting("SALON_CONF"))
    return Path(configuration["options"]["data_dir"]) / "filestore" / database


def run_sql(statement, *names):
    """Runs a statement on databases as a whole, with the names put in as identifiers."""
    with contextlib.closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def addons():
    """The names of the repository's addons."""
    return sorted(path.parent.name for path in Path(__file__).parents[1].glob("*/__manifest__.py"))


@contextlib.contextmanager
def copy_of_template():
    name = f"{setting('SALON_DATABASE')}_{next(_numbers)}"
    template = setting("SALON_TEMPLATE")
    run_sql("CREATE DATABASE {} TEMPLATE {}", name, template)
    shutil.copytree(filestore(template), filestore(name), copy_function=os.link)
    try:
        yield name
    finally:
        run_sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        shutil.rmtree(filestore(name), ignore_errors=True)


def run_odoo(database, *arguments, stdin="", python=sys.executable, conf=None):
    subcommand = list(arguments[:1]) if arguments and not arguments[0].startswith("-") else []
    options = list(arguments[len(subcommand) :])
    once = [] if subcommand else ["--stop-after-init", "--no-http"]
    process = subprocess.run(
        [python, "-m", "odoo", *subcommand, "-c", conf or setting("SALON_CONF"), "-d", database, *once, *options],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        # Python would import modules from a folder with Odoo's own files.
        cwd=filestore(database).parent,
    )
    return process.returncode, process.stdout


@pytest.fixture
def fresh_db():
    """The name of a database with Odoo's own addons installed and none of ours; dropped after the test."""
    with copy_of_template() as name:
        yield name


@pytest.fixture(scope="module")
def salon_db():
    """The name of a database with our addons installed, for tests that commit; dropped after the module's tests."""
    with copy_of_template() as name:
        code, log = run_odoo(name, "-i", ",".join(addons()))
        assert not code, log
        yield name


@pytest.fixture
def odoo_cli(fresh_db):
    """A function that runs an Odoo command line on `fresh_db`; calls within one test see the same database.

    `odoo_cli("-i", "salon_spa")` runs the server once, without HTTP; `odoo_cli("shell", stdin="...")` a subcommand.
    `python` is the interpreter and `conf` the configuration file to use instead of the run's own.
    Returns the exit code and the log as text.
    """
    return functools.partial(run_odoo, fresh_db)

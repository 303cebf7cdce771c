"""What the repository's own tests share. `make test` sets the scene; these names of the environment describe it:

SALON_DATABASE  the run's database: every addon of the repository installed, no demo data. pytest-odoo works on it.
                A test that needs databases of its own gives them names that start with this one and an underscore;
                the run drops them in the end, whatever happens.
SALON_TEMPLATE  a database with Odoo's own addons that ours depend on (and hr_holidays) installed, and none of ours.
                Copies of it are quick; nothing may connect to it.
SALON_CONF      an Odoo configuration file without a database: `python -m odoo -c $SALON_CONF -d NAME ...`
SALON_BROWSER   the path of a Chromium or Chrome.
PGHOST ...      lead to the PostgreSQL server, so that libpq and psycopg2 need no arguments.

The fixtures below are the usual way to use them:

fresh_db        the name of a new copy of the template, dropped after the test
odoo_cli        a function that runs one Odoo command line on that copy
salon_db        the name of a copy with our addons installed, which the tests of one module share: they commit
serve           a function that starts a server on a database: its address and its log's path
browser         a class: a client of the server's JSON-RPC, with a session of its own
"""

import configparser
import contextlib
import functools
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql

from odoo.exceptions import UserError

_numbers = itertools.count(1)
# A server that does not answer ends a test after so many seconds instead of never.
SERVER_PATIENCE = 120


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


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _number in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextlib.contextmanager
def serving(database, folder, *options):
    port, gevent_port = free_ports(2)
    log = folder / f"server-{port}.log"
    process = subprocess.Popen(
        # `python -m odoo` can't start its helper process when there are workers.
        [
            *(sys.executable, "-c", "import odoo.cli; odoo.cli.main()", "-c", setting("SALON_CONF"), "-d", database),
            *(f"--http-port={port}", f"--gevent-port={gevent_port}", "--http-interface=127.0.0.1"),
            *(f"--logfile={log}", "--max-cron-threads=0", *options),
        ],
        cwd=folder,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + SERVER_PATIENCE
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/web/login", timeout=SERVER_PATIENCE).read()
                break
            assert process.poll() is None and time.monotonic() < deadline, log.exists() and log.read_text()
            time.sleep(0.5)
        yield address, log
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def serve(tmp_path):
    """A function that starts a server on a database; it runs until the test ends.

    `serve(database, "--workers=4")` returns its address and the path of its log.
    """
    with contextlib.ExitStack() as stack:
        yield lambda database, *options: stack.enter_context(serving(database, tmp_path, *options))


class Browser:
    """A client of a server's JSON-RPC surface, logged in."""

    def __init__(self, address, database, login, password):
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.send("/web/session/authenticate", db=database, login=login, password=password)

    def get(self, path):
        return self.opener.open(self.address + path, timeout=SERVER_PATIENCE).read().decode()

    def send(self, path, **params):
        """Return the answer of a JSON-RPC route; raise UserError with the server's message when it is an error."""
        request = urllib.request.Request(
            self.address + path, json.dumps({"params": params}).encode(), {"Content-Type": "application/json"}
        )
        answer = json.load(self.opener.open(request, timeout=SERVER_PATIENCE))
        if "error" in answer:
            raise UserError(answer["error"]["data"]["message"])
        return answer.get("result")

    def call(self, model, method, *arguments, **keywords):
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self.send(path, model=model, method=method, args=arguments, kwargs=keywords)


@pytest.fixture(scope="session")
def browser():
    return Browser

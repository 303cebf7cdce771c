"""The project's commands: demo, demo-reset, test, bench, lint, screenshots, help. The Makefile calls them.

How a machine is made ready stands in machine.py and postgresql.py; here is what is then done with it.
"""

import ast
import contextlib
import fcntl
import hashlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import machine
import postgresql
from machine import LOGS, PYTHON, ROOT, STATE, Stop, say
from postgresql import Server

HELP = """Salon & SPA for Odoo

  make demo         start the demo salon on http://127.0.0.1:8069 (PORT=8070 for another port); Ctrl-C stops it,
                    the next run goes on with the same data
  make demo-reset   forget the demo salon's data; the next `make demo` makes a new one
  make test         run every test; T=path for one file, folder or test, ARGS="-k word -x" for pytest's own options
  make bench        measure the speed and print a table (ARGS for the benchmark's own options)
  make lint         check the code's style
  make screenshots  take the guide's pictures anew from the demo that runs (PORT as for it; ARGS="today visit" for some)

  ODOO_SOURCE=path  use this Odoo 19.0 (a checkout, or the folder with its package) and fetch none
  PGHOST=...        use this PostgreSQL (with PGPORT, PGUSER, PGPASSWORD) and start none
  PYTHON=path       use this Python (3.10 to 3.13)

Everything is kept in .salon/ inside this folder: remove it to start from nothing."""

DEMO = "salon_demo"
# What every benchmark and test may rely on besides our addons' own dependencies.
ALWAYS_IN_TEMPLATE = {"base", "hr_holidays"}
SAFE = {}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


# --- The addons of this repository -------------------------------------------------------------------------------


def addons():
    """The installable addons of this repository: name to manifest."""
    manifests = {path.parent.name: ast.literal_eval(path.read_text()) for path in ROOT.glob("*/__manifest__.py")}
    found = {name: manifest for name, manifest in sorted(manifests.items()) if manifest.get("installable", True)}
    if not found:
        raise Stop(f"{ROOT} holds no addon (no folder with a __manifest__.py): clone the repository again.")
    return found


def code_hash(names):
    """A hash of everything in the addons that a running database depends on."""
    total = hashlib.sha256()
    for name in names:
        for path in sorted((ROOT / name).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return total.hexdigest()[:16]


# --- Odoo's command line -----------------------------------------------------------------------------------------


def prepare(*, tests=False):
    """Everything up to a working `python -m odoo`; returns a text that names Odoo's exact code."""
    if os.environ.get("ODOO_SOURCE"):
        machine.given_source(os.environ["ODOO_SOURCE"])
    with machine.locked("set-up", "  Another run in this clone sets things up; waiting for it."):
        missing = [*machine.missing_for_python(), *postgresql.missing_packages()]
        missing += machine.missing_for_browser() if tests else []
        machine.install_packages(missing, machine.missing_for_pdf())
        folder, code = machine.odoo_source()
        machine.virtual_environment(folder, tests=tests)
    return code


def configuration(name, **options):
    """Writes Odoo's configuration file for the demo or the tests; nobody's own ~/.odoorc is read beside it."""
    data = data_folder(name)
    data.mkdir(parents=True, exist_ok=True)
    options = {
        "addons_path": ROOT,
        "data_dir": data,
        "http_interface": "127.0.0.1",
        "list_db": False,
        "workers": 0,
        **options,
    }
    path = STATE / f"{name}.conf"
    machine.write_last(path, "[options]\n" + "".join(f"{key} = {value}\n" for key, value in options.items()))
    return path


def data_folder(name):
    return STATE / "data" / name


def odoo(server, name, database, *arguments):
    """The command line and the keyword arguments for a process that runs Odoo on a database."""
    command = [PYTHON, "-m", "odoo", "-c", STATE / f"{name}.conf", "-d", database, *arguments]
    env = server.environment()
    env.pop("PYTHONPATH", None)
    # In Odoo's own folder, or beside a folder called `odoo`, Python would import the wrong modules.
    return list(map(str, command)), {"env": env, "cwd": data_folder(name)}


def install(server, what, name, database, modules, *arguments, log):
    """Runs Odoo once to install or upgrade modules; raises Stop unless all of them end installed."""
    command, where = odoo(server, name, database, "--stop-after-init", "--no-http", *arguments)
    path = machine.run(what, command, log=log, **where)
    listed = ", ".join(f"'{module}'" for module in modules)
    query = f"SELECT name FROM ir_module_module WHERE name IN ({listed}) AND state = 'installed'"
    lacking = set(modules) - {row[0] for row in server.sql(query, database)}
    if lacking:
        names = ", ".join(sorted(lacking))
        raise Stop(f"{what} left {names} not installed: see {path}, put it right and run it again.")
    return path


def filestore(name, database):
    return data_folder(name) / "filestore" / database


def forget(server, name, database):
    """Drops a database and its files."""
    server.drop(database)
    shutil.rmtree(filestore(name, database), ignore_errors=True)


# --- make demo ---------------------------------------------------------------------------------------------------


def demo():
    port = wanted_port()
    names = list(addons())
    with only_demo(port):
        check_port(port)
        prepare()
        configuration("demo", http_port=port, max_cron_threads=1, dbfilter=f"^{DEMO}$")
        with Server("demo", SAFE).running() as server:
            with machine.locked("set-up", None):
                build_demo(server, names)
            serve_demo(server, port)


def wanted_port():
    text = os.environ.get("PORT") or "8069"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"PORT={text} is no port: give a number from 1 to 65535, as in `make demo PORT=8070`.")
    return int(text)


def check_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Stop(f"Port {port} is for root alone: choose one above 1023, as in `make demo PORT=8070`.") from None
        except OSError:
            raise Stop(
                f"Port {port} is taken by another program: stop that one, or choose another port, as in"
                f" `make demo PORT={port + 1 if port < 65535 else 8070}`."
            ) from None


@contextlib.contextmanager
def only_demo(port):
    """One demo per clone at a time: a second one would share its data."""
    with (STATE / "demo.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise Stop(f"The demo of this clone runs already ({handle.read()}): stop that one first.") from None
        handle.truncate(0)
        handle.write(f"on port {port}, as process {os.getpid()}")
        handle.flush()
        yield


def build_demo(server, names):
    """Makes the demo database, or upgrades it when the addons' code has changed since.

    It is built under another name and renamed at the end, and the code's hash is the database's comment: so a
    database of the final name is always whole, and known to match the code or not.
    """
    code = code_hash(names)
    query = f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{DEMO}'"
    stamp = server.sql(query)
    if stamp == [[code]] and filestore("demo", DEMO).exists():
        return
    listed = ",".join(names)
    if stamp and filestore("demo", DEMO).exists():
        what = "Upgrading the demo salon to the changed code"
        # What is new in the repository gets installed, what is there gets upgraded.
        install(server, what, "demo", DEMO, names, "-i", listed, "-u", listed, log="demo")
        server.sql(f"COMMENT ON DATABASE {DEMO} IS '{code}'")
        return
    building = f"{DEMO}_building"
    for database in (DEMO, building):
        forget(server, "demo", database)
    # Without Odoo's own demo data: a salon has no office furniture among its services.
    install(server, "Installing the salon into a new database", "demo", building, names, "-i", listed, log="demo")
    command, where = odoo(server, "demo", building, "--no-http")
    command.insert(command.index("odoo") + 1, "shell")
    machine.run(
        "Making the demo salon (a minute or two)", command, log="demo-salon", script=ROOT / "dev/load_demo.py", **where
    )
    filestore("demo", building).mkdir(parents=True, exist_ok=True)
    filestore("demo", building).rename(filestore("demo", DEMO))
    server.sql(f"COMMENT ON DATABASE {building} IS '{code}'")
    server.sql(f"ALTER DATABASE {building} RENAME TO {DEMO}")


def serve_demo(server, port):
    """Runs the web server in the foreground until Ctrl-C."""
    check_port(port)
    log = LOGS / "demo-server.log"
    command, where = odoo(server, "demo", DEMO)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=machine.die_with_parent,
            # Ctrl-C is for this program, which then ends the server in order.
            start_new_session=True,
            **where,
        )
        try:
            with machine.progress("Starting the server") as tick:
                while not answers(port):
                    if process.poll() is not None:
                        raise Stop(machine.explain("Starting the server", log))
                    tick()
                    time.sleep(0.5)
            say(f"\nThe demo salon is open: http://127.0.0.1:{port}\n")
            say((ROOT / "dev/logins.txt").read_text())
            say(f"Ctrl-C closes it; the data stay. The server's log: {log}")
            process.wait()
            raise Stop(machine.explain("The server", log))
        except KeyboardInterrupt:
            say("\nClosed. The data are kept: `make demo` opens the salon again.")
        finally:
            machine.end(process)


def answers(port):
    """Whether the login page comes; asking for it also has Odoo build the page's assets before anybody waits."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{port}/web/login", timeout=60) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def demo_reset():
    with only_demo(0):
        server = Server("demo", SAFE)
        if server.external:
            with server.running():
                for database in (DEMO, f"{DEMO}_building"):
                    server.drop(database)
        elif postgresql.find_postgresql("initdb"):
            server.remove()
        shutil.rmtree(data_folder("demo"), ignore_errors=True)
    say("The demo salon is forgotten: `make demo` makes a new one.")


# --- make test, make bench ---------------------------------------------------------------------------------------


def test():
    paths = os.environ.get("T", "").split() or [str(path.relative_to(ROOT)) for path in test_folders()]
    with test_database() as (database, env):
        command = [
            *(PYTHON, "-m", "pytest", "-rs", f"--odoo-config={STATE / 'test.conf'}", f"--odoo-database={database}"),
            *("--odoo-http", *shlex.split(os.environ.get("ARGS", "")), *paths),
        ]
        return attached(command, env)


def test_folders():
    folders = [ROOT / name / "tests" for name in addons()] + [ROOT / "tests"]
    return [folder for folder in folders if folder.is_dir()]


def bench():
    script = ROOT / "tests/benchmarks/run.py"
    if not script.exists():
        raise Stop(f"{script.relative_to(ROOT)} is missing from this clone: get the whole repository.")
    with test_database() as (_database, env):
        return attached([PYTHON, script, *shlex.split(os.environ.get("ARGS", ""))], env)


@contextlib.contextmanager
def test_database():
    """A database with all addons and no demo data, dropped in the end; yields its name and the environment for tests.

    The environment's SALON_ names are described in tests/conftest.py.
    """
    names = list(addons())
    code = prepare(tests=True)
    conf = configuration("test", max_cron_threads=0)
    clone = machine.digest(ROOT)[:6]
    with Server("test", FAST).running() as server:
        with machine.locked("template", "  Another run makes the test template; waiting for it."):
            remove_dead_runs(server, clone)
            template = ensure_template(server, clone, code)
        database = f"salon_test_{clone}_{os.getpid()}"
        env = {
            **odoo(server, "test", database)[1]["env"],
            "SALON_CONF": str(conf),
            "SALON_DATABASE": database,
            "SALON_TEMPLATE": template,
            "SALON_BROWSER": machine.browser(),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(STATE / "hypothesis"),
            "PYTHONUNBUFFERED": "1",
        }
        try:
            server.sql(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
            shutil.copytree(filestore("test", template), filestore("test", database), copy_function=os.link)
            install(server, "Installing the addons", "test", database, names, "-i", ",".join(names), log="test-install")
            yield database, env
        finally:
            for left in server.databases():
                if left == database or left.startswith(f"{database}_"):
                    forget(server, "test", left)


def ensure_template(server, clone, code):
    """The database with everything from Odoo that our addons need, made once per Odoo and list of dependencies."""
    ours = addons()
    needed = sorted(set().union(ALWAYS_IN_TEMPLATE, *(manifest["depends"] for manifest in ours.values())) - set(ours))
    template = f"salon_template_{clone}_{machine.digest(code, sys.version, *needed)}"
    databases = server.databases()
    if template in databases and filestore("test", template).exists():
        return template
    building = f"salon_template_{clone}_building"
    for old in databases:
        if old.startswith(f"salon_template_{clone}_"):
            forget(server, "test", old)
    forget(server, "test", building)
    what = "Making the test template (a minute or two)"
    install(server, what, "test", building, needed, "-i", ",".join(needed), log="test-template")
    filestore("test", building).mkdir(parents=True, exist_ok=True)
    shutil.rmtree(filestore("test", template), ignore_errors=True)
    filestore("test", building).rename(filestore("test", template))
    server.sql(f'ALTER DATABASE "{building}" RENAME TO "{template}"')
    return template


def remove_dead_runs(server, clone):
    """Drops the databases of test runs that were killed before they could."""
    for database in server.databases():
        run = re.match(rf"salon_test_{clone}_(\d+)", database)
        if run and not Path(f"/proc/{run[1]}").exists():
            forget(server, "test", database)


def attached(command, env):
    """Runs a program on this terminal and returns its exit code."""
    with subprocess.Popen(
        list(map(str, command)), stdin=subprocess.DEVNULL, env=env, cwd=ROOT, preexec_fn=machine.die_with_parent
    ) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # It got the same signal and tells what it had done so far.
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=30)
            raise
        finally:
            machine.end(process)


# --- make lint ---------------------------------------------------------------------------------------------------


def lint():
    with machine.locked("set-up", "  Another run in this clone sets things up; waiting for it."):
        machine.install_packages(machine.missing_for_python())
        machine.virtual_environment(None, tests=True)
    env = {**os.environ, "RUFF_CACHE_DIR": str(STATE / "ruff"), "PYLINTHOME": str(STATE / "pylint")}
    places = [*addons(), *(name for name in ("dev", "tests", "docs", "setup.py") if (ROOT / name).exists())]
    python = [place for place in places if place.endswith(".py") or any((ROOT / place).rglob("*.py"))]
    style = attached([PYTHON, "-m", "ruff", "check", *python], env)
    return attached([PYTHON, "-m", "pylint", "--recursive=y", *python], env) or style


# --- make screenshots --------------------------------------------------------------------------------------------


def screenshots():
    """Takes the guide's pictures in the demo that another terminal has opened."""
    port = wanted_port()
    if not answers(port):
        raise Stop(f"No salon is open on port {port}: run `make demo` in another terminal first, then this again.")
    prepare(tests=True)
    command = [PYTHON, ROOT / "dev/screenshots.py", f"http://127.0.0.1:{port}"]
    return attached([*command, *shlex.split(os.environ.get("ARGS", ""))], None)


# --- The program -------------------------------------------------------------------------------------------------


def main(arguments):
    commands = {
        "demo": demo,
        "demo-reset": demo_reset,
        "test": test,
        "bench": bench,
        "lint": lint,
        "screenshots": screenshots,
    }
    if len(arguments) != 1 or arguments[0] not in commands:
        say(HELP)
        return 0 if arguments in ([], ["help"]) else 2
    # PostgreSQL's own user must be able to pass the folders made here, whatever the caller's habit.
    os.umask(0o022)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    if os.environ.get("MAKELEVEL"):
        machine.die_with_parent()
    try:
        machine.check_platform()
        machine.prepare_state()
        return commands[arguments[0]]() or 0
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the next run goes on from here.", file=sys.stderr)
        return 130
    except OSError as error:
        print(
            f"\n{error.filename or 'The system'}: {error.strerror or error}: put that right (disk, rights) and run it"
            " again.",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

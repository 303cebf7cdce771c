"""The PostgreSQL that the demo and the tests work with: the one that PGHOST names, or a private cluster."""

import contextlib
import fcntl
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from machine import ROOT, STATE, Stop, as_user, digest, explain, locked, read, run

OLDEST = 14


def missing_packages():
    """The packages without which there is no PostgreSQL to work with: the server, or the client for another's."""
    if os.environ.get("PGHOST"):
        return [] if find_postgresql("psql") else ["postgresql-client"]
    return [] if find_postgresql("initdb") else ["postgresql"]


def find_postgresql(program, major=None):
    """The folder of PostgreSQL's programs that has this one: the newest, or that of the given version."""
    folders = [Path(found).parent for name in (program, "pg_ctl") if (found := shutil.which(name))]
    for pattern in ("lib/postgresql/*/bin", "pgsql-*/bin", "local/pgsql/bin", "lib64/pgsql"):
        folders += Path("/usr").glob(pattern)
    versions = {}
    for folder in folders:
        if not (folder / program).is_file():
            continue
        told = subprocess.run([folder / program, "--version"], capture_output=True, text=True, check=False).stdout
        number = re.search(r"\(PostgreSQL\) (\d+)", told)
        if number and int(number[1]) >= OLDEST:
            versions.setdefault(int(number[1]), folder)
    return versions.get(major or max(versions, default=None))


class Server:
    """A PostgreSQL to work with: the one that PGHOST names, or a private cluster that only a unix socket reaches."""

    def __init__(self, name, settings):
        self.name = name
        self.settings = settings
        self.external = bool(os.environ.get("PGHOST"))

    @contextlib.contextmanager
    def running(self):
        """Makes and starts the cluster when needed and yields itself; the last one to leave stops it."""
        if self.external:
            self.check_external()
            yield self
            return
        in_use = (STATE / f"{self.name}-cluster.lock").open("a+")
        try:
            with locked(f"{self.name}-start", None):
                self.start()
                fcntl.flock(in_use, fcntl.LOCK_SH)
            yield self
        finally:
            with locked(f"{self.name}-start", None):
                fcntl.flock(in_use, fcntl.LOCK_UN)
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.stop()
            in_use.close()

    def environment(self):
        """The process environment that leads every PostgreSQL client, Odoo among them, to this server."""
        env = {name: value for name, value in os.environ.items() if name not in ("PGDATABASE", "ODOO_RC")}
        if self.external:
            return env
        private = {name: value for name, value in env.items() if not name.startswith("PG")}
        return {**private, "PGHOST": str(self.folder), "PGPORT": "5432", "PGUSER": "salon"}

    def sql(self, statement, database="postgres"):
        """Runs one statement and returns its rows as lists of texts."""
        folder = find_postgresql("psql")
        command = [folder / "psql", "-w", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
        done = subprocess.run(
            [*command, "-d", database, "-c", statement],
            capture_output=True,
            text=True,
            check=False,
            env=self.environment(),
        )
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["nothing"])[0]
            raise Stop(f"PostgreSQL ({self.environment()['PGHOST']}) says “{said}”: put that right and run it again.")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def databases(self):
        return {row[0] for row in self.sql("SELECT datname FROM pg_database")}

    def drop(self, database):
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def check_external(self):
        if (os.environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name) == "postgres":
            raise Stop("Odoo refuses to work as the user postgres: set PGUSER to another role with CREATEDB.")
        number = int(self.sql("SHOW server_version_num")[0][0])
        if number < OLDEST * 10000:
            raise Stop(f"PostgreSQL of PGHOST is older than {OLDEST}: name a newer one, or unset PGHOST.")
        may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        if self.sql(may) != [["t"]]:
            raise Stop("The role of PGUSER may not create databases: give it CREATEDB, or unset PGHOST.")

    # The private cluster

    @property
    def user(self):
        """The system user that PostgreSQL runs as: it refuses root."""
        return "postgres" if os.geteuid() == 0 else None

    @property
    def folder(self):
        """The cluster's folder and its socket's: in the clone unless PostgreSQL can't reach it there.

        Root's cluster runs as the user postgres, who can't look into a home of mode 700; and the path of a unix
        socket has 107 characters at most.
        """
        if not hasattr(self, "_folder"):
            name = f"{ROOT.name[:20]}-{digest(ROOT)}"
            places = [
                STATE / "postgresql",
                (Path("/var/lib") if self.user else Path("~/.local/share").expanduser()) / "salon-spa" / name,
                Path(tempfile.gettempdir()) / f"salon-spa-{os.geteuid()}" / name,
            ]
            self._folder = next((place / self.name for place in places if self._fits(place / self.name)), None)
            if not self._folder:
                raise Stop(
                    f"PostgreSQL finds no folder that it can use (tried {', '.join(map(str, places))}): clone into a"
                    " short path outside of private folders, or set PGHOST to a running server."
                )
        return self._folder

    def _fits(self, place):
        if len(str(place / ".s.PGSQL.5432.lock")) > 107:
            return False
        try:
            place.mkdir(parents=True, exist_ok=True)
            if self.user:
                shutil.chown(place, self.user, pwd.getpwnam(self.user).pw_gid)
            place.chmod(0o700)
        except KeyError:
            raise Stop(
                "PostgreSQL refuses to run as root and there is no user `postgres`: run as an ordinary user, or set"
                " PGHOST to a running server."
            ) from None
        except OSError:
            return False
        probe = ["sh", "-c", 'cd "$0" && touch .probe && rm .probe', str(place)]
        return not subprocess.run(probe, capture_output=True, check=False, cwd="/", **as_user(self.user)).returncode

    def start(self):
        data = self.folder / "data"
        if not (data / "PG_VERSION").exists():
            temporary = self.folder / "data.tmp"
            for old in (data, temporary):
                shutil.rmtree(old, ignore_errors=True)
            options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--username=salon"]
            self._pg("Making a PostgreSQL cluster", "initdb", None, *options, "-D", temporary)
            # initdb has written down what suits this machine; ours is read after it.
            with (temporary / "postgresql.conf").open("a") as conf:
                conf.write("include 'salon.conf'\n")
            (temporary / "salon.conf").touch()
            temporary.replace(data)
        major = int((data / "PG_VERSION").read_text())
        if not find_postgresql("pg_ctl", major):
            raise Stop(
                f"{data} was made by PostgreSQL {major}, which isn't here any more: install postgresql-{major}, or"
                f" remove {data} (`make demo-reset` does so for the demo)."
            )
        if self._answers(major):
            return
        quoted = str(self.folder).replace('"', '""').replace("'", "''")
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'\"{quoted}\"'",
            "unix_socket_permissions": "0700",
            "port": "5432",
            "max_connections": "200",
            "shared_buffers": "256MB",
            # Compiling triples the time of Odoo's many short queries.
            "jit": "off",
            "timezone": "'UTC'",
            "log_timezone": "'UTC'",
            **self.settings,
        }
        (data / "salon.conf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        log = self.folder / "server.log"
        for tries_left in (4, 3, 2, 1, 0):
            self._forget_zombie()
            log.unlink(missing_ok=True)
            try:
                self._pg("Starting PostgreSQL", "pg_ctl", major, "start", "-w", "-t", "60", "-D", data, "-l", log)
                return
            except Stop:
                # A server that was killed leaves processes behind that take a moment to end.
                if not tries_left or not re.search("already exists|still in use", read(log) or ""):
                    raise Stop(explain("Starting PostgreSQL", log)) from None
                time.sleep(1)

    def stop(self):
        data = self.folder / "data"
        if (data / "postmaster.pid").exists():
            self._pg(None, "pg_ctl", int((data / "PG_VERSION").read_text()), "stop", "-m", "fast", "-D", data)

    def remove(self):
        """Deletes the private cluster with all that is in it."""
        with locked(f"{self.name}-start", None):
            with contextlib.suppress(Stop):
                self.stop()
            shutil.rmtree(self.folder, ignore_errors=True)
            with contextlib.suppress(OSError):
                self.folder.parent.rmdir()

    def _answers(self, major):
        command = [find_postgresql("pg_isready", major) / "pg_isready", "-q", "-h", self.folder, "-p", "5432"]
        return not subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode

    def _forget_zombie(self):
        """Removes the lock file of a killed server whose process nobody has reaped, as happens in containers."""
        lock = self.folder / "data/postmaster.pid"
        with contextlib.suppress(OSError, IndexError):
            pid = lock.read_text().split()[0]
            if not Path("/proc", pid, "cmdline").read_bytes():
                lock.unlink()

    def _pg(self, what, program, major, *arguments):
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        command = [find_postgresql(program, major) / program, *arguments]
        if what:
            run(what, command, log=f"{self.name}-{program}", env=env, cwd=self.folder, user=self.user)
        else:
            subprocess.run(command, capture_output=True, check=False, env=env, cwd=self.folder, **as_user(self.user))

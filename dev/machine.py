"""What a machine needs before Odoo 19 runs on it: packages, Odoo itself, a virtual environment, PostgreSQL.

Everything made here lies in `.salon/` inside the clone; downloads that other clones can use lie in the user's cache.
Each part is built under a temporary name and gets its final one (or its stamp) last, so that whatever was interrupted
is simply built again. A failure is a `Stop`: one sentence that says what to do.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import platform
import pwd
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".salon"
LOGS = STATE / "log"
VENV = STATE / "venv"
PYTHON = VENV / "bin" / "python"

ODOO_VERSION = ("19", "0")
# Unpacked Odoo, the virtual environment, a demo and a test database, with some air.
FREE_BYTES_NEEDED = 5 * 10**9
FREE_BYTES_FOR_WORK = 300 * 10**6

# Odoo and what its package links to: three JavaScript files and fonts. All are unpacked, none is installed.
DEBS_UNSTABLE = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-glyphicons-halflings",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
)
# Unstable's Font Awesome is version 7, which lacks the files that Odoo links to.
DEBS_STABLE = ("fonts-font-awesome", "fonts-inconsolata")

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
OLDEST_POSTGRESQL = 14

OWN_ODOO = "install Odoo 19.0 yourself and set ODOO_SOURCE to its folder"


class Stop(Exception):
    """A failure told in one sentence, with what to do about it."""


# --- Running programs --------------------------------------------------------------------------------------------


def die_with_parent():
    """Runs in a child before exec: whatever kills this program ends its children too (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def say(text):
    print(text, flush=True)


@contextlib.contextmanager
def progress(what):
    """Shows the step's name with the seconds it takes; yields a function to call now and then while it runs."""
    start = time.monotonic()
    live = sys.stdout.isatty()
    told = 0

    def seconds():
        return int(time.monotonic() - start)

    def tick():
        nonlocal told
        if live:
            print(f"\r  {what} ... {seconds()} s", end="", flush=True)
        elif seconds() >= told + 20:
            told = seconds()
            say(f"  {what} ... {told} s")

    if live:
        tick()
    else:
        say(f"  {what} ...")
    try:
        yield tick
    except BaseException:
        if live:
            print(flush=True)
        raise
    say(f"{chr(13) if live else ''}  {what} ... done in {seconds()} s")


def run(what, command, *, log, env=None, cwd=None, user=None):
    """Runs a program with its output in the file `log` of the log folder and its progress on the screen.

    `user` is the system user to run it as when this program is root. Returns the log file; raises Stop when the
    program fails.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log}.log"
    with progress(what) as tick, path.open("wb") as output:
        output.write(f"$ {shlex.join(map(str, command))}\n".encode())
        output.flush()
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            preexec_fn=die_with_parent,
            **as_user(user),
        )
        try:
            while process.poll() is None:
                try:
                    process.wait(timeout=1)
                except subprocess.TimeoutExpired:
                    tick()
        finally:
            end(process)
        if process.returncode:
            raise Stop(explain(what, path))
    return path


def end(process):
    """Ends a child that still runs: politely, and after ten seconds by force."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def as_user(user):
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


# What a program's output tells about the reason of its failure, most telling first.
REASONS = (
    (r"No space left on device|Disk quota exceeded", "the disk is full: free some gigabytes and run it again"),
    (
        r"NO_PUBKEY|EXPKEYSIG|no longer signed|is not signed",
        "the archive's signing key is unknown here: run `apt-get install --only-upgrade debian-archive-keyring`"
        " as root and run it again",
    ),
    (
        r"is expired \(invalid since|is not valid yet",
        "the mirror's package list is out of date by this machine's clock: set the clock right (or use another mirror)"
        " and run it again",
    ),
    (
        r"a password is required|a terminal is required|not in the sudoers",
        "sudo asks for a password: run `sudo -v` in this terminal and run it again",
    ),
    (
        r"(?i)could not resolve|name resolution|name or service not known|network is unreachable|cannot initiate"
        r"|connection (refused|failed|timed out|reset)|unable to connect|could not connect|proxy ?error"
        r"|ReadTimeout|failed to fetch|temporary failure|newconnectionerror|failed to establish a new connection",
        "the network or a server on it can't be reached: check the connection (and proxy settings) and run it again",
    ),
)


def explain(what, log):
    """The sentence for a program that failed with this log."""
    output = log.read_text(errors="replace") if log.exists() else ""
    for pattern, reason in REASONS:
        if re.search(pattern, output):
            return f"{what} failed because {reason} (details: {log})."
    # An error message, else whatever came last.
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"(?i)(^e|\bfatal|^[\w.]*(error|exception)[\w.]*): ", line)]
    last = (errors or lines or ["no output"])[-1]
    return f"{what} failed with “{last[:300]}”: see {log}, put it right and run it again."


# --- The folder and its locks ------------------------------------------------------------------------------------


def prepare_state():
    """Makes the ignored folder and checks that it can be used; raises Stop with what is wrong."""
    try:
        STATE.mkdir(exist_ok=True)
        if STATE.stat().st_uid != os.geteuid():
            owner = STATE.stat().st_uid
            raise Stop(
                f"{STATE} belongs to another user (number {owner}): run as that user, or remove the folder and run"
                " it again."
            )
        LOGS.mkdir(exist_ok=True)
    except OSError as error:
        raise Stop(f"{STATE} can't be written ({error.strerror}): clone into a folder of your own.") from error
    free = shutil.disk_usage(STATE).free
    needed = FREE_BYTES_FOR_WORK if PYTHON.exists() else FREE_BYTES_NEEDED
    if free < needed:
        raise Stop(
            f"The disk of {ROOT} has {free / 1e9:.1f} GB free and {needed / 1e9:.1f} GB are needed: free some and"
            " run it again."
        )


@contextlib.contextmanager
def locked(name, busy):
    """Holds a lock of this clone; when another run holds it, says `busy` and waits. A killed run frees its locks."""
    with (STATE / f"{name}.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if busy:
                say(busy)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle


def cache_folder(name):
    """A folder for downloads outside the clone; inside it when the user's cache can't be written."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    for folder in (caches / "salon-spa" / name, STATE / "cache" / name):
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
    raise Stop(f"{STATE} can't be written: clone into a folder of your own.")


def write_last(path, text):
    """Writes a small file that is either whole or absent, whenever the machine stops."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text)
    temporary.replace(path)


def digest(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]


# --- System packages ---------------------------------------------------------------------------------------------


def has_apt():
    return bool(shutil.which("apt-get") and shutil.which("dpkg"))


def install_packages(packages, otherwise):
    """Installs system packages by apt; where that can't be, `otherwise` says what to do instead."""
    names = " ".join(packages)
    if not has_apt():
        raise Stop(f"This system has no apt-get to install {names}: {otherwise}.")
    # `postgresql` would make and start a cluster of its own, which nobody here asked for.
    script = f"""
        set -e
        dpkg --configure -a
        quiet=/etc/postgresql-common/createcluster.d/salon-spa.conf
        mkdir -p ${{quiet%/*}}
        trap 'rm -f $quiet' EXIT
        echo 'create_main_cluster = false' > $quiet
        apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 update || true
        apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 install -y --no-install-recommends {names}
    """
    run(f"Installing {names} by apt-get", as_root("sh", "-c", script, needed_for=names), log="apt")


def as_root(*command, needed_for):
    """The command with what makes it run as root; raises Stop where sudo is missing or refuses."""
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive", *command]
    alone = f"have the administrator run `apt-get install {needed_for}` and run it again"
    if not shutil.which("sudo"):
        raise Stop(f"Installing {needed_for} takes root's rights, and there is no sudo: {alone}.")
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
        if not sys.stdin.isatty():
            raise Stop(f"Installing {needed_for} takes root's rights, and sudo asks for a password: {alone}.")
        say(f"  sudo is needed to install {needed_for}")
        if subprocess.run(["sudo", "-v"], check=False).returncode:
            raise Stop(f"Installing {needed_for} takes root's rights, and sudo refused: {alone}.")
    proxies = [f"{name}={value}" for name, value in os.environ.items() if name.lower().endswith("_proxy")]
    return ["sudo", "env", "DEBIAN_FRONTEND=noninteractive", *proxies, *command]


def system_packages(*, browser):
    """Installs what is missing of Python's venv, PostgreSQL and, for tests, a browser."""
    missing = []
    if not find_spec("venv") or not find_spec("ensurepip"):
        missing.append("python3-venv")
    if not find_postgresql("psql" if os.environ.get("PGHOST") else "initdb"):
        missing.append("postgresql-client" if os.environ.get("PGHOST") else "postgresql")
    if browser and not any(map(shutil.which, BROWSERS)):
        missing.append("chromium")
    if missing:
        install_packages(
            missing,
            "install them by the system's own means (or set PGHOST to a running PostgreSQL, and ODOO_SOURCE to an"
            " Odoo 19.0) and run it again",
        )
    # Another Python than the system's gets nothing from the system's package.
    if "python3-venv" in missing and not (Path(sys.base_prefix) / "bin/python3").samefile("/usr/bin/python3"):
        raise Stop(f"{sys.executable} has no ensurepip module: run it again with PYTHON=/usr/bin/python3.")


# --- Odoo --------------------------------------------------------------------------------------------------------


def odoo_source():
    """The folder that holds the package `odoo`: ODOO_SOURCE's, checked, or Debian's package, unpacked.

    Returns the folder and a text that names the exact code, for the names of cached databases.
    """
    given = os.environ.get("ODOO_SOURCE")
    if given:
        folder = given_source(given)
        commit = subprocess.run(
            ["git", "-C", str(folder), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
        ).stdout
        return folder, f"{folder} {commit.strip()}"
    folder = debian_odoo()
    return folder, (folder.parents[3] / ".complete").read_text()


def given_source(given):
    """The folder of ODOO_SOURCE that holds Odoo's package; raises Stop unless it is Odoo 19.0."""
    folder = Path(given).expanduser().resolve()
    if folder.name == "odoo" and (folder / "release.py").is_file():
        folder = folder.parent
    release = folder / "odoo" / "release.py"
    try:
        found = re.search(r"(?m)^version_info\s*=\s*\(([^,]+),([^,]+),", release.read_text())
    except OSError:
        found = None
    if not found:
        raise Stop(
            f"ODOO_SOURCE={given} holds no Odoo: set it to a checkout of Odoo 19.0 or to the folder that contains its"
            " `odoo` package, or unset it to have Odoo fetched."
        )
    version = tuple(part.strip().strip("'\"") for part in found.groups())
    if version != ODOO_VERSION:
        raise Stop(
            f"ODOO_SOURCE={given} holds Odoo {'.'.join(version)}, and these addons need 19.0: set it to a checkout of"
            " the branch 19.0, or unset it to have Odoo fetched."
        )
    return folder


def debian_odoo():
    """Debian's odoo-19 with the files that it links to, unpacked into the clone; returns its Python folder."""
    target = STATE / "debian-odoo"
    python_folder = target / "usr/lib/python3/dist-packages"
    if (target / ".complete").exists():
        return python_folder
    if not has_apt():
        raise Stop(f"This system has no apt-get to fetch Odoo 19 by: {OWN_ODOO} (and PGHOST to a PostgreSQL server).")
    packages = download_debs()
    temporary = STATE / "debian-odoo.tmp"
    for old in (target, temporary):
        shutil.rmtree(old, ignore_errors=True)
    temporary.mkdir()
    # One program for all, so that the step shows one time.
    script = 'set -e; for deb; do dpkg -x "$deb" .; done'
    run("Unpacking Odoo 19", ["sh", "-c", script, "sh", *packages], log="unpack", cwd=temporary)
    addons = temporary / "usr/lib/python3/dist-packages/odoo/addons"
    # The package lacks this file, and each page of the web client complains. It only blurs video calls' background.
    blur = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    blur.parent.mkdir(parents=True, exist_ok=True)
    blur.touch()
    broken = [path for path in addons.rglob("*") if path.is_symlink() and not path.exists()]
    if broken:
        say(f"  {len(broken)} fonts or scripts that Odoo links to are missing, {broken[0].name} among them.")
    (temporary / ".complete").write_text(" ".join(sorted(path.name for path in packages)))
    temporary.replace(target)
    return python_folder


def download_debs():
    """The packages as files in the cache, each checked against the sum written down when apt had verified it."""
    cache = cache_folder("debs")
    listing = cache / "sums.json"
    try:
        sums = json.loads(listing.read_text())
    except (OSError, ValueError):
        sums = {}
    wanted = (*DEBS_UNSTABLE, *DEBS_STABLE)
    good = {package: found for package in wanted if (found := checked_deb(cache, sums.get(package)))}
    missing = [package for package in wanted if package not in good]
    if missing:
        with tempfile.TemporaryDirectory(dir=cache, prefix="part-") as folder:
            fetch_debs(missing, Path(folder))
            for package in missing:
                found = next(Path(folder).glob(f"{package}_*.deb"), None)
                if not found:
                    raise Stop(f"apt-get did not bring {package} (details in {LOGS}): {OWN_ODOO}.")
                sums[package] = [found.name, sha256(found)]
                good[package] = found.replace(cache / found.name)
        write_last(listing, json.dumps(sums, indent=1))
    return [good[package] for package in wanted]


def checked_deb(cache, entry):
    """The cached file if it is what was downloaded; a damaged one is removed."""
    if not entry:
        return None
    name, total = entry
    path = cache / name
    if path.is_file() and sha256(path) == total:
        return path
    path.unlink(missing_ok=True)
    return None


def sha256(path):
    total = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def fetch_debs(packages, folder):
    """Lets apt download packages, from unstable by a private configuration that leaves the machine's own untouched."""
    stable = [package for package in packages if package in DEBS_STABLE]
    unstable = [package for package in packages if package not in DEBS_STABLE]
    mirror = debian_mirror()
    if stable:
        run("Downloading fonts", ["apt-get", *QUICK_APT, "download", *stable], log="download-fonts", cwd=folder)
    if unstable:
        options = private_apt(mirror)
        run("Reading the package list of Debian unstable", ["apt-get", *options, "update"], log="download-lists")
        run("Downloading Odoo 19", ["apt-get", *options, "download", *unstable], log="download-odoo", cwd=folder)


QUICK_APT = ("-q", "-o", "Acquire::Retries=3", "-o", "Acquire::http::Timeout=60", "-o", "APT::Sandbox::User=root")


def debian_mirror():
    """The address of the Debian mirror that this machine uses, as its own apt tells it."""
    listing = ["apt-get", "indextargets", "--format", "$(ORIGIN)|$(LABEL)|$(REPO_URI)", "Created-By: Packages"]

    def find():
        lines = subprocess.run(listing, capture_output=True, text=True, check=False).stdout.splitlines()
        return next((line.split("|")[2] for line in lines if line.startswith("Debian|Debian|")), None)

    mirror = find()
    if not mirror:
        update = as_root("apt-get", *QUICK_APT, "update", needed_for="Debian's package lists")
        run("Reading the package lists", update, log="apt-lists")
        mirror = find()
    if not mirror:
        raise Stop(f"This system takes its packages from no Debian mirror that could bring Odoo 19: {OWN_ODOO}.")
    return mirror


def private_apt(mirror):
    """apt's options for a configuration of our own: the machine's mirror, the suite unstable, lists of their own."""
    folder = STATE / "apt"
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    architecture = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout
    keyring = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
    signed = f" signed-by={keyring}" if keyring.exists() else ""
    (folder / "sources.list").write_text(f"deb [arch={architecture.strip()}{signed}] {mirror} sid main\n")
    settings = {
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder,
        "Dir::Cache::Archives": "archives",
        "APT::Default-Release": "sid",
        "APT::Update::Error-Mode": "any",
        "Acquire::Languages": "none",
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
        "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
    }
    return [*QUICK_APT, *(part for name, value in settings.items() for part in ("-o", f"{name}={value}"))]


# --- The virtual environment -------------------------------------------------------------------------------------


def virtual_environment(odoo_folder, *, tests):
    """The environment with the pinned packages and Odoo on its path; with what tests and linters need if asked.

    `odoo_folder` may be None where Odoo isn't needed (linters).
    """
    base = ROOT / "dev/requirements.txt"
    extra = ROOT / "dev/requirements-test.txt"
    stamp = VENV / ".complete"
    wanted = digest(base.read_text(), sys.version, sys.executable)
    works = subprocess.run(["sh", "-c", '"$0" -c ""', PYTHON], capture_output=True, check=False).returncode == 0
    if not works or read(stamp) != wanted:
        shutil.rmtree(VENV, ignore_errors=True)
        run("Making the virtual environment", [sys.executable, "-m", "venv", VENV], log="venv")
        pip_install("Installing Odoo's Python packages", base, log="pip")
        write_last(stamp, wanted)
    if tests:
        stamp = VENV / ".complete-tests"
        wanted = digest(extra.read_text())
        if read(stamp) != wanted:
            stamp.unlink(missing_ok=True)
            pip_install("Installing the test tools", extra, log="pip-tests")
            write_last(stamp, wanted)
    if odoo_folder:
        path_file = next(VENV.glob("lib/python3*/site-packages")) / "odoo.pth"
        if read(path_file) != f"{odoo_folder}\n":
            write_last(path_file, f"{odoo_folder}\n")


def pip_install(what, requirements, *, log):
    command = [PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    run(what, [*command, "--prefer-binary", "-r", requirements], log=log, env=pip_environment())


def pip_environment():
    # Settings that would send the packages elsewhere than into the environment.
    return {name: value for name, value in os.environ.items() if name not in ("PIP_TARGET", "PIP_PREFIX", "PIP_USER")}


def read(path):
    try:
        return path.read_text()
    except OSError:
        return None


# --- PostgreSQL --------------------------------------------------------------------------------------------------


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
        if number and int(number[1]) >= OLDEST_POSTGRESQL:
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
        if number < OLDEST_POSTGRESQL * 10000:
            raise Stop(f"PostgreSQL of PGHOST is older than {OLDEST_POSTGRESQL}: name a newer one, or unset PGHOST.")
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


def check_platform():
    if sys.platform != "linux":
        raise Stop(
            f"{platform.system()} is not supported by this set-up: use Linux (Debian 12 or later, or any with"
            " ODOO_SOURCE and PGHOST set), or install the addons on an Odoo 19 of yours as the README tells."
        )

"""What a machine needs before Odoo 19 runs on it: system packages, Odoo itself, a virtual environment.

Everything made here lies in `.salon/` inside the clone; downloads that other clones can use lie in the user's cache.
Each part is built under a temporary name and gets its final one (or its stamp) last, so that whatever was interrupted
is simply built again. A failure is a `Stop`: one sentence that says what to do.
"""

import contextlib
import ctypes
import fcntl
import functools
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
DISK_FULL = 10 * 10**6

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


def run(what, command, *, log, env=None, cwd=None, user=None, script=os.devnull, downloads=False):
    """Runs a program with its output in the file `log` of the log folder and its progress on the screen.

    `user` is the system user to run it as when this program is root; it reads the file `script` as its standard
    input; `downloads` tells that it fetches things. Returns the log file; raises Stop when the program fails.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log}.log"
    with progress(what) as tick, path.open("wb") as output, open(script, "rb") as given:
        output.write(f"$ {shlex.join(map(str, command))}\n".encode())
        output.flush()
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=given,
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
            raise Stop(explain(what, path, downloads=downloads))
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


# What the output of apt and pip tells about the reason of a failure, most telling first.
DOWNLOAD_TROUBLES = (
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


def explain(what, log, *, downloads=False):
    """The sentence for a program that failed with this log; `downloads` tells that it fetched things."""
    output = log.read_text(errors="replace") if log.exists() else ""
    # A full disk may have had no room for the log either.
    if shutil.disk_usage(STATE).free < DISK_FULL or re.search("No space left on device|Disk quota exceeded", output):
        return f"{what} failed because the disk is full: free some gigabytes and run it again (details: {log})."
    for pattern, reason in DOWNLOAD_TROUBLES if downloads else ():
        if re.search(pattern, output):
            return f"{what} failed because {reason} (details: {log})."
    # An error message, else whatever came last.
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"(?i)(^e|\bfatal|^[\w.]*(error|exception)[\w.]*): ", line)]
    last = (errors or lines or ["no output"])[-1]
    return f"{what} failed with “{last[:300]}”: see {log}, put it right and run it again."


# --- The folder and its locks ------------------------------------------------------------------------------------


def check_platform():
    if sys.platform != "linux":
        raise Stop(
            f"{platform.system()} is not supported by this set-up: use Linux (Debian 12 or later, or any with"
            " ODOO_SOURCE and PGHOST set), or install the addons on an Odoo 19 of yours as the README tells."
        )


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
def locked(name, busy, folder=STATE):
    """Holds a lock of this clone; when another run holds it, says `busy` and waits. A killed run frees its locks."""
    with (folder / f"{name}.lock").open("a+") as handle:
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


def install_packages(packages, welcome=()):
    """Installs system packages by apt, as root or by sudo; of those that are only welcome, what this Debian has."""
    if not packages and not any(map(is_known, welcome)):
        return
    names = " ".join(packages)
    if not has_apt():
        raise Stop(
            f"This system has no apt-get to install {names}: install them by its own means (or set PGHOST to a running"
            " PostgreSQL, and ODOO_SOURCE to an Odoo 19.0) and run it again."
        )
    # `postgresql` would make and start a cluster of its own, which nobody here asked for.
    script = f"""
        set -e
        dpkg --configure -a || true
        quiet=/etc/postgresql-common/createcluster.d/salon-spa.conf
        mkdir -p ${{quiet%/*}}
        trap 'rm -f $quiet' EXIT
        echo 'create_main_cluster = false' > $quiet
        apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 update || true
        install='apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 install -y --no-install-recommends'
        $install {names}
        {"".join(f"$install {name} || true; " for name in welcome)}
    """
    names = " ".join([*packages, *welcome])
    run(f"Installing {names} by apt-get", as_root("sh", "-c", script, needed_for=names), log="apt", downloads=True)
    if "python3-venv" in packages:
        # A fresh interpreter sees the modules that came; another Python than the system's gets none of them.
        found = subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True, check=False)
        if found.returncode:
            raise Stop(f"{sys.executable} has no ensurepip module: run it again with PYTHON=/usr/bin/python3.")


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


def missing_for_python():
    return [] if find_spec("venv") and find_spec("ensurepip") else ["python3-venv"]


def browser():
    """The path of a Chromium or Chrome, or an empty string."""
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def missing_for_browser():
    return [] if browser() else ["chromium"]


def missing_for_pdf():
    """What prints reports; newer Debians have it no more, and then they are shown as pages."""
    return [] if shutil.which("wkhtmltopdf") else ["wkhtmltopdf"]


def is_known(package):
    """Whether apt has heard of a version of it."""
    if not has_apt():
        return False
    policy = subprocess.run(["apt-cache", "policy", package], capture_output=True, text=True, check=False)
    return "Candidate:" in policy.stdout and "Candidate: (none)" not in policy.stdout


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
    wanted = (*DEBS_UNSTABLE, *DEBS_STABLE)
    with locked("download", "  Another run downloads Odoo; waiting for it.", cache):
        try:
            sums = json.loads(listing.read_text())
        except (OSError, ValueError):
            sums = {}
        good = {package: found for package in wanted if (found := checked_deb(cache, sums.get(package)))}
        missing = [package for package in wanted if package not in good]
        if missing:
            part = cache / "part"
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            fetch_debs(missing, part)
            for package in missing:
                found = next(part.glob(f"{package}_*.deb"), None)
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
    fetch = functools.partial(run, cwd=folder, downloads=True)
    if stable:
        fetch("Downloading fonts", ["apt-get", *QUICK_APT, "download", *stable], log="download-fonts")
    if unstable:
        apt = ["apt-get", *private_apt(mirror)]
        fetch("Reading the package list of Debian unstable", [*apt, "update"], log="download-lists")
        fetch("Downloading Odoo 19", [*apt, "download", *unstable], log="download-odoo")


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
        run("Reading the package lists", update, log="apt-lists", downloads=True)
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
    run(what, [*command, "--prefer-binary", "-r", requirements], log=log, env=pip_environment(), downloads=True)


def pip_environment():
    # Settings that would send the packages elsewhere than into the environment.
    return {name: value for name, value in os.environ.items() if name not in ("PIP_TARGET", "PIP_PREFIX", "PIP_USER")}


def read(path):
    try:
        return path.read_text()
    except OSError:
        return None

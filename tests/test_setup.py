"""The set-up itself, tried in a copy of the repository: what it heals, and the sentence it says when it can't."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def clone(tmp_path):
    """A copy of what the set-up reads, with nothing set up in it."""
    copy = tmp_path / "clone"
    copy.mkdir()
    shutil.copytree(ROOT / "dev", copy / "dev", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Makefile", copy)
    addon = copy / "salon_spa"
    addon.mkdir()
    (addon / "__manifest__.py").write_text('{"name": "Salon & SPA", "depends": ["base"]}')
    return copy


def environment(**changes):
    """This process' environment without what the run around it has set for PostgreSQL and make."""
    ours = ("PG", "SALON_", "MAKE", "MFLAGS", "ODOO_", "PORT", "PYTHON")
    return {**{name: value for name, value in os.environ.items() if not name.startswith(ours)}, **changes}


def refusal(clone, *command, **env):
    """The one sentence by which a command refuses to work."""
    done = subprocess.run(
        ["sh", "dev/python.sh", "dev/salon.py", *command],
        cwd=clone,
        env=environment(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    (sentence,) = done.stderr.strip().splitlines()
    return sentence


def in_clone(clone, script, **env):
    """Runs a script with the set-up's own modules imported; returns what it printed last."""
    done = subprocess.run(
        [sys.executable, "-c", f"import machine, postgresql, salon\n{script}"],
        cwd=clone / "dev",
        env=environment(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip().rpartition("\n")[2]


def test_help_tells_every_target_of_the_makefile(clone):
    told = subprocess.run(["make"], cwd=clone, env=environment(), capture_output=True, text=True, check=True).stdout
    (targets,) = [line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY:")]
    for target in targets.split()[1:]:
        assert target == "help" or f"make {target} " in told


def test_a_taken_port_is_named_with_the_way_out(clone):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = refusal(clone, "demo", PORT=str(port))
    assert f"Port {port} is taken" in sentence
    assert "PORT=" in sentence


@pytest.mark.parametrize("port", ["0", "65536", "web", "-1"])
def test_what_is_no_port_is_refused(clone, port):
    assert f"PORT={port} is no port" in refusal(clone, "demo", PORT=port)


def test_a_folder_without_odoo_is_refused(clone):
    assert "holds no Odoo" in refusal(clone, "demo", ODOO_SOURCE=str(clone))


@pytest.mark.parametrize("version", ["(18, 0, 0, FINAL, 0, '')", "('saas~19', 1, 0, FINAL, 0, '')"])
def test_another_version_of_odoo_is_refused(clone, version):
    (clone / "source/odoo").mkdir(parents=True)
    (clone / "source/odoo/release.py").write_text(f"version_info = {version}\n")
    assert "these addons need 19.0" in refusal(clone, "demo", ODOO_SOURCE=str(clone / "source"))


@pytest.mark.parametrize("named", ["source", "source/odoo"])
def test_odoo_19_is_taken_from_where_it_is(clone, named):
    (clone / "source/odoo").mkdir(parents=True)
    (clone / "source/odoo/release.py").write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
    assert in_clone(clone, f"print(machine.given_source({str(clone / named)!r}))") == str(clone / "source")


def test_what_is_no_fitting_python_is_refused(clone):
    assert "between 3.10 and 3.13" in refusal(clone, "demo", PYTHON=shutil.which("false"))


def test_a_system_without_apt_is_told_what_to_set(clone):
    script = "machine.prepare_state()\ntry:\n    machine.odoo_source()\nexcept machine.Stop as stop:\n    print(stop)"
    sentence = in_clone(clone, script, PATH="/nonexistent")
    assert "ODOO_SOURCE" in sentence
    assert "PGHOST" in sentence


def test_a_damaged_download_is_thrown_away(clone, tmp_path):
    good, damaged = tmp_path / "good.deb", tmp_path / "damaged.deb"
    good.write_bytes(b"whole")
    damaged.write_bytes(b"hal")
    script = (
        f"import hashlib, pathlib; cache = pathlib.Path({str(tmp_path)!r})\n"
        "total = hashlib.sha256(b'whole').hexdigest()\n"
        "print([bool(machine.checked_deb(cache, [name, total])) for name in ('good.deb', 'damaged.deb', 'none.deb')])"
    )
    assert in_clone(clone, script) == "[True, False, False]"
    assert good.exists()
    assert not damaged.exists()


def test_a_half_made_environment_is_made_again_and_a_whole_one_kept(clone):
    (clone / "dev/requirements.txt").write_text("# none\n")
    make = "machine.prepare_state(); machine.virtual_environment(None, tests=False)"
    environment_folder = clone / ".salon/venv"
    (environment_folder / "bin").mkdir(parents=True)
    (environment_folder / "bin/python").write_text("half a program")
    in_clone(clone, make)
    python = environment_folder / "bin/python"
    subprocess.run([python, "-m", "pip", "--version"], check=True, capture_output=True)

    mark = environment_folder / "mark"
    mark.touch()
    in_clone(clone, make)
    assert mark.exists()

    # A Python that went away with an upgrade of the system leaves a dangling link.
    python.unlink()
    python.symlink_to("/nonexistent/python3")
    in_clone(clone, make)
    assert not mark.exists()
    subprocess.run([python, "-m", "pip", "--version"], check=True, capture_output=True)


def test_packages_that_cannot_be_reached_are_blamed_on_the_network(clone):
    (clone / "dev/requirements.txt").write_text("a-package-that-nobody-has==1\n")
    script = (
        "machine.prepare_state()\n"
        "try:\n    machine.virtual_environment(None, tests=False)\nexcept machine.Stop as stop:\n    print(stop)"
    )
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1", "PIP_CONFIG_FILE": os.devnull}
    assert "network" in in_clone(clone, script, **nowhere)


def test_the_private_cluster_serves_until_the_last_user_leaves_and_survives_a_kill(clone):
    start = "machine.prepare_state(); server = postgresql.Server('test', salon.FAST)\n"
    script = start + (
        "with server.running():\n"
        "    with postgresql.Server('test', salon.FAST).running() as other:\n"
        "        other.sql('CREATE DATABASE kept')\n"
        "    settings = [server.sql(f'SHOW {name}')[0][0] for name in ('jit', 'fsync', 'listen_addresses')]\n"
        "    print(server.folder, *settings, sep='|')"
    )
    folder, jit, fsync, addresses = in_clone(clone, script).split("|")
    try:
        assert (jit, fsync, addresses) == ("off", "off", "")
        assert not Path(folder, "data/postmaster.pid").exists()

        in_clone(clone, start + "server.start()")
        os.kill(int(Path(folder, "data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        found = in_clone(clone, start + "with server.running(): print('kept' in server.databases())")
        assert found == "True"
    finally:
        with contextlib.suppress(AssertionError):
            in_clone(clone, start + "server.remove()")
    assert not Path(folder).exists()

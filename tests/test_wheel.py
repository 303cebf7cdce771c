"""The wheel: built, installed into a fresh environment, and its addons installed by Odoo from there."""

import ast
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def manifests():
    return {path.parent.name: ast.literal_eval(path.read_text()) for path in ROOT.glob("*/__manifest__.py")}


def check_run(*command, **options):
    done = subprocess.run(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel's file, built from a copy of what the repository holds for it."""
    source = tmp_path_factory.mktemp("source")
    for name in ("setup.py", "pyproject.toml", "MANIFEST.in", "README.md", "CONTRIBUTING.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for addon in manifests():
        shutil.copytree(ROOT / addon, source / addon, ignore=shutil.ignore_patterns("__pycache__"))
    target = tmp_path_factory.mktemp("wheel")
    build = ("-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", target, source)
    check_run(sys.executable, *build)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The interpreter of a fresh environment with the wheel in it.

    Odoo and the packages that it and the wheel require come from the environment of this run, by a path file.
    """
    folder = tmp_path_factory.mktemp("environment")
    check_run(sys.executable, "-m", "venv", folder)
    python = folder / "bin" / "python"
    (site_packages,) = folder.glob("lib/python3*/site-packages")
    around = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (site_packages / "around.pth").write_text(around)
    check_run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel)
    return python


def test_the_wheel_holds_every_file_of_the_addons(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        f"odoo/addons/{path.relative_to(ROOT)}"
        for addon in manifests()
        for path in (ROOT / addon).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == expected


def test_the_wheel_declares_what_it_needs(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(name).decode())
    assert metadata["Version"] == manifests()["salon_spa"]["version"]
    needs = {need.replace("'", '"').replace(" ", "") for need in metadata.get_all("Requires-Dist")}
    imported = {
        need
        for manifest in manifests().values()
        for need in manifest.get("external_dependencies", {}).get("python", [])
    }
    assert needs == imported | {
        "psycopg2",
        'pytest-odoo;extra=="test"',
        'scipy;extra=="planning"',
    }


def test_odoo_installs_the_addons_from_the_wheel(python, odoo_cli, tmp_path):
    conf = tmp_path / "odoo.conf"
    conf.write_text(f"[options]\ndata_dir = {tmp_path}\n")
    addons = sorted(manifests())
    code, log = odoo_cli("-i", ",".join(addons), python=python, conf=conf)
    assert code == 0, log

    script = "\n".join(
        (
            "from importlib import import_module",
            f"addons = env['ir.module.module'].search([('name', 'in', {addons!r})])",
            "for addon in addons:",
            "    print('FOUND', addon.name, addon.state, import_module('odoo.addons.' + addon.name).__file__)",
        )
    )
    code, log = odoo_cli("shell", "--log-level=error", stdin=script, python=python, conf=conf)
    assert code == 0, log
    found = {name: (state, Path(path)) for name, state, path in map(str.split, _marked(log))}
    assert set(found) == set(addons)
    environment = Path(python).parent.parent
    for name, (state, path) in found.items():
        assert state == "installed"
        assert path.is_relative_to(environment), f"{name} came from {path}"


def _marked(log):
    return [line.partition("FOUND ")[2] for line in log.splitlines() if "FOUND " in line]

"""Builds one wheel with all addons of the repository, as parts of the namespace package `odoo.addons`.

Odoo looks for addons in every folder of that namespace, so an installed wheel needs no --addons-path.
"""

import ast
from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).resolve().parent
KERNEL = "salon_spa"


def manifest(addon):
    return ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())


def addons():
    names = sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))
    return [name for name in names if manifest(name).get("installable", True)]


def packages():
    """Python packages of the addons: dotted name to folder."""
    found = {}
    for addon in addons():
        for init in sorted((ROOT / addon).rglob("__init__.py")):
            folder = init.parent.relative_to(ROOT)
            found[".".join(("odoo", "addons", *folder.parts))] = str(folder)
    return found


def data_files(addon):
    """Everything of an addon that is no module of its packages: views, data, translations, assets, documents."""
    root = ROOT / addon
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return [
        str(path.relative_to(root))
        for path in files
        if path.suffix != ".py" or not (path.parent / "__init__.py").exists()
    ]


kernel = manifest(KERNEL)
setup(
    name="salon-spa-odoo",
    version=kernel["version"],
    description=kernel["summary"],
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author=kernel["author"],
    license="LGPL-3.0-or-later",
    license_files=["LICENSE"],
    classifiers=[
        "Development Status :: 4 - Beta",
        "Environment :: Web Environment",
        "Framework :: Odoo",
        "Framework :: Odoo :: 19.0",
        "Operating System :: POSIX :: Linux",
        "Programming Language :: Python :: 3",
    ],
    python_requires=">=3.10",
    # Odoo itself is on no index of Python packages: the README tells how to have it.
    install_requires=["psycopg2", "openpyxl", "xlsxwriter", "phonenumbers"],
    extras_require={
        "test": ["pytest-odoo"],
        # “Fill My Week” proposes the best choice of calls with it, a good one without.
        "planning": ["scipy"],
    },
    packages=list(packages()),
    package_dir=packages(),
    package_data={f"odoo.addons.{addon}": data_files(addon) for addon in addons()},
    zip_safe=False,
)

"""Odoo's own checks of its source (its addon test_lint), turned on this repository's addons."""

import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

from lxml import etree

from odoo.modules import Manifest
from odoo.tests import tagged

from odoo.addons.test_lint.tests import (
    test_dunderinit,
    test_i18n,
    test_index,
    test_jstranslate,
    test_manifests,
    test_markers,
    test_naming,
    test_onchange_domains,
    test_override_signatures,
    test_pofile,
    test_test_holes,
)

ROOT = Path(__file__).parents[1]
ADDONS = sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))
# What Odoo's own pylint run looks for; the checkers are Odoo's.
PYLINT = (
    "used-before-assignment",
    "undefined-variable",
    "eval-used",
    "unreachable",
    "function-redefined",
    "sql-injection",
    "missing-gettext",
    "gettext-variable",
    "gettext-placeholders",
    "gettext-repr",
    "raise-unlink-override",
)
CHECKERS = ("_odoo_checker_sql_injection", "_odoo_checker_gettext", "_odoo_checker_unlink_override")


class OurAddons:
    """Lets a check that walks all addons see those of this repository only."""

    def setUp(self):
        super().setUp()
        ours = [Manifest.for_addon(name) for name in ADDONS]
        self.startPatcher(patch.object(Manifest, "all_addon_manifests", lambda: ours))


class TestManifests(OurAddons, test_manifests.ManifestLinter):
    pass


class TestConflictMarkers(OurAddons, test_markers.TestConflictMarkers):
    def test_conflict_markers(self):
        """Odoo's own walks the whole addons path, where this repository keeps other programs too."""
        for path in self.iter_module_files():
            if path.endswith(test_markers.EXTENSIONS):
                self.check_file(path)


class TestDunderinit(OurAddons, test_dunderinit.TestDunderinit):
    pass


class TestTemplatesAreTranslatable(OurAddons, test_i18n.TestI18n):
    pass


class TestScriptsAreTranslatable(OurAddons, test_jstranslate.TestJsTranslations):
    pass


class TestOnchangeDomains(OurAddons, test_onchange_domains.TestOnchangeDomains):
    pass


class TestTestsAreImported(OurAddons, test_test_holes.TestTestHoles):
    pass


# These walk the registry: everything that our addons add to it, and what they build on.


@tagged("post_install", "-at_install")
class TestInverseIndexes(test_index.TestIndex):
    pass


class TestParameterNames(test_naming.TestNaming):
    pass


class TestOverrideSignatures(test_override_signatures.TestLintOverrideSignatures):
    pass


class TestTermsAreUnique(test_pofile.PotLinter):
    pass


def test_python_by_odoos_own_checkers():
    here = Path(test_manifests.__file__).parent
    library = Path(test_manifests.__file__).parents[4]
    command = [
        *(sys.executable, "-m", "pylint", f"--rcfile={os.devnull}"),
        # Comments for pylint-odoo name checks that this run does not know.
        "--disable=all,useless-option-value,unknown-option-value",
        *(f"--enable={','.join(PYLINT)}", "--reports=n", "--score=n"),
        f"--load-plugins=_pylint_path_setup,{','.join(CHECKERS)}",
        *(str(ROOT / name) for name in ADDONS),
    ]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(library)]), "ADDONS_PATH": str(ROOT)}
    process = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=ROOT)
    assert process.returncode == 0, process.stdout + process.stderr


def test_every_record_has_an_id_of_its_own():
    """Of two files that give one id to two records, the later one takes the earlier one's away, without a word."""
    for addon in ADDONS:
        seen = {}
        for path in sorted((ROOT / addon).rglob("*.xml")):
            if "static" in path.parts:
                continue
            for record in etree.parse(path).iter("record", "menuitem", "template"):
                if name := record.get("id"):
                    assert name not in seen, f"{addon}: {name} stands in {seen[name]} and in {path.name}"
                    seen[name] = path.name

"""Russian is complete: every term that Odoo exports has a translation that nobody still has to check."""

import io
import re
from pathlib import Path

import polib
import pytest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools.translate import trans_export

ROOT = Path(__file__).parents[1]
ADDONS = sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\{.*?\}\}")
# Terms that are the same in every language.
SAME = {"E-mail", "SMS", "WhatsApp", "Telegram", "Viber", "%", "RevPATH", "ID", "https://…"}
# Labels that another installed addon of Odoo gives to fields of our models, and what they are without it.
FOREIGN = {"Employee Contract", "Next Activity Calendar Event", "Version"}


def exported(addon):
    """Return the terms that Odoo finds in the addon, as a .pot file gives them."""
    buffer = io.BytesIO()
    with Registry(get_db_name()).cursor() as cr:
        trans_export(False, [addon], buffer, "po", api.Environment(cr, SUPERUSER_ID, {}))
    return polib.pofile(buffer.getvalue().decode())


def has_words(term):
    """Tell whether anything is left of a term without placeholders, tags and the names of fields."""
    return any(letter.isalpha() for letter in re.sub(rf"<[^>]*>|{PLACEHOLDER.pattern}|^[a-z]+_[a-z_]+$", "", term))


def shown(terms):
    return "\n".join(["", *(f"  {term!r}" for term in sorted(terms))])


@pytest.mark.parametrize("addon", ADDONS)
def test_russian_is_complete(addon):
    path = ROOT / addon / "i18n" / "ru.po"
    assert path.exists(), f"{addon} has no Russian translation"
    po = polib.pofile(str(path))
    wanted = {entry.msgid for entry in exported(addon)}
    assert wanted, "Odoo exports nothing: the addon is not installed"
    fuzzy = {entry.msgid for entry in po.fuzzy_entries()}
    done = {entry.msgid for entry in po.translated_entries()} - fuzzy
    lacking = wanted - done - FOREIGN
    assert not lacking, f"{len(lacking)} terms of {addon} have no Russian translation: {shown(lacking)}"
    assert not fuzzy, f"these translations are marked as doubtful: {shown(fuzzy)}"


@pytest.mark.parametrize("addon", ADDONS)
def test_template_is_current(addon):
    """The .pot that translators start from holds the terms of the present code."""
    path = ROOT / addon / "i18n" / f"{addon}.pot"
    assert path.exists(), f"{addon} has no i18n/{addon}.pot"
    wanted = {entry.msgid for entry in exported(addon)}
    kept = {entry.msgid for entry in polib.pofile(str(path))}
    new, gone = wanted - kept - FOREIGN, kept - wanted - FOREIGN
    assert not new and not gone, f"not in the file: {shown(new)}\nno longer in the code: {shown(gone)}"


@pytest.mark.parametrize("addon", ADDONS)
def test_placeholders_are_kept(addon):
    """A translation that loses or invents a placeholder shows the English sentence, or fails."""
    wrong = {
        entry.msgid
        for entry in polib.pofile(str(ROOT / addon / "i18n" / "ru.po")).translated_entries()
        if sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr))
    }
    assert not wrong, f"the Russian of these has other placeholders: {shown(wrong)}"


@pytest.mark.parametrize("addon", ADDONS)
def test_russian_is_written_in_russian(addon):
    """A term left in English by oversight is not a translation."""
    english = {
        entry.msgid
        for entry in polib.pofile(str(ROOT / addon / "i18n" / "ru.po")).translated_entries()
        if entry.msgid == entry.msgstr and entry.msgid not in SAME and has_words(entry.msgid)
    }
    assert not english, f"these are the same in Russian: {shown(english)}"

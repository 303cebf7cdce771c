"""Phone numbers as people write them: one form to store, one to show, one to hide, and pieces to look for.

Pure functions, without ``env``. A *region* is a country's two-letter code ("RU"), or False when nobody knows it.
"""

import re
import unicodedata

import phonenumbers

from odoo.exceptions import UserError

from odoo.addons.phone_validation.tools.phone_validation import phone_parse

SHORTEST_FRAGMENT = 3
# From so many digits on, digits inside a text are meant as a phone number and not as "Anna 2".
SHORTEST_NUMBER = 7
# Written without "+", a number with its country code has at least so many digits; fewer are a slip of the hand.
SHORTEST_WITH_COUNTRY_CODE = 11
MASK = "•"
# Where people still dial 8 before the code of the city or the operator, by habit.
TRUNK_8_REGIONS = {"AM", "AZ", "BY", "GE", "KG", "KZ", "MD", "RU", "TJ", "TM", "UA", "UZ"}

_PHONE_RUN = re.compile(r"\+?\(?\+?\d(?:[\s().\-]*\d)+")
_SEVERAL = re.compile(r"\d\D*[,;/|]\s*\(?\+?\(?\d")
_EXTENSION = re.compile(r"\d\W*(?:ext|extension|доб|x|#)\W*\d{1,6}\W*$", re.IGNORECASE)


class PhoneError(ValueError):
    """A text that is no phone number; ``code`` says why.

    Codes: letters, extension, several, characters, no_country, too_short, too_long, unknown.
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def _plain(text):
    """Return ``text`` with digits of any script as 0-9, dashes and blanks of any kind as "-" and " "."""
    result = []
    for char in text:
        category = unicodedata.category(char)
        if category == "Nd":
            result.append(str(unicodedata.digit(char)))
        elif category == "Pd" or char == "\u2212":
            result.append("-")
        elif category == "Zs" or char in "\t\r\n":
            result.append(" ")
        elif category != "Cf":  # direction marks and the like come along with copied numbers
            result.append("+" if char == "\uff0b" else char)
    return "".join(result).strip()


def _compact(text):
    """Return "+" and digits of one written number, or raise PhoneError when there is anything else in it."""
    plain = re.sub(r"^tel:", "", _plain(text), flags=re.IGNORECASE)
    if _EXTENSION.search(plain):
        raise PhoneError("extension")
    if any(char.isalpha() for char in plain):
        raise PhoneError("letters")
    digits = [len(re.sub(r"\D", "", part)) for part in re.split(r"[,;/|]", plain)]
    if plain.count("+") > 1 or (_SEVERAL.search(plain) and sum(count >= SHORTEST_NUMBER for count in digits) > 1):
        raise PhoneError("several")
    if not re.fullmatch(r"[\s(]*\+?[\d\s()./-]*", plain):
        raise PhoneError("characters")
    return re.sub(r"[^\d+]", "", plain)


def _candidates(compact, region):
    """Yield the ways in which a compact number may be meant, the likeliest first."""
    if compact.startswith("+") or region:
        yield compact
    if compact.startswith("+"):
        return
    if compact.startswith("00"):
        yield f"+{compact[2:]}"
    if compact.startswith("810") and region in TRUNK_8_REGIONS:
        yield f"+{compact[3:]}"
    if compact.startswith("8") and region in TRUNK_8_REGIONS:
        yield compact[1:]
    if len(compact) >= SHORTEST_WITH_COUNTRY_CODE:
        yield f"+{compact}"


def normalize(text, region):
    """Return the number in ``text`` in E.164 ("+79099965859"), False when there is no text.

    :param text: as written by hand, with or without country code
    :param region: country that a number without country code belongs to
    :raise PhoneError: when it is not exactly one possible number
    """
    if not text or not text.strip():
        return False
    compact = _compact(text)
    if not compact.strip("+"):
        raise PhoneError("too_short")
    for candidate in _candidates(compact, region):
        try:
            number = phone_parse(candidate, region or None)
        except UserError:
            continue
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not compact.startswith("+") and not region:
        raise PhoneError("no_country")
    raise PhoneError(_why_not(compact, region))


def _why_not(compact, region):
    try:
        number = phonenumbers.parse(compact, region or None)
    except phonenumbers.NumberParseException:
        return "unknown"
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason in (phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return "too_short"
    return "too_long" if reason == phonenumbers.ValidationResult.TOO_LONG else "unknown"


def international(text):
    """Return a stored number the way people read it ("+7 909 996-58-59"); what is no number comes back as it is."""
    try:
        number = phonenumbers.parse(text or "", None)
    except phonenumbers.NumberParseException:
        return text or ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def masked(text):
    """Return a stored number with its middle hidden ("+7 909 •••-••-59")."""
    shown = international(text)
    digits = len(re.sub(r"\D", "", shown))
    if shown.startswith("+") and " " in shown:
        country, national = shown.split(" ", 1)
        first = re.match(r"\D*\d+", national)
        keep = len(re.sub(r"\D", "", country)) + min(3, len(re.sub(r"\D", "", first.group())))
    else:
        keep = 0
    # A short number is hidden from its first digit on, so that what is shown never is most of it.
    keep = keep if digits - keep >= 6 else 0
    seen, result = 0, []
    for char in shown:
        if not char.isdigit():
            result.append(char)
            continue
        seen += 1
        result.append(char if seen <= keep or seen > digits - 2 else MASK)
    return "".join(result)


def fragments(text, region):
    """Return the digit strings to look for in stored numbers when somebody types ``text``; none for a name.

    The prefix that is dialled inside the country ("8 909", "0 7911") is no part of a stored number, so the text is
    looked for with it and without it.
    """
    plain = _plain(text or "")
    digits = re.sub(r"\D", "", plain)
    if len(digits) < SHORTEST_FRAGMENT or not re.fullmatch(r"[\d\s()+./-]+", plain):
        return []
    result = [digits]
    if plain.lstrip("( ").startswith("+"):
        return result
    rests = [digits.removeprefix("00")]
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None) if region else None
    if metadata and metadata.national_prefix_for_parsing:
        prefix = re.match(metadata.national_prefix_for_parsing, digits)
        rests += [digits[prefix.end() :]] if prefix else []
    if region in TRUNK_8_REGIONS:
        rests += [digits.removeprefix("810"), digits.removeprefix("8")]
    for rest in rests:
        if rest not in result and len(rest) >= SHORTEST_FRAGMENT:
            result.append(rest)
    return result


def split(text):
    """Return ``(name, phone)`` as found in one line such as "Anna 90 123 45 67"; either may be empty."""
    plain = _plain(text or "")
    runs = [run.group() for run in _PHONE_RUN.finditer(plain) if len(re.sub(r"\D", "", run.group())) >= SHORTEST_NUMBER]
    if not runs:
        return plain, ""
    phone = max(runs, key=len)
    name = re.sub(r"\s+", " ", plain.replace(phone, " ", 1)).strip(" ,;:-()")
    return name, phone.strip()

"""Those who print fiscal receipts. A provider is one class: it is given a receipt's content and answers with what was
printed, or says why not. The same key is the same receipt, however often it is sent.
"""

import json
from dataclasses import dataclass

import requests

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# Seconds of silence after which a device that prints is given up for now.
TIMEOUT = 20


@dataclass
class FiscalAnswer:
    """What a provider says: ``printed`` with the receipt's ``number``, or taken and to be asked for again."""

    printed: bool
    number: str = ""
    qr: str = ""
    url: str = ""


class FiscalError(Exception):
    """The receipt was not printed.

    :param message: for the cashier: the provider's own words, or ours, translatable
    :param bool again: another try may help: nobody answered, or not in a way that can be understood
    """

    def __init__(self, message, again=True):
        super().__init__(message)
        self.message, self.again = message, again


class FiscalProvider:
    """The interface of all providers.

    :param company: the ``res.company`` whose settings hold, as superuser
    """

    def __init__(self, company):
        self.company = company

    def send(self, key, payload):
        """Have a receipt printed.

        :param str key: the same for every try of one receipt; who has printed it answers as before and prints nothing
        :param dict payload: see ``salon.fiscal.receipt._prepare_payload``
        :rtype: FiscalAnswer
        :raise FiscalError: it was not printed
        """
        raise NotImplementedError


class FiscalHttp(FiscalProvider):
    """Any service that takes receipts as JSON by HTTP.

    ``POST <address>/receipts`` with ``Authorization: Bearer <token>`` and ``Idempotency-Key: <key>``. The answer is
    ``{"status": "printed", "number": …, "qr": …, "url": …}``, or ``{"status": "queued"}`` when it prints later and is
    to be asked again.
    """

    def send(self, key, payload):
        address = (self.company.salon_fiscal_url or "").rstrip("/")
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        if self.company.salon_fiscal_token:
            headers["Authorization"] = f"Bearer {self.company.salon_fiscal_token}"
        try:
            # Whom the receipts go to is said in the settings, and not by who answers.
            response = requests.post(
                f"{address}/receipts",
                data=json.dumps(payload),
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.exceptions.Timeout as error:
            raise FiscalError(_lt("The fiscal printer did not answer in time.")) from error
        except requests.exceptions.RequestException as error:
            raise FiscalError(_lt("The fiscal printer can't be reached.")) from error
        if not response.ok:
            # Too many, too early, in conflict with itself: later. Any other refusal stays one.
            again = response.status_code >= 500 or response.status_code in (408, 409, 425, 429)
            raise FiscalError(self._words(response), again=again)
        try:
            answer = response.json()
            printed = answer["status"] == "printed"
            if not printed and answer["status"] != "queued":
                raise ValueError
            return FiscalAnswer(
                printed,
                number=str(answer["number"]) if printed else "",
                qr=str(answer.get("qr") or ""),
                url=str(answer.get("url") or ""),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise FiscalError(f"HTTP {response.status_code}: {response.text[:200]}") from error

    @staticmethod
    def _words(response):
        try:
            message = response.json()["message"]
        except (ValueError, KeyError, TypeError):
            message = response.text[:200]
        return f"HTTP {response.status_code}: {message}"

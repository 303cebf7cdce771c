from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.fiscal import FiscalError

# Minutes between tries: a printer without paper is noticed soon, a service that is down comes back later.
_WAIT = (1, 2, 5, 10, 20, 40, 60)
_MAX_ATTEMPTS = 50


class SalonFiscalReceipt(models.Model):
    """A receipt for the tax office: one for each paid document, printed once.

    The row is written in the transaction of the payment; sending comes after it, in a job, so that a printer that does
    not answer never keeps a sale from being made. Every try carries the same key.
    """

    _name = "salon.fiscal.receipt"
    _description = "Fiscal Receipt"
    _inherit = ["salon.export.mixin"]
    _order = "id desc"
    _rec_name = "document_name"

    uuid = fields.Char("Key", required=True, readonly=True, copy=False, help="The same in every try.")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    pos_order_id = fields.Many2one("pos.order", string="Sale", readonly=True, ondelete="restrict")
    move_id = fields.Many2one("account.move", string="Bill", readonly=True, ondelete="restrict")
    document_name = fields.Char("Document", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True, index="btree_not_null")
    kind = fields.Selection([("sale", "Sale"), ("refund", "Refund")], required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    payload = fields.Json(readonly=True, help="What is printed.")
    state = fields.Selection(
        [
            ("to_send", "Waiting"),
            ("sent", "Being printed"),
            ("printed", "Printed"),
            ("failed", "Not printed"),
        ],
        required=True,
        default="to_send",
        readonly=True,
        index=True,
    )
    number = fields.Char("Fiscal Number", readonly=True)
    qr = fields.Char("QR Code", readonly=True, help="What the printed code says.")
    url = fields.Char("Address", readonly=True)
    error = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True)
    next_try = fields.Datetime(readonly=True, default=fields.Datetime.now)
    printed_at = fields.Datetime("Printed On", readonly=True)

    _one_key = models.UniqueIndex("(uuid)", "This receipt was made already.")
    _one_for_sale = models.UniqueIndex(
        "(pos_order_id) WHERE pos_order_id IS NOT NULL", "This sale has a receipt already."
    )
    _one_for_bill = models.UniqueIndex("(move_id) WHERE move_id IS NOT NULL", "This bill has a receipt already.")
    _waiting = models.Index("(next_try) WHERE state IN ('to_send', 'sent')")

    # ------------------------------------------------------------------
    # Making receipts
    # ------------------------------------------------------------------

    @api.model
    def _queue(self, documents):
        """Put a receipt for each paid sale or bill into the queue; a document that has one gets no other.

        :param documents: ``pos.order`` or ``account.move``
        """
        field = "pos_order_id" if documents._name == "pos.order" else "move_id"
        documents = documents.filtered(lambda document: document.company_id.salon_fiscal_provider)
        known = self.sudo().search([(field, "in", documents.ids)])[field]
        created = self.sudo().create(
            [
                {field: document.id, **values}
                for document in documents - known
                if (values := document.sudo()._prepare_fiscal_receipt())
            ]
        )
        if created:
            self.env.ref("salon_spa_stock.cron_send_fiscal_receipts").sudo()._trigger()
        return created

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Send what waits; a failure of one keeps the others going."""
        domain = Domain("state", "in", ("to_send", "sent")) & Domain("next_try", "<=", fields.Datetime.now())
        receipts = self.search(domain, order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(receipts))
        for receipt in receipts:
            receipt._send()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _send(self):
        """Try once. What is printed already, or being sent by somebody else, is left alone.

        :return: whether it was printed
        """
        self.ensure_one()
        if not self.try_lock_for_update():
            return False
        self.invalidate_recordset(["state"])
        if self.state == "printed":
            return True
        attempts = self.attempts + 1
        provider = self.company_id.sudo()._salon_fiscal_class()
        try:
            if not provider:
                raise FiscalError(self.env._("No fiscal printer is set up any more."), again=False)
            answer = provider(self.company_id.sudo()).send(self.uuid, self.payload)
        except FiscalError as error:
            again = error.again and attempts < _MAX_ATTEMPTS
            # A lazy text is put into the language of this environment here.
            self._write_failure(str(error.message), attempts, again)
            return False
        values = {"attempts": attempts, "error": False, "qr": answer.qr, "url": answer.url}
        if answer.printed:
            now = fields.Datetime.now()
            self.write({**values, "state": "printed", "number": answer.number, "printed_at": now, "next_try": False})
        else:
            self.write({**values, "state": "sent", **self._prepare_next_try(attempts)})
        return answer.printed

    def _write_failure(self, text, attempts, again):
        values = self._prepare_next_try(attempts) if again else {"state": "failed", "next_try": False}
        self.write({"attempts": attempts, "error": text, **values})
        order = self.pos_order_id
        # Said once, and again when nobody tries any more.
        if order and (attempts == 1 or not again):
            order.config_id._notify(
                "SALON_FISCAL",
                {"receipt": order.pos_reference or order.name, "error": text, "again": again},
            )

    def _prepare_next_try(self, attempts):
        moment = fields.Datetime.now() + timedelta(minutes=_WAIT[min(attempts, len(_WAIT)) - 1])
        self.env.ref("salon_spa_stock.cron_send_fiscal_receipts").sudo()._trigger(at=moment)
        return {"next_try": moment}

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_send_now(self):
        """Try now what was not printed yet.

        :raise AccessError: not for who doesn't work at the front desk
        :raise UserError: all of it is printed
        """
        self.env["res.company"]._salon_check_till_user()
        self.check_access("read")
        receipts = self.sudo().filtered(lambda receipt: receipt.state != "printed")
        if not receipts:
            raise UserError(self.env._("The receipt is printed already: it is not printed twice."))
        failed = receipts.filtered(lambda receipt: not receipt._send() and receipt.error)
        if failed:
            text = self.env._(
                "Not printed: %(receipt)s. %(error)s", receipt=failed[0].document_name, error=failed[0].error
            )
        else:
            text = self.env._("Sent.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if failed else "success",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

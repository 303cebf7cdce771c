from odoo import api, fields, models


class PosPayment(models.Model):
    _name = "pos.payment"
    _inherit = ["pos.payment", "salon.guard.mixin"]

    salon_receivable_id = fields.Many2one(
        "account.move.line",
        string="Client's Debt",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="What was put on the client's account, once the till was closed.",
    )

    @api.model
    def _salon_kept(self, names):
        return [self._fields[name] for name in {"salon_receivable_id"} & set(names)]

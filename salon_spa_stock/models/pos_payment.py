from odoo import fields, models


class PosPayment(models.Model):
    _inherit = "pos.payment"

    salon_receivable_id = fields.Many2one(
        "account.move.line",
        string="Client's Debt",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="What was put on the client's account, once the till was closed.",
    )

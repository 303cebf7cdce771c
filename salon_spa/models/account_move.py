from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    salon_visit_id = fields.Many2one(
        "salon.visit", string="Visit", index="btree_not_null", ondelete="restrict", readonly=True, copy=False
    )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """A credit note made in Odoo's own screens is the visit's too."""
        values_list = default_values_list or [{} for _move in self]
        for move, values in zip(self, values_list, strict=True):
            if move.salon_visit_id:
                values.setdefault("salon_visit_id", move.salon_visit_id.id)
        return super()._reverse_moves(values_list, cancel=cancel)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    salon_line_id = fields.Many2one(
        "salon.visit.line",
        string="Visit Line",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        help="The service that this line of an invoice or of a credit note is about.",
    )

    def _salon_amount(self):
        """Return what the line charges the client, with tax; negative on a credit note."""
        self.ensure_one()
        return -self.price_total if self.move_id.move_type == "out_refund" else self.price_total

from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonVisit(models.Model):
    _inherit = "salon.visit"

    consumption_ids = fields.One2many("salon.consumption", "visit_id", string="Materials Used", readonly=True)
    material_warning_text = fields.Text("Stock", compute="_compute_material_warning_text")
    extra_amount = fields.Monetary(
        "Extra Material",
        compute="_compute_extra_amount",
        help="Materials used above norm and tolerance that the client is not charged for yet.",
    )
    extra_text = fields.Text("Extra Material in Words", compute="_compute_extra_amount")

    @api.depends("state", "consumption_ids.state", "consumption_ids.short", "consumption_ids.expired_lot_ids")
    @api.depends_context("lang")
    def _compute_material_warning_text(self):
        for visit in self:
            visit.material_warning_text = "\n".join(visit.consumption_ids._warnings()) or False

    @api.depends(
        "state",
        "consumption_ids.charge_amount",
        "consumption_ids.is_waived",
        "consumption_ids.charge_line_id.amount_list",
        "consumption_ids.charge_line_id.cancelled",
    )
    @api.depends_context("lang")
    def _compute_extra_amount(self):
        for visit in self:
            rows = visit._extra_rows()
            visit.extra_amount = sum(row.charge_amount - row._charged() for row in rows)
            visit.extra_text = "\n".join(row._extra_text() for row in rows) or False

    def _extra_rows(self):
        """Return what the client may be charged for and the desk has not decided about."""
        self.ensure_one()
        if self.state in ("cancelled", "no_show"):
            return self.consumption_ids.browse()
        return self.consumption_ids.filtered(
            lambda row: (
                not row.is_waived
                and not row.line_id.cancelled
                and row.currency_id.compare_amounts(row.charge_amount, row._charged())
            )
        )

    def action_charge_extra(self):
        """Add what was used above norm and tolerance to what the client pays, as lines of the visit.

        :raise UserError: the visit is closed
        """
        self._check_desk()
        for visit in self:
            if not visit.is_editable:
                raise UserError(
                    self.env._("%(visit)s is closed: reopen it to charge anything more.", visit=visit.display_name)
                )
            visit._extra_rows().sudo()._charge()

    def action_waive_extra(self):
        """Leave what was used above norm and tolerance to the salon's account."""
        self._check_desk()
        for visit in self:
            rows = visit._extra_rows()
            visit._log("material", old="; ".join(row._extra_text() for row in rows), new=self.env._("Not charged"))
            rows.sudo().is_waived = True

    def action_arrive(self):
        result = super().action_arrive()
        # From now on the master can say what it really was.
        self.env["salon.consumption"]._plan(self.sudo().line_ids)
        return result

    def _on_done(self):
        super()._on_done()
        self.line_ids._salon_deliver()
        self.env["salon.consumption"]._write_off(self.sudo()._live_lines())

    def _on_reopened(self):
        super()._on_reopened()
        self.line_ids._salon_take_back()
        self.env["salon.consumption"]._give_back(self.sudo().line_ids)

    def _on_cancelled(self):
        super()._on_cancelled()
        planned = self.sudo().consumption_ids.filtered(lambda row: row.state == "planned")
        planned.unlink()

    def _prepare_repeated(self):
        # What one visit took too much of is no service of the next one.
        surcharge = self.env["salon.visit.line"]._salon_surcharge()
        return [vals for vals in super()._prepare_repeated() if vals["product_id"] != surcharge.id]

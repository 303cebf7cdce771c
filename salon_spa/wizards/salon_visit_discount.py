from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonVisitDiscount(models.TransientModel):
    """A discount on the whole visit or on some services, spread by what they cost."""

    _name = "salon.visit.discount"
    _description = "Give a Discount"
    _inherit = ["salon.dialog.mixin"]

    visit_id = fields.Many2one("salon.visit", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="visit_id.currency_id")
    line_ids = fields.Many2many(
        "salon.visit.line",
        string="Services",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        domain="[('visit_id', '=', visit_id), ('cancelled', '=', False)]",
    )
    by = fields.Selection([("percent", "Percent"), ("amount", "Amount")], required=True, default="percent")
    percent = fields.Float(digits=(16, 2))
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    amount_list = fields.Monetary("At List Price", compute="_compute_amount_list")
    reason_id = fields.Many2one("salon.reason", domain="[('kind', '=', 'discount')]", ondelete="cascade")
    campaign_id = fields.Many2one("utm.campaign", ondelete="cascade")

    @api.depends("visit_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = wizard.visit_id._live_lines()

    @api.depends("line_ids")
    def _compute_amount_list(self):
        for wizard in self:
            wizard.amount_list = sum(wizard.line_ids.mapped("amount_list"))

    @api.depends("percent", "by", "amount_list")
    def _compute_amount(self):
        for wizard in self:
            if wizard.by == "percent":
                wizard.amount = wizard.currency_id.round(wizard.amount_list * wizard.percent / 100)

    def action_apply(self):
        """Give the discount in place of those given before.

        :raise UserError: no reason, more than the services cost or than the role may give
        """
        self.ensure_one()
        if not 0 <= self.percent <= 100 or self.currency_id.compare_amounts(self.amount, 0) < 0:
            raise UserError(self.env._("A discount is between 0 and 100 percent."))
        if self.currency_id.compare_amounts(self.amount, self.amount_list) > 0:
            raise UserError(
                self.env._("The services cost %(amount)s.", amount=self.currency_id.format(self.amount_list))
            )
        self.visit_id._discount(self.amount, self.reason_id, self.campaign_id, self.line_ids)
        return {"type": "ir.actions.act_window_close"}

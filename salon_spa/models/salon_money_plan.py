from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonMoneyPlan(models.Model):
    """What a company means to earn or spend in a month on one category."""

    _name = "salon.money.plan"
    _description = "Plan of Income and Expenses"
    _inherit = ["salon.export.mixin"]
    _order = "month desc, category_id"
    _rec_name = "category_id"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        default=lambda self: self.env.company._salon_today().replace(day=1),
        help="Any day of the month; the first one is kept.",
    )
    category_id = fields.Many2one("salon.money.category", required=True, ondelete="restrict", index=True)
    kind = fields.Selection(related="category_id.kind")
    # Income and expenses in one sum would say nothing.
    amount = fields.Monetary(
        string="Plan", required=True, aggregator=None, help="Above zero, for income and expenses alike."
    )

    _once_a_month = models.Constraint(
        "UNIQUE(company_id, month, category_id)",
        "This category has a plan for that month already: change that row instead.",
    )
    _first_day = models.Constraint("CHECK(EXTRACT(day FROM month) = 1)", "A plan is for a whole month.")
    _not_negative = models.Constraint("CHECK(amount >= 0)", "A plan can't be below zero.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._first_of_month(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._first_of_month(vals))

    @api.model
    def _first_of_month(self, vals):
        month = fields.Date.to_date(vals.get("month"))
        return {**vals, "month": month.replace(day=1)} if month else vals

    def action_copy_last_month(self):
        """Copy the company's latest plan into the month after it, and not into one that is over.

        The button above the list hands over the rows that are ticked, which do not matter.

        :raise UserError: there is no plan yet
        """
        company = self.env.company
        latest = self.search([("company_id", "=", company.id)], order="month desc", limit=1).month
        if not latest:
            raise UserError(self.env._("There is nothing to copy yet: write the plan of one month by hand."))
        target = max(latest + relativedelta(months=1), company._salon_today().replace(day=1))
        rows = self.search([("company_id", "=", company.id), ("month", "=", latest)])
        rows.copy({"month": target})
        return {"type": "ir.actions.client", "tag": "soft_reload"}

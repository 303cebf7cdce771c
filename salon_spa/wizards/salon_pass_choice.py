from collections import defaultdict

from odoo import Command, api, fields, models


class SalonPassChoice(models.AbstractModel):
    """A service of a visit and the pass that it is to go by, as a row of a dialog."""

    _name = "salon.pass.choice"
    _description = "Service by Pass"
    _inherit = ["salon.dialog.mixin"]

    company_id = fields.Many2one(related="line_id.company_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
    line_id = fields.Many2one("salon.visit.line", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="line_id.product_id", string="Service")
    client_id = fields.Many2one(related="line_id.client_id", string="For")
    price_total = fields.Monetary(related="line_id.price_total")
    pass_line_id = fields.Many2one(
        "salon.pass.line", string="Pass", ondelete="cascade", domain="[('id', 'in', candidate_ids)]"
    )
    candidate_ids = fields.Many2many("salon.pass.line", compute="_compute_candidate_ids")
    amount = fields.Monetary("Covers", compute="_compute_amount", help="What the pass pays of the service.")
    is_expired = fields.Boolean(compute="_compute_amount")

    @api.depends("line_id")
    @api.depends_context("uid")
    def _compute_candidate_ids(self):
        expired = self.env.user.has_group("salon_spa.group_salon_manager")
        usable = self.line_id.visit_id._usable_passes(expired)
        for row in self:
            row.candidate_ids = (usable.get(row.line_id) or row.candidate_ids.browse()) | row.line_id.pass_line_id

    def _chosen(self):
        """Return the pass that this row says, if it says any."""
        self.ensure_one()
        return self.pass_line_id

    @api.depends("pass_line_id")
    def _compute_amount(self):
        for wizard in self.mapped("wizard_id"):
            taken = defaultdict(float)
            for row in wizard.pass_ids:
                chosen, amount = row._chosen(), 0.0
                if chosen and chosen == row.line_id.pass_line_id:
                    amount = row.line_id.pass_amount
                elif chosen:
                    sessions, amount = chosen._cover(row.line_id, taken[chosen])
                    taken[chosen] += sessions or amount
                obstacle = chosen and chosen != row.line_id.pass_line_id and chosen.sudo()._obstacle(row.line_id)
                row.amount = amount
                row.is_expired = bool(obstacle) and obstacle[0] == "expired"

    @api.model
    def _rows(self, visit, proposed_only=False):
        """Return the commands for the rows of a dialog about ``visit``: the best pass for each service."""
        usable, proposed = visit._usable_passes(), visit._propose_passes()
        return [
            Command.create({"line_id": line.id, "pass_line_id": (line.pass_line_id or proposed.get(line)).id})
            if line.pass_line_id or line in proposed
            else Command.create({"line_id": line.id})
            for line in visit._live_lines().sorted(lambda line: (line.sequence, line.id))
            if line in proposed or (not proposed_only and (line.pass_line_id or usable.get(line)))
        ]

from odoo import Command, api, fields, models


class SalonVisitPass(models.TransientModel):
    """Which service of a visit goes by which pass; applying takes the sessions at once and gives others back."""

    _name = "salon.visit.pass"
    _description = "Use a Pass"
    _inherit = ["salon.dialog.mixin"]

    visit_id = fields.Many2one("salon.visit", required=True, readonly=True, ondelete="cascade")
    pass_ids = fields.One2many(
        "salon.visit.pass.line", "wizard_id", compute="_compute_pass_ids", store=True, readonly=False
    )
    pass_text = fields.Text(related="visit_id.pass_text")
    has_expired = fields.Boolean(compute="_compute_has_expired")
    reason = fields.Char(help="Why an expired pass is accepted; kept in the history.")

    @api.depends("visit_id")
    def _compute_pass_ids(self):
        rows = self.env["salon.visit.pass.line"]
        for wizard in self:
            wizard.pass_ids = [Command.clear(), *(self._all_rows(rows, wizard.visit_id) if wizard.visit_id else ())]

    @api.model
    def _all_rows(self, rows, visit):
        """A manager may let a service go by an expired pass, so that every one of them stands here."""
        commands = rows._rows(visit)
        known = {command[2]["line_id"] for command in commands}
        if self.env.user.has_group("salon_spa.group_salon_manager"):
            late = visit._usable_passes(expired=True)
            commands += [Command.create({"line_id": line.id}) for line in late if late[line] and line.id not in known]
        return commands

    @api.depends("pass_ids.is_expired")
    def _compute_has_expired(self):
        for wizard in self:
            wizard.has_expired = any(wizard.pass_ids.mapped("is_expired"))

    def action_apply(self):
        """Take the sessions that are chosen and give back those that are not any more."""
        self.ensure_one()
        self.visit_id._apply_passes({row.line_id: row.pass_line_id for row in self.pass_ids}, self.reason)
        return {"type": "ir.actions.act_window_close"}


class SalonVisitPassLine(models.TransientModel):
    _name = "salon.visit.pass.line"
    _description = "Service by Pass"
    _inherit = ["salon.pass.choice"]

    wizard_id = fields.Many2one("salon.visit.pass", required=True, ondelete="cascade")

    @api.depends("wizard_id.pass_ids.pass_line_id")
    def _compute_amount(self):
        return super()._compute_amount()

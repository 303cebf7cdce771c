from odoo import api, fields, models

from .salon_pass import DESK
from .salon_visit_line import BOOKKEEPERS


class SalonPassUse(models.Model):
    """A visit line that a pass pays: what it takes from the pass, and its paid value, which is revenue once it is done.

    A use that was given back stays, with the moment and who did it.
    """

    _name = "salon.pass.use"
    _description = "Use of a Pass"
    _inherit = ["salon.guard.mixin", "salon.export.mixin"]
    _order = "date desc, id desc"
    _rec_name = "product_id"

    pass_line_id = fields.Many2one("salon.pass.line", required=True, ondelete="restrict", index=True, readonly=True)
    pass_id = fields.Many2one("salon.pass", required=True, ondelete="restrict", index=True, readonly=True)
    company_id = fields.Many2one(related="pass_id.company_id", store=True, precompute=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_id = fields.Many2one(
        "salon.visit.line", string="Visit Line", ondelete="set null", index="btree_not_null", readonly=True
    )
    visit_id = fields.Many2one("salon.visit", ondelete="set null", index="btree_not_null", readonly=True)
    client_id = fields.Many2one(
        "res.partner", ondelete="restrict", index="btree_not_null", readonly=True
    )
    product_id = fields.Many2one("product.product", string="Service", ondelete="restrict", readonly=True)
    employee_id = fields.Many2one(related="line_id.employee_id", string="Master")
    date = fields.Date("Day", compute="_compute_date", store=True, help="The salon's local day of the service.")
    sessions = fields.Integer(readonly=True)
    amount = fields.Monetary(
        "Covers", readonly=True, groups=DESK, help="What the client does not pay for the service, with tax."
    )
    value = fields.Monetary(
        "Paid Value", readonly=True, groups=DESK, help="What was paid for it with the pass, without tax."
    )
    user_id = fields.Many2one("res.users", string="Who", readonly=True, ondelete="restrict")
    reason = fields.Char("Why", readonly=True, help="Why an expired pass was accepted.")
    is_burned = fields.Boolean("Missed", readonly=True, help="The client did not come, and the session is lost.")
    returned_at = fields.Datetime("Given Back", readonly=True)
    returned_by_id = fields.Many2one("res.users", string="Given Back by", readonly=True, ondelete="restrict")
    move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, ondelete="restrict", index="btree_not_null", groups=BOOKKEEPERS
    )
    reversal_move_id = fields.Many2one(
        "account.move", readonly=True, ondelete="restrict", index="btree_not_null", groups=BOOKKEEPERS
    )

    _one_for_a_line = models.UniqueIndex(
        "(line_id) WHERE returned_at IS NULL AND line_id IS NOT NULL", "This service goes by a pass already."
    )

    @api.depends("line_id.date")
    def _compute_date(self):
        for use in self:
            # The day stays when the service is gone, or when it moves after the session was given back.
            use.date = use.date if use.returned_at or not use.line_id else use.line_id.date

    def action_open_visit(self):
        """Open the visit of this use."""
        self.ensure_one()
        return self.visit_id._open_form()

    def _give_back(self):
        """Put what was taken back on the pass and take back the revenue."""
        uses = self.sudo().filtered(lambda use: not use.returned_at)
        uses.pass_id._lock()
        uses._unburn()
        uses._take_back_revenue()
        for use in uses:
            if use.sessions:
                use.pass_line_id.used -= use.sessions
            else:
                use.pass_line_id.amount_used -= use.amount
        uses.write({"returned_at": fields.Datetime.now(), "returned_by_id": self.env.uid})

    # ------------------------------------------------------------------
    # Revenue
    # ------------------------------------------------------------------

    def _recognise(self):
        """Turn the paid value of what was done into revenue: one entry a visit, from the liability to the services.

        A second call changes nothing.
        """
        uses = self.sudo().filtered(
            lambda use: (
                not use.returned_at
                and not use.move_id
                and use.line_id.state == "done"
                and not use.currency_id.is_zero(use.value)
            )
        )
        for visit, own in uses.grouped("visit_id").items():
            own.move_id = own._post(visit.name, visit.date, 1)

    def _take_back_revenue(self):
        """Reverse the entries of these uses; a second call changes nothing."""
        uses = self.sudo().filtered(lambda use: use.move_id and not use.reversal_move_id)
        for visit, own in uses.grouped("visit_id").items():
            label = self.env._("%(visit)s: reopened", visit=visit.name or own[0].pass_id.name)
            own.reversal_move_id = own._post(label, own[:1].company_id._salon_today(), -1)

    def _post(self, label, day, sign):
        company = self.company_id
        lines = []
        for use in self:
            owed = use.pass_id.account_id
            income = use.product_id.product_tmpl_id.with_company(company).get_product_accounts()["income"]
            name = f"{use.pass_id.name}: {use.product_id.display_name}"
            lines.append((owed, sign * use.value, name, use.pass_id.partner_id))
            lines.append((income, -sign * use.value, name, use.pass_id.partner_id))
        return company._salon_post_entry(day, label, lines)

    # ------------------------------------------------------------------
    # Missed visits
    # ------------------------------------------------------------------

    def _burn(self):
        """The client did not come and loses the session: its value is income now. A second call changes nothing."""
        for use in self.sudo().filtered(lambda use: not use.returned_at and not use.is_burned):
            use.is_burned = True
            use.pass_id._break(use.value, self.env._("missed %(visit)s", visit=use.visit_id.name), use)

    def _unburn(self):
        """Take back that a session was lost; it stays taken from the pass."""
        for use in self.sudo().filtered("is_burned"):
            use.is_burned = False
            use.pass_id._break(-use.value, self.env._("came after all"), use)

    @api.model
    def _of_lines(self, lines):
        """Return the uses in force of visit lines."""
        covered = lines.filtered("pass_line_id")
        return self.sudo().search([("line_id", "in", covered.ids), ("returned_at", "=", False)]) if covered else self

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.account_journal import REGISTERS
from ..tools import money


class SalonVisitPay(models.TransientModel):
    """The front desk takes the payment of a visit: what is due, by which means, tips, and closes the visit."""

    _name = "salon.visit.pay"
    _description = "Take the Payment"
    _inherit = ["salon.dialog.mixin"]

    visit_id = fields.Many2one("salon.visit", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="visit_id.company_id")
    currency_id = fields.Many2one(related="visit_id.currency_id")
    line_ids = fields.One2many("salon.visit.line", compute="_compute_line_ids", string="Services")
    amount_total = fields.Monetary(related="visit_id.amount_total")
    amount_discount = fields.Monetary(related="visit_id.amount_discount")
    pass_ids = fields.One2many(
        "salon.visit.pay.pass", "wizard_id", string="Passes", compute="_compute_pass_ids", store=True, readonly=False
    )
    amount_pass = fields.Monetary("By Pass", compute="_compute_amount_due", help="Paid by passes, now and before.")
    amount_deposit = fields.Monetary(related="visit_id.amount_deposit", string="Deposit Used")
    amount_paid = fields.Monetary(related="visit_id.amount_paid", string="Paid before")
    amount_due = fields.Monetary(compute="_compute_amount_due")
    tip_amount = fields.Monetary("Tips")
    tip_split = fields.Selection(
        [("value", "By price"), ("time", "By time"), ("equal", "Equally"), ("hand", "By hand")],
        string="Share Tips",
        required=True,
        compute="_compute_tip_split",
        store=True,
        precompute=True,
        readonly=False,
    )
    tip_ids = fields.One2many(
        "salon.visit.pay.tip", "wizard_id", compute="_compute_tip_ids", store=True, readonly=False
    )
    is_shared = fields.Boolean(compute="_compute_is_shared", help="Several masters served: tips are shared.")
    payment_ids = fields.One2many(
        "salon.visit.pay.line", "wizard_id", string="Payments", compute="_compute_payment_ids", store=True,
        readonly=False,
    )  # fmt: skip
    journal_id = fields.Many2one(
        "account.journal",
        string="Register",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain=REGISTERS,
        help="Of the payment, as long as there is one.",
    )
    next_journal_id = fields.Many2one(
        "account.journal", compute="_compute_next_journal_id", help="The register that another payment goes into."
    )
    amount_to_pay = fields.Monetary("To Pay", compute="_compute_amounts", help="What is due, and the tips.")
    amount_left = fields.Monetary("Left as a Debt", compute="_compute_amounts")
    amount_change = fields.Monetary("Change Due", compute="_compute_amounts", help="To be given back from the drawer.")
    is_closable = fields.Boolean(compute="_compute_is_closable")
    close_visit = fields.Boolean("The Visit Is Done", compute="_compute_close_visit", store=True, readonly=False)

    @api.depends("visit_id")
    def _compute_line_ids(self):
        for wizard in self:
            # As in the visit; by itself the last to begin would be the first.
            wizard.line_ids = wizard.visit_id.line_ids.sorted(lambda line: (line.sequence, line.id))

    @api.depends("visit_id")
    def _compute_is_closable(self):
        for wizard in self:
            visit = wizard.visit_id
            wizard.is_closable = (
                visit.state in ("booked", "confirmed", "arrived")
                and bool(visit.date)
                and visit.date <= visit.company_id._salon_today()
            )

    @api.depends("is_closable")
    def _compute_close_visit(self):
        for wizard in self:
            wizard.close_visit = wizard.is_closable

    @api.depends("tip_ids")
    def _compute_is_shared(self):
        for wizard in self:
            wizard.is_shared = len(wizard.tip_ids) > 1

    @api.depends("visit_id")
    def _compute_tip_ids(self):
        for wizard in self:
            masters = wizard.visit_id._live_lines().sorted("sequence").employee_id
            wizard.tip_ids = [Command.create({"employee_id": employee.id}) for employee in masters]

    @api.depends("visit_id")
    def _compute_tip_split(self):
        for wizard in self:
            wizard.tip_split = wizard.visit_id.company_id.salon_tip_split or "value"

    @api.depends("visit_id")
    def _compute_pass_ids(self):
        rows = self.env["salon.visit.pay.pass"]
        for wizard in self:
            visit = wizard.visit_id
            wizard.pass_ids = [Command.clear(), *(rows._rows(visit, proposed_only=True) if visit else ())]

    @api.depends("visit_id", "pass_ids.amount")
    def _compute_amount_due(self):
        for wizard in self:
            covered = sum(wizard.pass_ids.mapped("amount"))
            wizard.amount_pass = wizard.visit_id.amount_pass + covered
            wizard.amount_due = wizard.visit_id._due_less(covered) if wizard.visit_id else 0.0

    @api.depends("visit_id")
    def _compute_payment_ids(self):
        for wizard in self:
            if wizard.visit_id and not wizard.payment_ids:
                register = wizard.visit_id.company_id._salon_registers()[:1]
                due = wizard.amount_due
                wizard.payment_ids = [Command.create({"journal_id": register.id, "amount": due})]

    @api.onchange("tip_amount", "pass_ids")
    def _onchange_tip_amount(self):
        """As long as there is one payment, it is what is to be paid."""
        if len(self.payment_ids) == 1:
            self.payment_ids.amount = self.amount_due + self.tip_amount

    @api.depends("amount_due", "tip_amount", "payment_ids.amount")
    def _compute_amounts(self):
        for wizard in self:
            given = sum(wizard.payment_ids.mapped("amount"))
            wizard.amount_to_pay = wizard.amount_due + wizard.tip_amount
            wizard.amount_left = max(0.0, wizard.amount_to_pay - given)
            wizard.amount_change = max(0.0, given - wizard.amount_to_pay)

    @api.depends("payment_ids.journal_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = len(wizard.payment_ids) == 1 and wizard.payment_ids.journal_id

    @api.onchange("journal_id")
    def _onchange_journal_id(self):
        if self.journal_id and len(self.payment_ids) == 1:
            self.payment_ids.journal_id = self.journal_id

    @api.depends("company_id", "payment_ids.journal_id")
    def _compute_next_journal_id(self):
        for wizard in self:
            company, used = wizard.company_id, wizard.payment_ids.journal_id
            wizard.next_journal_id = company and company._salon_next_register(used)

    def _payments(self):
        """Return ``[(journal, amount)]`` less the change, which comes out of the cash."""
        given = [(payment.journal_id, payment.amount) for payment in self.payment_ids]
        return self.company_id._salon_less_change(given, self.amount_to_pay)

    def action_apply(self):
        """Charge, take the money, close the visit: all of it or nothing."""
        self.ensure_one()
        visit = self.visit_id
        tips = {tip.employee_id: tip.amount for tip in self.tip_ids if tip.amount}
        if self.currency_id.compare_amounts(sum(tips.values()), self.tip_amount):
            raise UserError(
                self.env._(
                    "The masters' tips come to %(sum)s and not to %(tips)s: correct one of them.",
                    sum=self.currency_id.format(sum(tips.values())),
                    tips=self.currency_id.format(self.tip_amount),
                )
            )
        payments = self._payments()
        visit._apply_passes({row.line_id: row._chosen() for row in self.pass_ids if row._chosen()})
        visit._pay(payments, tips)
        if self.close_visit and visit.state != "done":
            visit.action_done()
        return {"type": "ir.actions.act_window_close"}


class SalonVisitPayLine(models.TransientModel):
    _name = "salon.visit.pay.line"
    _description = "Payment of a Visit"

    wizard_id = fields.Many2one("salon.visit.pay", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    journal_id = fields.Many2one("account.journal", string="Register", required=True, ondelete="cascade")
    amount = fields.Monetary(required=True)


class SalonVisitPayTip(models.TransientModel):
    _name = "salon.visit.pay.tip"
    _description = "Share of a Tip"

    wizard_id = fields.Many2one("salon.visit.pay", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    employee_id = fields.Many2one("hr.employee", string="Master", required=True, readonly=True, ondelete="cascade")
    is_included = fields.Boolean("Shares", default=True)
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)

    @api.depends("wizard_id.tip_amount", "wizard_id.tip_split", "wizard_id.tip_ids.is_included")
    def _compute_amount(self):
        for wizard, tips in self.wizard_id.tip_ids.grouped("wizard_id").items():
            if wizard.tip_split == "hand":
                continue
            included = tips.filtered("is_included")
            weights = [wizard.visit_id._tip_weight(tip.employee_id, wizard.tip_split) for tip in included]
            shares = money.share(wizard.tip_amount, weights, wizard.currency_id.rounding or 0.01)
            amounts = dict(zip(included, shares, strict=True))
            for tip in tips:
                tip.amount = amounts.get(tip, 0.0)


class SalonVisitPayPass(models.TransientModel):
    _name = "salon.visit.pay.pass"
    _description = "Service Paid by Pass"
    _inherit = ["salon.pass.choice"]

    wizard_id = fields.Many2one("salon.visit.pay", required=True, ondelete="cascade")
    is_used = fields.Boolean("Use It", default=True)

    def _chosen(self):
        return self.pass_line_id if self.is_used else self.pass_line_id.browse()

    @api.depends("wizard_id.pass_ids.pass_line_id", "wizard_id.pass_ids.is_used")
    def _compute_amount(self):
        return super()._compute_amount()

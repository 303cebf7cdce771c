from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonVisitLog(models.Model):
    """What happened to visits, by whom and when; written by the models only and never changed."""

    _name = "salon.visit.log"
    _description = "Visit History"
    _order = "date desc, id desc"
    _rec_name = "visit_name"

    visit_id = fields.Many2one("salon.visit", ondelete="set null", index=True, readonly=True)
    visit_name = fields.Char("Visit Number", readonly=True, help="Stays when the visit itself was deleted.")
    partner_id = fields.Many2one("res.partner", string="Client", ondelete="set null", index=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Who", required=True, ondelete="restrict", index=True, readonly=True)
    date = fields.Datetime("When", required=True, index=True, readonly=True)
    event = fields.Selection(
        [
            ("created", "Created"),
            ("requested", "Requested"),
            ("booked", "Booked"),
            ("confirmed", "Confirmed"),
            ("arrived", "Arrived"),
            ("done", "Done"),
            ("moved", "Moved"),
            ("master", "Master changed"),
            ("service", "Service changed"),
            ("client", "Client changed"),
            ("price", "Price changed"),
            ("discount", "Discount"),
            ("line_added", "Service added"),
            ("line_removed", "Service removed"),
            ("deposit", "Deposit"),
            ("paid", "Payment"),
            ("refund", "Refund"),
            ("fee", "Deposit kept"),
            ("pass_used", "Pass used"),
            ("pass_returned", "Session given back"),
            ("override", "Warning overridden"),
            ("cancelled", "Cancelled"),
            ("no_show", "No-show"),
            ("reopened", "Reopened"),
            ("deleted", "Deleted"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    old = fields.Char("Before", readonly=True)
    new = fields.Char("After", readonly=True)
    reason = fields.Char("Why", readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The history can't be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history can't be deleted."))

from odoo import api, fields, models
from odoo.fields import Domain

DESK = "salon_spa.group_salon_administrator"


class ResPartner(models.Model):
    _inherit = "res.partner"

    salon_card_ids = fields.Many2many(
        "loyalty.card",
        string="Gift Cards, E-Wallets, Points",
        compute="_compute_salon_cards",
        compute_sudo=True,
        groups=DESK,
    )
    salon_points = fields.Float(
        "Points", compute="_compute_salon_cards", compute_sudo=True, digits=(16, 0), groups=DESK
    )
    salon_wallet_amount = fields.Monetary(
        "E-Wallet",
        compute="_compute_salon_cards",
        compute_sudo=True,
        currency_field="salon_currency_id",
        groups=DESK,
        help="Paid in and not spent yet.",
    )
    salon_gift_amount = fields.Monetary(
        "Gift Cards",
        compute="_compute_salon_cards",
        compute_sudo=True,
        currency_field="salon_currency_id",
        groups=DESK,
        help="What is left on the client's valid gift cards.",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_salon_cards(self):
        today = self.env.company._salon_today()
        domain = (
            Domain("partner_id", "in", self.ids) & Domain("points", ">", 0) & Domain("program_id.active", "=", True)
        )
        domain &= Domain("company_id", "in", [False, *self.env.companies.ids])
        domain &= Domain("expiration_date", "=", False) | Domain("expiration_date", ">=", today)
        cards = self.env["loyalty.card"].search(domain, order="expiration_date, id").grouped("partner_id")
        for partner in self:
            own = cards.get(partner._origin) or self.env["loyalty.card"]
            points = {kind: sum(found.mapped("points")) for kind, found in own.grouped("program_type").items()}
            partner.salon_card_ids = own
            partner.salon_points = points.get("loyalty", 0)
            partner.salon_wallet_amount = points.get("ewallet", 0)
            partner.salon_gift_amount = points.get("gift_card", 0)

    def action_salon_cards(self):
        """Open the client's gift cards, e-wallets and points."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa_stock.action_gift_card")
        return {**action, "domain": [("partner_id", "=", self.id)]}

from odoo import models
from odoo.tools import float_round


class LoyaltyHistory(models.Model):
    _inherit = "loyalty.history"

    def _salon_of(self, document):
        """Return what a sale has earned and spent on cards of points (as superuser)."""
        domain = [("order_model", "=", document._name), ("order_id", "=", document.id)]
        return self.sudo().search([*domain, ("card_id.program_id.program_type", "=", "loyalty")])

    def _salon_undo(self, share, document):
        """Take off the cards what was earned, as far as it is still there, and return what was spent.

        :param float share: how much of the sale is given back, 1 for all of it
        :param document: what gives it back; the history names it
        """
        for card, rows in self.grouped("card_id").items():
            earned = sum(rows.mapped("issued")) - sum(rows.mapped("used"))
            points = float_round(earned * min(1, share), precision_digits=2)
            self._salon_note(card, -min(points, card.points), document)

    def _salon_note(self, card, points, document):
        """Add points to a card, or take them off below zero, and write it down."""
        if not points:
            return
        card.points += points
        self.create(
            {
                "card_id": card.id,
                "order_model": document._name,
                "order_id": document.id,
                "description": document.display_name,
                "used": max(0.0, -points),
                "issued": max(0.0, points),
            }
        )

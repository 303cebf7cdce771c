from odoo import fields, models
from odoo.tools import SQL


class SalonLiabilityReport(models.Model):
    _inherit = "salon.liability.report"
    _depends = {
        "loyalty.card": [
            "program_id", "partner_id", "points", "code", "expiration_date", "active", "source_pos_order_id",
        ],
        "loyalty.program": ["program_type", "company_id"],
        "loyalty.reward": ["program_id", "active", "reward_type", "discount_mode", "discount", "required_points"],
        "pos.order": ["company_id"],
    }  # fmt: skip

    kind = fields.Selection(selection_add=[("gift_card", "Gift Card"), ("ewallet", "E-Wallet"), ("points", "Points")])

    def _parts(self):
        values = {
            "date": SQL("(card.create_date AT TIME ZONE 'UTC' AT TIME ZONE card_company.salon_tz)::date"),
            "expiry_date": SQL("card.expiration_date"),
            "company_id": SQL("card_company.id"),
            "partner_id": SQL("card.partner_id"),
            "kind": SQL("CASE program.program_type WHEN 'loyalty' THEN 'points' ELSE program.program_type END"),
            "name": SQL("card.code"),
            "quantity": SQL("CASE program.program_type WHEN 'loyalty' THEN card.points END"),
            # A point is worth the most that any reward gives for it.
            "amount": SQL(
                """card.points * CASE WHEN program.program_type IN ('gift_card', 'ewallet') THEN 1 ELSE COALESCE((
                       SELECT MAX(CASE reward.discount_mode WHEN 'per_point' THEN reward.discount
                                       ELSE reward.discount / reward.required_points END)
                         FROM loyalty_reward reward
                        WHERE reward.program_id = program.id AND reward.active AND reward.reward_type = 'discount'
                              AND reward.discount_mode IN ('per_point', 'per_order')), 0) END"""
            ),
        }
        # A program of all companies has sold its cards somewhere.
        source = SQL(
            """loyalty_card card
               JOIN loyalty_program program ON program.id = card.program_id
               LEFT JOIN pos_order origin ON origin.id = card.source_pos_order_id
               JOIN res_company card_company ON card_company.id = COALESCE(program.company_id, origin.company_id)
              WHERE card.active AND card.points > 0 AND program.program_type IN ('gift_card', 'ewallet', 'loyalty')"""
        )
        return {**super()._parts(), "loyalty": self._part(2, SQL("card.id"), values, source)}

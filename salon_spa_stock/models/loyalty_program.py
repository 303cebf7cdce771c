from odoo import api, fields, models
from odoo.tools import float_round


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    salon_exclusive = fields.Boolean(
        string="Only the Best One",
        help="Of all programs marked so that a client may have at the moment, the till gives the one that saves the "
        "client most, and says why. Programs with one reward take part; a code that was entered does too.",
    )

    def _salon_points(self, lines):
        """Return what the till would give for these lines by the rules that need no code.

        :param lines: ``[(product, quantity, amount with tax, amount without)]``
        """
        self.ensure_one()
        points = 0.0
        for rule in self.rule_ids.filtered(lambda rule: rule.mode == "auto"):
            domain = rule._get_valid_product_domain()
            own = [row for row in lines if row[0].filtered_domain(domain)]
            quantity, total, untaxed = (sum(row[column] for row in own) for column in (1, 2, 3))
            least = total if rule.minimum_amount_tax_mode == "incl" else untaxed
            if own and quantity >= rule.minimum_qty and least >= rule.minimum_amount:
                measure = {"order": 1, "money": total, "unit": quantity}
                points += rule.reward_point_amount * measure[rule.reward_point_mode]
        return float_round(points, precision_digits=2)

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "salon_exclusive"]

from odoo import fields, models

# Rewards of these programs are a means of payment, which takes nothing off the price.
PAYING = ("gift_card", "ewallet")


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    salon_campaign_id = fields.Many2one(
        "utm.campaign",
        string="Campaign",
        ondelete="restrict",
        index="btree_not_null",
        help="Discounts given by this reward are counted for the campaign; made at the first use.",
    )

    def _salon_campaign(self):
        """Return the campaign that discounts of this reward are counted for, named after its program."""
        self.ensure_one()
        reward = self.sudo()
        if not reward.salon_campaign_id:
            others = reward.program_id.reward_ids.salon_campaign_id
            reward.salon_campaign_id = others[:1] or others.create({"title": reward.program_id.name})
        return reward.salon_campaign_id

    def _salon_taken_off(self, lines):
        """Return those of an order's ``lines`` that this reward makes cheaper."""
        self.ensure_one()
        if self.reward_type == "product":
            return lines.filtered(lambda line: line.product_id in self.reward_product_ids)
        if self.discount_applicability == "specific":
            products = lines.product_id.filtered_domain(self._get_discount_product_domain())
            return lines.filtered(lambda line: line.product_id in products)
        if self.discount_applicability == "cheapest":
            return lines.sorted(lambda line: abs(line._salon_given() / line.qty) if line.qty else 0)[:1]
        return lines

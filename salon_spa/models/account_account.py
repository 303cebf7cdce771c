from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountAccount(models.Model):
    _inherit = "account.account"

    # One category at most, so that nothing is counted twice; accounts without one fall into that of their type.
    salon_category_id = fields.Many2one(
        "salon.money.category",
        ondelete="set null",
        index="btree_not_null",
        help="Where the salon's reports of income and expenses count this account; empty is the category of its type.",
    )

    @api.constrains("salon_category_id", "account_type")
    def _check_salon_category(self):
        for account in self.filtered("salon_category_id"):
            if account.account_type not in account.salon_category_id._account_types():
                raise ValidationError(
                    self.env._(
                        "The account %(account)s can't be counted under %(category)s: one is about income, the other "
                        "about expenses.",
                        account=account.display_name,
                        category=account.salon_category_id.name,
                    )
                )

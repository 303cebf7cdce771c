from odoo import api, fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    salon_visit_id = fields.Many2one(
        "salon.visit", string="Visit", index="btree_not_null", ondelete="restrict", readonly=True, copy=False
    )
    salon_pass_id = fields.Many2one(
        "salon.pass", string="Pass", index="btree_not_null", ondelete="restrict", readonly=True, copy=False
    )

    @api.model
    def _salon_take(self, company, partner, payments, values):
        """Take money from a client, or give it back, straight into and out of the registers.

        :param payments: ``[(account.journal, amount)]``, amounts below zero are given back
        :param dict values: what it is for, further values of the payments
        :return: account.payment, posted
        """
        created = self.sudo().browse()
        for journal, amount in payments:
            if company.currency_id.is_zero(amount):
                continue
            inbound = amount > 0
            methods = journal.inbound_payment_method_line_ids if inbound else journal.outbound_payment_method_line_ids
            method = methods.filtered(lambda line: line.code == "manual")[:1] or methods[:1]
            payment = created.with_company(company).create(
                {
                    "payment_type": "inbound" if inbound else "outbound",
                    "partner_type": "customer",
                    "partner_id": partner.id,
                    "amount": abs(amount),
                    "currency_id": company.currency_id.id,
                    "journal_id": journal.id,
                    "payment_method_line_id": method.id,
                    "date": company._salon_money_date(),
                    **values,
                }
            )
            # Straight into the register: the drawer and the terminal are counted every evening.
            payment.outstanding_account_id = method.payment_account_id or journal.default_account_id
            created |= payment
        created.action_post()
        return created

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..tools.fiscal import FiscalHttp

# What a gift card or an e-wallet is worth is owed to clients until they spend it.
_OWED = {"gift_card": "loyalty.gift_card_product_50", "ewallet": "loyalty.ewallet_product_50"}


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_till_id = fields.Many2one(
        "pos.config",
        string="Till",
        check_company=True,
        help="Where the salon's visits and products are paid for; set up at the first opening.",
    )
    salon_gift_card_account_id = fields.Many2one(
        "account.account",
        string="Gift Cards Account",
        check_company=True,
        help="What is still to be given for gift cards sold; a liability until they are spent.",
    )
    salon_ewallet_account_id = fields.Many2one(
        "account.account",
        string="E-Wallets Account",
        check_company=True,
        help="What clients have paid into their e-wallets and not spent yet; a liability.",
    )

    salon_fiscal_provider = fields.Selection(
        [("http", "HTTP service")],
        string="Fiscal Printer",
        help="Who prints receipts for the tax office; empty: nobody.",
    )
    salon_fiscal_url = fields.Char(string="Address of the Fiscal Printer", groups="base.group_system")
    salon_fiscal_token = fields.Char(string="Token of the Fiscal Printer", groups="base.group_system")

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "uses_default_logo"]

    @api.constrains("salon_fiscal_provider", "salon_fiscal_url")
    def _check_salon_fiscal_url(self):
        for company in self.sudo():
            url = company.salon_fiscal_url or ""
            if company.salon_fiscal_provider == "http" and not url.startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._("Write the address of the fiscal printer, beginning with https:// or http://.")
                )

    def _salon_fiscal_class(self):
        """Return the class of ``tools.fiscal`` that prints this company's receipts, None without any."""
        self.ensure_one()
        return FiscalHttp if self.salon_fiscal_provider == "http" else None

    # ------------------------------------------------------------------
    # The till
    # ------------------------------------------------------------------

    def action_salon_open_till(self):
        """Open the till, set up at the first time; where a company has several, let the user choose.

        :raise AccessError: not for who doesn't work at the front desk
        """
        self.ensure_one()
        self._salon_check_till_user()
        if not self.env.su and self not in self.env.user.company_ids:
            raise AccessError(self.env._("You don't work in %(company)s.", company=self.sudo().name))
        self._salon_setup_till()
        tills = self.env["pos.config"].search([("company_id", "=", self.id)])
        if len(tills) > 1:
            return self.env["ir.actions.act_window"]._for_xml_id("point_of_sale.action_pos_config_kanban")
        return tills.open_ui()

    @api.model
    def _salon_check_till_user(self):
        if not (self.env.su or self.env.user.has_group("salon_spa.group_salon_administrator")):
            raise AccessError(self.env._("The till is the front desk's: ask an administrator."))

    def _salon_setup_till(self):
        """Make the company's till and its loyalty programs as a salon needs them; what is there stays as it is.

        :return: the ``pos.config``
        :raise UserError: the company has no chart of accounts yet
        """
        self.ensure_one()
        company = self.sudo().with_company(self)
        if not company.salon_till_id:
            company._salon_check_accounting()
            company.salon_till_id = company.env["pos.config"].create(company._prepare_till())
            company._salon_fill_till()
            company._salon_let_people_type()
        company._salon_setup_loyalty()
        return self.salon_till_id

    @api.model
    def _salon_let_people_type(self):
        """Take less for a scanner: of sums of six digits, typed quickly, Odoo's 150 ms between keys make barcodes.

        Scanners need up to 50 ms (``barcodes/static/src/barcode_service.js``); a value that is there stays.
        """
        parameters = self.env["ir.config_parameter"]
        if not parameters.get_param("barcode.max_time_between_keys_in_ms"):
            parameters.set_param("barcode.max_time_between_keys_in_ms", "100")

    def _prepare_till(self):
        """Return the values of the salon's till."""
        return {
            "name": self.env._("Till"),
            "company_id": self.id,
            "payment_method_ids": [Command.set(self._salon_till_methods().ids)],
            # Prices and discounts follow the salon's rules; who may change them stands there.
            "restrict_price_control": True,
            "manual_discount": False,
            # Services have no pictures: names alone leave room for more of them.
            "show_product_images": False,
            "iface_tipproduct": True,
            "tip_product_id": self.env.ref("salon_spa.product_tip").product_variant_id.id,
            "is_header_or_footer": True,
            "receipt_footer": self.env._("Thank you for your visit. See you soon!"),
        }

    def _salon_till_methods(self):
        """Return cash, card and bank transfer as payment methods, each with a register of its own."""
        registers = self._salon_registers()
        own = registers.filtered(lambda journal: journal.company_id == self)
        # A drawer belongs to one till: Odoo counts it at opening and closing.
        drawer = own.filtered(lambda journal: journal.type == "cash" and not journal.pos_payment_method_ids)[:1]
        drawer = drawer or self._salon_make_register(lambda company: company.env._("Cash"), type="cash", sequence=5)
        terminal = own.filtered(lambda journal: journal.code == "CARD" and journal.type == "bank")[:1]
        # In the order in which they are offered: the bank account of the chart of accounts is number 7.
        terminal = terminal or self._salon_make_register(
            lambda company: company.env._("Card"), type="bank", code="CARD", sequence=6
        )
        bank = own.filtered(lambda journal: journal.type == "bank" and journal != terminal)[:1]
        bank = bank or self._salon_make_register(lambda company: company.env._("Bank"), type="bank")
        methods = self.env["pos.payment.method"].create(
            [
                {"name": name, "journal_id": register.id, "company_id": self.id, "sequence": sequence}
                for sequence, (name, register) in enumerate(
                    zip(self._salon_method_names(), (drawer, terminal, bank), strict=True)
                )
            ]
        )
        for company in self._salon_languages():
            for method, name in zip(methods, company._salon_method_names(), strict=True):
                method.with_env(company.env).name = name
        return methods

    def _salon_method_names(self):
        return [self.env._("Cash"), self.env._("Card"), self.env._("Bank transfer")]

    def _salon_fill_till(self):
        """Put the services and what the salon sells onto the till's screen, each under its own button."""
        service, product, card = (
            self.env.ref(f"salon_spa_stock.pos_category_{name}", raise_if_not_found=False)
            for name in ("service", "product", "card")
        )
        templates = self.env["product.template"]
        mine = [("company_id", "in", [False, self.id]), ("sale_ok", "=", True)]
        templates.search([*mine, ("is_salon_service", "=", True)])._salon_put_on_till(service)
        templates.search([*mine, ("salon_use", "in", ("retail", "both"))])._salon_put_on_till(product)
        templates.search([*mine, ("salon_money", "=", "pass")])._salon_put_on_till(card)
        for xmlid in _OWED.values():
            self.env.ref(xmlid).product_tmpl_id._salon_put_on_till(card)

    # ------------------------------------------------------------------
    # Gift cards, e-wallets and points
    # ------------------------------------------------------------------

    def _salon_setup_loyalty(self):
        """Make gift cards, e-wallets, points and an example of a promo code; a program that is there stays as it is.

        What gift cards and e-wallets are worth goes to liability accounts of the company.
        """
        self.ensure_one()
        company = self.sudo().with_company(self)
        programs = company.env["loyalty.program"].with_context(active_test=False)
        # Odoo's own defaults of a type come with its form only.
        defaults = programs._program_type_default_values()
        for kind, values in company._prepare_loyalty().items():
            usual = {
                name: defaults[kind][name] for name in ("applies_on", "trigger", "portal_visible", "portal_point_name")
            }
            found = programs.search([("program_type", "=", kind), ("company_id", "in", [False, self.id])])
            if company.currency_id not in found.currency_id:
                # Made before the company's currency was chosen: a till knows programs in its own currency only.
                found = found.filtered(lambda program: program.company_id == self and not program.coupon_ids)[:1]
                found.currency_id = company.currency_id
            if not found:
                made = programs.create({"program_type": kind, "company_id": self.id, "pos_ok": True, **usual, **values})
                company._salon_name_loyalty(made)
        company._salon_owe_loyalty()

    def _salon_name_loyalty(self, program):
        """Write the names of a new program in each language."""
        for company in self._salon_languages():
            texts = company._prepare_loyalty()[program.program_type]
            told = program.with_env(company.env)
            told.write({name: texts[name] for name in ("name", "portal_point_name") if name in texts})
            for reward, (_command, _id, values) in zip(told.reward_ids, texts["reward_ids"], strict=True):
                reward.description = values["description"]

    def _prepare_loyalty(self):
        """Return the values of a new program by its type."""
        gift_card, wallet = (self.env.ref(xmlid) for xmlid in _OWED.values())
        # A code is unique among all companies.
        code = f"WELCOME{self.id}"
        spend = {
            "reward_type": "discount",
            "discount_mode": "per_point",
            "discount": 1,
            "discount_applicability": "order",
            "required_points": 1,
        }
        return {
            "gift_card": {
                "name": self.env._("Gift Cards"),
                "communication_plan_ids": [
                    Command.create(
                        {
                            "trigger": "create",
                            "mail_template_id": self.env.ref("loyalty.mail_template_gift_card").id,
                            "pos_report_print_id": self.env.ref("loyalty.report_gift_card").id,
                        }
                    )
                ],
                "rule_ids": [
                    Command.create(
                        {
                            "reward_point_amount": 1,
                            "reward_point_mode": "money",
                            "reward_point_split": True,
                            "product_ids": [Command.set(gift_card.ids)],
                            "minimum_qty": 0,
                        }
                    )
                ],
                "reward_ids": [Command.create({**spend, "description": self.env._("Gift Card")})],
            },
            "ewallet": {
                "name": self.env._("E-Wallet"),
                "rule_ids": [
                    Command.create(
                        {
                            "reward_point_amount": 1,
                            "reward_point_mode": "money",
                            "product_ids": [Command.set(wallet.ids)],
                            "minimum_qty": 0,
                        }
                    )
                ],
                "reward_ids": [Command.create({**spend, "description": self.env._("E-Wallet")})],
            },
            "loyalty": {
                "name": self.env._("Points"),
                "portal_point_name": self.env._("points"),
                "rule_ids": [
                    Command.create({"reward_point_mode": "money", "reward_point_amount": 1, "minimum_qty": 0})
                ],
                # A hundred points are worth five: 5 % of what was paid comes back.
                "reward_ids": [
                    Command.create(
                        {
                            "description": self.env._("Paid with Points"),
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 0.05,
                            "discount_applicability": "order",
                            "required_points": 100,
                        }
                    )
                ],
            },
            "promo_code": {
                "name": self.env._("Example: 10 % by promo code"),
                "active": False,
                "salon_exclusive": True,
                "rule_ids": [Command.create({"mode": "with_code", "code": code, "minimum_qty": 0})],
                "reward_ids": [
                    Command.create(
                        {
                            "description": self.env._("Discount by Promo Code"),
                            "reward_type": "discount",
                            "discount_mode": "percent",
                            "discount": 10,
                            "discount_applicability": "order",
                        }
                    )
                ],
            },
        }

    def _salon_owe_loyalty(self):
        """Let gift cards and e-wallets, sold or spent, go over the company's liability accounts."""
        programs = self.env["loyalty.program"].search(
            [("program_type", "in", list(_OWED)), ("company_id", "in", [False, self.id])]
        )
        for kind, xmlid in _OWED.items():
            mine = programs.filtered(lambda program, kind=kind: program.program_type == kind)
            products = mine.rule_ids.product_ids | mine.reward_ids.discount_line_product_id | self.env.ref(xmlid)
            account = self._salon_owed_account(kind)
            for template in products.product_tmpl_id.with_company(self):
                if template.property_account_income_id != account:
                    template.property_account_income_id = account
                # Tax is due on what is bought with it; what another company's shop does with it is its own affair.
                taxes = template.taxes_id._filter_taxes_by_company(self)
                if taxes:
                    template.taxes_id = [Command.unlink(tax.id) for tax in taxes]

    def _salon_owed_account(self, kind):
        """Return the liability account of gift cards (``gift_card``) or e-wallets (``ewallet``), made when missing."""
        name = f"salon_{kind}_account_id"
        if not self[name]:
            # Branches book into the accounts of the company that they belong to.
            self[name] = self.root_id[name]
        if not self[name]:
            labels = {"gift_card": self.env._("Gift Cards Sold"), "ewallet": self.env._("Clients' E-Wallets")}
            accounts = self.env["account.account"].with_company(self.root_id)
            self[name] = accounts.create(
                {
                    "name": labels[kind],
                    "code": accounts._search_new_account_code("251000"),
                    "account_type": "liability_current",
                    "company_ids": [Command.link(self.root_id.id)],
                }
            )
        return self[name]

    @api.model
    def _salon_demo_class(self):
        from ..demo.till import TillDemo  # nobody but a demo database needs it in memory

        return type("Lotus", (TillDemo, super()._salon_demo_class()), {})

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # What a master is paid and a service costs hangs on what the goods were bought for.
    cost_method = fields.Selection(default="average")
    salon_expiry_days = fields.Integer(
        "Expiring Soon", default=60, help="Lots that expire within so many days are listed."
    )
    salon_stock_user_id = fields.Many2one(
        "res.users", string="In Charge of Stock", help="Is told every morning what is below its minimum."
    )
    salon_write_off_location_id = fields.Many2one(
        "stock.location", string="Location of Write-offs", copy=False, help="Where goods go that are written off."
    )
    salon_used_location_id = fields.Many2one(
        "stock.location",
        string="Location of Materials Used",
        readonly=True,
        copy=False,
        help="Where materials go that services use up.",
    )

    _salon_expiry_days_positive = models.Constraint(
        "CHECK(salon_expiry_days BETWEEN 1 AND 3650)", "“Expiring soon” is between 1 and 3650 days."
    )

    def _salon_stock_location(self):
        """Return the location where the salon's stock is kept unless somebody says otherwise."""
        self.ensure_one()
        warehouse = self.env["stock.warehouse"].sudo().search([("company_id", "=", self.id)], limit=1)
        return warehouse.lot_stock_id

    def _salon_write_off_location(self):
        """Return where goods go that are spoiled, expired, lost or used as testers; made when it is first asked for.

        A location of its own: Odoo's scrap goes to the oldest location of losses, which is the one of its inventory
        adjustments, and both would be one figure.
        """
        self.ensure_one()
        company = self.sudo()
        if not company.salon_write_off_location_id:
            company.salon_write_off_location_id = (
                self.env["stock.location"]
                .sudo()
                .create({"name": self.env._("Written Off"), "usage": "inventory", "company_id": self.id})
            )
        return company.salon_write_off_location_id.with_env(self.env)

    def _create_per_company_locations(self):
        super()._create_per_company_locations()
        self._salon_make_used_location()

    @api.model
    def _salon_make_used_locations(self):
        """Make the location of materials used of companies that have none, at installation."""
        self.search([("salon_used_location_id", "=", False)])._salon_make_used_location()

    def _salon_make_used_location(self):
        for company in self.sudo():
            company.salon_used_location_id = (
                self.env["stock.location"]
                .sudo()
                .create({"name": self.env._("Used by services"), "usage": "production", "company_id": company.id})
            )

    def _salon_used_location(self):
        """Return where materials go that services use up."""
        self.ensure_one()
        company = self.sudo()
        if not company.salon_used_location_id:
            company._salon_make_used_location()
        location = company.salon_used_location_id
        materials = self.env.ref("salon_spa.category_materials", raise_if_not_found=False)
        if materials and not location.valuation_account_id and company.root_id.chart_template:
            # So that Odoo books what was used as the materials of the profit and loss: when the stock is closed, or at
            # once where the company values its stock in real time.
            location.valuation_account_id = materials._get_account(company)
        return location

    def _salon_loss_locations(self):
        """Return the locations where goods go that count as written off."""
        return self.sudo().salon_write_off_location_id

    def _salon_stock_user(self):
        """Return who is told about the stock: the one in charge, else the first manager of the company."""
        self.ensure_one()
        managers = self.env.ref("salon_spa.group_salon_manager").sudo().all_user_ids
        managers = managers.filtered(lambda user: user.active and user.id != 1 and self in user.company_ids).sorted(
            "id"
        )
        return self.salon_stock_user_id if self.salon_stock_user_id.active else managers[:1]

    @api.model
    def _cron_salon_low_stock(self):
        """Tell whoever is in charge what is low: one task a day and company, brought up to date and not repeated."""
        kind = self.env.ref("salon_spa_stock.activity_type_low_stock")
        for company in self.sudo().search([]).filtered(lambda company: company._salon_stock_location()):
            company = company.with_company(company)
            partner, user = company.partner_id, company._salon_stock_user()
            low = self.env["product.template"].with_company(company)._salon_low_products(company)
            tasks = partner.activity_ids.filtered(lambda task, kind=kind: task.activity_type_id == kind)
            if not low or not user:
                tasks.unlink()
                continue
            lang = {"lang": user.lang} if user.lang else {}
            values = company.with_context(**lang)._salon_low_stock_values(low.with_context(**lang))
            if tasks:
                (tasks - tasks[:1]).unlink()
                tasks[:1].write({**values, "user_id": user.id, "date_deadline": company._salon_today()})
            else:
                partner.with_context(mail_activity_quick_update=True).activity_schedule(
                    "salon_spa_stock.activity_type_low_stock", company._salon_today(), user_id=user.id, **values
                )

    def _salon_low_stock_values(self, low):
        names = Markup().join(Markup("<li>%s</li>") % product.display_name for product in low.sorted("display_name"))
        return {
            "summary": self.env._("Low stock: %(count)s products", count=len(low)),
            "note": Markup('<p><a href="/odoo/salon-to-order">%s</a></p><ul>%s</ul>') % (self.env._("To order"), names),
        }

    def _salon_expiry_limit(self):
        """Return the naive UTC moment before which a lot that expires counts as expiring soon."""
        self.ensure_one()
        return fields.Datetime.now() + timedelta(days=self.salon_expiry_days)

    @api.model
    def _salon_demo_class(self):
        # Nobody but a demo database needs it in memory.
        from ..demo.lotus import StockDemo
        from ..demo.recipes import RecipeDemo

        return type("Lotus", (RecipeDemo, StockDemo, super()._salon_demo_class()), {})

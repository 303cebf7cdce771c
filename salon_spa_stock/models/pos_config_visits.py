from odoo import api, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    def _get_special_products(self):
        """Deposits, tips, paid debts and extra material come by their own ways and have no place among the products."""
        templates = self.env["product.template"].sudo().search([("salon_money", "in", ("deposit", "tip", "debt"))])
        surcharge = self.env["salon.visit.line"]._salon_surcharge()
        return super()._get_special_products() | templates.product_variant_id | surcharge

    @api.model
    def _load_pos_data_read(self, records, config):
        read = super()._load_pos_data_read(records, config)
        if read:
            read[0].update(config._salon_till_data())
        return read

    def _salon_till_data(self):
        """Return what the till has to know about the salon: small values, no records."""
        self.ensure_one()
        user = self.env.user
        masters = (
            self.env["hr.employee"].sudo().search([("is_master", "=", True), ("company_id", "=", self.company_id.id)])
        )
        reasons = self.env["salon.reason"].sudo().search([("kind", "=", "discount")])
        products = self.env["product.template"].sudo().search([("salon_money", "in", ("deposit", "debt", "tip"))])
        company = self.company_id.sudo()
        limit = company.salon_discount_limit
        if user.has_group("salon_spa.group_salon_owner"):
            limit = 100
        elif user.has_group("salon_spa.group_salon_manager"):
            limit = company.salon_discount_limit_manager
        return {
            "_salon_desk": user.has_group("salon_spa.group_salon_administrator"),
            "_salon_masters": [{"id": master.id, "name": master.name} for master in masters],
            "_salon_reasons": [{"id": reason.id, "name": reason.name} for reason in reasons],
            "_salon_discount_limit": limit,
            "_salon_tip_split": company.salon_tip_split,
            "_salon_products": {product.salon_money: product.product_variant_id.id for product in products},
        }

from odoo import models

from odoo.addons.mail.tools.discuss import Store


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _salon_refuses(self, field, operation):
        # Who writes a message puts the own address there. And Odoo looks for addresses before it sends the message to
        # browsers, where _salon_store_field decides whether they go.
        if operation == "write" or isinstance(self.env.context.get("salon_store"), Store):
            return False
        return super()._salon_refuses(field, operation)

    def _to_store(self, store, fields, **kwargs):
        return super(MailMessage, self.with_context(salon_store=store))._to_store(store, fields, **kwargs)

    def _field_store_repr(self, field):
        return [self._salon_store_field(item) for item in super()._field_store_repr(field)]

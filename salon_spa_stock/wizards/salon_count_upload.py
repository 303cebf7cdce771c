import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError


class SalonCountUpload(models.TransientModel):
    _name = "salon.count.upload"
    _description = "Read a Count Sheet"

    count_id = fields.Many2one("salon.count", required=True, ondelete="cascade")
    sheet = fields.Binary("Excel File", required=True, attachment=False)
    sheet_name = fields.Char()

    def action_read(self):
        """Read the sheet into its count, all of it or nothing.

        :raise UserError: what is wrong, with the row
        """
        self.ensure_one()
        try:
            content = base64.b64decode(self.sheet or b"")
        except binascii.Error as error:
            raise UserError(self.env._("The file did not arrive whole. Upload it again.")) from error
        read = self.count_id._read_sheet(content)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Rows read from the sheet: %s", read),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

from odoo import models

from odoo.addons.salon_spa.tools import timeline


class SalonVisit(models.Model):
    _inherit = "salon.visit"

    def _get_warnings(self):
        lines = self.line_ids.filtered(lambda line: line.is_room_chosen and line.room_id and not line.cancelled)
        return [*super()._get_warnings(), *self._get_room_warnings(lines)]

    def _get_room_warnings(self, lines):
        """A room chosen by hand that is not meant for the service, or is closed."""
        warnings = []
        for line in lines:
            types = line._room_types()
            if types and not types & set(line.room_id.type_ids._origin.ids):
                message = self.env._(
                    "%(room)s is not meant for %(service)s.",
                    room=line.room_id.name,
                    service=line.product_id.display_name,
                )
                warnings.append(self._warning("room", line, message, about=line.room_id._origin.ids))
        spans = {
            line: (
                line.start - timeline.minutes(line.prep_minutes),
                line.stop + timeline.minutes(line.cleanup_minutes),
            )
            for line in lines.filtered("start")
        }
        for company, own in self.env["salon.visit.line"].concat(*spans).grouped("company_id").items():
            hours = self.env["resource.resource"]._salon_open_spans(
                own.room_id.resource_id.ids,
                company,
                min(spans[line][0] for line in own),
                max(spans[line][1] for line in own),
            )
            for line in own:
                opened = hours.get(line.room_id.resource_id.id)
                if opened is not None and not timeline.inside(spans[line], opened):
                    message = self.env._(
                        "%(room)s is closed on %(when)s.",
                        room=line.room_id.name,
                        when=company._salon_format(line.start, "EEEE, d MMMM, HH:mm"),
                    )
                    about = [*line.room_id._origin.ids, line.start, line.stop]
                    warnings.append(self._warning("room_hours", line, message, about=about))
        return warnings

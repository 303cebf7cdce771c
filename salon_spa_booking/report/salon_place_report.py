from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.salon_spa.tools import roster

from ..models.salon_availability import LONGEST

COLUMNS = {
    "kind": SQL("varchar"),
    # What the row is a piece of; opening time has its resource and its first minute.
    "record_id": SQL("bigint"),
    "start": SQL("timestamp"),
    "stop": SQL("timestamp"),
    "company_id": SQL("integer"),
    "resource_id": SQL("integer"),
    "seats": SQL("integer"),
    "line_id": SQL("integer"),
    "visit_id": SQL("integer"),
    "partner_id": SQL("integer"),
    "product_id": SQL("integer"),
    "employee_id": SQL("integer"),
    "client_start": SQL("timestamp"),
    "client_stop": SQL("timestamp"),
    "amount": SQL("numeric"),
    # Hours that the amount is spread over.
    "total_hours": SQL("numeric"),
}
OPENED = {
    "resource_id": SQL("integer"),
    "company_id": SQL("integer"),
    "seats": SQL("integer"),
    "start": SQL("timestamp"),
    "stop": SQL("timestamp"),
}


class SalonPlaceReport(models.Model):
    """The time of rooms and equipment: what there was of it and what it was used for. A room for two counts twice."""

    _name = "salon.place.report"
    _description = "Load of Rooms and Equipment"
    _inherit = ["salon.load.mixin"]
    _auto = False
    _order = "date desc, resource_id, datetime, id"
    _rec_name = "resource_id"
    _part_columns = COLUMNS
    _depends = {
        "salon.allocation": ["resource_id", "start", "stop", "kind", "block_type", "line_id", "company_id"],
        "salon.visit.line": [
            "visit_id", "company_id", "client_id", "product_id", "employee_id", "room_id", "start", "stop", "state",
        ],
        "salon.shift": ["employee_id", "resource_id", "company_id", "start", "stop", "date", "state"],
        "salon.revenue.report": ["date", "line_id", "kind", "amount_net"],
        "salon.room": ["resource_id"],
        "salon.equipment": ["resource_id", "type_id"],
        "resource.resource": ["active", "salon_capacity", "calendar_id", "company_id"],
        "res.company": ["currency_id", "salon_tz"],
    }

    kind = fields.Selection(
        [("open", "Opening time"), ("maintenance", "Maintenance"), ("visit", "Service")],
        string="What For",
        readonly=True,
    )
    resource_id = fields.Many2one(string="Room or Equipment")
    room_id = fields.Many2one("salon.room", readonly=True)
    equipment_id = fields.Many2one("salon.equipment", readonly=True)
    equipment_type_id = fields.Many2one("salon.equipment.type", readonly=True)
    employee_id = fields.Many2one("hr.employee", string="Master", readonly=True)
    product_id = fields.Many2one("product.product", string="Service", readonly=True)

    open_hours = fields.Float(
        "Opening Hours",
        readonly=True,
        help="Opening hours of the rooms and equipment, less days on which they are closed; of those that have none, "
        "the hours in which any master works. Each seat counts: a room for two has them twice.",
    )
    maintenance_hours = fields.Float(
        "Maintenance", readonly=True, help="Blocks for maintenance within the opening hours; other blocks do not count."
    )
    usable_hours = fields.Float(readonly=True, help="Opening hours less maintenance.")
    occupied_hours = fields.Float(
        readonly=True,
        help="Hours taken by services done, booked or requested, with preparation and clean-up, per seat.",
    )
    service_hours = fields.Float(readonly=True, help="Occupied hours without preparation and clean-up.")
    amount_service = fields.Monetary(
        "Service Revenue",
        readonly=True,
        help="Revenue from services done in the room, net of discounts, spread over their time.",
    )
    utilisation = fields.Float(
        "Utilisation, %",
        readonly=True,
        aggregator="avg",
        help="Occupied hours, divided by opening hours less maintenance.",
    )
    demand_rate = fields.Float(
        "Demand, %",
        readonly=True,
        aggregator="avg",
        help="Occupied hours without preparation and clean-up, divided by opening hours.",
    )
    revenue_hour = fields.Monetary(
        "RevPATH",
        readonly=True,
        aggregator="avg",
        help="Revenue per available treatment hour: revenue from services done in the rooms, divided by the rooms' "
        "opening hours.",
    )

    _report_ratios = {
        "utilisation": ("occupied_hours", "usable_hours", 100),
        "demand_rate": ("service_hours", "open_hours", 100),
        "revenue_hour": ("amount_service", "open_hours", 1),
    }

    @property
    def _table_query(self) -> SQL:
        low, high = self._period()
        return SQL(
            """
            WITH opened AS MATERIALIZED (%(opened)s)
            SELECT COALESCE(
                       (record_id * 64 + number) * 8 + id_number,
                       (piece.resource_id::bigint * 67108864
                        + EXTRACT(epoch FROM piece_start - TIMESTAMP '2000-01-01')::bigint / 60) * 8 + id_number
                   ) AS id,
                   kind,
                   local::date AS date,
                   (EXTRACT(isodow FROM local) - 1)::varchar AS weekday,
                   to_char(local, 'HH24:00') AS hour,
                   piece_start AS datetime,
                   piece_stop AS stop,
                   piece.company_id,
                   currency_id,
                   piece.resource_id,
                   room.id AS room_id,
                   equipment.id AS equipment_id,
                   equipment.type_id AS equipment_type_id,
                   line_id,
                   visit_id,
                   partner_id,
                   product_id,
                   employee_id,
                   CASE WHEN kind = 'open' THEN hours * seats ELSE 0 END AS open_hours,
                   CASE WHEN kind = 'maintenance' THEN hours ELSE 0 END AS maintenance_hours,
                   CASE kind WHEN 'open' THEN hours * seats WHEN 'maintenance' THEN -hours ELSE 0 END AS usable_hours,
                   CASE WHEN kind = 'visit' THEN hours ELSE 0 END AS occupied_hours,
                   CASE WHEN kind = 'visit' THEN GREATEST(EXTRACT(
                            epoch FROM LEAST(piece_stop, client_stop) - GREATEST(piece_start, client_start)
                        ) / 3600, 0) ELSE 0 END AS service_hours,
                   COALESCE(amount * hours / total_hours, 0) AS amount_service,
                   NULL::numeric AS utilisation,
                   NULL::numeric AS demand_rate,
                   NULL::numeric AS revenue_hour
              FROM (%(pieces)s) piece
              LEFT JOIN salon_room room ON room.resource_id = piece.resource_id
              LEFT JOIN salon_equipment equipment ON equipment.resource_id = piece.resource_id
            """,
            opened=self._open_table(low, high),
            pieces=self._by_hour(SQL(" UNION ALL ").join(self._parts(low, high).values())),
        )

    @api.model
    def _parts(self, low, high):
        """Return the selects that the report is made of, as ``{name: SQL}``; addons add theirs by ``_part``.

        They may read the opening time from the table ``opened`` (resource_id, company_id, seats, start, stop).

        :param low: naive UTC; what lies wholly before it need not be there, nor what lies wholly after ``high``
        """
        return {
            "open": self._part(
                0,
                {
                    "kind": SQL("'open'"),
                    "start": SQL("opened.start"),
                    "stop": SQL("opened.stop"),
                    "company_id": SQL("opened.company_id"),
                    "resource_id": SQL("opened.resource_id"),
                    "seats": SQL("opened.seats"),
                },
                SQL("opened"),
            ),
            "maintenance": self._part(
                1,
                {
                    "kind": SQL("'maintenance'"),
                    # A block over a closing time is a piece for each opening.
                    "record_id": SQL("block.id * 64 + row_number() OVER (PARTITION BY block.id ORDER BY opened.start)"),
                    "start": SQL("GREATEST(opened.start, block.start)"),
                    "stop": SQL("LEAST(opened.stop, block.stop)"),
                    "company_id": SQL("opened.company_id"),
                    "resource_id": SQL("opened.resource_id"),
                },
                SQL(
                    """opened JOIN salon_allocation block
                       ON block.resource_id = opened.resource_id AND block.kind = 'block'
                      AND block.block_type = 'maintenance'
                      AND block.start < opened.stop AND block.stop > opened.start
                      AND block.start BETWEEN %s AND %s""",
                    low - LONGEST,
                    high,
                ),
            ),
            "visit": self._visit_part(low, high),
        }

    @api.model
    def _visit_part(self, low, high):
        values = {
            "kind": SQL("'visit'"),
            "record_id": SQL("taken.id"),
            "start": SQL("taken.start"),
            "stop": SQL("taken.stop"),
            "company_id": SQL("taken.company_id"),
            "resource_id": SQL("taken.resource_id"),
            "line_id": SQL("line.id"),
            "visit_id": SQL("line.visit_id"),
            "partner_id": SQL("line.client_id"),
            "product_id": SQL("line.product_id"),
            "employee_id": SQL("line.employee_id"),
            "client_start": SQL("line.start"),
            "client_stop": SQL("line.stop"),
            "amount": SQL("CASE WHEN room.id IS NOT NULL THEN fact.amount END"),
            "total_hours": SQL(
                """EXTRACT(epoch FROM SUM(taken.stop - taken.start) OVER (
                       PARTITION BY taken.line_id, taken.resource_id
                   )) / 3600"""
            ),
        }
        # A service that moves through several rooms brings its money to the one that it is known by.
        source = SQL(
            """salon_allocation taken
               JOIN resource_resource place ON place.id = taken.resource_id AND place.resource_type = 'material'
               JOIN salon_visit_line line ON line.id = taken.line_id AND line.state = ANY(%(live)s)
               LEFT JOIN salon_room room ON room.id = line.room_id AND room.resource_id = taken.resource_id
               LEFT JOIN (%(earned)s) fact ON fact.line_id = line.id
               WHERE taken.kind = 'visit' AND taken.start BETWEEN %(low)s AND %(high)s""",
            live=list(self.env["salon.visit"]._live_states()),
            earned=self._earned(low, high),
            low=low - LONGEST,
            high=high,
        )
        return self._part(2, values, source)

    @api.model
    def _open_table(self, low, high):
        """Return the select of the opening time of all rooms and equipment, see ``_parts``."""
        archived_too = {"active_test": False}
        domain = [("company_id", "in", self.env.companies.ids)]
        rooms = self.env["salon.room"].sudo().with_context(**archived_too).search(domain)
        equipment = self.env["salon.equipment"].sudo().with_context(**archived_too).search(domain)
        places = rooms.resource_id | equipment.resource_id
        known = self._known_spans(places, low, high)
        rows = []
        if places:
            worked = self._worked(low, high)
        for company, own in places.grouped("company_id").items():
            anybody = roster.merge(
                span for employee, spans in worked.items() if employee.company_id == company for span in spans
            )
            hours = self.env["resource.resource"]._salon_open_spans(own.ids, company, low, high, anybody)
            rows += [
                (place.id, company.id, place.salon_capacity, start, stop)
                for place in own
                for start, stop in roster.clip(hours[place.id], *known[place.id])
            ]
        return self._table_of(OPENED, rows)

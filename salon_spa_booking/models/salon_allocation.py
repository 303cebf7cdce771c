from odoo import api, fields, models

# Blocks that take working time of masters away; maintenance takes opening time of rooms and devices.
NOT_AVAILABLE = ["break", "admin", "training", "unavailable"]


class SalonAllocation(models.Model):
    _name = "salon.allocation"
    _inherit = ["salon.allocation", "salon.journal.mixin"]

    requirement_id = fields.Many2one(
        "salon.requirement", ondelete="set null", index="btree_not_null", help="What the service needs it for."
    )
    offer_id = fields.Many2one("salon.offer", ondelete="set null", index="btree_not_null", help="What it is held for.")
    block_id = fields.Many2one("salon.block", string="Repeated Block", ondelete="set null", index="btree_not_null")
    block_day = fields.Date(
        compute="_compute_block_day",
        store=True,
        readonly=False,
        help="The day of the repeated block that it stands for, wherever it was moved.",
    )

    @api.depends("block_id")
    def _compute_block_day(self):
        # Given on entering; computed for what was entered before there was such a field.
        for row in self:
            if row.block_id and not row.block_day:
                row.block_day = row.company_id._salon_local(row.start).date()

    def _journal_days(self):
        # The time of visits is told by their lines.
        return super(SalonAllocation, self.filtered(lambda row: row.kind != "visit"))._journal_days()

    def _place_rule(self, vals_list, wants):
        """Equipment that stands in a room serves only there."""
        places = self.env["salon.room"]._places(vals_list[0]["company_id"])
        stands_in = places.stands_in
        if not any(one in stands_in for choices, *_span in wants for one in choices):
            return super()._place_rule(vals_list, wants)
        in_room = {
            vals.get("line_id")
            for vals, want in zip(vals_list, wants, strict=True)
            if not places.rooms.keys().isdisjoint(want[0])
        }

        def allowed(index, resource_id, chosen):
            room, line_id = stands_in.get(resource_id), vals_list[index].get("line_id")
            # What is held for an offer was paired with its room already; some services need the device alone.
            if not room or not line_id or line_id not in in_room:
                return True
            return any(one == room and vals_list[other]["line_id"] == line_id for other, one in chosen.items())

        return allowed

    def _unplaced_message(self, vals_list, index, taken):
        vals = vals_list[index]
        if "choices" not in vals:
            return super()._unplaced_message(vals_list, index, taken)
        line = self.env["salon.visit.line"].browse(vals["line_id"])
        requirement = self.env["salon.requirement"].sudo().browse(vals["requirement_id"])
        return line._no_place_message(requirement, vals["start"], vals["stop"], bool(vals["choices"]))

    def _free_instead(self, resource, line, also_taken):
        """A room that is taken keeps the line's own master from the time."""
        if line and resource.resource_type == "material":
            return line._free_instead(line.employee_id)
        return super()._free_instead(resource, line, also_taken)

    def _all_seats(self):
        """Return these and what a repeated block takes of the other seats of the same rooms at the same times."""
        days = {(row.block_id.id, row.resource_id.id, row.start) for row in self if row.block_id}
        if not days:
            return self
        blocks, resources, starts = (list(values) for values in zip(*days, strict=True))
        others = self.search(
            [("block_id", "in", blocks), ("resource_id", "in", resources), ("start", "in", starts)]
        )
        return self | others.filtered(lambda row: (row.block_id.id, row.resource_id.id, row.start) in days)

    def write(self, vals):
        rows = self
        # A day of a block is one thing to who moves it, however many seats the room has.
        if "seat" not in vals and {"resource_id", "start", "stop", "block_type", "note"} & vals.keys():
            rows |= self._all_seats()
        elsewhere = rows.browse()
        if "resource_id" in vals and "seat" not in vals:
            elsewhere = rows.filtered(lambda row: row.block_id and row.resource_id.id != vals["resource_id"])
        result = super(SalonAllocation, rows - elsewhere).write(vals)
        if elsewhere:
            # All the seats that there are in another room or device.
            seats = self.env["resource.resource"].browse(vals["resource_id"]).sudo().salon_capacity
            for own in elsewhere.grouped(lambda row: (row.block_id, row.resource_id, row.start)).values():
                for number, row in enumerate(own[:seats], start=1):
                    super(SalonAllocation, row).write({**vals, "seat": number})
                own[seats:].unlink()
                for number in range(len(own) + 1, seats + 1):
                    own[0].copy({"seat": number})
        return result

    def unlink(self):
        self = self._all_seats()
        companies = self.filtered(lambda row: row.kind == "block").company_id
        result = super().unlink()
        if companies:
            self.env["salon.waitlist"]._wake(companies)
        return result

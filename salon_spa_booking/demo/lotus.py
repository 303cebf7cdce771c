"""The demo salon's rooms, equipment, and what its services need of them."""

from odoo import Command, fields

from odoo.addons.salon_spa.demo.lotus import Lotus as KernelLotus

# name, types, seats, colour
ROOMS = [
    ("Hair Hall", ("Hairdresser's Chair",), 6, 1),
    ("Nail Bar", ("Nail Table",), 3, 2),
    ("Beauty Cabinet", ("Beauty Couch",), 2, 3),
    ("Cosmetology Cabinet", ("Cosmetology Couch",), 2, 4),
    ("Lotus Room for Two", ("Massage Table", "Room for Two"), 2, 5),
]
# name, type, room it stands in
EQUIPMENT = [
    ("Colour Processor 1", "Colour Processor", None),
    ("Colour Processor 2", "Colour Processor", None),
    ("Facial Steamer", "Facial Steamer", "Cosmetology Cabinet"),
]
# category of services: type of room
ROOM_OF = {
    "Hair": "Hairdresser's Chair",
    "Nails": "Nail Table",
    "Brows and lashes": "Beauty Couch",
    "Cosmetology": "Cosmetology Couch",
    "Massage": "Massage Table",
}
# service: type of equipment, for the processing
EQUIPMENT_OF = {
    "Root colour": "Colour Processor",
    "Full colour": "Colour Processor",
    "Hydrating facial": "Facial Steamer",
}


class Lotus(KernelLotus):
    def steps(self):
        steps = super().steps()
        # Visits take their rooms when they are booked.
        steps.insert(steps.index(self.make_services) + 1, self.make_rooms)
        return [*steps, self.make_blocks, self.make_waitlist]

    def make_rooms(self):
        env = self.env
        room_types = {
            name: env["salon.room.type"].create({"name": name, "sequence": 10 + index, "color": index + 1})
            for index, name in enumerate(dict.fromkeys(name for room in ROOMS for name in room[1]))
        }
        equipment_types = {
            name: env["salon.equipment.type"].create({"name": name})
            for name in dict.fromkeys(device[1] for device in EQUIPMENT)
        }
        self.rooms = {
            name: env["salon.room"].create(
                {
                    "name": name,
                    "type_ids": [Command.set([room_types[one].id for one in types])],
                    "capacity": seats,
                    "color": color,
                    "company_id": self.company.id,
                }
            )
            for name, types, seats, color in ROOMS
        }
        env["salon.equipment"].create(
            [
                {
                    "name": name,
                    "type_id": equipment_types[kind].id,
                    "room_id": room and self.rooms[room].id,
                    "company_id": self.company.id,
                }
                for name, kind, room in EQUIPMENT
            ]
        )
        needs = []
        for service, products in self.services.items():
            template = products.product_tmpl_id.id
            needs.append(
                {"product_tmpl_id": template, "room_type_id": room_types[ROOM_OF[self.category_of[service]]].id}
            )
            if service in EQUIPMENT_OF:
                needs.append(
                    {
                        "product_tmpl_id": template,
                        "equipment_type_id": equipment_types[EQUIPMENT_OF[service]].id,
                        "first_phase": "processing_minutes",
                        "last_phase": "processing_minutes",
                    }
                )
        env["salon.requirement"].create(needs)

    def make_waitlist(self):
        """Clients who found nothing that suits: one waits for an evening, one for a weekend, one for any day."""
        weekend = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), False)
        wishes = (
            ("Full colour", {"hour_from": 17, "note": "After work only"}),
            ("Gel manicure", weekend),
            ("Back massage", {}),
        )
        self.env["salon.waitlist"].create(
            [
                {
                    "partner_id": client.id,
                    "company_id": self.company.id,
                    "date_from": self.today,
                    "date_to": fields.Date.add(self.today, days=10),
                    "line_ids": [Command.create({"product_id": self.services[service][:1].id})],
                    **values,
                }
                for client, (service, values) in zip(self.clients[-len(wishes) :], wishes, strict=True)
            ]
        )

    def make_blocks(self):
        """A cabinet is cleaned on Mondays before the first client."""
        cabinet = self.rooms["Cosmetology Cabinet"]
        self.env["salon.block"].create(
            {
                "name": "Cleaning",
                "company_id": self.company.id,
                "block_type": "maintenance",
                "resource_ids": [Command.set(cabinet.resource_id.ids)],
                "date_from": self.today,
                "hour_from": 8,
                "hour_to": 9.5,
                **dict.fromkeys(("tue", "wed", "thu", "fri", "sat", "sun"), False),
            }
        )

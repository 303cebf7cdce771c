class TillDemo:
    """The demo salon's till: set up, and points for who has paid for visits."""

    def steps(self):
        return [*super().steps(), self.set_up_till]

    def set_up_till(self):
        self.company._salon_setup_till()
        program = self.env["loyalty.program"].search(
            [("program_type", "=", "loyalty"), ("company_id", "in", [False, self.company.id])], limit=1
        )
        clients = self.env["res.partner"].search([("is_client_card", "=", True), ("visit_count", ">", 0)])
        self.env["loyalty.card"].create(
            [
                {"program_id": program.id, "partner_id": client.id, "points": client.total_spent}
                for client in clients
                if client.total_spent > 0
            ]
        )

"""Clients: 50,000 cards; the list, its search by fragments, and what the desk types into a visit's client field."""

from timing import median_ms

CLIENTS = 50_000
NAMES = ("Anna", "Bella", "Clara", "Dora", "Emma", "Frida", "Gerda", "Hanna")
SURNAMES = ("Karimova", "Ivanova", "Schmidt", "Rossi", "Yusupova", "Petrova", "Braun", "Kim", "Aliyeva", "Miller")


def prepare(env):
    env.cr.execute(
        """INSERT INTO res_partner (name, complete_name, active, is_client_card, phone, phone_sanitized, type,
                                    card_number, client_state, visit_count, last_visit_date)
           SELECT name, name, TRUE, TRUE, phone, phone, 'contact', 'C' || number, 'client', number %% 30,
                  CURRENT_DATE - number %% 400
             FROM (SELECT number, '+4930' || lpad((number * 7)::text, 7, '0') AS phone,
                          (%(names)s)[1 + number %% %(name_count)s] || ' '
                          || (%(surnames)s)[1 + number / 8 %% %(surname_count)s] || ' ' || number AS name
                     FROM generate_series(1, %(clients)s) AS number) AS made""",
        {
            "clients": CLIENTS,
            "names": list(NAMES),
            "name_count": len(NAMES),
            "surnames": list(SURNAMES),
            "surname_count": len(SURNAMES),
        },
    )
    env.cr.commit()
    env.cr.execute("ANALYZE res_partner")
    env.invalidate_all()


def main(env):
    prepare(env)
    clients = env["res.partner"].with_context(default_is_client_card=True)
    specification = {
        name: {} for name in ("name", "phone_display", "last_visit_date", "visit_count", "total_spent", "client_status")
    }

    def page(*domain, order=None):
        domain = [("is_client_card", "=", True), *domain]
        return median_ms(env, lambda: clients.web_search_read(domain, specification, limit=80, order=order), 15)

    def typed(text):
        return median_ms(env, lambda: clients.name_search(text, [("is_client_card", "=", True)], limit=8), 15)

    return [
        ("first page of the list", f"{page():.0f} ms", "1,000 ms"),
        ("sorted by last visit", f"{page(order='last_visit_date desc'):.0f} ms", "1,000 ms"),
        ("list, a fragment of a name", f"{page(('display_name', 'ilike', 'usupova 123')):.0f} ms", "1,000 ms"),
        ("list, a fragment of a phone", f"{page(('display_name', 'ilike', '0123 45')):.0f} ms", "1,000 ms"),
        ("typed: a name", f"{typed('anna kar'):.0f} ms", "1,000 ms"),
        ("typed: a fragment of a phone", f"{typed('012345'):.0f} ms", "1,000 ms"),
        ("typed: a card number", f"{typed('C4711'):.0f} ms", "1,000 ms"),
        ("at risk, first page", f"{page(('client_status', '=', 'at_risk')):.0f} ms", "1,000 ms"),
    ]

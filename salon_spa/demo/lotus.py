"""The demo salon "Lotus" in Tashkent: a year of visits up to today and two weeks booked ahead.

Everything goes through the models, so that every figure adds up; the random numbers have a fixed seed and the dates
are relative to today. Only the moments at which the past was written down are set by SQL afterwards.
"""

import logging
import random
from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import Command, fields

from ..tools import timeline
from . import lotus_data as data

_logger = logging.getLogger(__name__)

PHASES = ("prep_minutes", "active_minutes", "processing_minutes", "finishing_minutes", "cleanup_minutes")
PAST_DAYS, AHEAD_DAYS, ROSTER_AHEAD = 365, 14, 28
PAID_HERE_DAYS = 10
CHUNK = 300
# Positions among the clients of two who share a phone and come together.
MOTHER, DAUGHTER = 10, 11


class Lotus:
    """Fills the main company with the demo salon; ``clients`` scales it (300 give about 3,000 visits)."""

    def __init__(self, env, clients=300, languages=("ru_RU",)):
        self.random = random.Random(20190)
        self.company = env.ref("base.main_company")
        self.env = env(
            context=dict(
                env.context,
                tracking_disable=True,
                mail_create_nosubscribe=True,
                no_reset_password=True,
                allowed_company_ids=self.company.ids,
                lang="en_US",
            )
        )
        self.company = self.company.with_env(self.env)
        self.count, self.languages = clients, languages
        self.phases = {}

    def steps(self):
        """Return what is done, in order."""
        return [
            self.set_up_company,
            self.make_services,
            self.make_masters,
            self.make_roster,
            self.make_users,
            self.make_clients,
            self.make_visits,
            self.sell_passes,
            self.take_payments,
            self.make_expenses,
            self.make_calls,
        ]

    def build(self):
        for step in self.steps():
            begun = datetime.now()
            step()
            _logger.info("Demo salon: %s, %.1f s", step.__name__, (datetime.now() - begun).total_seconds())

    # -- The salon -------------------------------------------------------------

    def set_up_company(self):
        uzbekistan, currency = self.env.ref("base.uz"), self.env.ref("base.UZS")
        # Odoo writes the sum with the sign of another money, and with a hundredth that no shop knows.
        currency.write({"active": True, "symbol": "soʻm", "rounding": 1})
        for code in self.languages:
            self.env["base.language.install"].create(
                {"lang_ids": [Command.set(self.env["res.lang"]._activate_lang(code).ids)], "overwrite": False}
            ).lang_install()
        self.company.write(
            {
                "name": "Lotus",
                "country_id": uzbekistan.id,
                "city": "Tashkent",
                "street": "Amir Temur 12",
                "currency_id": currency.id,
                "salon_tz": "Asia/Tashkent",
                # The simplified tax of a small salon: prices without VAT.
                "account_sale_tax_id": False,
                "account_purchase_tax_id": False,
                "email": "lotus@example.com",
                "phone": "+998 71 200 10 20",
            }
        )
        if not self.company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", company=self.company)
            self.company.write({"account_sale_tax_id": False, "account_purchase_tax_id": False})
        self.company.partner_id.tz = "Asia/Tashkent"
        # The clock of the place: 24 hours, day before month.
        self.env.ref("base.lang_en").write({"time_format": "%H:%M:%S", "date_format": "%d/%m/%Y"})
        self.company.resource_calendar_id.tz = "Asia/Tashkent"
        self.env.ref("base.user_admin").tz = "Asia/Tashkent"
        self.today = self.company._salon_today()
        self.now = fields.Datetime.now()

    def xmlid(self, record, name):
        self.env["ir.model.data"].create(
            {
                "module": "salon_spa",
                "name": f"demo_{name}",
                "model": record._name,
                "res_id": record.id,
                "noupdate": True,
            }
        )

    def make_services(self):
        env = self.env
        categories = {
            name: env["product.category"].create({"name": name})
            for name in dict.fromkeys(service[1] for service in data.SERVICES)
        }
        groups = {
            name: env["salon.service.group"].create({"name": name})
            for name in dict.fromkeys(service[2] for service in data.SERVICES if service[2])
        }
        names = dict.fromkeys(name for row in data.SERVICES for name in row[6].get("contraindications", ()))
        self.contraindications = {
            name: env["salon.contraindication"].create(
                {"name": name, "severity": "block" if name == "Allergy to hair dye" else "warn"}
            )
            for name in names
        }
        length = env["product.attribute"].create({"name": "Hair Length", "create_variant": "always"})
        lengths = env["product.attribute.value"].create(
            [
                {"name": name, "attribute_id": length.id, "sequence": index}
                for index, name in enumerate(("Short", "Medium", "Long"))
            ]
        )
        self.services, self.category_of, self.group_of = {}, {}, {}
        for index, (name, category, group, phases, periodicity, price, extra) in enumerate(data.SERVICES):
            template = env["product.template"].create(
                {
                    "name": name,
                    "type": "service",
                    "is_salon_service": True,
                    "categ_id": categories[category].id,
                    "salon_group_id": group and groups[group].id,
                    "list_price": price * 1000,
                    "periodicity_days": periodicity,
                    "salon_color": index % 11 + 1,
                    "is_book_online": periodicity > 0,
                    "contraindication_ids": [
                        Command.set([self.contraindications[key].id for key in extra.get("contraindications", ())])
                    ],
                    **dict(zip(PHASES, phases, strict=True)),
                    **{key: extra[key] for key in ("client_sex", "client_age_min", "client_age_max") if key in extra},
                    **(
                        {
                            "attribute_line_ids": [
                                Command.create({"attribute_id": length.id, "value_ids": [Command.set(lengths.ids)]})
                            ]
                        }
                        if "lengths" in extra
                        else {}
                    ),
                }
            )
            variants = template.product_variant_ids
            for position, variant in enumerate(variants):
                if "lengths" in extra:
                    value = variant.product_template_attribute_value_ids
                    value.price_extra = extra["lengths"][position] * 1000
                    variant.write(
                        {
                            **dict(zip(PHASES, phases, strict=True)),
                            "active_minutes": phases[1] + 10 * position,
                            "periodicity_days": periodicity,
                        }
                    )
            self.services[name] = variants
            self.category_of[name], self.group_of[name] = category, group
        self.retail = env["product.product"].create(
            [{"name": name, "type": "consu", "list_price": price * 1000} for name, price in data.RETAIL]
        )

    def make_masters(self):
        env = self.env
        grades = {
            name: env["salon.grade"].create({"name": name, "sequence": index})
            for index, (name, _percent) in enumerate(data.GRADES)
        }
        self.masters, self.rosters, self.skills = [], {}, defaultdict(list)
        for index, (name, published, grade, does, roster) in enumerate(data.MASTERS):
            master = env["hr.employee"].create(
                {
                    "name": name,
                    "is_master": True,
                    "company_id": self.company.id,
                    "tz": "Asia/Tashkent",
                    "published_name": published,
                    "salon_grade_id": grades[grade].id,
                    "salon_color": index + 1,
                    "job_title": self.category_of.get(does[0], does[0]),
                    "date_version": fields.Date.subtract(self.today, days=PAST_DAYS + 30),
                }
            )
            self.masters.append(master)
            self.rosters[master] = roster
            for service in self.services:
                if service in does or self.category_of[service] in does:
                    self.skills[service].append(master)
        rows = [
            {"employee_id": master.id, "product_id": product.id}
            for service, masters in self.skills.items()
            for master in masters
            for product in self.services[service]
        ]
        env["salon.skill"].create(rows)
        # Kamila is still learning: her gel manicure takes longer.
        env["salon.skill"].search(
            [("employee_id", "=", self.masters[4].id), ("product_id", "in", self.services["Gel manicure"].ids)]
        ).active_minutes = 95
        self.make_prices(grades)

    def make_prices(self, grades):
        env = self.env
        since = fields.Date.subtract(self.today, days=PAST_DAYS + 30)
        rows = []
        for name, percent in data.GRADES:
            for service in self.services.values() if percent else ():
                rows += [
                    {
                        "product_id": product.id,
                        "grade_id": grades[name].id,
                        "date_from": since,
                        "company_id": self.company.id,
                        "price": round(product.lst_price * (100 + percent) / 100, -4),
                    }
                    for product in service
                ]
        rows.append(
            {
                "product_id": self.services["Back massage"].id,
                "employee_id": self.masters[7].id,
                "date_from": since,
                "company_id": self.company.id,
                "price": 220_000,
            }
        )
        # A rise that is announced but not yet in force.
        rows.append(
            {
                "product_id": self.services["Gel manicure"].id,
                "date_from": fields.Date.add(self.today, days=21),
                "company_id": self.company.id,
                "price": 200_000,
            }
        )
        env["salon.price"].create(rows)

    def make_roster(self):
        first = self.today - timedelta(days=PAST_DAYS + 7)
        last = self.today + timedelta(days=ROSTER_AHEAD)
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        self.hours, rows = {}, []
        for index, (master, (on, off, begin, end)) in enumerate(self.rosters.items()):
            for day in days:
                if on == 5:
                    works = day.weekday() != 6 and not (day.weekday() == 0 and index % 2)
                else:
                    works = (day.toordinal() + index * on) % (on + off) < on
                if not works:
                    continue
                span = (datetime.combine(day, time(begin)), datetime.combine(day, time(end)))
                self.hours[master, day] = span
                rows.append(
                    {
                        "employee_id": master.id,
                        "company_id": self.company.id,
                        "start": self.company._salon_utc(span[0]),
                        "stop": self.company._salon_utc(span[1]),
                        "state": "published" if day <= self.today + timedelta(days=AHEAD_DAYS + 7) else "draft",
                    }
                )
        self.env["salon.shift"].create(rows)
        # Lunch: kept free in the past as well, written down only around today.
        self.busy = defaultdict(list)
        breaks = []
        for (master, day), (begin, _end) in self.hours.items():
            lunch = begin + timedelta(hours=4)
            self.busy[master, day].append((lunch, lunch + timedelta(minutes=30)))
            if -7 <= (day - self.today).days <= AHEAD_DAYS:
                breaks.append(
                    {
                        "resource_id": master.resource_id.id,
                        "company_id": self.company.id,
                        "start": self.company._salon_utc(lunch),
                        "stop": self.company._salon_utc(lunch + timedelta(minutes=30)),
                        "kind": "block",
                        "block_type": "break",
                        "note": "Lunch",
                    }
                )
        self.env["salon.allocation"].create(breaks)

    def make_users(self):
        roles = (
            ("manager", "Marat (manager)", "manager"),
            ("desk", "Lola (front desk)", "administrator"),
            ("anna", "Anna Kim", "master"),
        )
        for login, name, group in roles:
            user = self.env["res.users"].create(
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@example.com",
                    "tz": "Asia/Tashkent",
                    "lang": "en_US",
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [Command.set([self.env.ref(f"salon_spa.group_salon_{group}").id])],
                }
            )
            self.xmlid(user, f"user_{login}")
            if login == "anna":
                self.masters[0].user_id = user

    # -- Clients ---------------------------------------------------------------

    def make_clients(self):
        env, rnd = self.env, self.random
        sources = self.sources = env["utm.source"].create([{"name": name} for name in data.SOURCES])
        preferences = env["salon.preference"].create(
            [{"name": name, "color": index % 11 + 1} for index, name in enumerate(data.PREFERENCES)]
        )
        languages = {code for code, _name in env["res.lang"].get_installed()}
        rows, seen = [], set()
        while len(rows) < self.count:
            female = len(rows) in (MOTHER, DAUGHTER) or rnd.random() < 0.82
            first = rnd.choice(data.WOMEN if female else data.MEN)
            kind = rnd.choices(("uz", "ru", "en"), (50, 42, 8))[0]
            last = rnd.choice({"uz": data.SURNAMES_UZ, "ru": data.SURNAMES_RU, "en": data.SURNAMES_EN}[kind])
            if female and last.endswith(("ov", "ev", "in")):
                last += "a"
            name = f"{first} {last}"
            if name in seen:
                name = f"{first} {rnd.choice('ABDGKLMNRSTU')}. {last}"
                if name in seen:
                    continue
            seen.add(name)
            number = rnd.randrange(1_000_000, 9_999_999)
            prefix = rnd.choice(("90", "91", "93", "94", "97", "99"))
            # As people write it: every third without the country code.
            messy = f"{prefix} {number // 10000}-{number // 100 % 100:02}-{number % 100:02}"
            # Somebody's birthday falls into this week.
            born = (
                self.today + timedelta(days=len(rows)) if len(rows) < 6 else self.today + timedelta(rnd.randrange(365))
            )
            lang = {"uz": "uz_UZ", "ru": "ru_RU", "en": "en_US"}[kind]
            rows.append(
                {
                    "name": name,
                    "is_client_card": True,
                    "phone": messy if rnd.random() < 0.33 else f"+998 {messy}",
                    "sex": "female" if female else "male",
                    "lang": lang if lang in languages else "en_US",
                    "birth_day": born.day,
                    "birth_month": born.month,
                    "birth_year": rnd.choice((0, rnd.randrange(1960, 2006))),
                    "email": f"client{len(rows)}@example.com" if rnd.random() < 0.4 else False,
                    "acquisition_source_id": rnd.choice(sources).id,
                    "preference_ids": [Command.set(rnd.sample(preferences.ids, rnd.choice((0, 0, 1, 1, 2))))],
                    "preference_note": rnd.choice(data.WISHES) if rnd.random() < 0.12 else False,
                    "company_id": False,
                }
            )
        self.clients = env["res.partner"].create(rows)
        for index, client in enumerate(self.clients):
            if rnd.random() < 0.12 and index:
                client.referred_by_id = self.clients[rnd.randrange(index)]
        # A mother and her daughter share a number on purpose.
        mother, daughter = self.clients[MOTHER], self.clients[DAUGHTER]
        daughter.write({"phone_shared": True, "phone": mother.phone})
        for index, name in ((20, "Allergy to hair dye"), (21, "Pregnancy"), (22, "Skin inflammation")):
            self.clients[index].write(
                {
                    "contraindication_ids": [Command.set(self.contraindications[name].ids)],
                    "medical_note": f"<p>{name}.</p>",
                }
            )
        env["salon.consent"].create(
            [
                {"partner_id": client.id, "channel": channel, "purpose": purpose, "granted": rnd.random() < 0.9}
                for client in self.clients
                for channel, purpose in (("sms", "service"), ("telegram", "marketing"))
                if rnd.random() < 0.7
            ]
        )

    # -- Visits ----------------------------------------------------------------

    def make_visits(self):
        self.plans = []
        self.days_of = defaultdict(set)
        # The last tenth only asked so far: prospects.
        for client in self.clients[: len(self.clients) * 9 // 10]:
            self.plan_client(client)
        self.plan_walk_ins()
        self.plan_guests()
        self.plans.sort(key=lambda plan: plan["lines"][0][2])
        for position in range(0, len(self.plans), CHUNK):
            self.book(self.plans[position : position + CHUNK])
        self.write_down_the_past()

    def plan_client(self, client):
        """A client has one or two habits: a service, a master, a day of the week, an hour, an own rhythm."""
        rnd = self.random
        first_day = self.today - timedelta(days=rnd.choice((PAST_DAYS, PAST_DAYS, 240, 120, 45)) - rnd.randrange(30))
        leaves = rnd.random() < 0.18
        last_day = first_day + timedelta(days=rnd.randrange(60, PAST_DAYS)) if leaves else None
        suited = [
            name
            for name, products in self.services.items()
            if products[0].periodicity_days
            and name != "Child's haircut"
            and products[0].client_sex in (False, client.sex)
            and not (client.contraindication_ids & products[0].contraindication_ids)
            and not (client.sex == "male" and self.category_of[name] in ("Nails", "Brows and lashes"))
        ]
        weights = [data.POPULARITY.get(self.group_of[name], 2) for name in suited]
        habits = dict.fromkeys(rnd.choices(suited, weights, k=rnd.choice((1, 1, 2))))
        hour, weekday = rnd.choice((10, 11, 12, 14, 15, 16, 17, 18, 18)), rnd.randrange(6)
        for name in habits:
            product = rnd.choice(self.services[name])
            master = rnd.choice(self.skills[name])
            rhythm = product.periodicity_days * rnd.uniform(0.8, 1.25)
            day = first_day + timedelta(days=rnd.randrange(20))
            while (day - self.today).days <= AHEAD_DAYS and not (last_day and day > last_day):
                ahead = (day - self.today).days
                if ahead <= 0 or rnd.random() < 0.6:
                    placed = self.place(client, name, product, master, day, hour, weekday)
                    day = placed or day
                day += timedelta(days=max(5, round(rhythm * rnd.uniform(0.85, 1.2))))

    def place(self, client, name, product, master, day, hour, weekday):
        """Put one visit as near to the client's habits as the master's day allows; return its day."""
        rnd = self.random
        wanted = day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3) if rnd.random() < 0.6 else day
        for offset in (0, 1, -1, 2, 3, -2):
            date = wanted + timedelta(days=offset)
            if (date - self.today).days > AHEAD_DAYS or date in self.days_of[client]:
                continue
            services = [product]
            extra = {
                "Root colour": "Styling",
                "Full colour": "Styling",
                "Gel manicure": "Gel removal",
                "Women's haircut": "Styling",
                "Highlights": "Toning",
            }.get(name)
            if extra and rnd.random() < 0.3 and master in self.skills[extra]:
                services.append(self.services[extra][0])
            lines = self.find_time(master, date, hour, services)
            if lines:
                self.days_of[client].add(date)
                self.add_plan(client, lines)
                return date
        return None

    def phases_of(self, product, master):
        if (product, master) not in self.phases:
            self.phases[product, master] = product._salon_phases(master)
        return self.phases[product, master]

    def find_time(self, master, date, hour, products):
        """Return ``[(product, master, local start)]`` in the free span nearest to ``hour``, taking it; or nothing."""
        span = self.hours.get((master, date))
        if not span:
            return None
        phases = [self.phases_of(product, master) for product in products]
        wanted = datetime.combine(date, time(hour))
        grid = [span[0] + timedelta(minutes=15 * step) for step in range((span[1] - span[0]) // timedelta(minutes=15))]
        for start in sorted(grid, key=lambda moment: abs(moment - wanted)):
            lines, taken, begin = [], [], start
            for product, minutes in zip(products, phases, strict=True):
                lines.append((product, master, begin))
                taken += timeline.master_spans(begin, minutes)
                stop = begin + timeline.minutes(timeline.client_minutes(minutes))
                begin = timeline.next_start(stop, minutes["cleanup_minutes"], 0, True)
            inside = taken[0][0] >= span[0] and taken[-1][1] <= span[1]
            chained = len(products) == 1 or not any(minutes["prep_minutes"] for minutes in phases[1:])
            if inside and chained and not timeline.overlaps(taken, self.busy[master, date]):
                self.busy[master, date] += taken
                return lines
        return None

    def add_plan(self, client, lines, **values):
        rnd = self.random
        day = lines[0][2].date()
        ahead = (day - self.today).days
        fate = rnd.choices(("done", "client", "salon", "no_show"), (92, 4, 1, 3))[0]
        if ahead == 0:
            start = self.company._salon_utc(lines[0][2])
            if start > self.now:
                fate = rnd.choice(("booked", "confirmed", "confirmed"))
            elif start > self.now - timedelta(hours=1):
                fate = "arrived"
            else:
                fate = rnd.choices(("done", "no_show"), (95, 5))[0]
        elif ahead > 0:
            fate = "confirmed" if ahead == 1 and rnd.random() < 0.6 else "booked"
            if ahead > 2 and rnd.random() < 0.05:
                fate = "requested"
            if rnd.random() < 0.03:
                fate = "client"
        self.plans.append({"client": client, "lines": lines, "fate": fate, "guests": {}, **values})

    def plan_walk_ins(self):
        barber = self.masters[2]
        for offset in range(-PAST_DAYS, 0, 5):
            lines = self.find_time(barber, self.today + timedelta(days=offset), 13, [self.services["Men's haircut"]])
            if lines:
                self.add_plan(self.env["res.partner"], lines)

    def plan_guests(self):
        """Mother and daughter come together: one visit, a line for each."""
        mother, daughter = self.clients[MOTHER], self.clients[DAUGHTER]
        for offset in (-150, -90, -31, 5):
            for nearby in range(3):
                date = self.today + timedelta(days=offset + nearby)
                if date in self.days_of[mother] or date in self.days_of[daughter]:
                    continue
                first = self.find_time(self.masters[0], date, 12, [self.services["Women's haircut"][1]])
                second = first and self.find_time(self.masters[4], date, 12, [self.services["Classic manicure"]])
                if second:
                    self.days_of[mother].add(date)
                    self.days_of[daughter].add(date)
                    self.add_plan(mother, [*first, *second], guests={1: daughter})
                    break

    def book(self, plans):
        rnd, env = self.random, self.env
        reasons = env["salon.reason"].search([("kind", "=", "discount")])
        sources = ("desk", "phone", "phone", "online", "online")
        rows = []
        for plan in plans:
            client, lines = plan["client"], []
            for index, (product, master, start) in enumerate(plan["lines"]):
                line = {
                    "sequence": 10 + index,
                    "product_id": product.id,
                    "employee_id": master.id,
                    "start": self.company._salon_utc(start),
                    "is_chained": index > 0 and index not in plan["guests"],
                }
                if index in plan["guests"]:
                    line["client_id"] = plan["guests"][index].id
                if plan["fate"] == "done" and self.group_of.get(product.name) == "Colour" and rnd.random() < 0.8:
                    line["formula"] = rnd.choice(data.FORMULAS)
                if plan["fate"] == "done" and rnd.random() < 0.1:
                    line["note"] = rnd.choice(data.NOTES)
                if client and rnd.random() < 0.07:
                    line.update(discount=rnd.choice((5, 10, 15)), discount_reason_id=rnd.choice(reasons).id)
                lines.append(Command.create(line))
            if plan["fate"] == "done" and client and rnd.random() < 0.06:
                lines.append(
                    Command.create({"sequence": 90, "product_id": rnd.choice(self.retail).id, "employee_id": master.id})
                )
            rows.append(
                {
                    "company_id": self.company.id,
                    "partner_id": client.id,
                    "is_anonymous": not client,
                    "booking_source": rnd.choice(sources) if client else "walk_in",
                    "source_id": rnd.choice(self.sources).id if client and rnd.random() < 0.3 else False,
                    "line_ids": lines,
                }
            )
        visits = env["salon.visit"].create(rows)
        by_fate = defaultdict(env["salon.visit"].browse)
        for plan, visit in zip(plans, visits, strict=True):
            plan["visit"] = visit
            by_fate[plan["fate"]] |= visit
        by_fate["requested"].action_request()
        (visits - by_fate["requested"]).action_book()
        by_fate["confirmed"].action_confirm()
        by_fate["arrived"].action_arrive()
        by_fate["done"].action_done()
        by_fate["no_show"].action_no_show()
        for kind in ("client", "salon"):
            kinds = env["salon.reason"].search([("kind", "=", kind)])
            for visit in by_fate[kind]:
                visit.action_cancel(rnd.choice(kinds))
        self.env.flush_all()

    def write_down_the_past(self):
        """Give the past the moments at which it would have been written down: booked days ahead, closed on the day."""
        rnd, rows = self.random, []
        for plan in self.plans:
            visit, fate = plan["visit"], plan["fate"]
            booked = visit.start - timedelta(hours=rnd.choice((2, 20, 50, 90, 170, 300, 500)) + rnd.random())
            if not plan["client"]:
                booked = visit.start - timedelta(minutes=5)
            booked = min(booked, self.now - timedelta(minutes=rnd.randrange(5, 300)))
            arrived = visit.start + timedelta(minutes=rnd.randrange(-12, 12))
            cancelled = visit.start - timedelta(hours=rnd.choice((1, 3, 30, 60)))
            cancelled = min(max(cancelled, booked + timedelta(minutes=30)), self.now)
            rows.append(
                (
                    visit.id,
                    booked,
                    min(max(booked, visit.start - timedelta(hours=20)), self.now),
                    min(max(arrived, booked), self.now),
                    min(visit.stop + timedelta(minutes=rnd.randrange(0, 15)), self.now),
                    cancelled if fate in ("client", "salon") else min(visit.stop, self.now),
                    fate == "client" and visit.start - cancelled < timedelta(hours=24),
                )
            )
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            "CREATE TEMPORARY TABLE lotus (id integer, booked timestamp, confirmed timestamp, arrived timestamp, "
            "done timestamp, cancelled timestamp, late boolean) ON COMMIT DROP"
        )
        cr.execute_values("INSERT INTO lotus VALUES %s", rows)
        cr.execute(
            """UPDATE salon_visit v
                  SET create_date = l.booked,
                      booked_at = l.booked,
                      confirmed_at = CASE WHEN v.confirmed_at IS NOT NULL THEN l.confirmed END,
                      arrived_at = CASE WHEN v.arrived_at IS NOT NULL THEN l.arrived END,
                      done_at = CASE WHEN v.done_at IS NOT NULL THEN l.done END,
                      cancelled_at = CASE WHEN v.cancelled_at IS NOT NULL THEN l.cancelled END,
                      is_late_cancel = l.late
                 FROM lotus l WHERE l.id = v.id"""
        )
        cr.execute("UPDATE salon_visit_line v SET create_date = l.booked FROM lotus l WHERE l.id = v.visit_id")
        cr.execute(
            """UPDATE salon_visit_log g
                  SET date = CASE g.event WHEN 'confirmed' THEN l.confirmed WHEN 'arrived' THEN l.arrived
                                          WHEN 'done' THEN l.done WHEN 'cancelled' THEN l.cancelled
                                          WHEN 'no_show' THEN l.cancelled ELSE l.booked END
                 FROM lotus l WHERE l.id = g.visit_id"""
        )
        desk = self.env.ref("salon_spa.demo_user_desk")
        manager = self.env.ref("salon_spa.demo_user_manager")
        cr.execute(
            "UPDATE salon_visit_log SET user_id = CASE WHEN id %% 7 = 0 THEN %s ELSE %s END", [manager.id, desk.id]
        )
        self.env.invalidate_all()
        self.clients._refresh_client_stats()

    # -- Passes ------------------------------------------------------------------

    def sell_passes(self):
        """Ten passes of every state, sold in the last weeks; some of the sessions were used, some are planned."""
        rnd, env = self.random, self.env
        products = {
            name: env["product.template"]
            .create(
                {
                    "name": name,
                    "salon_money": "pass",
                    "list_price": price * 1000,
                    "taxes_id": False,
                    "purchase_ok": False,
                    **terms,
                    "pass_entitlement_ids": [
                        Command.create(
                            {
                                "sessions": sessions,
                                "product_ids": [Command.set([self.services[service].ids[0] for service in services])],
                            }
                        )
                        for sessions, services in rows
                    ],
                }
            )
            .product_variant_id
            for name, price, terms, rows in data.PASSES
        }
        since = fields.Date.add(self.today, days=-PAID_HERE_DAYS)
        lines = env["salon.visit.line"].search(
            [("kind", "=", "service"), ("client_id", "!=", False), ("date", ">=", since), ("price_total", ">", 0)],
            order="start, id",
        )
        done = lines.filtered(lambda line: line.state == "done" and line.date < self.today)
        ahead = lines.filtered(lambda line: line.state in ("booked", "confirmed"))
        # Who came lately and comes again shows both; each client has one pass. The others have not come since.
        several = (done.client_id & ahead.client_id) or done.client_id
        clients = [*several[:4], *rnd.sample(list(self.clients - several[:4] - done.client_id), 10)]
        cash, bank = self.company._salon_registers()[:2]
        sold = {}
        for (key, name, days, paid), client in zip(data.PASSES_SOLD, clients, strict=False):
            product = products[name]
            at_the_time = env["salon.pass"].with_context(salon_money_date=fields.Date.add(self.today, days=-days))
            taken = [(rnd.choice((cash, bank)), product.lst_price * paid)]
            record = sold[key] = at_the_time._sell(product, client, self.company, taken)
            for line in (lines & (done | ahead)).filtered(lambda line, client=client: line.client_id == client)[:2]:
                for row in record.line_ids:
                    if not row.sudo()._obstacle(line) and not line.pass_line_id:
                        line._use_pass(row)
        if "frozen" in sold:
            end = fields.Date.add(self.today, days=20)
            env["salon.pass.freeze"].create(
                {"pass_id": sold["frozen"].id, "date_from": self.today, "date_to": end, "reason": "A long journey"}
            )
        if "shared" in sold:
            sold["shared"].member_ids = self.clients[DAUGHTER] - sold["shared"].partner_id
        if "refunded" in sold:
            amount = sold["refunded"]._refundable()
            sold["refunded"]._refund(amount, [(cash, amount)], "Moves to another city")
        self.env.flush_all()

    # -- Payments ----------------------------------------------------------------

    def take_payments(self):
        """The salon has taken money here for ten days; what was before came from its old system.

        Two clients owe something, some have paid ahead, some gave tips, one was given money back.
        """
        rnd, visits = self.random, self.env["salon.visit"]
        since = fields.Date.add(self.today, days=-PAID_HERE_DAYS)
        done = visits.search([("state", "=", "done"), ("company_id", "=", self.company.id)], order="start")
        old = done.filtered(lambda visit: visit.date < since)
        old.sudo().is_paid_elsewhere = True
        cash, bank = self.company._salon_registers()[:2]
        today = done.filtered(lambda visit: visit.date == self.today)
        fresh = (done - old - today[-2:]).filtered("amount_due")
        debtors = rnd.sample(list(fresh.filtered("partner_id")), 2)
        refunded = rnd.choice(list(fresh.filtered(lambda visit: visit.partner_id and visit not in debtors)))
        for visit in fresh:
            visit = visit.with_context(salon_money_date=visit.date)
            tips = {}
            if rnd.random() < 0.15:
                tips = {visit.employee_ids[0]: rnd.choice((10000, 20000, 30000))}
            due = visit.amount_due + sum(tips.values())
            if visit in debtors:
                visit._pay([(cash, round(due / 2, -3))])
            elif rnd.random() < 0.1:
                part = round(due / 2, -3)
                visit._pay([(cash, part), (bank, due - part)], tips)
            else:
                visit._pay([(rnd.choice((cash, bank, bank)), due)], tips)
        line = refunded.line_ids.filtered("amount_billed")[0]
        refunded = refunded.with_context(salon_money_date=refunded.date)
        refunded._refund({line: line.amount_billed}, [(cash, line.amount_billed)], "Not satisfied")
        ahead = visits.search([("state", "in", ("booked", "confirmed")), ("date", ">", self.today)])
        for visit in ahead.filtered(lambda visit: visit.partner_id and visit.amount_due >= 300000)[:6]:
            visit._take_deposit(round(visit.amount_due * 0.3, -3), bank)
        self.env.flush_all()

    def make_expenses(self):
        """What the salon paid for in the days that it has taken money here, and its plan of the month."""
        cash, bank = self.company._salon_registers()[:2]
        expenses = self.env["salon.expense"]
        for name, journal, days, amount, note in data.EXPENSES:
            expenses |= expenses.create(
                {
                    "kind": "expense",
                    "category_id": self.env.ref(f"salon_spa.category_{name}").id,
                    "journal_id": {"cash": cash, "bank": bank}[journal].id,
                    "date": fields.Date.add(self.today, days=-days),
                    "amount": amount,
                    "note": note,
                }
            )
        expenses |= expenses.create(
            {
                "kind": "transfer",
                "journal_id": cash.id,
                "destination_journal_id": bank.id,
                "date": fields.Date.add(self.today, days=-1),
                "amount": 1000000,
                "note": "Takings to the bank",
            }
        )
        expenses.action_enter()
        self.env["salon.money.plan"].create(
            [
                {
                    "company_id": self.company.id,
                    "month": self.today,
                    "category_id": self.env.ref(f"salon_spa.category_{name}").id,
                    "amount": amount,
                }
                for name, amount in data.PLAN
            ]
        )

    # -- Calls to due clients ---------------------------------------------------

    def make_calls(self):
        """Some due clients were called already: later, refused, wrong number."""
        due = self.env["salon.cadence"].search([("is_due", "=", True)], limit=12)
        moved = self.env.ref("salon_spa.reason_refusal_moved")
        calls = []
        for index, cadence in enumerate(due):
            call = {"cadence_id": cadence.id}
            if index % 4 == 0:
                later = fields.Date.add(self.today, days=3 + index)
                calls.append({**call, "outcome": "later", "later_date": later, "note": "On holiday"})
            elif index % 4 == 1:
                calls.append({**call, "outcome": "refused", "reason_id": moved.id})
        self.env["salon.cadence.call"].create(calls)

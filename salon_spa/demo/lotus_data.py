"""What the demo salon is made of: tables only, read by lotus.py. Prices in thousands of UZS, times in minutes."""

# name, category, service group, (preparation, active, processing, finishing, clean-up), periodicity in days, price,
# extras
SERVICES = [
    ("Women's haircut", "Hair", "Haircut", (0, 50, 0, 0, 5), 45, 180, {"client_sex": "female", "lengths": (0, 40, 80)}),
    ("Men's haircut", "Hair", "Haircut", (0, 35, 0, 0, 5), 30, 120, {"client_sex": "male"}),
    ("Child's haircut", "Hair", "Haircut", (0, 30, 0, 0, 5), 40, 90, {"client_age_max": 12}),
    ("Fringe trim", "Hair", None, (0, 15, 0, 0, 0), 21, 50, {}),
    ("Styling", "Hair", None, (0, 40, 0, 0, 5), 0, 130, {}),
    ("Root colour", "Hair", "Colour", (5, 45, 35, 20, 5), 35, 350, {"contraindications": ("Allergy to hair dye",)}),
    (
        "Full colour",
        "Hair",
        "Colour",
        (5, 60, 40, 25, 5),
        60,
        450,
        {"lengths": (0, 100, 200), "contraindications": ("Allergy to hair dye",)},
    ),
    ("Highlights", "Hair", "Colour", (10, 90, 45, 30, 10), 90, 700, {"contraindications": ("Allergy to hair dye",)}),
    ("Toning", "Hair", None, (5, 20, 20, 15, 5), 42, 250, {}),
    ("Keratin straightening", "Hair", None, (10, 120, 20, 30, 10), 120, 900, {"contraindications": ("Pregnancy",)}),
    ("Hair spa ritual", "Hair", None, (0, 20, 20, 10, 5), 14, 200, {}),
    ("Classic manicure", "Nails", "Manicure", (5, 50, 0, 0, 10), 21, 110, {}),
    ("Gel manicure", "Nails", "Manicure", (5, 80, 0, 0, 10), 21, 180, {}),
    ("Gel removal", "Nails", None, (0, 20, 0, 0, 0), 0, 40, {}),
    ("Classic pedicure", "Nails", "Pedicure", (5, 60, 0, 0, 10), 30, 170, {}),
    ("Gel pedicure", "Nails", "Pedicure", (5, 90, 0, 0, 10), 35, 250, {}),
    ("Nail extension", "Nails", None, (5, 130, 0, 0, 10), 28, 350, {}),
    ("Brow shaping and tint", "Brows and lashes", None, (0, 35, 10, 5, 5), 28, 120, {}),
    ("Lash extension", "Brows and lashes", None, (5, 110, 0, 0, 5), 24, 300, {}),
    ("Lash lamination", "Brows and lashes", None, (5, 30, 25, 10, 5), 42, 220, {}),
    ("Facial cleansing", "Cosmetology", None, (5, 70, 0, 0, 10), 30, 350, {}),
    (
        "Chemical peel",
        "Cosmetology",
        None,
        (5, 30, 10, 10, 10),
        21,
        400,
        {"client_age_min": 18, "contraindications": ("Pregnancy", "Skin inflammation")},
    ),
    ("Hydrating facial", "Cosmetology", None, (5, 30, 20, 10, 10), 28, 300, {}),
    ("Back massage", "Massage", "Massage", (0, 40, 0, 0, 10), 14, 200, {}),
    ("Full body massage", "Massage", "Massage", (5, 80, 0, 0, 10), 21, 350, {}),
]

# How often a service is somebody's habit, by service group; 2 without one.
POPULARITY = {"Haircut": 12, "Colour": 8, "Manicure": 10, "Pedicure": 5, "Massage": 3}

RETAIL = [("Shampoo for coloured hair, 250 ml", 145), ("Hair mask, 200 ml", 190), ("Cuticle oil", 60)]

# name, price, terms, [(sessions, services)]; without services the sessions are of any service
PASSES = [
    (
        "Ten back massages",
        1600,
        {"pass_validity": 6, "pass_is_shareable": True},
        [(10, ["Back massage"])],
    ),
    ("Three visits", 450, {"pass_validity": 30, "pass_validity_unit": "days"}, [(3, [])]),
    ("A trial visit", 120, {"pass_validity": 3}, [(1, [])]),
    (
        "Hands and feet",
        900,
        {"pass_validity": 3, "pass_valid_from": "first_use"},
        [(4, ["Gel manicure"]), (2, ["Gel pedicure"])],
    ),
    ("A million for beauty", 850, {"pass_kind": "sum", "pass_sum": 1000000}, []),
]

# key, pass, days ago, part of the price that is paid
PASSES_SOLD = [
    ("plain", "Three visits", 12, 1),
    ("sum", "A million for beauty", 18, 1),
    ("two_left", "Three visits", 14, 1),
    ("used", "A trial visit", 20, 1),
    ("expiring", "Three visits", 26, 1),
    ("expired", "Three visits", 45, 1),
    ("frozen", "Ten back massages", 15, 1),
    ("shared", "Ten back massages", 10, 1),
    ("instalments", "Hands and feet", 8, 0.5),
    ("refunded", "Hands and feet", 19, 1),
]

# name, published name, grade, what the master does (category, or names), roster (days on, days off, first hour, last)
MASTERS = [
    ("Anna Kim", "Anna", "Top", ("Hair",), (2, 2, 10, 20)),
    ("Dilnoza Karimova", "Dilnoza", "Senior", ("Hair",), (2, 2, 10, 20)),
    ("Rustam Aliev", "Rustam", "Senior", ("Men's haircut", "Child's haircut", "Styling"), (5, 2, 11, 20)),
    ("Malika Yusupova", "Malika", "Senior", ("Nails",), (2, 2, 9, 20)),
    (
        "Kamila Saidova",
        "Kamila",
        "Junior",
        ("Classic manicure", "Gel manicure", "Gel removal", "Classic pedicure"),
        (2, 2, 9, 20),
    ),
    ("Elena Petrova", "Elena", "Senior", ("Brows and lashes",), (5, 2, 10, 19)),
    ("Nigora Umarova", "Nigora", "Top", ("Cosmetology", "Back massage"), (5, 2, 10, 19)),
    ("Timur Akhmedov", "Timur", "Senior", ("Massage",), (3, 3, 10, 20)),
]

# Percent of the base price by grade; a senior works at the base price.
GRADES = [("Junior", -15), ("Senior", 0), ("Top", 25)]

WOMEN = [
    "Aziza",
    "Madina",
    "Sevara",
    "Nargiza",
    "Zulfiya",
    "Lola",
    "Feruza",
    "Gulnora",
    "Shahlo",
    "Umida",
    "Kamola",
    "Nodira",
    "Iroda",
    "Dilfuza",
    "Ra'no",
    "Barno",
    "Olga",
    "Irina",
    "Natalia",
    "Svetlana",
    "Marina",
    "Tatiana",
    "Yulia",
    "Ksenia",
    "Daria",
    "Victoria",
    "Polina",
    "Alina",
    "Veronika",
    "Liliya",
    "Sarah",
    "Emma",
    "Julia",
    "Sofia",
    "Laura",
    "Maria",
]
MEN = [
    "Aziz",
    "Jasur",
    "Bobur",
    "Sherzod",
    "Ulugbek",
    "Otabek",
    "Sardor",
    "Farrukh",
    "Bekzod",
    "Davron",
    "Alexey",
    "Dmitry",
    "Sergey",
    "Ivan",
    "Maxim",
    "Artem",
    "Daniel",
    "Thomas",
]
SURNAMES_UZ = [
    "Karimov",
    "Rahimov",
    "Yusupov",
    "Saidov",
    "Tursunov",
    "Nazarov",
    "Ismoilov",
    "Abdullaev",
    "Ergashev",
    "Mirzaev",
    "Sobirov",
    "Xolmatov",
    "Qodirov",
    "Usmonov",
    "Hakimov",
    "Jo'raev",
]
SURNAMES_RU = [
    "Ivanov",
    "Smirnov",
    "Kuznetsov",
    "Popov",
    "Sokolov",
    "Lebedev",
    "Kozlov",
    "Novikov",
    "Morozov",
    "Volkov",
    "Pavlov",
    "Kim",
    "Tsoy",
]
SURNAMES_EN = [
    "Miller",
    "Brown",
    "Wilson",
    "Schmidt",
    "Rossi",
    "Martin",
]

PREFERENCES = [
    "Silence, please",
    "Green tea",
    "Coffee with milk",
    "No fragrance",
    "By the window",
    "Sensitive scalp",
    "Likes to chat",
    "Comes with a child",
]
WISHES = [
    "Always asks for the same length: two fingers below the chin.",
    "Prefers evenings after work.",
    "Cold hands: please warm the towel.",
    "Likes photos of the result for her blog.",
]
SOURCES = ["Instagram", "Recommendation", "Google Maps", "2GIS", "Walked past", "Telegram channel"]
FORMULAS = [
    "7/1 30 g + 7/0 15 g + 6% 60 g, 35 min",
    "6/35 40 g + 3% 60 g, 30 min",
    "9/16 20 g + 10/1 20 g + 1.9% 80 g, 20 min",
    "5/0 45 g + 6% 60 g, roots 35 min",
]
NOTES = [
    "Hair drier than last time: offered a mask.",
    "Happy with the shade.",
    "Next time a little shorter.",
    "Allergic to latex gloves.",
]

# Expenses: category, register, days ago, sum, for what.
EXPENSES = [
    ("rent", "bank", 9, 4000000, "Rent"),
    ("materials", "bank", 7, 2600000, "Dyes, oxidants, gel polish"),
    ("retail", "bank", 7, 1400000, "Shampoos and creams for sale"),
    ("pay", "bank", 4, 6500000, "Pay, first half of the month"),
    ("utilities", "bank", 8, 650000, "Electricity and water"),
    ("internet", "bank", 8, 200000, "Internet and telephone"),
    ("advertising", "bank", 6, 900000, "Instagram"),
    ("household", "cash", 5, 180000, "Tea, coffee, water for clients"),
    ("household", "cash", 2, 120000, "Detergents"),
    ("repairs", "cash", 3, 250000, "Dryer repaired"),
]
# The month's plan: category, sum.
PLAN = [
    ("sales", 50000000),
    ("materials", 3000000),
    ("retail", 1500000),
    ("pay", 14000000),
    ("rent", 4000000),
    ("utilities", 700000),
    ("advertising", 1000000),
    ("household", 500000),
    ("repairs", 300000),
]

{
    "name": "Salon & SPA: Stock and Till",
    "version": "19.0.1.0.0",
    "category": "Services/Salon",
    "summary": "Consumables to the millilitre, retail, stock in a salon's words, the till on Odoo's Point of Sale",
    "author": "Salon & SPA for Odoo",
    "license": "LGPL-3",
    "depends": ["salon_spa", "pos_loyalty", "product_expiry", "purchase_stock", "stock_account"],
    "data": [
        "security/salon_security.xml",
        "security/ir.model.access.csv",
        "views/menus.xml",
    ],
}

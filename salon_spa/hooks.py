def post_init_hook(env):
    """Give what is already in the database its salon part: nothing is due yet, but every stored figure has a value."""
    env["salon.cadence"]._rebuild()


def uninstall_hook(env):
    """Leave with the books what they stand on."""
    leave_what_is_used(env, "salon_spa")


def leave_what_is_used(env, module):
    """Take away what of ``module``'s data the database is to lose though others point at it, and keep, archived and
    without its external identifier, what posted entries, receipts and stock moves name: products.
    """
    data = env["ir.model.data"].search(
        [("module", "=", module), ("model", "in", ("mail.activity.type", "product.template", "product.product"))]
    )
    kinds = data.filtered(lambda row: row.model == "mail.activity.type")
    env["mail.activity"].with_context(active_test=False).search(
        [("activity_type_id", "in", kinds.mapped("res_id"))]
    ).unlink()
    for row in data - kinds:
        record = env[row.model].with_context(active_test=False).browse(row.res_id).exists()
        if _is_used(env, record if row.model == "product.product" else record.product_variant_ids):
            record.action_archive()
            row.unlink()


def _is_used(env, products):
    return any(
        model in env and env[model].search_count([("product_id", "in", products.ids)], limit=1)
        for model in ("account.move.line", "pos.order.line", "stock.move")
    )

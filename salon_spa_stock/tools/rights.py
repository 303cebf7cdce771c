from odoo.exceptions import AccessError

DESK, MANAGER = "salon_spa.group_salon_administrator", "salon_spa.group_salon_manager"


def check_desk(records):
    """Refuse everybody but the front desk and managers.

    :raise AccessError: the user has none of these roles
    """
    if not (records.env.su or records.env.user.has_group(DESK)):
        raise AccessError(records.env._("Only the front desk and managers may change the stock."))


def check_manager(records):
    """Refuse everybody but managers.

    :raise AccessError: the user is no manager
    """
    if not (records.env.su or records.env.user.has_group(MANAGER)):
        raise AccessError(records.env._("Only a manager may do this. Ask your manager."))


def check_company(records):
    """Refuse who doesn't work in the records' company: what they do is done by sudo.

    :raise AccessError: it is another one's
    """
    foreign = records.sudo().company_id - records.env.user.company_ids
    if foreign and not records.env.su:
        raise AccessError(records.env._("You don't work in %(company)s.", company=foreign[0].name))

from . import fiscal

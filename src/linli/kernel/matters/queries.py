"""The questions screens ask of matters, in one place."""

from linli.kernel.matters.board import GROUPS, public_matters
from linli.kernel.matters.finding import search
from linli.kernel.matters.visibility import in_charge, may_see, visible_to

__all__ = ["GROUPS", "in_charge", "may_see", "public_matters", "search", "visible_to"]

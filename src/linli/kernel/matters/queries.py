"""The questions screens ask of matters, in one place."""

from linli.kernel.matters.board import GROUPS, public_matters
from linli.kernel.matters.finding import search
from linli.kernel.matters.inbox import InboxFilters, InboxPage, inbox
from linli.kernel.matters.map import Cluster, OnMap, on_map
from linli.kernel.matters.visibility import in_charge, may_see, visible_to

__all__ = [
    "GROUPS",
    "Cluster",
    "InboxFilters",
    "InboxPage",
    "OnMap",
    "in_charge",
    "inbox",
    "may_see",
    "on_map",
    "public_matters",
    "search",
    "visible_to",
]

"""How allauth meets our people."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts without an e-mail address of their own."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors."""

"""The API and its routes."""

from ninja import NinjaAPI

api = NinjaAPI(title="Linli", version="1")

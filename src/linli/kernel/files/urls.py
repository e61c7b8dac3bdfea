"""Addresses of stored files."""

from __future__ import annotations

from django.urls import path

from linli.kernel.files import views

app_name = "files"

urlpatterns = [path("<str:signed>", views.file, name="file")]

"""Linli's addresses and, beside them, a bare view to compare with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from bench.bare.models import BareRow
from linli.settings.urls import urlpatterns as linli

if TYPE_CHECKING:
    from django.http import HttpResponse


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """Write as many rows as a report does, one by one in one transaction, and nothing else."""
    asked = json.loads(request.body)
    with transaction.atomic():
        for _ in range(asked["rows"]):
            row = BareRow.objects.create(text=asked["text"])
    return JsonResponse({"id": row.pk}, status=201)


urlpatterns = [path("bare", bare), *linli]

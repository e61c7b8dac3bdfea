"""Linli's addresses and, beside them, a bare view to compare with."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from linli.kernel.deadlines.models import Clock
from linli.kernel.events.models import Event, PersonalValue
from linli.kernel.identifiers import new_uuid
from linli.kernel.indicators.models import PendingEvent
from linli.kernel.matters.entries import SearchEntry
from linli.kernel.matters.models import Matter, Participant
from linli.kernel.notify.models import Notice
from linli.kernel.procedures.models import Performed
from linli.mechanisms.casework.models import ServiceRequest
from linli.settings.urls import urlpatterns as linli

if TYPE_CHECKING:
    from django.http import HttpResponse


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """Write the rows a report writes, one by one in one transaction: no token, rule or check."""
    asked = json.loads(request.body)
    now, uuid = timezone.now(), new_uuid()
    with transaction.atomic():
        matter = Matter.objects.create(
            uuid=uuid, community_id=asked["community"], pack_id=asked["pack"], procedure="casework",
            number=uuid.hex[8:32], title="路灯坏了", text=asked["text"], stage="received",
            reporter_id=asked["person"], desk_id=asked["desk"], due_at=now, version=1,
        )  # fmt: skip
        ServiceRequest.objects.create(matter=matter)
        for name in ("triage", "reply"):
            Clock.objects.create(
                community_id=asked["community"], matter=matter, name=name, started_at=now,
                due_at=now + timedelta(days=1),
            )  # fmt: skip
        Participant.objects.create(matter=matter, person_id=asked["person"], role="reporter")
        event = Event.objects.create(
            community_id=asked["community"], matter=matter, seq=1, kind="casework.reported",
            action="report", actor_id=asked["person"], relation="public", to_stage="received",
            facts={"category": "pothole"}, commitments={"text": uuid.hex}, audience="parties",
            leaf_hash=bytes(32),
        )  # fmt: skip
        PersonalValue.objects.create(
            event=event, field="text", subject_id=asked["person"], ciphertext=bytes(120),
            salt=bytes(16),
        )  # fmt: skip
        for _ in range(asked["rows"] - 10):
            Notice.objects.create(
                community_id=asked["community"], channel="site", person_id=asked["person"],
                matter=matter, event=event, template="casework.reported",
            )  # fmt: skip
        PendingEvent.objects.create(event=event)
        SearchEntry.objects.create(
            matter=matter, community_id=asked["community"], is_open=True, is_public=False,
            words="_c1 _n0 _m0 _o _d3 _gpothole 路灯 灯坏 坏了 晚上 上很 很黑", public_words="",
            desk_id=asked["desk"], cell=matter.pk << 20, longitude=114.3, latitude=30.5,
        )  # fmt: skip
        Performed.objects.create(scope="bare", key=uuid.hex, fingerprint=uuid.hex, event=event)
    return JsonResponse({"number": matter.number}, status=201)


urlpatterns = [path("bare", bare), *linli]

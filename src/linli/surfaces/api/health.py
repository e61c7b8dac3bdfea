"""Whether it lives, whether it is ready, and figures for the people who run it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpResponse, JsonResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from linli.kernel.matters.models import Matter
from linli.kernel.notify.models import Notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

LOOPBACK = ("127.0.0.1", "::1")
REQUESTS = Counter("linli_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("linli_request_seconds", "Time to answer", ["method", "route"])


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process lives; asks nothing of the database."""
    return JsonResponse({"ok": True})


def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and every migration is applied; 503 where not."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"ok": False, "database": False}, status=503)
    ready = not waiting
    body = {"ok": ready, "database": True, "migrations_waiting": len(waiting)}
    return JsonResponse(body, status=200 if ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Return figures in Prometheus' text form, to the loopback or to the bearer of the token."""
    if not _may_measure(request):
        raise Http404
    registry = CollectorRegistry()
    _matters(registry)
    _notices(registry)
    body = _of_requests() + generate_latest(registry)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


class MeasuringMiddleware:
    """Counts and times requests by the pattern of their route, never by their address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        answer = self.get_response(request)
        match = request.resolver_match
        route = (match.route if match else "") or "none"
        method = request.method or "?"
        method = method if method in ("GET", "POST", "HEAD", "OPTIONS") else "other"
        REQUESTS.labels(method, route, answer.status_code).inc()
        SECONDS.labels(method, route).observe(time.perf_counter() - began)
        return answer


def _may_measure(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if token:
        return bool(request.headers.get("Authorization") == f"Bearer {token}")
    forwarded = "X-Forwarded-For" in request.headers
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not forwarded


def _of_requests() -> bytes:
    """Return the counts of all worker processes where they share a folder, else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _matters(registry: CollectorRegistry) -> None:
    from django.db.models import Count

    gauge = Gauge("linli_matters_open", "Open matters", ["community", "stage"], registry=registry)
    rows = Matter.objects.filter(closed_at__isnull=True).values_list("community__code", "stage")
    for community, stage, count in rows.annotate(count=Count("pk")).order_by():
        gauge.labels(community, stage).set(count)


def _notices(registry: CollectorRegistry) -> None:
    from django.db.models import Count

    gauge = Gauge("linli_notices", "Notices not delivered", ["state"], registry=registry)
    rows = Notice.objects.exclude(state=Notice.State.DELIVERED).values_list("state")
    for state, count in rows.annotate(count=Count("pk")).order_by():
        gauge.labels(state).set(count)

"""Figures for the people who run an installation, in Prometheus' text form.

Counts of requests are per process. Where several serve, set ``PROMETHEUS_MULTIPROC_DIR`` to a
folder that is emptied before they start; then any of them answers for all.
"""

from __future__ import annotations

import hmac
import os
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
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
PROXIED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP")
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
REQUESTS = Counter("linli_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("linli_request_seconds", "Time to answer", ["method", "route"])


class MeasuringMiddleware:
    """Counts and times requests by the pattern of their route, never by their address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        answer = self.get_response(request)
        match = request.resolver_match
        route = (match.route if match else None) or "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, route, answer.status_code).inc()
        SECONDS.labels(method, route).observe(time.perf_counter() - began)
        return answer


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the figures to the machine itself or to the bearer of ``LINLI_METRICS_TOKEN``."""
    if not (_is_this_machine(request) or _bears_token(request)):
        raise Http404
    registry = CollectorRegistry()
    _matters(registry)
    _waiting(registry)
    body = _of_requests() + generate_latest(registry)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def _is_this_machine(request: HttpRequest) -> bool:
    """A proxy on this machine speaks for others, and says so in a header."""
    proxied = any(header in request.headers for header in PROXIED)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not proxied


def _bears_token(request: HttpRequest) -> bool:
    given, wanted = request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), wanted.encode())


def _of_requests() -> bytes:
    """Return the counts of all processes where they share a folder, else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _matters(registry: CollectorRegistry) -> None:
    is_open = Gauge("linli_matters_open", "Open matters", ["community", "stage"], registry=registry)
    rows = Matter.objects.filter(closed_at__isnull=True)
    for community, stage, count in (
        rows.values_list("community__code", "stage").annotate(count=Count("pk")).order_by()
    ):
        is_open.labels(community, stage).set(count)
    overdue = Gauge(
        "linli_matters_overdue", "Open matters past their clock", ["community"], registry=registry
    )
    late = rows.filter(due_at__lt=timezone.now()).values_list("community__code")
    for community, count in late.annotate(count=Count("pk")).order_by():
        overdue.labels(community).set(count)


def _waiting(registry: CollectorRegistry) -> None:
    for state, told in (
        (Notice.State.WAITING, "Notices to be delivered"),
        (Notice.State.DEAD, "Notices given up"),
    ):
        gauge = Gauge(f"linli_notices_{state.value}", told, registry=registry)
        gauge.set(Notice.objects.filter(state=state).count())
    tasks = Gauge("linli_tasks_waiting", "Background tasks that are due", registry=registry)
    tasks.set(DBTaskResult.objects.ready().count())

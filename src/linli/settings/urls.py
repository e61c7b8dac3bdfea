"""Where each surface hangs."""

from django.urls import include, path

from linli.surfaces.api.health import healthz, readyz
from linli.surfaces.api.metrics import metrics
from linli.surfaces.api.urls import api

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("api/", api.urls),
    path("open311/v2/", include("linli.surfaces.open311.urls")),
    path("accounts/", include("linli.kernel.people.account_urls")),
    path("", include("linli.surfaces.web.urls")),
]

handler400 = "linli.surfaces.web.errors.bad_request"
handler403 = "linli.surfaces.web.errors.forbidden"
handler404 = "linli.surfaces.web.errors.not_found"
handler429 = "linli.surfaces.web.errors.too_many"  # allauth asks for it
handler500 = "linli.surfaces.web.errors.server_error"

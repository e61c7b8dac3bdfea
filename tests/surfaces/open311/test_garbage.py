"""Whatever programs send, it is answered, and never as a failure of ours (hypothesis)."""

from __future__ import annotations

import pytest
from defusedxml.ElementTree import fromstring
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.surfaces.open311.conftest import BASE, PLACE

pytestmark = pytest.mark.usefixtures("unlimited")
PARAMETERS = (
    "jurisdiction_id", "service_code", "lat", "long", "address_string", "address_id", "email",
    "device_id", "account_id", "first_name", "last_name", "phone", "description", "media_url",
    "attribute[x]", "attribute[x][]", "service_request_id", "start_date", "end_date", "status",
    "page", "page_size", "updated_after", "updated_before", "api_key",
)  # fmt: skip
# What is nearly right goes deeper than what is not right at all.
NEARLY = ("", "dh", "pothole", "open", "30.505", "1e308", "-0", "nan", "2026-01-01T00:00:00Z", "1",
          "2026-11-24", "0000-00-00", "9999-12-31T23:59:59-23:59", "DH-2026-000001", "DH0001",
          "a@b.cn", "13955550137", "https://x.cn/", "\x00", "\ud800", "٣", "' OR 1=1 --")  # fmt: skip
values = st.sampled_from(NEARLY) | st.text(max_size=60)
forms = st.dictionaries(st.sampled_from(PARAMETERS), values, max_size=8)
few = settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def sound(answer) -> None:
    """Assert that an answer can be read and is no failure of ours."""
    assert answer.status_code < 500, answer.content
    if answer["Content-Type"].startswith("text/xml"):
        fromstring(answer.content)
    else:
        answer.json()


def plain(form: dict[str, str]) -> dict[str, str]:
    """Return a form as a client can send it: halves of letters have no bytes."""
    return {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}


@few
@given(form=forms, path=st.sampled_from(["requests", "services", "discovery"]),
       format=st.sampled_from(["json", "xml"]))  # fmt: skip
def test_any_question(anyone, here, form, path, format) -> None:
    sound(anyone.client.get(f"{BASE}{path}.{format}", plain(form)))


@few
@given(form=forms, right=st.booleans(), format=st.sampled_from(["json", "xml"]))
def test_any_submission(program, form, right, format) -> None:
    form = plain({k: v for k, v in form.items() if k != "api_key"})
    known = {"service_code": "pothole", **PLACE} if right else {}
    with transaction.atomic():
        sound(program.post(f"requests.{format}", **(form | known)))
        transaction.set_rollback(True)


@few
@given(body=st.binary(max_size=300), kind=st.sampled_from([
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json",
    "text/xml", "multipart/form-data", "", "x/y; charset=nonsense",
    "application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data; boundary=x; charset=utf-16",
]))  # fmt: skip
def test_any_body(anyone, here, body, kind) -> None:
    address = f"{BASE}requests.xml?page=%C3%A9"
    sound(anyone.client.generic("POST", address, body, content_type=kind))


@few
@given(path=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_path(anyone, here, path) -> None:
    from urllib.parse import quote

    sound(anyone.client.get(BASE + quote(path, safe="/.")))

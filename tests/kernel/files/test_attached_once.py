"""Two people name the same upload at once: one has it, the other is told; nothing fails."""

from __future__ import annotations

import pytest
from django.utils import timezone

from linli.kernel.events.models import Event
from linli.kernel.files.models import Upload
from linli.kernel.files.purging import purge_unattached
from linli.kernel.files.storing import store_upload
from linli.kernel.matters.models import Attachment
from linli.kernel.procedures.errors import InvalidFacts
from tests.neighbourhood import make_neighbourhood
from tests.pictures import picture
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_one_upload_is_attached_once() -> None:
    here = make_neighbourhood()
    given = [str(store_upload(here.community, picture()).uuid)]

    results = together(4, lambda n: here.report(text=f"第{n}件", pictures=given))

    assert sum(isinstance(one, Event) for one in results) == 1
    assert sum(isinstance(one, InvalidFacts) for one in results) == 3
    assert all("pictures" in one.errors for one in results if isinstance(one, InvalidFacts))
    assert Attachment.objects.count() == Event.objects.count() == 1


def test_one_is_attached_while_it_is_purged() -> None:
    here = make_neighbourhood()
    for _ in range(4):
        given = [str(store_upload(here.community, picture()).uuid)]

        purged, event = together(
            2,
            lambda n, given=given: (
                here.report(pictures=given) if n else purge_unattached(timezone.now())
            ),
        )

        attached = isinstance(event, Event)
        assert attached or isinstance(event, InvalidFacts)
        assert purged == (0 if attached else 1)
        assert Upload.objects.filter(uuid__in=given).exists() == attached

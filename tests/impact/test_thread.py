"""The golden thread: its page, from any point to both ends."""

import pytest

pytestmark = pytest.mark.django_db


def test_it_works(cast, client_of):
    assert client_of(cast.practitioner).get("/own/thread/").status_code == 200

"""Who reads, and who writes."""

import pytest


@pytest.fixture
def facilitator(cast, client_of):
    """The browser of somebody who may write."""
    return client_of(cast.facilitator)


@pytest.fixture
def practitioner(cast, client_of):
    """The browser of somebody who may read."""
    return client_of(cast.practitioner)

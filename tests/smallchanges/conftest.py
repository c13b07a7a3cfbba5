"""A strand and a small change to work on, and who works on them."""

import pytest

from tests import factories


@pytest.fixture
def strand(cast):
    return factories.MissionStrandFactory(programme=cast.programme, title="Time", position=0)


@pytest.fixture
def change(cast, strand):
    return factories.SmallChangeFactory(
        programme=cast.programme, strand=strand, title="Quiet hour", position=0
    )


@pytest.fixture
def other_change(cast):
    """The other authority's."""
    return factories.SmallChangeFactory(programme=cast.other_programme)


@pytest.fixture
def facilitator(cast, client_of):
    """The browser of somebody who may write strands too."""
    return client_of(cast.facilitator)


@pytest.fixture
def practitioner(cast, client_of):
    """The browser of somebody who may offer, write and move small changes."""
    return client_of(cast.practitioner)


@pytest.fixture
def outsider(cast, client_of):
    """The browser of a facilitator of the other authority."""
    return client_of(cast.outsider)

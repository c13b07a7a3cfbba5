"""A blueprint to write on, and who writes on it."""

import pytest

from tests import factories


@pytest.fixture
def blueprint(cast):
    return factories.BlueprintFactory(programme=cast.programme)


@pytest.fixture
def other_blueprint(cast):
    """The other authority's."""
    return factories.BlueprintFactory(programme=cast.other_programme)


@pytest.fixture
def pillar(blueprint):
    return factories.PillarFactory(blueprint=blueprint, title="Partners")


@pytest.fixture
def manager(cast, client_of):
    """The browser of somebody who may write the blueprint."""
    return client_of(cast.manager)


@pytest.fixture
def practitioner(cast, client_of):
    """The browser of somebody who may read it."""
    return client_of(cast.practitioner)

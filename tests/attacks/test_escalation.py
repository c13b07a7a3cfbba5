"""Nobody gets more than they were given, by whatever they send and whenever they send it."""

import pytest

from programmes.actions import people
from programmes.models import Membership, Role
from tests.at_once import while_waiting
from tests.factories import MembershipFactory


@pytest.mark.django_db(transaction=True)
def test_saving_ones_own_teams_does_not_bring_roles_back(cast, client_of):
    """Somebody takes the facilitator's role away while their form is on its way."""
    own = Membership.objects.get(user=cast.facilitator)
    second = MembershipFactory(authority=cast.authority, roles=[Role.FACILITATOR]).user
    client = client_of(cast.facilitator)
    while_waiting(
        lambda: people.change(membership=own, roles=[Role.PRACTITIONER], teams=[], by=second),
        lambda: client.post(f"/own/people/{own.pk}/edit/", {"roles": [Role.FACILITATOR]}),
    )
    own.refresh_from_db()
    assert own.roles == [Role.PRACTITIONER]

"""What came out of a room says, on each page that shows it, where it was first said."""

import re
from datetime import UTC, datetime

import pytest

from programmes.actions import ambition
from tests import factories
from workshops import afterwards

SAID = "Said in “Mission”, 3 March 2026"


@pytest.fixture
def talk(cast):
    """A part of a workshop that was held on the third of March."""
    return factories.ActivityFactory(
        workshop__programme=cast.programme,
        workshop__title="Mission",
        opened_at=datetime(2026, 3, 3, 10, tzinfo=UTC),
    )


@pytest.fixture
def came(cast, talk):
    """One of each kind that came out of it, by the kind's name."""
    programme = cast.programme
    made = {
        "value": factories.ValueFactory(programme=programme),
        "opposite": factories.OppositeFactory(programme=programme),
        "principle": factories.PrincipleFactory(programme=programme),
        "barrier": factories.BarrierFactory(programme=programme, source="workshop note"),
        "strand": factories.MissionStrandFactory(programme=programme),
        "insight": factories.InsightFactory(programme=programme),
        "pillar": factories.PillarFactory(blueprint__programme=programme),
    }
    made["change"] = factories.SmallChangeFactory(programme=programme, strand=made["strand"])
    made["stakeholder"] = factories.StakeholderFactory(change=made["change"])
    made["experiment"] = factories.ExperimentFactory(pillar=made["pillar"])
    for name, row in made.items():
        factories.HarvestFactory(activity=talk, **{"value": None, name: row})
    return made


def _shown(client, address: str) -> str:
    """The words of a page, without its marks."""
    words = re.sub(r"<[^>]+>", "", client.get(address).content.decode())
    return " ".join(words.split())


def test_each_page_says_where_it_was_said(cast, client_of, came, talk):
    client = client_of(cast.practitioner)
    pages = {
        "/own/ambition/": 4,
        "/own/changes/strands/": 1,
        came["strand"].get_absolute_url(): 1,
        came["change"].get_absolute_url(): 2,
        "/own/blueprint/insights/": 1,
        "/own/blueprint/": 1,
        came["experiment"].get_absolute_url(): 1,
        "/own/": 4,
    }
    assert {page: _shown(client, page).count(SAID) for page in pages} == pages
    link = f'href="/own/workshops/{talk.workshop.pk}/summary/#part-{talk.pk}"'
    assert link in client.get(came["strand"].get_absolute_url()).content.decode()
    assert "From a workshop note" not in _shown(client, "/own/ambition/")


def test_each_of_what_came_out_leads_to_its_page(cast, client_of, came, talk):
    page = client_of(cast.practitioner).get(f"/own/workshops/{talk.workshop.pk}/summary/")
    change, strand = came["change"].get_absolute_url(), came["strand"].get_absolute_url()
    assert re.findall(r'class="said__t"><a href="([^"]*)"', page.content.decode()) == [
        *(f"/own/ambition/#{kind}" for kind in ("values", "opposites", "principles", "barriers")),
        strand,
        f"/own/blueprint/insights/#row-{came['insight'].pk}",
        "/own/blueprint/",
        change,
        f"{change}#change-stakeholders",
        came["experiment"].get_absolute_url(),
    ]


def test_what_was_said_again_names_each_workshop_once_and_what_was_merged_keeps_its_own(
    cast, client_of, came, talk
):
    barrier, more = came["barrier"], factories.BarrierFactory(programme=cast.programme)
    pod = factories.ActivityFactory(workshop__programme=cast.programme, workshop__title="Pod")
    for activity in (talk, pod):
        factories.HarvestFactory(activity=activity, value=None, barrier=barrier)
    factories.HarvestFactory(activity=pod, value=None, barrier=more)
    ambition.merge(into=barrier, others=[more], by=cast.facilitator)
    page = _shown(client_of(cast.practitioner), "/own/ambition/")
    assert page.count(f"{SAID}, and in “Pod”") == 1
    assert page.count("Said in “Pod”") == 1


def test_the_journey_tells_of_the_newest_that_still_stand(cast, client_of, talk):
    rows = [factories.ValueFactory(programme=cast.programme) for _ in range(6)]
    for row in [*rows, rows[4]]:
        factories.HarvestFactory(activity=talk, value=row)
    ambition.remove(statement=rows[5], by=cast.facilitator)
    who = factories.StakeholderFactory(change__programme=cast.programme)
    factories.HarvestFactory(activity=talk, value=None, stakeholder=who)
    newest = client_of(cast.practitioner).get("/own/").context["newest"]
    assert [one.target for one in newest] == [rows[4], rows[3], rows[2], rows[1]]


def test_rows_of_all_kinds_are_asked_about_at_once_and_only_once(came, django_assert_num_queries):
    with django_assert_num_queries(1):
        afterwards.give_sources(came.values())
        afterwards.give_sources(came.values())
    assert [len(row.sources) for row in came.values()] == [1] * 10

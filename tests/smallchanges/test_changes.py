"""All small changes: three views of one list, its filters, its order and its pages."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import factories
from tests.answers import HTMX

PAGE = "/own/changes/"
VIEWS = ["lines", "board", "table"]


def _change(cast, title="", **values):
    title = {"title": title} if title else {}
    return factories.SmallChangeFactory(programme=cast.programme, **title, **values)


def _titles(response) -> list[str]:
    """The changes that a page shows, in its order."""
    page = response.content.decode()
    return re.findall(
        r'href="/own/changes/[0-9a-f-]{36}/">(?:<span[^>]*></span><span>)?([^<]+)', page
    )


def test_a_line_says_how_many_ideas_wait(cast, practitioner, strand):
    for title in ("One", "Two"):
        _change(cast, title, strand=strand, status="proposed")
    asked = f"/own/changes/?as=table&strand={strand.pk}&status=proposed"
    for page in (PAGE, "/own/"):
        shown = unescape(practitioner.get(page).content.decode())
        assert (f'href="{asked}">Two ideas<' in shown, "No small change here yet." in shown) == (
            True,
            False,
        )
    assert sorted(_titles(practitioner.get(asked))) == ["One", "Two"]


@pytest.mark.parametrize("seen_as", VIEWS)
def test_everybody_of_the_authority_sees_it(cast, client_of, change, other_change, seen_as):
    type(change).objects.update(status="chosen")
    for person in (cast.practitioner, cast.manager, cast.facilitator, cast.crescendo):
        response = client_of(person).get(PAGE, {"as": seen_as})
        assert (response.status_code, _titles(response)) == (200, ["Quiet hour"])
    assert client_of(cast.outsider).get(PAGE, {"as": seen_as}).status_code == 404
    assert client_of(cast.practitioner).post(PAGE).status_code == 405


def test_before_there_is_a_programme_it_says_what_comes(cast, client_of):
    cast.programme.delete()
    page = client_of(cast.practitioner).get(PAGE).content.decode()
    assert "They begin once the programme is set up." in page
    assert ("Add a change" in page, "Set up the programme" in page) == (False, False)
    assert "Set up the programme" in client_of(cast.facilitator).get(PAGE).content.decode()


@pytest.mark.parametrize("seen_as", VIEWS)
def test_before_there_is_a_change_it_says_where_they_come_from(practitioner, seen_as):
    page = practitioner.get(PAGE, {"as": seen_as}).content.decode()
    assert "Every small change will be here, from idea to how we work." in page
    # Nothing to look for, and nothing to look at in another way.
    assert ('class="filters"' in page, 'class="segment"' in page) == (False, False)
    page = practitioner.get(PAGE, {"as": seen_as, "q": "x"}).content.decode()
    assert ('class="filters"' in page, 'class="segment"' in page) == (True, True)


def test_a_strand_without_a_change_asks_for_one(practitioner, strand):
    page = practitioner.get(PAGE).content.decode()
    assert f'href="/own/changes/add/?strand={strand.pk}">Got an idea?' in page


def test_lines_show_what_lives_and_lead_to_the_rest(cast, practitioner, strand):
    for status in ("proposed", "proposed", "chosen", "stopped"):
        _change(cast, strand=strand, status=status)
    response = practitioner.get(PAGE)
    counts = response.context["counts"]
    assert (counts.all, counts.living, counts.growing, counts.ideas, counts.stopped) == (
        *(4, 1, 0, 2, 1),
    )
    assert len(_titles(response)) == 1
    assert "2 ideas not chosen yet</a>, " in response.content.decode()
    assert len(_titles(practitioner.get(PAGE, {"status": "proposed"}))) == 2


def test_a_long_line_names_six_of_a_stage_and_leads_to_all(cast, practitioner, strand):
    for stage, count in {"develop": 7, "grow": 6}.items():
        for _ in range(count):
            _change(cast, strand=strand, stage=stage, status="chosen")
    response = practitioner.get(PAGE)
    more = re.findall(r'class="score__more" href="(.*?)">(.*?)<', response.content.decode())
    assert more == [
        (f"{PAGE}?as=table&amp;strand={strand.pk}&amp;stage=develop", "See all 7 in Develop")
    ]
    assert len(_titles(response)) == 12
    everything = practitioner.get(more[0][0].replace("&amp;", "&"))
    assert len(_titles(everything)) == 7


def test_a_full_column_shows_its_first_cards_and_leads_to_all(cast, practitioner):
    for number in range(27):
        _change(cast, f"Change {number:02}", stage="develop")
    response = practitioner.get(PAGE, {"as": "board", "q": "Change"})
    assert _titles(response) == [f"Change {number:02}" for number in range(10)]
    page = response.content.decode()
    assert re.findall(r'href="([^"]*)">See all (.*?)<', page) == [
        ("?as=table&amp;q=Change&amp;stage=develop", "27 in Develop")
    ]
    assert page.count("No small change in this stage.") == 3


def test_a_card_tells_what_it_is_and_can_be_moved(cast, practitioner, change):
    team = factories.TeamFactory(authority=cast.authority, name="North")
    change.teams.add(team, through_defaults={"authority": cast.authority})
    type(change).objects.update(gift="beyond us", illustrative="stage")
    page = practitioner.get(PAGE, {"as": "board"}).content.decode()
    card = re.search(rf'<li id="change-{change.pk}".*?</li>', page, re.S).group()
    assert 'class="bcard strand strand-1"' in card
    words = " ".join(re.sub(r"<[^>]*>", " ", card).split())
    assert words == (
        "North Quiet hour Tick “Quiet hour” Time Proposed Beyond us Illustrative: stage Today"
        " Move “Quiet hour” to another stage"
    )
    assert f'href="{PAGE}{change.pk}/move/?back=as%3Dboard"' in card


@pytest.mark.parametrize("seen_as", VIEWS)
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"q": "QUIET"}, ["Quiet hour"]),
        ({"stage": "grow"}, ["Shoes"]),
        ({"status": "paused"}, ["Shoes"]),
        ({"gift": "ours"}, ["Quiet hour"]),
        ({"strand": "none"}, ["Shoes"]),
        ({"stage": "grow", "q": "quiet"}, []),
        ({"stage": "top", "strand": "x", "team": "y"}, ["Quiet hour", "Shoes"]),
    ],
)
def test_filters_are_in_the_address_of_every_view(
    cast, practitioner, change, seen_as, query, shown
):
    type(change).objects.update(status="chosen")
    _change(cast, "Shoes", stage="grow", status="paused", gift="needs sponsorship")
    response = practitioner.get(PAGE, query | {"as": seen_as})
    assert (response.status_code, _titles(response)) == (200, shown)
    page = response.content.decode()
    assert ("No changes match." in page) == (shown == [])
    # The other views keep what is on.
    links = re.findall(r'<a href="\?([^"]*)"[^>]*><svg', page)
    assert [
        {name: values[0] for name, values in parse_qs(unescape(link)).items()} for link in links[:3]
    ] == [query | {"as": other} for other in VIEWS]


def test_a_filter_that_finds_nothing_says_which_filters_are_on(practitioner, change):
    page = practitioner.get(PAGE, {"as": "table", "q": "zzz", "stage": "grow"}).content.decode()
    assert "These filters are on: Search: zzz; Stage: Grow." in page
    assert '<a class="btn btn--soft btn--s" href="?as=table">Clear filters</a>' in page


def test_what_was_found_says_by_which_filters(practitioner, change):
    for seen_as in VIEWS:
        page = practitioner.get(PAGE, {"as": seen_as, "q": "quiet"}).content.decode()
        assert f'Search: quiet. <a href="?as={seen_as}">Clear filters</a>' in page


def test_what_is_not_on_the_lines_says_so(practitioner, change):
    page = practitioner.get(PAGE, {"q": "quiet"}).content.decode()
    assert "What matches isn’t on the lines" in page


def test_the_form_shows_the_filters_that_are_on(practitioner, change):
    page = practitioner.get(PAGE, {"as": "table", "q": '"><b>', "stage": "grow", "sort": "-title"})
    form = re.search(r'<form class="filters".*?</form>', page.content.decode(), re.S).group()
    assert 'value="&quot;&gt;&lt;b&gt;"' in form
    assert re.findall(r'<option value="([^"]+)" selected>', form) == ["grow"]
    assert '<input type="hidden" name="as" value="table">' in form
    assert '<input type="hidden" name="sort" value="-title">' in form


def test_htmx_gets_the_list_alone_and_an_address_to_share(practitioner, change):
    response = practitioner.get(
        PAGE, {"as": "table", "q": "quiet", "stage": "", "team": ""}, headers=HTMX
    )
    page = response.content.decode().strip()
    assert page.startswith('<div id="changes-list">')
    assert ("<html" in page, "1 small change found" in page) == (False, True)
    assert response.headers["HX-Push-Url"] == f"{PAGE}?as=table&q=quiet"
    assert "HX-Request" in response.headers["Vary"]
    assert _titles(response) == ["Quiet hour"]


def test_the_table_sorts_by_its_headings(cast, practitioner):
    for title, stage in {"Pears": "mission", "apples": "grow", "Plums": "develop"}.items():
        _change(cast, title, stage=stage)

    def heads(response) -> dict[str, tuple[str, str]]:
        head = re.search(r"<thead>.*?</thead>", response.content.decode(), re.S).group()
        found = re.findall(
            r'<th scope="col"(?: aria-sort="(\w+)")?>(?:<a [^>]*href="([^"]*)">)?([^<]+)', head
        )
        return {
            label: (by, parse_qs(urlsplit(unescape(href)).query).get("sort", [""])[0])
            for by, href, label in found
        }

    response = practitioner.get(PAGE, {"as": "table"})
    assert _titles(response) == ["Pears", "Plums", "apples"]
    assert heads(response) == {
        "Small change": ("", "title"),
        "Strand": ("", "strand"),
        "Stage": ("", "stage"),
        "Status": ("", "status"),
        "In whose gift": ("", "gift"),
        "Teams": ("", ""),
        "Last moved": ("", "moved"),
    }
    response = practitioner.get(PAGE, {"as": "table", "sort": "title"})
    assert _titles(response) == ["apples", "Pears", "Plums"]
    assert heads(response)["Small change"] == ("ascending", "-title")
    response = practitioner.get(PAGE, {"as": "table", "sort": "-title"})
    assert _titles(response) == ["Plums", "Pears", "apples"]
    assert heads(response)["Small change"] == ("descending", "title")
    for nonsense in ("colour", "--title", "pk", "-"):
        response = practitioner.get(PAGE, {"as": "table", "sort": nonsense})
        assert _titles(response) == ["Pears", "Plums", "apples"]
        assert {by for by, _ in heads(response).values()} == {""}


def test_the_table_has_pages_that_keep_the_filters(cast, practitioner):
    for number in range(51):
        _change(cast, f"Change {number:02}")
    first = practitioner.get(PAGE, {"as": "table", "q": "Change"})
    assert _titles(first) == [f"Change {number:02}" for number in range(50)]
    page = first.content.decode()
    assert "Page 1 of 2" in page
    assert 'href="?as=table&amp;q=Change&amp;page=2#changes-list">After</a>' in page
    assert _titles(practitioner.get(PAGE, {"as": "table", "page": 2})) == ["Change 50"]
    for number, shown in {"99": 1, "0": 1, "x": 50, "-1": 1}.items():
        response = practitioner.get(PAGE, {"as": "table", "page": number})
        assert len(_titles(response)) == shown
    # Another filter or order begins at the first page.
    second = practitioner.get(PAGE, {"as": "table", "page": 2}).content.decode()
    assert 'href="?as=table&amp;sort=title"' in second


@pytest.mark.parametrize(("seen_as", "queries"), [("lines", 10), ("board", 10), ("table", 11)])
@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_stays(
    cast, practitioner, django_assert_num_queries, seen_as, queries, rows
):
    for _ in range(rows):
        team = factories.TeamFactory(authority=cast.authority)
        strand = factories.MissionStrandFactory(programme=cast.programme)
        for stage in ("mission", "grow"):
            change = _change(cast, strand=strand, stage=stage, status="chosen")
            change.teams.add(team, through_defaults={"authority": cast.authority})
    with django_assert_num_queries(queries):
        response = practitioner.get(PAGE, {"as": seen_as})
    assert len(_titles(response)) == 2 * rows

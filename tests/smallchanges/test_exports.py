"""The list of small changes as a file."""

import csv
import io
import re
import zipfile

import pytest

from smallchanges.exports import COLUMNS, harmless
from tests import factories

KINDS = ["csv", "xlsx"]


@pytest.fixture
def changes(cast):
    team = factories.TeamFactory(authority=cast.authority, name="Team One")
    walk = factories.SmallChangeFactory(
        programme=cast.programme,
        title="=1+1",
        purpose="＠cmd",
        stage="grow",
        status="embedded",
        lead=cast.manager.memberships.get(),
        led_by="-2+3",
    )
    walk.teams.add(team, through_defaults={"authority": cast.authority})
    factories.SmallChangeFactory(programme=cast.programme, title="Café later", why="+44\nRing")
    foreign = factories.SmallChangeFactory(title="Canary of another place")
    assert foreign.authority != cast.authority
    return cast.authority.slug


def _cells(answer, kind: str) -> list[list[str]]:
    """All rows as a program reads them; of a spreadsheet, only where every cell is text."""
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    words = re.findall(r"<si><t[^>]*>(.*?)</t></si>", strings, re.DOTALL)
    assert re.search(r"<f[ >]", sheet) is None
    rows = re.findall(r"<row .*?</row>", sheet, re.DOTALL)
    return [[words[int(n)] for n in re.findall(r't="s"><v>(\d+)</v>', row)] for row in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_holds_the_list_and_nobody_elses(client, cast, changes, kind):
    client.force_login(cast.practitioner)
    answer = client.get(f"/{changes}/changes.{kind}")
    assert f'filename="small-changes-{changes}-' in answer["Content-Disposition"]
    head, *rows = _cells(answer, kind)
    assert head == list(COLUMNS)
    titles = {"csv": ["'=1+1", "Café later"], "xlsx": ["=1+1", "Café later"]}[kind]
    assert sorted(row[0] for row in rows) == titles
    assert "Canary" not in str(rows)
    embedded = next(row for row in rows if row[0].endswith("=1+1"))
    assert embedded[3:5] == ["Grow", "Embedded"]
    assert "Team One" in embedded
    # As a cell it begins with a name, which no spreadsheet runs.
    assert embedded[list(COLUMNS).index("Who leads it")] == "Manager Example, -2+3"


@pytest.mark.parametrize("kind", KINDS)
def test_no_cell_is_a_formula_whatever_people_wrote(client, cast, kind):
    begins = [
        "=1+1",
        "+1",
        "-1",
        "@a",
        "\t=1",
        "\r=1",
        "\n=1",
        "\u3000=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
    ]
    for number, words in enumerate(begins):
        factories.SmallChangeFactory(
            programme=cast.programme,
            title=f"{words} {number}",
            **dict.fromkeys(("purpose", "why", "success", "tracking", "result", "impact"), words),
            led_by=words,
        )
    cast.manager.name = "=HYPERLINK(1)"
    cast.manager.save()
    factories.SmallChangeFactory(programme=cast.programme, lead=cast.manager.memberships.get())
    client.force_login(cast.practitioner)
    _, *rows = _cells(client.get(f"/own/changes.{kind}"), kind)
    assert len(rows) == len(begins) + 1
    if kind == "csv":
        leaders = ("=", "+", "-", "@", "\t", "\r", "\n", "\u3000", "＝", "＋", "－", "＠")
        assert [cell for row in rows for cell in row if cell.startswith(leaders)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_keeps_to_the_filters_of_the_address(client, cast, changes, kind):
    client.force_login(cast.practitioner)
    answer = client.get(f"/{changes}/changes.{kind}?status=embedded")
    assert len(_cells(answer, kind)) == 2
    page = client.get(f"/{changes}/changes/?as=table&status=embedded").content.decode()
    assert f"/{changes}/changes.{kind}?status=embedded" in page


@pytest.mark.parametrize(
    "begins",
    [
        *("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"),
        *("\t=", " =", "\n=", "\u3000=", "\u3000＝", "\u00a0@"),
    ],
)
def test_what_a_spreadsheet_would_run_is_only_words(begins):
    assert harmless(f"{begins}1") == f"'{begins}1"


@pytest.mark.parametrize("words", ["", "Walk", "1 = 1", "a-b", "’=1"])
def test_other_words_stay_as_they_are(words):
    assert harmless(words) == words


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_queries_stays(client, cast, changes, django_assert_num_queries, kind, rows):
    factories.SmallChangeFactory.create_batch(rows, programme=cast.programme)
    client.force_login(cast.practitioner)
    client.get(f"/{changes}/changes.{kind}")
    with django_assert_num_queries(9):
        client.get(f"/{changes}/changes.{kind}")

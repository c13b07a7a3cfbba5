"""The Crescendo team's pages of ready-made sessions."""

from uuid import UUID

import pytest

from tests import factories
from tests.answers import HTMX, errors, follow, told, undo
from workshops.actions import planning, templates
from workshops.models import Template

LIST = "/toolkit/"
PK = UUID(int=7)
EDIT = "/toolkit/sessions/mission/edit/"


@pytest.fixture
def team(cast, client_of):
    return client_of(cast.crescendo)


@pytest.fixture
def session(db):
    made = factories.TemplateFactory(key="mission", kind="mission", title="Mission", about="For")
    for position, title in enumerate(("Hello", "What stops us")):
        factories.TemplateBlockFactory(
            template=made, title=title, position=position, columns=["Forms"], say="Hm"
        )
    return made


def _block(number: int, **changed) -> dict:
    block = {
        "kind": "write",
        "title": "What stops us",
        "minutes": "10",
        "prompt": "",
        "say": "Hm",
        "columns": "Forms",
        "candour": "hidden",
        "position": str(number + 1),
    } | changed
    return {f"blocks-{number}-{name}": value for name, value in block.items()}


def _sent(*blocks, initial: int = 2, **fields) -> dict:
    sent = {"blocks-TOTAL_FORMS": len(blocks), "blocks-INITIAL_FORMS": initial}
    sent |= {"title": "Mission", "about": "For", "number": 1} | fields
    for block in blocks:
        sent |= block
    return sent


def _as_it_is() -> tuple[dict, dict]:
    return _block(0, title="Hello"), _block(1)


def _titles(template: Template) -> list[str]:
    return [one.title for one in template.blocks.all()]


def _newest() -> Template:
    return Template.objects.newest().get(key="mission")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_many(cast, team, django_assert_num_queries, rows):
    for _ in range(rows):
        factories.TemplateBlockFactory(template__created_by=cast.crescendo)
        factories.TemplateFactory(retired_at=cast.authority.created_at)
    with django_assert_num_queries(6):
        page = team.get(LIST)
    assert (len(page.context["sessions"]), len(page.context["retired"])) == (rows, rows)


def test_before_there_is_one_it_says_so(team):
    assert "No session yet" in team.get(LIST).content.decode()


def test_a_session_is_read_in_each_version(cast, team, session):
    second = templates.write(template=session, by=cast.crescendo, title="Shorter", blocks=[])
    page = team.get("/toolkit/sessions/mission/")
    assert (page.context["template"], page.context["is_offered"]) == (second, True)
    page = team.get("/toolkit/sessions/mission/?version=1")
    assert (page.context["template"], page.context["is_offered"]) == (session, False)
    assert _titles(session) == ["Hello", "What stops us"]
    assert team.get("/toolkit/sessions/mission/?version=3").status_code == 404
    assert team.get("/toolkit/sessions/nothing/").status_code == 404


def test_what_is_saved_is_a_new_version(cast, team, session):
    form = team.get(EDIT).context["blocks"]
    assert [one["title"].value() for one in form] == ["Hello", "What stops us", None, None]
    sent = _sent(
        _block(0, title="Hello", position="3"),
        _block(1, leave_out="on"),
        _block(2, title="New", columns="One\nTwo", candour="anonymous", position=""),
        _block(3, title="First", position="1"),
        title="Mission, anew",
    )
    response = team.post(EDIT, sent)
    assert response["Location"] == "/toolkit/sessions/mission/"
    assert told(follow(team, response)) == ["Version 2 is in use now: Mission, anew"]
    new = _newest()
    assert (new.number, new.created_by, new.kind) == (2, cast.crescendo, "mission")
    assert _titles(new) == ["First", "Hello", "New"]
    last = new.blocks.last()
    assert (last.columns, last.candour) == (["One", "Two"], "anonymous")
    session.refresh_from_db()
    assert (session.retired_at is None, _titles(session)) == (False, ["Hello", "What stops us"])


def test_sent_twice_it_is_one_new_version(team, session):
    sent = _sent(*_as_it_is(), title="Mission, anew")
    team.post(EDIT, sent)
    assert team.post(EDIT, sent).status_code == 409
    assert Template.objects.count() == 2


def test_the_same_words_again_are_no_new_version(team, session):
    response = team.post(EDIT, _sent(*_as_it_is()))
    assert told(follow(team, response)) == ["Nothing was different, so it stays as it is."]
    assert Template.objects.get() == session


def test_an_empty_block_is_no_block(team, session):
    empty = _block(2, title="", say="", columns="", position="")
    team.post(EDIT, _sent(*_as_it_is(), empty, title="Mission, anew"))
    assert _titles(_newest()) == ["Hello", "What stops us"]


def test_what_is_not_in_order_is_told_of_and_kept(team, session):
    response = team.post(EDIT, _sent(_block(0, title="Typed", minutes="0"), _block(1), title=""))
    assert errors(response) == {"title": ["Give it a title."]}
    block = response.context["blocks"][0]
    assert (list(block.errors), block["title"].value()) == (["minutes"], "Typed")
    assert '<details class="card more fold" open>' in response.content.decode()
    assert Template.objects.get() == session


def test_a_form_without_its_count_is_refused_and_no_error(team, session):
    response = team.post(EDIT, {"title": "Mission", "number": 1})
    assert (response.status_code, Template.objects.count()) == (200, 1)


def test_who_was_quicker_is_told_of_and_not_written_over(cast, team, session):
    templates.write(template=session, by=cast.crescendo, title="Theirs", blocks=[])
    sent = _sent(*_as_it_is(), title="Ours")
    response = team.post(EDIT, sent)
    assert (response.status_code, response.context["newer"].title) == (409, "Theirs")
    assert 'value="Ours"' in response.content.decode()
    assert _newest().title == "Theirs"
    team.post(EDIT, sent | {"number": response.context["form"]["number"].value()})
    assert (_newest().title, _newest().number) == ("Ours", 3)


def test_a_session_sent_twice_is_one_session_at_the_end(cast, team, session):
    sent = _sent(_block(0), initial=0, id=PK, kind="pod", title="Mission")
    for _ in range(2):
        assert team.post(f"{LIST}add/", sent)["Location"] == "/toolkit/sessions/mission-2/"
    made = Template.objects.get(pk=PK)
    assert (made.key, made.kind, made.position) == ("mission-2", "pod", 1)
    assert (_titles(made), Template.objects.count()) == (["What stops us"], 2)


def test_a_title_without_letters_has_a_key_too(team):
    sent = _sent(initial=0, id=PK, kind="pod", title="…")
    assert team.post(f"{LIST}add/", sent)["Location"] == "/toolkit/sessions/session/"


def test_a_session_has_to_say_what_kind_it_is(team):
    response = team.post(f"{LIST}add/", _sent(_block(0), initial=0, id=PK, kind=""))
    assert errors(response) == {"kind": ["Choose what kind of session it is."]}
    assert Template.objects.count() == 0


def test_a_session_is_not_offered_any_more_and_comes_back(team, session):
    page = follow(team, team.post("/toolkit/sessions/mission/retire/"))
    assert told(page) == ["Not offered any more: Mission"]
    assert (page.context["sessions"], page.context["retired"]) == ([], [session])
    assert team.get(EDIT).status_code == 404
    page = follow(team, undo(team, page))
    assert told(page) == ["Offered again: Mission"]
    assert _newest() == session


def test_the_list_is_put_in_order_with_buttons_and_by_dragging(team):
    for number, key in enumerate("abcdefgh"):
        factories.TemplateFactory(key=key, title=key.upper(), about="For", position=number)

    def keys(page):
        return [template.key for template, _ in page.context["sessions"]]

    moved = team.post("/toolkit/sessions/b/order/", {"way": "up"}, headers=HTMX)
    assert (told(moved), "".join(keys(moved))) == (["Moved up: B"], "bacdefgh")
    page = follow(team, team.post("/toolkit/sessions/h/order/", {"places": "-7"}))
    assert (told(page), "".join(keys(page))) == (["Moved: H"], "hbacdefg")
    page = team.get(LIST, {"q": "h"})
    assert (keys(page), b"Move up" in page.content) == (["h"], False)
    assert "No session has “nothing”" in team.get(LIST, {"q": "nothing"}).content.decode()
    # A new version stands where the one before it stood, whoever writes it, and a file's too.
    sent = {"blocks-TOTAL_FORMS": 0, "blocks-INITIAL_FORMS": 0, "number": 1}
    team.post("/toolkit/sessions/h/edit/", sent | {"title": "H2", "about": "For"})
    told_anew = {"key": "a", "kind": "values", "title": "A2", "about": "", "position": 99}
    templates.load(sessions=[told_anew | {"blocks": []}], by=None)
    templates.load(sessions=[told_anew | {"position": 5, "blocks": []}], by=None)
    rows = Template.objects.newest().values_list("title", "number")
    assert list(rows)[:3] == [("H2", 2), ("B", 1), ("A2", 2)]


def test_a_vote_brings_its_dots_along(team, session, cast):
    vote = _block(1, title="What first", kind="vote", dots="5", most_on_one="2")
    team.post(EDIT, _sent(_block(0, title="Hello", dots="4"), vote))
    dots = _newest().blocks.values_list("dots", "most_on_one")
    assert list(dots) == [(0, 0), (5, 2)]
    assert "5 dots each, up to 2 on one" in team.get("/toolkit/sessions/mission/").content.decode()
    planned = planning.plan(
        programme=cast.programme, pk=PK, by=None, title="Mission", template=_newest()
    )
    assert list(planned.activities.values_list("dots", "most_on_one")) == list(dots)


def test_it_is_for_the_crescendo_team(cast, client_of, session):
    for who in (cast.facilitator, cast.practitioner):
        client = client_of(who)
        for address in (LIST, f"{LIST}add/", "/toolkit/sessions/mission/", EDIT):
            assert client.get(address).status_code == 404
        assert client.post(EDIT, _sent(*_as_it_is(), title="Ours")).status_code == 404
        assert client.post("/toolkit/sessions/mission/retire/").status_code == 404
    assert Template.objects.newest().get() == session


@pytest.mark.parametrize("verb", ["retire", "bring-back", "order"])
def test_buttons_take_no_get(team, session, verb):
    assert team.get(f"/toolkit/sessions/mission/{verb}/").status_code == 405

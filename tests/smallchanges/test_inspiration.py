"""What one authority reads of another, and where seeds go."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from smallchanges import actions, inspiration
from smallchanges.models import Seed
from tests import factories

PAGE = "/own/inspiration/"
CANARY = "canary-77aa"
ANSWERS = {
    "starting_point": "One of us does it all",
    "what_differs": "We are twelve",
    "what_we_keep": "",
    "what_we_change": "",
    "whose_yes": "",
}


@pytest.fixture
def theirs(cast):
    """What the other authority shares; everything that it does not share holds a canary."""
    strand = factories.MissionStrandFactory(
        programme=cast.other_programme, title=f"{CANARY} strand", about=CANARY
    )
    change = factories.SmallChangeFactory(
        programme=cast.other_programme,
        strand=strand,
        **dict.fromkeys(("title", "purpose", "why", "result", "impact", "tracking"), CANARY),
        led_by=CANARY,
    )
    factories.StepFactory(change=change, text=CANARY)
    factories.MetFactory(change=change, text=CANARY)
    factories.UpdateFactory(change=change, text=CANARY)
    factories.StakeholderFactory(change=change, who=CANARY)
    share = factories.shared(
        change, title="Take turns at the minutes", what_we_met="Partners had doubts"
    )
    # Words of the same change that nobody agreed to.
    factories.ShareFactory(change=change, version=2, title=CANARY, sentence=CANARY)
    return share


def _shared_by(programme, **words):
    return factories.shared(factories.SmallChangeFactory(programme=programme), **words)


def _third():
    return factories.ProgrammeFactory(authority__name="Third Borough")


def _take(share, programme, *, tells=True, title="Ours", by=None, **words):
    seed = actions.take_seed(
        share=share.pk,
        programme=programme,
        pk=uuid4(),
        title=title,
        purpose="",
        strand=None,
        tells=tells,
        by=by,
        **ANSWERS | words,
    )
    if words.get("told"):
        seed.refresh_from_db()
    return seed


def _titles(**asked):
    return [row.title for row in inspiration.find(**asked)]


# --- only what is shared leaves


def test_only_the_shared_words_are_read_elsewhere(cast, theirs, practitioner):
    addresses = [
        PAGE,
        f"{PAGE}?q=minutes",
        f"{PAGE}{theirs.pk}/",
        f"{PAGE}{theirs.pk}/take/",
    ]
    pages = [practitioner.get(address).content.decode() for address in addresses]
    assert ["Take turns at the minutes" in page for page in pages] == [True] * 4
    assert [CANARY in page for page in pages] == [False] * 4
    assert "Partners had doubts" in pages[2]
    found = practitioner.get(PAGE, {"q": CANARY})
    assert found.context["cards"].paginator.count == 0


def test_the_canaries_can_be_seen_at_home(theirs, outsider):
    page = outsider.get(f"/other/changes/{theirs.change.pk}/").content.decode()
    assert page.count(CANARY) >= 5


def test_what_is_read_elsewhere_is_no_row(cast, theirs):
    (row,) = inspiration.find(reader=cast.authority)
    assert (hasattr(row, "change"), hasattr(row, "authority")) == (False, False)


@pytest.mark.parametrize("state", ["being written", "asked about", "ended before it was shared"])
def test_what_is_not_shared_is_not_there(cast, practitioner, state):
    now = timezone.now()
    share = factories.ShareFactory(
        change=factories.SmallChangeFactory(programme=cast.other_programme),
        asked_at=None if state == "being written" else now,
        ended_at=now if state.startswith("ended") else None,
    )
    factories.ConsentFactory(share=share)
    assert practitioner.get(f"{PAGE}{share.pk}/").status_code == 404
    assert practitioner.get(f"{PAGE}{share.pk}/take/").status_code == 404
    assert _titles(reader=cast.authority) == []
    with pytest.raises(ValidationError):
        _take(share, cast.programme)


def test_taken_back_the_words_go_and_the_seeds_stay(cast, theirs, practitioner):
    seed = _take(theirs, cast.programme)
    actions.take_back_share(share=theirs, by=cast.outsider)
    page = practitioner.get(f"{PAGE}{theirs.pk}/").content.decode()
    assert ("Taken back" in page, "minutes" in page, "Other Borough" in page) == (True, False, True)
    assert practitioner.get(PAGE).context["cards"].paginator.count == 0
    home = practitioner.get(seed.change.get_absolute_url()).content.decode()
    assert ("taken their words back" in home, "Take turns" in home) == (True, False)
    assert practitioner.post(f"{PAGE}{theirs.pk}/take/", {}).status_code == 302


def test_an_old_address_leads_to_the_newest_words(cast, theirs, practitioner):
    newer = theirs.change.shares.get(version=2)
    newer.asked_at = timezone.now()
    newer.consent = factories.ConsentFactory(share=newer, membership=theirs.change.lead)
    newer.shared_at = timezone.now()
    theirs.ended_at, theirs.consent = timezone.now(), None
    theirs.save()
    newer.save()
    answer = practitioner.get(f"{PAGE}{theirs.pk}/")
    assert (answer.status_code, answer.url) == (302, f"{PAGE}{newer.pk}/")


# --- finding


def test_words_find_it_in_whatever_form_and_with_a_slip_of_the_finger(cast, theirs):
    _shared_by(_third(), title="A quiet room", sentence="We moved a table")
    reader = cast.authority
    for q in ("minute", "taking turns", "DOUBTS", "minuets"):
        assert _titles(reader=reader, q=q) == ["Take turns at the minutes"], q
    assert _titles(reader=reader, q="nothing like it") == []


def test_a_barrier_and_a_strand_find_what_is_near(cast, theirs, practitioner):
    _shared_by(_third(), title="A quiet room", sentence="We moved a table")
    barrier = factories.BarrierFactory(
        programme=cast.programme, text="Minutes of core groups fall to the social worker"
    )
    strand = factories.MissionStrandFactory(programme=cast.programme, title="Room to think")
    near = practitioner.get(PAGE, {"barrier": barrier.pk}).context["cards"]
    assert [row.title for row in near] == ["Take turns at the minutes"]
    near = practitioner.get(PAGE, {"strand": strand.pk}).context["cards"]
    assert [row.title for row in near] == ["A quiet room"]


@pytest.mark.parametrize(
    "text",
    [
        "O’Neill & 'minutes' | !(it) \\ :* <-> %s",
        "http://a.example/?minutes=1&y=2 co-location",
        "the",
    ],
)
def test_whatever_a_barrier_says_something_is_answered(cast, theirs, practitioner, text):
    barrier = factories.BarrierFactory(programme=cast.programme, text=text)
    for asked in ({"barrier": barrier.pk}, {"q": text}, {"barrier": "x", "place": "nowhere"}):
        assert practitioner.get(PAGE, asked).status_code == 200


def test_a_long_list_has_pages(cast, practitioner):
    third = _third()
    for _ in range(21):
        _shared_by(third)
    page = practitioner.get(PAGE, {"q": "turns", "page": 2})
    assert len(page.context["cards"]) == 1
    assert 'href="?q=turns&amp;page=1"' in page.content.decode()


def test_before_its_programme_a_place_can_read_and_not_take(cast, theirs, practitioner):
    cast.programme.ended_on = cast.programme.starts_on
    cast.programme.save()
    assert len(practitioner.get(PAGE).context["cards"]) == 1
    page = practitioner.get(f"{PAGE}{theirs.pk}/")
    assert page.context["can_take"] is False
    assert practitioner.get(f"{PAGE}{theirs.pk}/take/").status_code == 404


def test_a_place_finds_what_it_shares(cast, theirs, practitioner):
    third = _third()
    _shared_by(third, title="A quiet room")
    found = practitioner.get(PAGE, {"place": third.authority.slug}).context["cards"]
    assert [row.title for row in found] == ["A quiet room"]
    assert inspiration.places(reader=cast.authority) == [
        ("other", "Other Borough"),
        (third.authority.slug, "Third Borough"),
    ]


def test_ones_own_are_listed_apart(cast, theirs, practitioner):
    _shared_by(cast.programme, title="Ours to read")
    page = practitioner.get(PAGE)
    assert [row.title for row in page.context["cards"]] == ["Take turns at the minutes"]
    assert [share.title for share in page.context["ours"]] == ["Ours to read"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries(cast, practitioner, django_assert_num_queries, rows):
    for _ in range(rows):
        _shared_by(_third_of(rows))
        _shared_by(cast.programme)
        factories.BarrierFactory(programme=cast.programme)
    with django_assert_num_queries(10):
        practitioner.get(PAGE)


def _third_of(_):
    return factories.ProgrammeFactory()


def test_the_bar_says_where_it_is(practitioner, theirs):
    bar = practitioner.get(f"{PAGE}{theirs.pk}/").context["bar"]
    assert [item.label for item in bar if item.here] == ["Small changes"]


def test_a_region_is_answered_alone(practitioner, theirs):
    answer = practitioner.get(PAGE, {"q": "minutes"}, headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert ("<html" in body, "Take turns" in body) == (False, True)
    assert answer["HX-Push-Url"] == f"{PAGE}?q=minutes"


# --- taking a seed


def _sent(**words):
    return {"id": uuid4(), "title": "Ours", "purpose": "", "strand": ""} | ANSWERS | words


def test_a_seed_is_an_idea_of_ones_own_with_its_first_stakeholder(cast, theirs, practitioner):
    sent = _sent(whose_yes="The court team", tells="on")
    for _ in range(2):
        practitioner.post(f"{PAGE}{theirs.pk}/take/", sent)
    seed = Seed.objects.get()
    change = seed.change
    assert (change.title, change.stage, change.status) == ("Ours", "mission", "proposed")
    assert (change.authority, seed.share, seed.tells) == (cast.authority, theirs, True)
    assert [one.who for one in change.stakeholders.all()] == ["The court team"]
    assert (change.why, change.success) == ("", "")


def test_what_is_different_here_is_asked_first(theirs, practitioner):
    answer = practitioner.post(f"{PAGE}{theirs.pk}/take/", _sent(what_differs="", title="Mine"))
    body = answer.content.decode()
    assert ("Say what is different here" in body, 'value="Mine"' in body) == (True, True)
    assert not Seed.objects.exists()


def test_a_title_that_is_there_is_said_beside_it(cast, theirs, practitioner):
    factories.SmallChangeFactory(programme=cast.programme, title="Ours")
    body = practitioner.post(f"{PAGE}{theirs.pk}/take/", _sent()).content.decode()
    assert "There’s a small change with this title already." in body


def test_a_change_that_was_there_becomes_no_seed(cast, theirs, practitioner):
    ours = factories.SmallChangeFactory(programme=cast.programme)
    sent = _sent(id=ours.pk, tells="on", whose_yes="The court team")
    assert practitioner.post(f"{PAGE}{theirs.pk}/take/", sent).status_code == 400
    assert (Seed.objects.count(), ours.stakeholders.count()) == (0, 0)


def test_ones_own_is_no_seed(cast, practitioner):
    own = _shared_by(cast.programme)
    assert practitioner.get(f"{PAGE}{own.pk}/take/").status_code == 302


def test_two_editors_of_a_seed_see_both(cast, theirs, practitioner):
    seed = _take(theirs, cast.programme)
    page = f"/own/changes/{seed.change.pk}/seed/edit/"
    sent = ANSWERS | {"version": 1}
    practitioner.post(page, sent | {"what_differs": "First", "tells": "on", "told": "It grows"})
    answer = practitioner.post(page, sent | {"what_differs": "Second"})
    body = answer.content.decode()
    assert (answer.status_code, "First" in body, "Second" in body) == (409, True, True)
    seed.refresh_from_db()
    assert (seed.what_differs, seed.told) == ("First", "It grows")


def test_words_for_them_go_with_the_tick(cast, theirs, practitioner):
    seed = _take(theirs, cast.programme)
    sent = ANSWERS | {"version": 1, "told": "It grows"}
    body = practitioner.post(f"/own/changes/{seed.change.pk}/seed/edit/", sent).content.decode()
    assert "Tick this" in body


def test_why_it_stopped_is_shown_to_its_own_people_alone(cast, theirs, practitioner, outsider):
    seed = _take(theirs, cast.programme)
    actions.move(
        change=seed.change, stage="mission", status="stopped", why=CANARY, by=cast.practitioner
    )
    assert CANARY in practitioner.get(f"/own/changes/{seed.change.pk}/seed/edit/").content.decode()
    page = outsider.get(f"/other/inspiration/{theirs.pk}/").content.decode()
    assert ("It stopped in Mission." in page, CANARY in page) == (True, False)
    actions.edit_seed(seed=seed, version=1, told="Our partners sit elsewhere", by=cast.practitioner)
    page = outsider.get(f"/other/inspiration/{theirs.pk}/").content.decode()
    assert "Our partners sit elsewhere" in page


# --- the family tree


def test_a_tree_tells_where_each_seed_went(cast, theirs):
    """Two took it, one of whom tells; and from there it went on."""
    first = _take(theirs, cast.programme)
    third = _third()
    _take(theirs, third, tells=False)
    own = factories.shared(first.change, title="Ours, in our words")
    _take(own, third, title="A grandchild")
    family = inspiration.family_of(theirs.change.pk, reader=cast.other)
    (sprout,) = family.sprouts
    assert (family.quiet, sprout.place, sprout.stage) == (1, "Own Borough", "mission")
    assert (sprout.share, sprout.title) == (own.pk, "Ours, in our words")
    assert [one.place for one in sprout.family.sprouts] == ["Third Borough"]


def test_what_grew_from_a_place_that_does_not_tell_tells_nothing_of_it(cast, theirs):
    first = _take(theirs, cast.programme, tells=False)
    own = factories.shared(first.change, title="Ours, in our words")
    _take(own, _third())
    family = inspiration.family_of(theirs.change.pk, reader=cast.other)
    assert (family.sprouts, family.quiet) == ((), 1)
    # Nor does its own page say where it came from, but to its own people.
    assert inspiration.read(own.pk, reader=cast.other).origin is None
    assert inspiration.read(own.pk, reader=cast.authority).origin.place == "Other Borough"


@pytest.mark.parametrize("seeds", [1, 3])
def test_a_generation_is_one_query(cast, theirs, django_assert_num_queries, seeds):
    for number in range(seeds):
        seed = _take(theirs, cast.programme, title=f"Ours {number}")
        _take(factories.shared(seed.change), _third_of(number), title=f"Further {number}")
    with django_assert_num_queries(3):
        inspiration.family_of(theirs.change.pk, reader=cast.other)


def test_a_tree_is_a_list_in_a_list(cast, theirs, outsider):
    first = _take(theirs, cast.programme)
    _take(factories.shared(first.change), _third(), title="A grandchild")
    page = outsider.get(f"/other/inspiration/{theirs.pk}/").content.decode()
    assert page.count('<ul class="family">') == 2
    assert "Third Borough" in page


def test_those_whose_change_it_was_hear_of_seeds(cast, theirs):
    then = timezone.now() - timedelta(minutes=1)
    _take(theirs, cast.programme, tells=False)
    _take(theirs, _third())
    news = inspiration.seeds_since(cast.other, then)
    assert [(one.change, one.lead, one.place) for one in news] == [
        (theirs.change.pk, theirs.change.lead.pk, ""),
        (theirs.change.pk, theirs.change.lead.pk, "Third Borough"),
    ]
    assert inspiration.seeds_since(cast.other, timezone.now()) == []
    assert inspiration.seeds_since(cast.authority, then) == []

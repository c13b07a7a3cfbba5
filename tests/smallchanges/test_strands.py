"""Mission strands in the browser."""

import re
from uuid import UUID

import pytest
from django.utils import timezone

from programmes.models import AuditEvent
from smallchanges.models import MissionStrand
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

PAGE = "/own/changes/strands/"
PK = UUID(int=7)


def _words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def _verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def address(strand):
    return f"{PAGE}{strand.pk}/"


# --- the list


def test_everybody_of_the_authority_reads_them(cast, client_of, strand):
    theirs = factories.MissionStrandFactory(programme=cast.other_programme, title="Theirs")
    for person in (cast.practitioner, cast.manager, cast.facilitator, cast.crescendo):
        response = client_of(person).get(PAGE)
        assert list(response.context["strands"]) == [strand]
        assert theirs.title not in response.content.decode()
    assert client_of(cast.outsider).get(PAGE).status_code == 404
    assert client_of(cast.facilitator).post(PAGE).status_code == 405


def test_a_strand_says_how_much_it_holds(cast, practitioner, strand, change):
    barriers = factories.BarrierFactory.create_batch(2, programme=cast.programme)
    strand.barriers.set(barriers, through_defaults={"authority": cast.authority})
    MissionStrand.objects.update(about="More of it", illustrative="barriers")
    row = re.search(r'<li class="exp strand.*?</li>', practitioner.get(PAGE).content.decode(), re.S)
    assert _words(row.group()) == (
        "Time More of it From two barriers · One small change Illustrative: barriers"
    )


def test_only_who_may_write_strands_is_offered_it(practitioner, facilitator, strand):
    for client, offered in ((practitioner, False), (facilitator, True)):
        page = client.get(PAGE).content.decode()
        assert ("Add a strand" in page, "Move up" in page) == (offered, offered)


def test_before_there_is_a_strand_it_says_where_they_come_from(cast, practitioner, facilitator):
    for client, link in (
        (practitioner, "Read our barriers"),
        (facilitator, "Add the first strand"),
    ):
        page = client.get(PAGE).content.decode()
        assert ("Strands come from barriers." in page, f">{link}</a>" in page) == (True, True)
    cast.programme.delete()
    for client in (practitioner, facilitator):
        page = client.get(PAGE).content.decode()
        assert (">See where we are</a>" in page, "Add a strand" in page) == (True, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries(cast, facilitator, django_assert_num_queries, rows):
    for _ in range(rows):
        strand = factories.MissionStrandFactory(programme=cast.programme)
        barrier = factories.BarrierFactory(programme=cast.programme)
        strand.barriers.add(barrier, through_defaults={"authority": cast.authority})
        factories.SmallChangeFactory(programme=cast.programme, strand=strand)
    with django_assert_num_queries(6):
        response = facilitator.get(PAGE)
    assert len(response.context["strands"]) == rows


def test_strands_are_put_in_order(cast, facilitator, strand):
    later = factories.MissionStrandFactory(programme=cast.programme, title="Talk", position=4)
    response = facilitator.post(f"{PAGE}{later.pk}/order/", {"way": "up"})
    assert response["Location"] == PAGE
    assert told(follow(facilitator, response)) == ["Moved up: Talk"]
    assert list(cast.programme.strands.standing()) == [later, strand]
    response = facilitator.post(f"{PAGE}{later.pk}/order/", {"way": "up"}, headers=HTMX)
    text = response.content.decode().strip()
    assert text.startswith('<div id="strands-list">')
    assert (told(response), "<html" in text) == (["First already: Talk"], False)
    assert facilitator.post(f"{PAGE}{later.pk}/order/", {"way": "x"}).status_code == 400
    assert _verbs() == ["strand ordered"]


# --- one strand


def test_a_strand_shows_where_it_comes_from_and_what_grows_along_it(
    cast, practitioner, strand, change, address
):
    barrier, merged = factories.BarrierFactory.create_batch(2, programme=cast.programme)
    strand.barriers.set([barrier, merged], through_defaults={"authority": cast.authority})
    type(merged).objects.filter(pk=merged.pk).update(merged_into=barrier)
    factories.SmallChangeFactory(programme=cast.programme, title="Elsewhere")
    response = practitioner.get(address)
    assert list(response.context["barriers"]) == [barrier]
    assert list(response.context["changes"]) == [change]
    page = response.content.decode()
    assert f'<li class="note">{barrier}</li>' in page
    assert f'href="/own/changes/add/?strand={strand.pk}"' in page
    assert ("Change the strand" in page, "Take the strand away" in page) == (False, False)


def test_a_strand_that_holds_nothing_says_what_comes(facilitator, strand, address):
    page = facilitator.get(address).content.decode()
    assert ("No small change here yet." in page, "Got an idea?" in page) == (True, True)
    assert ("No barrier is linked yet." in page, "Take the strand away" in page) == (True, True)


def test_a_strand_with_changes_is_not_offered_to_go(facilitator, change, address):
    assert "Take the strand away" not in facilitator.get(address).content.decode()


def test_a_strand_of_others_or_taken_away_is_not_found(
    cast, facilitator, outsider, strand, address
):
    theirs = factories.MissionStrandFactory(programme=cast.other_programme)
    assert outsider.get(address).status_code == 404
    for verb in ("", "edit/"):
        assert facilitator.get(f"{PAGE}{theirs.pk}/{verb}").status_code == 404
    for verb in ("edit", "order", "remove", "put-back"):
        assert facilitator.post(f"{PAGE}{theirs.pk}/{verb}/").status_code == 404
        assert outsider.post(f"{address}{verb}/").status_code == 404
    MissionStrand.objects.filter(pk=strand.pk).update(removed_at=timezone.now())
    for verb in ("", "edit/"):
        assert facilitator.get(f"{address}{verb}").status_code == 404
    assert facilitator.post(f"{address}order/", {"way": "up"}).status_code == 404
    assert _verbs() == []


@pytest.mark.parametrize("rows", [1, 3])
def test_a_strand_takes_as_many_queries(
    cast, practitioner, strand, address, django_assert_num_queries, rows
):
    for _ in range(rows):
        barrier = factories.BarrierFactory(programme=cast.programme)
        strand.barriers.add(barrier, through_defaults={"authority": cast.authority})
        change = factories.SmallChangeFactory(programme=cast.programme, strand=strand)
        team = factories.TeamFactory(authority=cast.authority)
        change.teams.add(team, through_defaults={"authority": cast.authority})
    with django_assert_num_queries(8):
        practitioner.get(address)


# --- writing


def test_a_strand_sent_twice_is_one_strand(cast, facilitator):
    barriers = factories.BarrierFactory.create_batch(2, programme=cast.programme)
    sent = {"id": PK, "title": "Talk", "about": "More", "barriers": [row.pk for row in barriers]}
    assert facilitator.get(f"{PAGE}add/").status_code == 200
    for _ in range(2):
        response = facilitator.post(f"{PAGE}add/", sent)
        assert response["Location"] == f"{PAGE}{PK}/"
        assert told(follow(facilitator, response)) == ["A new strand: Talk"]
    strand = MissionStrand.objects.get()
    assert (strand.pk, strand.programme, strand.about) == (PK, cast.programme, "More")
    assert set(strand.barriers.all()) == set(barriers)
    assert _verbs() == ["strand added"]


def test_a_strand_that_is_not_in_order_keeps_what_was_typed(cast, facilitator, strand):
    barrier = factories.BarrierFactory(programme=cast.programme)
    theirs = factories.BarrierFactory(programme=cast.other_programme)
    sent = {"id": PK, "title": "", "about": "Typed with care", "barriers": [barrier.pk]}
    response = facilitator.post(f"{PAGE}add/", sent)
    assert errors(response) == {"title": ["Give the strand a short phrase."]}
    assert (
        "Typed with care" in response.content.decode(),
        str(PK) in response.content.decode(),
    ) == (
        True,
        True,
    )
    assert response.context["form"]["barriers"].value() == [str(barrier.pk)]
    response = facilitator.post(f"{PAGE}add/", sent | {"title": "time", "barriers": [theirs.pk]})
    assert errors(response) == {
        "barriers": ["Choose from the list."],
        "title": ["There’s a strand with this title already."],
    }
    assert MissionStrand.objects.count() == 1


def test_a_strand_is_written_and_keeps_the_links_that_nobody_sees(
    cast, facilitator, strand, address
):
    """The links of barriers that were merged or taken away survive an edit."""
    seen, new = factories.BarrierFactory.create_batch(2, programme=cast.programme)
    merged = factories.BarrierFactory(programme=cast.programme, merged_into=seen)
    removed = factories.BarrierFactory(programme=cast.programme, removed_at=timezone.now())
    strand.barriers.set([seen, merged, removed], through_defaults={"authority": cast.authority})
    shown = facilitator.get(f"{address}edit/").context["form"]
    assert [str(label) for _, label in shown.fields["barriers"].choices] == [seen.text, new.text]
    sent = {"title": "More time", "about": "", "barriers": [new.pk], "version": 1}
    response = facilitator.post(f"{address}edit/", sent)
    assert response["Location"] == address
    assert told(follow(facilitator, response)) == ["Got it. The strand reads: More time"]
    assert set(strand.barriers.all()) == {new, merged, removed}
    strand.refresh_from_db()
    assert (strand.title, strand.version, _verbs()) == ("More time", 2, ["strand edited"])


def test_two_who_write_a_strand_are_shown_both(facilitator, strand, address):
    MissionStrand.objects.update(title="Theirs", version=2)
    sent = {"title": "Ours", "about": "Our words", "version": 1}
    response = facilitator.post(f"{address}edit/", sent)
    assert response.status_code == 409
    both = {label: (theirs, ours) for label, theirs, ours in response.context["both"]}
    assert both["What do we work towards?"] == ("Theirs", "Ours")
    assert both["What is it about?"] == ("", "Our words")
    strand.refresh_from_db()
    assert (strand.title, strand.about) == ("Theirs", "")
    again = sent | {"version": response.context["form"]["version"].value()}
    assert facilitator.post(f"{address}edit/", again)["Location"] == address
    strand.refresh_from_db()
    assert (strand.title, strand.about, strand.version) == ("Ours", "Our words", 3)


def test_who_may_only_read_does_not_write(practitioner, strand, address):
    for path in (f"{PAGE}add/", f"{address}edit/"):
        assert practitioner.get(path).status_code == 403
    for verb in ("edit", "order", "remove", "put-back"):
        assert practitioner.post(f"{address}{verb}/", {"way": "up"}).status_code == 403
    assert _verbs() == []


def test_writing_is_for_posts(facilitator, address):
    for verb in ("order", "remove", "put-back"):
        assert facilitator.get(f"{address}{verb}/").status_code == 405


def test_nothing_is_added_before_there_is_a_programme(cast, facilitator):
    cast.programme.delete()
    assert facilitator.get(f"{PAGE}add/").status_code == 404


# --- taking away


def test_a_strand_is_taken_away_and_comes_back(cast, facilitator, strand, address):
    barrier = factories.BarrierFactory(programme=cast.programme)
    strand.barriers.add(barrier, through_defaults={"authority": cast.authority})
    response = facilitator.post(f"{address}remove/")
    assert response["Location"] == PAGE
    page = follow(facilitator, response)
    assert (told(page), list(page.context["strands"])) == (["Taken away: Time"], [])
    assert facilitator.post(f"{address}remove/").status_code == 302
    page = follow(facilitator, undo(facilitator, page))
    assert (told(page)[-1], list(page.context["strands"])) == ("It’s back: Time", [strand])
    assert list(strand.barriers.all()) == [barrier]
    assert _verbs() == ["strand removed", "strand put back"]


def test_a_strand_with_changes_stays(facilitator, strand, change, address):
    response = facilitator.post(f"{address}remove/")
    assert response["Location"] == address
    assert told(follow(facilitator, response)) == [
        "Small changes are still in this strand. Move them first."
    ]
    strand.refresh_from_db()
    assert strand.removed_at is None


def test_a_strand_whose_title_is_there_again_stays_away(cast, facilitator, strand, address):
    MissionStrand.objects.update(removed_at=timezone.now())
    again = factories.MissionStrandFactory(programme=cast.programme, title="TIME")
    page = follow(facilitator, facilitator.post(f"{address}put-back/"))
    assert told(page) == ["There’s a new strand with the same title by now: Time"]
    assert list(cast.programme.strands.standing()) == [again]

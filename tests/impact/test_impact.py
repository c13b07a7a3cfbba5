"""The Impact page: every figure that may be told, what is held back, and people's words."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from impact.figures import figures_in, results_in
from programmes.models import AuditEvent
from surveys.actions.published import Told, add_published
from surveys.core import core_of
from surveys.models import SurveyAnswer
from tests import factories
from tests.answers import HTMX, told, undo

PAGE = "/own/impact/"
EVOLVE = [
    Told("job satisfaction", "purpose", 6),
    Told("how effective you are as a team", "connected", 8),
    Told("your ability to effect change within the local authority", "avenues", 7),
    Told("how valued you feel in your role", "optimism", 7),
    Told(
        "the time that you or your team spend in direct work with children, young people or"
        " families",
        "optimism",
        8,
        large=3,
    ),
]


@pytest.fixture
def practitioner(cast, client_of):
    return client_of(cast.practitioner)


@pytest.fixture
def facilitator(cast, client_of):
    return client_of(cast.facilitator)


def _evolve(programme, pk=7):
    return add_published(
        programme=programme,
        pk=UUID(int=pk),
        title="Evolve",
        source="the impact report 2022",
        people=8,
        told=EVOLVE,
        by=None,
    )


def _html(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def _check(cast, moment, answers, *, days_ago=0, key="check-change", **values):
    """A closed temperature check with one core question, by how many chose each extent."""
    at = timezone.now() - timedelta(days=days_ago)
    survey = factories.SurveyFactory(
        programme=cast.programme,
        kind="temperature",
        moment=moment,
        state="closed",
        opened_at=at,
        people_answered=sum(answers),
        **values,
    )
    core = next(one for one in core_of("temperature") if one.key == key)
    question = factories.QuestionFactory(
        survey=survey, core=key, kind=core.kind, stem=core.stem, text=core.text, area=core.area
    )
    for option, count in enumerate(answers):
        factories.SurveyAnswerFactory.create_batch(count, question=question, option=option)
    return question


def test_evolves_published_figures_on_page_in_pictures_and_in_the_table(cast, practitioner):
    """The same figures wherever they stand, and the extents apart only where that was published."""
    survey = _evolve(cast.programme)
    page = practitioner.get(PAGE)
    html = _html(page)
    said = re.findall(
        r'<b class="num">(\d of \d)</b> to a moderate or large extent \(([^)]*)\)', html
    )
    assert said == [
        ("8 of 8", "100%"),
        ("7 of 8", "87.5%"),
        ("6 of 8", "75%"),
        ("7 of 8", "87.5%"),
        ("8 of 8", "100%"),
    ]
    few, far = "Not at all or to a small extent", "To a moderate or large extent"
    names = re.findall(r'<span class="people people--s" role="img" aria-label="([^"]*)"', html)
    assert names == [
        f"8 people: {few} 0, {far} 8",
        f"8 people: {few} 1, {far} 7",
        f"8 people: {few} 2, {far} 6",
        f"8 people: {few} 1, {far} 7",
        "8 people: Not at all 0, To a small extent 0, To a moderate extent 5, To a large extent 3",
    ]
    cells = re.findall(r'<td class="num">(\d)</td><td class="num">([\d.]+%)</td>', html)
    assert cells == [("6", "75%"), ("8", "100%"), ("7", "87.5%"), ("7", "87.5%"), ("8", "100%")]
    headline = page.context["difference"].headline
    assert (headline.lead, headline.dots) == ("All eight people", ["p4"] * 3 + ["p3"] * 5)
    figures = figures_in(results_in(cast.authority))
    assert [(one.n, one.asked, one.when) for one in figures] == [
        (8, None, "Published in the impact report 2022")
    ] * 5
    # Where a figure leads is on the page, and told twice it is there once.
    assert all(f'id="{one.anchor[1:]}"' in html for one in figures)
    assert _evolve(cast.programme) == survey
    assert SurveyAnswer.objects.filter(authority=cast.authority).count() == 40


def test_before_and_after_stand_side_by_side(cast, practitioner):
    after = _check(cast, "after", (1, 5, 8, 5), people_asked=22)
    start = _check(cast, "start", (7, 10, 4, 1), days_ago=112, people_asked=22)
    factories.SurveyFactory(
        programme=cast.programme, state="open", title="A second look", kind="own"
    )
    page = practitioner.get(PAGE)
    (one,) = page.context["difference"].temperature
    assert [(card.question, card.label, card.is_now) for card in one.cards] == [
        (start, "Start", False),
        (after, "After 16 weeks", True),
    ]
    html = _html(page)
    assert re.findall(r'role="img" aria-label="([^"]*)"', html) == [
        "Start, 22 people: not at all 7, to a small extent 10, to a moderate extent 4, to a large"
        " extent 1",
        "After 16 weeks, 19 people: not at all 1, to a small extent 5, to a moderate extent 8, to a"
        " large extent 5",
    ]
    # 1 of 19 has room for its digit; the numbers stand in the bars, and the bars fill their row.
    segments = [card.bar.segments for card in one.cards]
    assert [[said.count for said in bar] for bar in segments] == [[7, 10, 4, 1], [1, 5, 8, 5]]
    assert [round(sum(said.width for said in bar)) for bar in segments] == [100, 100]
    assert "19 of 22 who were asked answered; 3 didn’t" in html
    assert "“A second look” is open" in html


def test_too_few_answers_leave_no_number_and_no_word(cast, practitioner):
    """Four people answered: not even that is told, nor one word of theirs or of nine people's."""
    question = _check(cast, "start", (0, 0, 0, 4), people_asked=22, title="A short check")
    words = factories.QuestionFactory(survey=question.survey, kind="text", text="Anything else?")
    factories.SurveyAnswerFactory.create_batch(
        9, question=words, option=None, text="Canary words", look="shown"
    )
    html = _html(practitioner.get(PAGE))
    assert "Canary words" not in html
    assert "Too few answers to show" in html
    assert "Too few people answered to show it" in html
    main = html[html.index("<main") : html.index("</main>")]
    plain = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", main)
    assert re.findall(r"\b(?:4|four|18|eighteen)\b", plain.lower()) == []
    assert figures_in(results_in(cast.authority)) == []


def test_groups_are_shown_as_they_were_counted_and_only_then(cast, practitioner):
    question = _check(cast, "after", (1, 5, 8, 5), title="The check")
    assert practitioner.get(PAGE).context["groups"] is None
    why = "Only a few people in Business support answered."
    for by, label, counts in (
        ("team", "Team A", [3, 5]),
        ("team", "Team B and Business support", [3, 8]),
        ("work", "Practitioners", [6, 13]),
    ):
        group = factories.SplitGroupFactory(
            survey=question.survey,
            by=by,
            label=label,
            joined_because=why if " and " in label else "",
        )
        factories.TallyFactory(question=question, group=group, answered=sum(counts), counts=counts)
    skipped = factories.QuestionFactory(survey=question.survey, text="Skipped by many")
    factories.SurveyAnswerFactory.create_batch(6, question=skipped)
    response = practitioner.get(PAGE, headers=HTMX)
    html = _html(response)
    assert html.lstrip().startswith('<div id="impact-groups">')
    assert re.findall(r'role="img" aria-label="([^"]*)"', html) == [
        "Team A, 8 people: not at all or to a small extent 3, to a moderate or large extent 5",
        "Team B and Business support, 11 people: not at all or to a small extent 3, to a moderate"
        " or large extent 8",
    ]
    assert why in html
    assert response.context["groups"].hidden == [skipped]
    work = practitioner.get(PAGE, {"by": "work", "survey": str(question.survey.pk)})
    assert (work.context["groups"].by, len(work.context["groups"].cards)) == ("work", 1)
    # What nobody has is as if nothing had been asked for.
    other = practitioner.get(PAGE, {"by": "both", "survey": "x"}).context["groups"]
    assert (other.by, other.survey) == ("team", question.survey)


def test_time_with_families_over_time(cast, practitioner):
    """The middle half of the answers each time; a pulse that too few answered is left out."""
    core = core_of("pulse")[0]
    for days_ago, answers in (
        (112, (5, 8, 4, 2, 1, 0)),
        (56, (0, 3, 0, 0, 0, 1)),
        (1, (1, 4, 7, 5, 2, 0)),
    ):
        survey = factories.SurveyFactory(
            programme=cast.programme,
            kind="pulse",
            state="closed",
            opened_at=timezone.now() - timedelta(days=days_ago),
            people_answered=sum(answers),
        )
        question = factories.QuestionFactory(
            survey=survey, core=core.key, kind=core.kind, text=core.text
        )
        for option, count in enumerate(answers):
            factories.SurveyAnswerFactory.create_batch(count, question=question, option=option)
    pulse = practitioner.get(PAGE).context["difference"].pulse
    assert [(one.middle, one.half, one.much) for one in pulse.columns] == [
        ("10% to 20%", "Less than 10% up to 20% to 30%", "3 of 20 (15%)"),
        ("20% to 30%", "10% to 20% up to 30% to 40%", "7 of 19 (37%)"),
    ]
    assert (len(pulse.hidden), pulse.columns[0].y > pulse.columns[1].y) == (1, True)
    assert "20 people: middle answer 10% to 20%" in pulse.name


def test_a_public_story_stands_beside_and_a_picked_one_first(cast, practitioner):
    change = factories.SmallChangeFactory(programme=cast.programme)
    picked = factories.StoryFactory(change=change, ring="public", text="It feels lighter.")
    factories.StoryFactory(change=change, ring="public", text="A newer one.")
    factories.StoryFactory(change=change, ring="authority", text="Ours alone.")
    other = factories.SmallChangeFactory(programme=cast.other_programme)
    factories.StoryFactory(change=other, ring="public", text="Elsewhere.")
    factories.StoryPickFactory(story=picked)
    assert practitioner.get(PAGE).context["story"] == picked


def test_before_the_first_survey_it_says_what_will_be_here(cast, practitioner, facilitator):
    html = _html(practitioner.get(PAGE))
    assert "What small changes did will be here." in html
    assert "Write a survey" not in html
    assert 'href="/own/surveys/add/">Write a survey' in _html(facilitator.get(PAGE))


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(cast, facilitator, django_assert_num_queries, rows):
    for number in range(rows):
        _evolve(cast.programme, pk=number + 1)
        question = _check(cast, "after", (2, 2, 2, 2), title=f"Check {number}")
        group = factories.SplitGroupFactory(survey=question.survey)
        factories.TallyFactory(question=question, group=group)
        words = factories.QuestionFactory(survey=question.survey, kind="text")
        factories.SurveyAnswerFactory.create_batch(10, question=words, option=None, text="Time")
    with django_assert_num_queries(10):
        facilitator.get(PAGE)


# --- looking at comments


@pytest.fixture
def comments(cast):
    """Ten to one question, one of which seems to name somebody, and nine to another."""
    survey = factories.SurveyFactory(
        programme=cast.programme, kind="own", state="closed", people_answered=12
    )
    ten, nine = (factories.QuestionFactory(survey=survey, kind="text") for _ in range(2))
    for question, count in ((ten, 10), (nine, 9)):
        factories.SurveyAnswerFactory.create_batch(
            count, question=question, option=None, text=f"Of {count}, says Mrs Example"
        )
    return survey


def _look(client, answer, look):
    survey = answer.question.survey
    return client.post(f"/own/impact/comments/{survey.pk}/{answer.pk}/{look}/", follow=True)


def test_words_are_read_once_somebody_shows_them(cast, facilitator, practitioner, comments):
    url = f"/own/impact/comments/{comments.pk}/"
    page = facilitator.get(url)
    assert [bool(finding) for _, finding in page.context["rows"]] == [True] * 10
    assert "Of 9" not in page.content.decode()
    assert practitioner.get(url).status_code == 403
    assert "Of 10" not in _html(practitioner.get(PAGE))
    first, second = [comment for comment, _ in page.context["rows"]][:2]
    shown = _look(facilitator, first, "show")
    assert told(shown) == ["Everybody here can read it now."]
    assert _html(practitioner.get(PAGE)).count("Of 10") == 1
    undo(facilitator, shown)
    assert "Of 10" not in _html(practitioner.get(PAGE))
    _look(facilitator, second, "keep-back")
    looks = SurveyAnswer.objects.filter(question__survey=comments).exclude(look="")
    assert list(looks.values_list("pk", "look")) == [(second.pk, "kept back")]
    events = AuditEvent.objects.filter(verb__startswith="comment").order_by("at", "pk")
    assert [(one.verb, one.target_label, one.details) for one in events] == [
        ("comment shown", "", {}),
        ("comment waits again", "", {}),
        ("comment kept back", "", {}),
    ]


def test_what_too_few_wrote_nobody_looks_at(cast, facilitator, comments):
    nine = SurveyAnswer.objects.filter(text__startswith="Of 9").first()
    assert _look(facilitator, nine, "show").status_code == 404
    ten = SurveyAnswer.objects.filter(text__startswith="Of 10").first()
    assert _look(facilitator, ten, "burn").status_code == 404
    assert SurveyAnswer.objects.exclude(look="").count() == 0


@pytest.mark.parametrize("questions", [1, 3])
def test_query_count_of_comments(cast, facilitator, django_assert_num_queries, questions):
    survey = factories.SurveyFactory(
        programme=cast.programme, kind="own", state="closed", people_answered=12
    )
    for _ in range(questions):
        question = factories.QuestionFactory(survey=survey, kind="text")
        factories.SurveyAnswerFactory.create_batch(10, question=question, option=None, text="Time")
    with django_assert_num_queries(6):
        facilitator.get(f"/own/impact/comments/{survey.pk}/")

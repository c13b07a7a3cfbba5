"""The impact report: drafted, edited, published for good, shared, and read side by side."""

import io
import re
import zipfile
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from pypdf import PdfReader

from impact import drafting
from impact.actions import reports, sharing
from impact.models import Report, ReportSection, ReportSentence, SectionKey
from programmes.editing import Stale, Taken
from surveys.core import core_of
from surveys.models import Question, Survey, SurveyAnswer
from tests import factories
from tests.constraints import copy_refused_by, refusal, write

THEN = datetime(2022, 3, 1, 9, tzinfo=UTC)
SECRET = "canary"
# What a change says that no draft takes.
CHANGE_WORDS = ("purpose", "why", "success", "tracking", "impact")
# Of the published table: how many of eight said not at all or small, moderate, and large.
EVOLVE = {
    "impact-satisfaction": (2, 6, 0),
    "impact-team": (0, 8, 0),
    "impact-change": (1, 7, 0),
    "impact-valued": (1, 7, 0),
    "impact-time": (0, 5, 3),
}


def evolve(programme, *, title="What small changes did", asked=11, table=EVOLVE) -> Survey:
    """A closed survey with single answers."""
    survey = factories.SurveyFactory(
        programme=programme,
        kind="impact",
        moment="after",
        title=title,
        source="Impact report 2022",
        state="closed",
        opened_at=THEN,
        closed_at=THEN,
        people_asked=asked,
        people_answered=8,
    )
    answers = []
    for place, core in enumerate(core_of("impact")):
        question = factories.QuestionFactory(
            survey=survey,
            core=core.key,
            stem=core.stem,
            text=core.text,
            area=core.area,
            position=place,
            is_joined=core.key != "impact-time",
        )
        chosen = [0] * table[core.key][0] + [2] * table[core.key][1] + [3] * table[core.key][2]
        answers += [
            SurveyAnswer(authority=programme.authority, question=question, option=one)
            for one in chosen
        ]
    SurveyAnswer.objects.bulk_create(answers)
    return survey


def draft(cast) -> Report:
    return reports.draft_report(programme=cast.programme, pk=uuid4(), by=cast.facilitator)


def publish(report, cast, **said) -> Report:
    words = {"title": report.title, "why": "", "version": report.version} | said
    return reports.publish_report(report=report, by=cast.facilitator, **words)


def section(report, key) -> ReportSection:
    return report.sections.get(key=key)


def said(report, key) -> list[str]:
    return [one.text for one in section(report, key).sentences.filter(removed_at=None)]


def pdf_words(data: bytes) -> str:
    pages = PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def docx_words(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())


def stand_there(reader, address: str) -> set[str]:
    """Of which boroughs something is shared on a page."""
    return set(re.findall(r'<h3 id="theme-[a-z0-9-]+">(\w+)', reader.get(address).content.decode()))


@pytest.fixture
def member(cast, client_of):
    return client_of(cast.practitioner)


@pytest.fixture
def editor(cast, client_of):
    return client_of(cast.manager)


def test_the_published_table_stands_in_the_page_the_pdf_and_the_word_file(cast, member):
    survey = evolve(cast.programme)
    survey.illustrative = "the days"
    survey.save()
    report = draft(cast)
    own = section(report, "differently")
    reports.add_sentence(
        section=own, pk=uuid4(), text="We’d start with the rota. 😀 \u202e", by=cast.manager
    )
    left_out = section(report, "numbers")
    reports.choose_section(section=left_out, is_in=False, by=cast.manager)
    publish(report, cast, why="The first one")
    page = " ".join(member.get("/own/impact/report/").content.decode().split())
    pdf, docx = (member.get(f"/own/impact/report.{kind}").content for kind in ("pdf", "docx"))
    read = {
        "page": re.sub(r"<[^>]+>", "", page),
        "pdf": pdf_words(pdf),
        "docx": docx_words(docx),
    }
    for kind, words in read.items():
        for figure in ("75%", "87.5%", "100%"):
            assert (kind, figure, figure in words) == (kind, figure, True)
        for wanted in (
            "Six of eight people said that small changes had positively affected their job",
            "Three said to a large extent, five to a moderate extent.",
            "Eight of eleven people who were asked answered; three didn’t answer.",
            "Impact report 2022",
            "artly illustrative",
            "We’d start with the rota.",
            "The first one",
        ):
            assert (kind, wanted, wanted in words) == (kind, wanted, True)
        # What was left out, and marks that turn what follows.
        assert (kind, "We tell nothing of fewer" in words) == (kind, False)
        assert (kind, "\u202e" in words) == (kind, False)
    assert 'aria-label="“To what extent have small changes positively affected …' in page
    # The same whenever it is made; the day and the name of the council are those of then.
    cast.authority.name = "Renamed"
    cast.authority.save()
    cast.programme.small_changes.all().delete()
    again = [
        member.get(f"/own/impact/report/versions/1.{kind}").content for kind in ("pdf", "docx")
    ]
    assert again == [pdf, docx]


def test_what_people_made_of_it_goes_into_the_next_draft_and_the_figures_are_new(cast):
    evolve(cast.programme)
    factories.SmallChangeFactory(programme=cast.programme, title="Walks", status="chosen")
    first = draft(cast)
    with pytest.raises(Taken):
        draft(cast)
    counts = section(first, "changes").sentences.get(key="changes:counts")
    team, gone = section(first, "people").sentences.all()[1:3]
    reports.reword_sentence(sentence=team, version=1, text="All eight felt it.", by=cast.manager)
    with pytest.raises(Stale):
        reports.reword_sentence(sentence=team, version=1, text="Another", by=cast.facilitator)
    reports.remove_sentence(sentence=gone, by=cast.manager)
    own = reports.add_sentence(
        section=section(first, "people"), pk=uuid4(), text="We were proud.", by=cast.manager
    )
    reports.order_section(row=section(first, "people"), places=-1, by=cast.manager)
    publish(first, cast)
    with pytest.raises(ValidationError):
        reports.remove_sentence(sentence=own, by=cast.manager)
    factories.SmallChangeFactory(
        programme=cast.programme,
        title="Talks",
        status="embedded",
        stage="grow",
        result="Fewer forms",
    )
    second = draft(cast)
    assert second.number == 2
    assert said(second, "changes") == [
        "Of two small changes that people thought of, two were chosen: one is how we work now.",
        "How we work now: “Talks”.",
        "“Talks” is how we work now. What came of it: Fewer forms.",
    ]
    people = said(second, "people")
    assert people[1] == "All eight felt it."
    assert gone.text not in people
    assert people[-1] == "We were proud."
    order = list(second.sections.values_list("key", flat=True))
    assert order == list(first.sections.values_list("key", flat=True))
    assert said(first, "changes") == [counts.text]


def test_a_sentence_that_the_data_says_otherwise_by_now_is_marked_and_can_be_taken(cast, editor):
    factories.SmallChangeFactory(programme=cast.programme, title="Walks")
    report = draft(cast)
    factories.SmallChangeFactory(programme=cast.programme, title="Talks")
    page = editor.get("/own/impact/report/edit/")
    assert b"The data has changed since" in page.content
    changes = section(report, "changes")
    sentence = changes.sentences.get()
    old = sentence.text
    address = f"/own/impact/report/sections/{changes.pk}/take/"
    editor.post(address, {"key": sentence.key})
    sentence.refresh_from_db()
    assert sentence.text.startswith("Of two small changes")
    assert b"The data has changed since" not in editor.get("/own/impact/report/edit/").content
    editor.post(f"/own/impact/report/sentences/{sentence.pk}/unsay/")
    sentence.refresh_from_db()
    assert (sentence.text, sentence.drafted) == (old, old)
    edit = f"/own/impact/report/sentences/{sentence.pk}/edit/"
    assert editor.post(edit, {"version": 1, "text": "Mine"}).status_code == 409
    editor.post(edit, {"version": sentence.version, "text": "Mine"})
    page = editor.get("/own/impact/report/edit/").content.decode()
    assert ("in your words" in page, f"<b>The data said:</b> {old}" in page) == (True, True)


def test_the_words_of_a_published_report_stay(cast):
    """Whoever writes SQL is refused; a story alone may go, with its teller's yes."""
    change = factories.SmallChangeFactory(programme=cast.programme)
    factories.StoryFactory(change=change, text="It feels lighter.", ring="public")
    report = draft(cast)
    own = factories.ReportSentenceFactory(section=section(report, "changes"), position=99)
    publish(report, cast)
    sentence, part = section(report, "changes").sentences.first(), section(report, "changes")

    def delete():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM impact_reportsentence WHERE id = %s", [sentence.pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    tries: list = [
        (report, {"title": "Other"}),
        (report, {"published_at": THEN}),
        (part, {"is_in": False}),
        (sentence, {"text": "Other"}),
        (sentence, {"removed_at": THEN}),
    ]
    assert [refusal(partial(write, *one)) for one in tries] == [
        *("report_words_stay", "report_words_stay", "report_section_stays"),
        *("report_sentence_stays", "report_sentence_stays"),
    ]
    assert refusal(delete) == "report_sentence_is_kept"
    assert refusal(lambda: factories.ReportSentenceFactory(section=part)) == "report_sentence_stays"
    # Nor is anything written into it that says it is older.
    copies = {"report_section_stays": part, "report_sentence_stays": own}
    assert [copy_refused_by(row, "") for row in copies.values()] == list(copies)
    section(report, "stories").sentences.get().delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_story_goes_from_every_report_when_its_teller_takes_the_yes_back(cast, member, editor):
    change = factories.SmallChangeFactory(programme=cast.programme)
    story = factories.StoryFactory(change=change, text="It feels lighter.", ring="public")
    factories.StoryFactory(change=change, text=f"{SECRET} of the team")
    publish(draft(cast), cast)
    page = member.get("/own/impact/report/").content.decode()
    assert ("“It feels lighter.”" in page, SECRET in page) == (True, False)
    draft(cast)
    assert "It feels lighter." in editor.get("/own/impact/report/edit/").content.decode()
    story.ring, story.crossing = "team", None
    story.save()
    # Nor does whoever edits the next one read it.
    page = editor.get("/own/impact/report/edit/").content.decode()
    assert ("feels lighter" in page, "took the yes to it back" in page) == (False, True)
    for kind in ("/", ".pdf", ".docx"):
        data = member.get(f"/own/impact/report{kind}").content
        words = {"/": bytes.decode, ".pdf": pdf_words, ".docx": docx_words}[kind](data)
        assert (kind, "feels lighter" in words) == (kind, False)


def test_nothing_gets_into_a_draft_but_the_fields_on_the_list(cast):
    """Every text in the authority's rows is a canary, but for what `LEAVES` names."""
    programme = cast.programme
    evolve(programme)
    change = factories.SmallChangeFactory(
        programme=programme,
        title="Walks",
        status="embedded",
        stage="grow",
        result="Fewer forms",
        **dict.fromkeys(CHANGE_WORDS, SECRET),
        led_by=SECRET,
        gift="needs sponsorship",
    )
    factories.StoryFactory(change=change, text=SECRET, teller=SECRET)
    factories.StoryFactory(change=change, text=SECRET, teller=SECRET, ring="authority")
    picked = factories.StoryFactory(change=change, text="It feels lighter.", ring="public")
    factories.StoryPickFactory(story=picked, why=SECRET, panel=SECRET)
    factories.BarrierFactory(programme=programme, text=SECRET)
    factories.MissionStrandFactory(programme=programme, title="Less paper", about=SECRET)
    factories.AskFactory(change=change, what=SECRET, why=SECRET, name=SECRET, role=SECRET)
    factories.UpdateFactory(change=change, text=SECRET)
    factories.MetFactory(change=change, text=SECRET)
    factories.RuleFactory(authority=cast.authority, text=SECRET, said_by=SECRET)
    factories.TeamFactory(authority=cast.authority, name=SECRET)
    factories.InsightFactory(programme=programme, text=SECRET)
    factories.WorkshopFactory(programme=programme, title=SECRET, place=SECRET, ended_at=THEN)
    blueprint = factories.BlueprintFactory(programme=programme, focus=SECRET)
    pillar = factories.PillarFactory(blueprint=blueprint, title="Partners", so_that=SECRET)
    tried = factories.ExperimentFactory(
        pillar=pillar,
        title="Meet outside",
        state="decided",
        decision="adopt",
        cycle__we_try=SECRET,
        cycle__who=SECRET,
        cycle__surprised_us=SECRET,
    )
    factories.PromiseFactory(experiment=tried, what=SECRET)
    survey = evolve(programme, title="A second one")
    factories.QuestionFactory(survey=survey, kind=Question.Kind.TEXT, text=SECRET)
    question = survey.questions.last()
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(authority=cast.authority, question=question, text=SECRET) for _ in range(12)
    )
    report = draft(cast)
    told = [
        f"{one.text} {one.drafted} {one.rests_on} {one.illustrative}"
        for one in ReportSentence.objects.filter(section__report=report)
    ]
    assert [one for one in told if SECRET in one] == []
    names = (cast.facilitator.name, cast.practitioner.name, cast.manager.name)
    assert [one for one in told if any(name in one for name in names)] == []
    for wanted in (
        "“Walks”",
        "“Less paper”",
        "“Partners”",
        "“Meet outside”",
        "Fewer forms",
        "It feels lighter.",
        "Of one promise",
        "One workshop or pod",
    ):
        one = wanted.removeprefix("Of ")
        assert (wanted, any(one in each for each in told)) == (wanted, True)
    assert not drafting.LEAVES.keys() & drafting.STAYS.keys()


def test_side_by_side_stands_only_what_is_shared_and_goes_at_once(cast, client_of, member, editor):
    team, outsider = client_of(cast.crescendo), client_of(cast.outsider)
    for authority, programme in (
        (cast.authority, cast.programme),
        (cast.other, cast.other_programme),
    ):
        evolve(programme)
        factories.PrincipleFactory(programme=programme, text=f"{SECRET} of {authority.slug}")
        report = reports.draft_report(programme=programme, pk=uuid4(), by=cast.facilitator)
        publish(report, cast)
    assert b"Whoever shares can read" in member.get("/own/impact/others/").content
    assert team.get("/portfolio/impact/side-by-side.pdf").status_code == 404
    form = {"id": str(uuid4()), "keys": ["people", "families"]}
    assert editor.post("/own/impact/report/sharing/", form).status_code == 302
    assert editor.post("/own/impact/report/sharing/", form).status_code == 302
    own = cast.authority.report_shares.get()
    assert stand_there(team, "/portfolio/impact/") == {"Own"}
    assert b"Together:" not in team.get("/portfolio/impact/").content
    assert stand_there(outsider, "/other/impact/others/") == set()
    sharing.share_report(
        report=cast.other.reports.get(), pk=uuid4(), keys=["people"], by=cast.outsider
    )
    opened = {
        "team": team.get("/portfolio/impact/").content.decode(),
        "member": member.get("/own/impact/others/").content.decode(),
        "outsider": outsider.get("/other/impact/others/").content.decode(),
        "pdf": pdf_words(team.get("/portfolio/impact/side-by-side.pdf").content),
        "docx": docx_words(team.get("/portfolio/impact/side-by-side.docx").content),
    }
    for who, words in opened.items():
        seen = (SECRET in words, "Own Borough" in words, "Other Borough" in words)
        assert (who, seen) == (who, (False, True, True))
        together = "Together: 12 of 16 people (75%), from 2 authorities."
        assert (who, together in words) == (who, True)
        # Families of one authority alone: nothing is added up.
        assert (who, words.count("Together:")) == (who, 4)
    heads = re.findall(r'<h3 id="theme-people-\d">(\w+)', opened["team"])
    assert heads == ["Other", "Own"]
    editor.post(f"/own/impact/report/sharing/{own.pk}/take-back/")
    for reader, address in ((team, "/portfolio/impact/"), (outsider, "/other/impact/others/")):
        assert stand_there(reader, address) == {"Other"}
    assert "Own Borough" not in pdf_words(team.get("/portfolio/impact/side-by-side.pdf").content)
    editor.post(f"/own/impact/report/sharing/{own.pk}/give-back/")
    assert stand_there(team, "/portfolio/impact/") == {"Other", "Own"}
    reports.withdraw_report(report=cast.authority.reports.get(), by=cast.manager)
    assert stand_there(team, "/portfolio/impact/") == {"Other"}
    assert member.get("/own/impact/report.pdf").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_pages_ask_as_often_however_much_they_hold(
    cast, member, client_of, django_assert_num_queries, many
):
    for _ in range(many):
        evolve(cast.programme)
        change = factories.SmallChangeFactory(programme=cast.programme)
        factories.StoryFactory(change=change, ring="public")
    report = publish(draft(cast), cast)
    for number in range(1, many):
        factories.published(factories.ReportFactory(programme=cast.programme, number=number + 1))
    report.refresh_from_db()
    team, editor = client_of(cast.crescendo), client_of(cast.manager)
    sharing.share_report(report=report, pk=uuid4(), keys=list(SectionKey), by=cast.manager)
    draft(cast)
    for reader, address, queries in (
        (member, "/own/impact/report/versions/1/", 7),
        (member, "/own/impact/report/versions/", 4),
        (editor, "/own/impact/report/edit/", 26),
        (team, "/portfolio/impact/", 9),
    ):
        reader.get(address)
        with django_assert_num_queries(queries, info=address):
            assert reader.get(address).status_code == 200


def test_who_carries_it_on_is_told_in_sessions(cast):
    """Five were held: Crescendo ran the first two and shared the third."""
    whose = ("crescendo", "crescendo", "both", "local", "local")
    for place, hands in enumerate(whose):
        then = datetime(2026, 1 + place, 5, 9, tzinfo=UTC)
        workshop = factories.WorkshopFactory(
            programme=cast.programme, starts_at=then, ended_at=then
        )
        factories.HandsFactory(workshop=workshop, facilitated=hands)
    said = [one.text for one in drafting.drafted(cast.programme)[SectionKey.CARRIED]]
    assert said == [
        "Five workshops and pods were held.",
        "Of the first two of them Crescendo had a hand in running two; of the last two, in none.",
    ]

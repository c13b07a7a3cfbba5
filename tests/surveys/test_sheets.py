"""Answers from a file: what fits, what does not and where, and that nothing is taken by half."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from surveys import sheets
from surveys.actions import add_survey, close_survey, open_survey
from surveys.actions.answers import take_back_sheets, take_sheets
from surveys.models import Survey, SurveyAnswer
from surveys.results import results_of
from surveys.said import Said, Sheet
from tests import factories
from tests.history import NEW


@pytest.fixture
def survey(cast):
    """A question of each kind, in this order."""
    row = factories.SurveyFactory(programme=cast.programme, state="open", title="How are we?")
    for text, kind, options in (
        ("Valued", "extent", []),
        ("Share", "share", []),
        ("Energy", "scale", []),
        ("Pause", "choice", ["Tea", "A walk"]),
        ("Helps", "choices", ["Tea", "A walk"]),
        ("Hours", "number", []),
        ("Words", "text", []),
    ):
        factories.QuestionFactory(survey=row, text=text, kind=kind, options=options)
    factories.TeamFactory(authority=cast.authority, name="Evolve")
    factories.TeamFactory(authority=cast.other, name="Elsewhere")
    return row


def _read(survey, *lines: str) -> sheets.FileRead:
    return sheets.read("\n".join(lines).encode(), survey)


GOOD = [
    ("To a moderate extent", "valued", Said(option=2)),
    ("moderate", "valued", Said(option=2)),
    ("MODERATE  extent", "valued", Said(option=2)),
    ("2", "valued", Said(option=2)),
    ("not at all", "valued", Said(option=0)),
    ("10% to 20%", "share", Said(option=1)),
    ("10–20 %", "share", Said(option=1)),
    ("Half or more", "share", Said(option=5)),
    ("5", "energy", Said(option=4)),
    ("a walk", "pause", Said(option=1)),
    ("A walk; tea", "helps", Said(options=(0, 1))),
    ("none", "helps", Said(options=())),
    ("-2.5", "hours", Said(number=Decimal("-2.5"))),
    ("=HYPERLINK(1)", "words", Said(text="=HYPERLINK(1)")),
]


def test_answers_are_read_in_every_way_that_people_write_them(survey):
    """Each with its heading as a number, too; and with commas, semicolons and tabs."""
    asked = {str(one).lower(): one for one in survey.questions.all()}
    for cell, heading, said in GOOD:
        number = list(asked).index(heading) + 1
        for line in (f"{heading}\n{cell}", f"{number},team\n{cell},"):
            read = _read(survey, line)
            assert (read.problems, read.sheets) == ([], [Sheet({asked[heading]: said})]), line
    whole = "1{d}4{d}note{d}TEAM{d}Work\n\nlarge{d}Tea{d}x{d}evolve{d}Practitioners\n{d}{d}{d}{d}\n"
    for delimiter in ",;\t":
        content = whole.format(d=delimiter).replace("\n", "\r\n").encode("utf-8-sig")
        (sheet,) = sheets.read(content, survey).sheets
        assert (sheet.said[asked["valued"]], sheet.team.name, sheet.work) == (
            Said(option=3),
            "Evolve",
            "practitioner",
        )


BAD = [
    ("", "This file is empty."),
    ("Valued", "There is no answer in this file: below the headings, each row is one."),
    ("Valued\nvery", "Row 2, column A (“Valued”): “very” isn’t one of the answers. These fit: Not"),
    ("Valued\n4", "“4” isn’t one of the answers."),
    ("Valued\n\n2\nhuge", "Row 4, column A (“Valued”): “huge”"),
    ("Valued,3\n2,6", "Row 2, column B (“Energy”): “6” isn’t one of the answers. These fit: 1; 2;"),
    ("Pause\nCake", "These fit: Tea; A walk."),
    ("Helps\nTea; Cake", "“Tea; Cake” isn’t one of the answers. These fit: Tea; A walk."),
    ("Hours\ntwo", "“two” isn’t a number that fits. Write one such as 12 or 2.5"),
    ("Hours\nNaN", "“NaN” isn’t a number"),
    ("Hours\n99999999999", "isn’t a number that fits"),
    ("Hours\n١٢", "isn’t a number that fits"),
    (f"Words\n{'x' * 1001}", "is too long: 1,000 characters fit, this has 1,001."),
    ("Valued,valued\n1,1", "Row 1, column B: “valued” is the same as column A. Keep one of them."),
    ("Valued,1\n1,1", "is the same as column A"),
    ("Happiness\n2", "Row 1, column A: no question is called “Happiness”. A heading is"),
    ("team\nEvolve", "Row 1: there is no question here."),
    ("Valued,team\n2,Elsewhere", "column B (“Team”): “Elsewhere” is none of the teams here."),
    ("Valued,work\n2,director", "“director” isn’t known here. Write one of: Practitioner;"),
    ("Valued,team\n,Evolve", "Row 2: there is no answer in it."),
    ("Valued\n2,large", "Row 2, column B: “large” stands under no heading."),
    ("Valued,\n2,large", "Row 2, column B: “large” stands under no heading."),
    ('Valued\n"2', "A quotation mark opens in this file and never closes"),
    ("Valued\n" + "2\n" * 2001, "Up to 2,000 rows fit in one file. This has 2,001."),
    ("Valued\n" + "9\n" * 50, "And more like these."),
    # A megabyte of headings would else be told one by one, each with what would fit.
    ("Valued" + ",a" * 300_000, "Up to 200 columns fit in one file."),
    (b"Valued\n2\n\nTh\xe9\n", "Line 4 has letters that we can’t read: it seems to be an older"),
    ("Valued\n2".encode("utf-16"), "This file is “Unicode text”."),
    (b"PK\x03\x04 and more", "This is an Excel workbook, and not a CSV file."),
    (b"Valued\n\0", "This is no text file."),
    (b"x" * (1024 * 1024 + 1), "This file is too large."),
]


@pytest.mark.django_db
def test_what_does_not_fit_is_told_with_its_place(survey):
    for content, problem in BAD:
        content = content.encode() if isinstance(content, str) else content
        # A good row before it is not taken by itself.
        read = sheets.read(content, survey)
        assert read.sheets == [], content[:60]
        assert any(problem in one for one in read.problems), (content[:60], read.problems)


def test_a_survey_that_does_not_ask_for_them_takes_no_teams(survey):
    Survey.objects.filter(pk=survey.pk).update(asks_team=False, asks_work=False)
    survey.refresh_from_db()
    assert _read(survey, "1,team,work", "2,Evolve,manager").problems == [
        "Row 1, column B: this survey doesn’t ask for teams. Leave it out.",
        "Row 1, column C: this survey doesn’t ask what people do. Leave it out.",
    ]
    same = factories.QuestionFactory(survey=survey, text="valued")
    assert "two questions are called" in _read(survey, "Valued", "2").problems[0]
    assert _read(survey, "8", "2").sheets == [Sheet({same: Said(option=2)})]


def test_the_file_to_fill_in_is_read_as_it_is(survey):
    factories.QuestionFactory(survey=survey, text="=1+1")
    template = sheets.template_of(survey)
    head = template.splitlines()[0]
    assert head == "\ufeffnote,Valued,Share,Energy,Pause,Helps,Hours,Words,8,team,work"
    assert sheets.read(template.encode(), survey).problems == [
        "There is no answer in this file: below the headings, each row is one."
    ]
    filled = template.replace("Example: not read. Write below it", "Sheet 1")
    (sheet,) = sheets.read(filled.encode(), survey).sheets
    assert (len(sheet.said), sheet.team.name, sheet.work) == (8, "Evolve", "practitioner")


# The published table: 8 people, of whom 6, 8, 7, 7 and 8 said moderate or large.
EVOLVE = """\
impact-satisfaction,impact-team,impact-change,impact-valued,impact-time
moderate,large,moderate,moderate,large
To a moderate extent,large,large,2,large
large,moderate,2,moderate extent,3
2,moderate,moderate,large,moderate
3,2,moderate,moderate,moderate
moderate,moderate,large,moderate,moderate
small,large,moderate,small,moderate
not at all,moderate,small,moderate,moderate
"""


def test_the_published_table_comes_out_of_single_answers(cast, tmp_path, capsys):
    survey = add_survey(
        programme=cast.programme,
        pk=NEW,
        kind=Survey.Kind.IMPACT,
        moment=Survey.Moment.AFTER,
        title="What small changes did",
        by=cast.facilitator,
    )
    file = tmp_path / "evolve.csv"
    file.write_text(EVOLVE)
    with pytest.raises(CommandError, match="only while a survey is open"):
        call_command("import_answers", str(survey.pk), str(file))
    survey = open_survey(survey=survey, by=cast.facilitator)
    broken = tmp_path / "broken.csv"
    broken.write_text(EVOLVE.replace("small,large", "smal,large"))
    with pytest.raises(CommandError) as refused:
        call_command("import_answers", str(survey.pk), str(broken))
    assert ("Nothing was taken in.\nRow 8, column A" in str(refused.value)) is True
    assert SurveyAnswer.objects.count() == 0
    for said in ("Taken in: 8 of 8 rows.", "Taken in: 0 of 8 rows. This file was in already."):
        call_command("import_answers", str(survey.pk), str(file))
        assert capsys.readouterr().out.strip() == said
    results = results_of(close_survey(survey=survey, by=cast.facilitator))
    assert results is not None
    assert (results.answered, [one.answered for one in results.questions]) == (8, [8] * 5)
    assert [one.moderate_or_large for one in results.questions] == [6, 8, 7, 7, 8]
    assert results.questions[-1].counts == [0, 0, 5, 3]


def test_a_batch_is_all_or_nothing_and_there_once(cast, survey):
    first, *_, words = survey.questions.all()
    foreign = factories.QuestionFactory()
    good, bad = Sheet({first: Said(option=1)}), Sheet({foreign: Said(option=1)})
    with pytest.raises(Exception, match="own questions"):
        take_sheets(survey=survey, batch=NEW, sheets=[good, bad], by=cast.facilitator)
    assert (SurveyAnswer.objects.count(), survey.voices.count()) == (0, 0)
    both = [good, Sheet({words: Said(text="@SUM(1)")}), Sheet()]
    taken = [
        take_sheets(survey=survey, batch=NEW, sheets=both, by=cast.facilitator) for _ in range(2)
    ]
    assert (taken, SurveyAnswer.objects.count(), survey.voices.count()) == ([2, 0], 2, 2)


@pytest.mark.parametrize("rows", [1, 300])
def test_many_rows_are_taken_in_and_out_with_as_few_queries(
    cast, survey, django_assert_num_queries, rows
):
    first = survey.questions.first()
    some = [Sheet({first: Said(option=1)})] * rows
    with django_assert_num_queries(8):
        assert take_sheets(survey=survey, batch=NEW, sheets=some, by=cast.facilitator) == rows
    with django_assert_num_queries(7):
        gone = take_back_sheets(survey=survey, batch=NEW, count=rows, by=cast.facilitator)
    assert (gone, SurveyAnswer.objects.count(), survey.voices.count()) == (rows, 0, 0)

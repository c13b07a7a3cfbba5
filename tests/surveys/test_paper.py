"""Typing in paper, taking in a file, and taking either out again."""

from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from programmes.models import AuditEvent
from surveys.actions import close_survey
from surveys.forms.answering import name_of
from surveys.models import SurveyAnswer
from tests import factories
from tests.history import NEW


def test_sheets_are_typed_in_and_the_last_one_comes_out_again(client_of, cast):
    survey = factories.SurveyFactory(programme=cast.programme, state="open")
    extent = factories.QuestionFactory(survey=survey, text="I feel valued")
    factories.SurveyAnswerFactory(question=factories.QuestionFactory())  # another place's
    facilitator, page = client_of(cast.facilitator), f"/own/surveys/{survey.pk}/paper/"
    sent = {name_of(extent): "3"}
    for pk in (NEW, NEW, UUID(int=2)):
        assert facilitator.post(page, sent | {"id": str(pk)}).url == page
    shown = facilitator.get(page)
    assert (shown.context["here"], shown.context["answered"]) == (2, 2)
    assert "2</b> sheets typed in here" in shown.text
    empty = facilitator.post(page, {"id": str(UUID(int=3))})
    assert "Nothing is chosen on this sheet" in empty.text
    # Another session takes nothing out, and the session knows no answer.
    back = f"{page}take-back/{UUID(int=2)}/"
    client_of(cast.facilitator).post(back)
    assert survey.voices.count() == 2
    kept = facilitator.session[f"sheets {survey.pk}"]
    assert kept == [[str(NEW), 1], [str(UUID(int=2)), 1]]
    for _ in range(2):
        assert facilitator.post(back).url == page
    assert (survey.voices.count(), extent.answers.count()) == (1, 1)
    history = AuditEvent.objects.filter(target_id=str(survey.pk)).order_by("at")
    assert list(history.values_list("verb", "details")) == [
        *[("answer sheets taken in", {"sheets": 1})] * 2,
        ("answer sheets taken back", {"sheets": 1}),
    ]
    # After the close nothing comes in or out, and what was on the sheet is shown.
    close_survey(survey=survey)
    late = facilitator.post(page, sent | {"id": str(UUID(int=4))})
    assert ("this one isn’t" in late.text, "To a large extent" in late.text) == (True, True)
    facilitator.post(f"{page}take-back/{NEW}/")
    assert extent.answers.count() == 1


def test_a_file_is_taken_in_and_out_again(client_of, cast):
    survey = factories.SurveyFactory(programme=cast.programme, state="open")
    extent = factories.QuestionFactory(survey=survey, text="I feel valued")
    facilitator, page = client_of(cast.facilitator), f"/own/surveys/{survey.pk}/paper/file/"

    def send(content: str):
        return facilitator.post(page, {"file": SimpleUploadedFile("a.csv", content.encode())})

    refused = send("1\nlarge\n<b>huge</b>")
    assert "Row 3, column A (“I feel valued”): “&lt;b&gt;huge&lt;/b&gt;”" in refused.text
    assert SurveyAnswer.objects.count() == 0
    taken = send("1\nlarge\nsmall")
    assert taken.url == f"/own/surveys/{survey.pk}/paper/"
    shown = facilitator.get(taken.url)
    assert (shown.context["here"], extent.answers.count()) == (2, 2)
    assert send("1\nlarge\nsmall").status_code == 302
    assert extent.answers.count() == 2
    facilitator.post(f"/own/surveys/{survey.pk}/paper/take-back/{shown.context['last']}/")
    assert (extent.answers.count(), survey.voices.count()) == (0, 0)
    template = facilitator.get(f"/own/surveys/{survey.pk}/answers-template.csv")
    assert template.content.decode("utf-8-sig").splitlines()[0] == "note,I feel valued,team,work"
    sheet = facilitator.get(f"/own/surveys/{survey.pk}/print/")
    assert "please don’t write your name on it" in sheet.text

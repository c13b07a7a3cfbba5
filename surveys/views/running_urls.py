"""Writing surveys, opening them and closing them."""

from django.urls import include, path

from . import questions, running

_question = [
    path("edit/", questions.question_edit, name="question-edit"),
    path("order/", questions.question_order, name="question-order"),
    path("remove/", questions.question_remove, name="question-remove"),
    path("put-back/", questions.question_put_back, name="question-put-back"),
]
# /<authority>/surveys/<pk>/
_survey = [
    path("", running.survey, name="survey"),
    path("edit/", running.survey_edit, name="survey-edit"),
    path("remove/", running.survey_remove, name="survey-remove"),
    path("put-back/", running.survey_put_back, name="survey-put-back"),
    path("open/", running.survey_open, name="survey-open"),
    path("back-to-draft/", running.survey_to_draft, name="survey-to-draft"),
    path("closing-day/", running.survey_closing_day, name="survey-closing-day"),
    path("ask/", running.survey_ask, name="survey-ask"),
    path("poster/", running.survey_poster, name="survey-poster"),
    path("close/", running.survey_close, name="survey-close"),
    path("questions/add/", questions.question_add, name="question-add"),
    path("questions/<uuid:row_pk>/", include(_question)),
]
urlpatterns = [
    path("surveys/", running.surveys, name="surveys"),
    path("surveys/add/", running.survey_add, name="survey-add"),
    path("surveys/<uuid:pk>/", include(_survey)),
]

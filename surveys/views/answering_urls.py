"""Answering, with a link or as a member; and answers that come on paper or in a file."""

from django.urls import path

from . import answering, paper

urlpatterns = [
    path("surveys/<uuid:pk>/answer/", answering.answer, name="answer"),
    path("answer/mail/<str:token>/", answering.mailed, name="mailed"),
    path("answer/<str:token>/", answering.answer_open, name="answer-open"),
    path("surveys/<uuid:pk>/print/", paper.survey_print, name="survey-print"),
    path("surveys/<uuid:pk>/paper/", paper.paper, name="paper"),
    path(
        "surveys/<uuid:pk>/paper/take-back/<uuid:batch>/",
        paper.paper_take_back,
        name="paper-take-back",
    ),
    path("surveys/<uuid:pk>/paper/file/", paper.paper_file, name="paper-file"),
    path("surveys/<uuid:pk>/answers-template.csv", paper.paper_template, name="paper-template"),
]

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """What people say when they are asked, by nobody's name."""

    name = "surveys"

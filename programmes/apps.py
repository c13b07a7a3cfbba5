from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """People, places and ambition: the ground floor, which knows nothing of the floors above."""

    name = "programmes"

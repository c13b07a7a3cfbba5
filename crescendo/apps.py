from django.apps import AppConfig


class CrescendoConfig(AppConfig):
    """The roof: pages that read every app, and the commands that load journeys."""

    name = "crescendo"

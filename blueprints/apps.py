from django.apps import AppConfig


class BlueprintsConfig(AppConfig):
    """What the small changes taught, and the living plan written from it."""

    name = "blueprints"

from django.apps import AppConfig


class ImpactConfig(AppConfig):
    """What came of it: the golden thread, stories, reports, and data for others to read."""

    name = "impact"

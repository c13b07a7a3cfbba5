from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    """Asking people: sessions that run live in the browser, and what came out of them."""

    name = "workshops"

from django.apps import AppConfig


class SmallChangesConfig(AppConfig):
    """Mission strands and the small changes that grow along them."""

    name = "smallchanges"

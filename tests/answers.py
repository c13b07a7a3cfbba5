"""What a test reads off an answer."""

from django.test import Client


def told(response) -> list[str]:
    """What the status line says: of a page, or of a region that came with it."""
    return [str(message) for message in response.context["messages"]]


def follow(client: Client, response):
    """The page that an answer leads to, for a browser and for htmx alike."""
    address = response.headers.get("HX-Redirect") or response["Location"]
    return client.get(address)


def undo(client: Client, page):
    """Press the undo button of the page's status line."""
    (message,) = page.context["messages"]
    return client.post(message.extra_tags)


def errors(response) -> dict[str, list[str]]:
    """The errors of the page's form, by field."""
    return {name: list(said) for name, said in response.context["form"].errors.items()}


HTMX = {"HX-Request": "true"}

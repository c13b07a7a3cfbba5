"""The four lists of step 1, for tests: made, asked for, and read off an answer."""

import re

import pytest

from programmes.models import AuditEvent, Barrier, Opposite, Principle, Value
from tests import factories

MODELS = {"values": Value, "opposites": Opposite, "principles": Principle, "barriers": Barrier}
FACTORIES = {
    "values": factories.ValueFactory,
    "opposites": factories.OppositeFactory,
    "principles": factories.PrincipleFactory,
    "barriers": factories.BarrierFactory,
}
TAKEN = "That’s on the list already. Say what’s different about this one, or leave it out."
each_kind = pytest.mark.parametrize("kind", list(MODELS))


def make(cast, kind: str, *texts: str) -> list:
    return [FACTORIES[kind](programme=cast.programme, text=text) for text in texts]


def address_of(kind: str, verb: str, row=None) -> str:
    return f"/own/ambition/{kind}/{f'{row.pk}/' if row else ''}{verb}/"


def said_in(cast, kind: str = "barriers") -> list[str]:
    """The list as it stands."""
    standing = MODELS[kind].objects.standing().filter(programme=cast.programme)
    return [row.text for row in standing]


def shown_in(response, kind: str = "barriers") -> list[str]:
    """The list as an answer shows it: the whole page, or its region."""
    context = response.context
    shown = context["lists"][kind] if "lists" in context else context["list"]
    assert str(shown.kind) == kind
    return [row.text for row in shown.page]


def events() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", "target_label"))


def focused_in(response) -> list[str]:
    """The ids of the fields that the browser puts the focus into."""
    fields = re.findall(r"<input[^>]* autofocus[^>]*>", response.content.decode())
    return [re.search(r' id="([\w-]+)"', field).group(1) for field in fields]


def is_region(response, kind: str) -> bool:
    text = response.content.decode()
    return re.match(rf'\s*<div id="{kind}-list"', text) is not None and "<main" not in text


def meet(team, *barriers):
    for barrier in barriers:
        barrier.teams.add(team, through_defaults={"authority": team.authority})

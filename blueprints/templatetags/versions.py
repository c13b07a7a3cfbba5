"""What pages say of versions. Loaded by those that need it."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from blueprints.changed import what_changed
from blueprints.differences import Kind, Op
from blueprints.models import BlueprintVersion
from blueprints.reading import BlueprintReading
from blueprints.versions import parts_of

register = template.Library()
State = BlueprintVersion.State


@register.simple_tag
def version_line(reading: BlueprintReading) -> dict[str, Any]:
    """The version that holds, how much has changed since, and the draft that waits for names.

    Two queries at most, once the blueprint is read.
    """
    if reading.blueprint is None:
        return {}
    rows = reading.blueprint.versions.filter(state__in=[State.AGREED, State.DRAFT])
    by_state = {row.state: row for row in rows}
    agreed = by_state.get(State.AGREED)
    changes = what_changed(agreed.parts, parts_of(reading)).changes if agreed else []
    return {"agreed": agreed, "draft": by_state.get(State.DRAFT), "changed": len(changes)}


@register.simple_tag
def marked(ops: list[Op]) -> SafeString:
    """One side of a line, to the last space: what went or came is marked, and said to listeners."""
    return format_html_join("", "{}", ((_piece(op),) for op in ops))


def _piece(op: Op) -> SafeString:
    if op.kind is Kind.SAME:
        return format_html("<span>{}</span>", op.run)
    tag, said = ("del", "taken away") if op.kind is Kind.GONE else ("ins", "added")
    return format_html(
        '<{0}><span class="vh">{1}: </span>{2}<span class="vh">; </span></{0}>', tag, said, op.run
    )

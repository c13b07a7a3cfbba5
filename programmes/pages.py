"""One way to answer: the whole page, or the one region of it that was asked for."""

from datetime import date, datetime
from typing import Any, cast

import segno
from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format


def wants_part(request) -> bool:
    """Whether htmx asks for a region. A boosted link or a restored history entry wants the page."""
    htmx = request.htmx
    return bool(htmx) and not (htmx.boosted or htmx.history_restore_request)


def page(request, template: str, context: dict, *, region: str = "", status: int = 200):
    """Render `template`, or only its partial `region` where htmx asked for a part of the page.

    The server picks the region, never the client. What `tell()` said comes with a region too, for
    the page's status line.
    """
    partly = region and wants_part(request)
    response = TemplateResponse(
        request, f"{template}#{region}" if partly else template, context, status=status
    )
    if partly:
        response.add_post_render_callback(lambda answer: _add_status_line(request, answer))
    patch_vary_headers(response, ("HX-Request",))
    return response


def _add_status_line(request, response) -> None:
    said = list(messages.get_messages(request))
    # After a write that was refused, what was said of the one before is no news any more.
    if said or request.method == "POST":
        line = render_to_string("_status_line.html", {"said": said, "oob": True}, request)
        response.content += line.encode()


def tell(request, text: str, *, undo: str = "") -> None:
    """Say on the next page what was done; `undo` is the address whose POST takes it back."""
    messages.success(request, text, extra_tags=undo)


def go(request, url: str) -> HttpResponse:
    """After a write: a redirect that htmx follows too, as a whole page."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def kept_by_nobody(response):
    """In no cache of a computer that people share, and found by no search engine."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def qr(address: str) -> str:
    """A QR code as the address of a picture."""
    return segno.make(address, error="m").svg_data_uri(border=0, dark="#2b1830")


def conflict(request, *, form, row, back: str):
    """409: somebody saved `row` while this person wrote. Shows where both differ; nothing is lost.

    The page holds the form again with what was typed, now at the row's newest version, so that
    sending it once more means it.
    """
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(row.version)
    both = []
    for name, field in form.fields.items():
        if not field.widget.is_hidden and hasattr(row, name):
            theirs = _as_read(field, getattr(row, name))
            yours = _as_read(field, form.cleaned_data.get(name))
            if theirs != yours:
                both.append((field.label, theirs, yours))
    return TemplateResponse(
        request, "409.html", {"form": form, "row": row, "both": both, "back": back}, status=409
    )


def _as_read(field: forms.Field, value) -> str:
    """An answer in the words that the form has for it; what was ticked comes line by line."""
    if value is None:
        value = ""
    if isinstance(field, forms.ModelMultipleChoiceField):
        ticked = set(value.all() if hasattr(value, "all") else value)
        offered = cast(Any, field.queryset)
        return "\n".join(field.label_from_instance(one) for one in offered if one in ticked)
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value) if value else str(field.empty_label or "")
    if isinstance(field, forms.ChoiceField):
        return str(dict(cast(Any, field.choices)).get(value, value))
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "l j F Y, H:i")
    return date_format(value, "l j F Y") if isinstance(value, date) else str(value)

"""Links for partners: who has one, and the page that it opens, read-only and without an account."""

from collections.abc import Callable
from functools import wraps

from allauth.core.internal.ratelimit import consume
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blueprints import partners
from blueprints.actions import partners as actions
from blueprints.forms.partners import PartnerLinkAddForm
from blueprints.leaving import Reader, paper_of
from blueprints.views.leaving import docx_of, pdf_of
from programmes.access import authority_view, open_view
from programmes.mail import site_url
from programmes.pages import go, kept_by_nobody, page, tell
from programmes.permissions import Permission

_REASON = "the link was given to a partner, who has no account; it shows one page and two files"


@authority_view(Permission.BLUEPRINT_SHARE)
@require_http_methods(["GET", "POST"])
def for_partners(request):
    form = PartnerLinkAddForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        link = actions.give_link(
            authority=request.authority, pk=said.pop("id"), by=request.user, **said
        )
        tell(request, "The link is ready: copy it from here, and send it yourself.")
        return go(request, f"{request.path}#link-{link.pk}")
    links = list(request.authority.partner_links.select_related("made_by"))
    for link in links:
        link.authority = request.authority
        if link.is_open:
            link.address = site_url(request, partners.address_of(link))
    context = {
        "form": form,
        "open": [link for link in links if link.is_open],
        "ended": [link for link in links if not link.is_open],
        "paper": paper_of(request.authority, Reader.PARTNERS),
    }
    return page(request, "blueprints/for_partners.html", context)


@authority_view(Permission.BLUEPRINT_SHARE)
@require_POST
def for_partners_take_back(request, pk):
    link = get_object_or_404(request.authority.partner_links, pk=pk)
    actions.take_back_link(link=link, by=request.user)
    undo = reverse("blueprints:for-partners-give-back", args=[request.authority.slug, pk])
    tell(request, f"It opens nothing any more: the link for {link}", undo=undo)
    return go(request, _list_url(request))


@authority_view(Permission.BLUEPRINT_SHARE)
@require_POST
def for_partners_give_back(request, pk):
    link = get_object_or_404(request.authority.partner_links, pk=pk)
    link = actions.give_back_link(link=link, by=request.user)
    if link.is_open:
        tell(request, f"It works again: the link for {link}")
    else:
        tell(request, f"It has run out meanwhile, so make a new one: the link for {link}")
    return go(request, _list_url(request))


# --- for whoever has a link


def _with_a_link(view: Callable) -> Callable:
    """Hand the view the link in its address, if that is good; else one page that tells nothing.

    Guesses alone are counted: whoever has a link that we signed comes in whatever others do.
    """

    @wraps(view)
    def behind(request, authority_slug, token):
        if not partners.is_ours(token):
            return _closed(request, status=404 if _may_guess(request) else 429)
        link = partners.link_behind(token, slug=authority_slug)
        if link is None:
            return _closed(request, status=404)
        return _outside(view(request, link)) if link.is_open else _closed(request, status=410)

    return behind


@open_view(reason=_REASON)
@require_GET
@_with_a_link
def shared(request, link):
    context = {
        "paper": paper_of(link.authority, Reader.PARTNERS),
        "place": link.authority.formal_name,
        "until": link.expires_at,
        "token": partners.token_of(link),
        "slug": link.authority.slug,
    }
    return TemplateResponse(request, "blueprints/shared.html", context)


@open_view(reason=_REASON)
@require_GET
@_with_a_link
def shared_pdf(request, link):
    return pdf_of(paper_of(link.authority, Reader.PARTNERS), link.authority.slug)


@open_view(reason=_REASON)
@require_GET
@_with_a_link
def shared_docx(request, link):
    return docx_of(paper_of(link.authority, Reader.PARTNERS), link.authority.slug)


def _may_guess(request) -> bool:
    """allauth's open `consume` counts no GET, which is how a link is tried."""
    return bool(consume(request, app="allauth.account", action="partner_link", limit_get=True))


def _closed(request, *, status: int):
    """The same words whether there never was such a link, or such a place."""
    context = {"has_ended": status == 410, "too_many": status == 429}
    return _outside(
        TemplateResponse(request, "blueprints/shared_closed.html", context, status=status)
    )


def _outside(response):
    """Kept by nobody; and where a link in it leads learns no address."""
    response["Referrer-Policy"] = "no-referrer"
    return kept_by_nobody(response)


def _list_url(request) -> str:
    return reverse("blueprints:for-partners", args=[request.authority.slug])

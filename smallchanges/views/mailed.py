"""What the links in mails open: one thing, for one person, without signing in."""

from functools import wraps

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from programmes.access import open_view
from programmes.links import LinkRefused, LinkUsed, link_of
from programmes.models import MailedLink
from programmes.pages import go, page
from smallchanges import actions
from smallchanges.forms import UpdateForm
from smallchanges.models import LIVING


def of_a_mail(purpose: MailedLink.Purpose, after):
    """Give the view the link that the address holds, or say in words why it opens nothing.

    `after` answers for a link that was used.
    """

    def decorator(view):
        @wraps(view)
        def opened(request, authority_slug, token):
            try:
                link = link_of(token, purpose, slug=authority_slug, user=request.user)
            except LinkUsed as used:
                return after(request, used)
            except LinkRefused as refused:
                return refuse(request, refused)
            return view(request, link)

        return opened

    return decorator


def refuse(request, refused: LinkRefused, **context):
    """404, as for whatever is not there for somebody; but with why, and where to go instead."""
    context = {"why": refused, **context}
    return page(request, "smallchanges/mailed_refused.html", context, status=404)


def _told(request, used: LinkUsed):
    """After an update was sent, and when it is sent again. Other words need another link."""
    words, changes = request.POST.get("text", ""), used.link.authority.small_changes
    change = get_object_or_404(changes.known_as(used.link.target))
    form = UpdateForm(request.POST, change=change)
    form.is_valid()
    # By its id: a text may be sent with other spaces, and somebody else may have said the same.
    pk = form.cleaned_data.get("id") if words else None
    if words and not (pk and change.updates.filter(pk=pk).exists()):
        return refuse(request, used, typed=words)
    asked = changes.left_without_help().filter(pk=change.pk).exists()
    context = {"change": change, "asked_for_help": asked}
    return page(request, "smallchanges/mailed_thanks.html", context)


@open_view(reason="the link in a mail lets its one reader tell what happened to one small change")
@require_http_methods(["GET", "POST"])
@of_a_mail(MailedLink.Purpose.UPDATE, after=_told)
def update_by_mail(request, link):
    """Looking changes nothing: mail programs look too."""
    change = get_object_or_404(link.authority.small_changes.for_page().known_as(link.target))
    person = link.authority.memberships.standing().filter(user__email=link.email).first()
    if person is None or change.status not in LIVING:
        words = (
            "You don’t take part here any more."
            if person is None
            else "This small change has been stopped or put back, so there is nothing to tell now."
        )
        return refuse(request, LinkRefused(words))
    form = UpdateForm(request.POST or None, change=change)
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            actions.share_update_by_mail(
                link=link, change=change, pk=pk, by=person.user, **form.cleaned_data
            )
        except LinkUsed as used:
            return _told(request, used)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return go(request, request.path)
    return page(request, "smallchanges/update_by_mail.html", {"form": form, "change": change})

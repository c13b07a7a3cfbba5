"""The permission book: looking a rule up, writing one down, and saying what it turned out to be."""

from uuid import UUID

from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import push_url

from programmes.access import authority_view
from programmes.editing import Stale, Taken
from programmes.pages import conflict, go, page, tell, wants_part
from programmes.permissions import Permission
from smallchanges import actions
from smallchanges.forms import (
    CheckerForm,
    ClueForm,
    RuleAddForm,
    RuleEditForm,
    RuleFilterForm,
    VerdictForm,
)
from smallchanges.models import Clue, Rule, Verdict

RULES_ON_A_PAGE = 30


@authority_view(Permission.JOURNEY_READ)
@require_GET
def permissions(request):
    filters = RuleFilterForm(request.GET)
    rules = request.authority.rules
    found = rules.for_list().matching(**filters.wanted)
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in request.GET.items() if value})
    context = {
        "filters": filters,
        "query": query,
        "counts": rules.told_apart(),
        "rules": Paginator(found, RULES_ON_A_PAGE).get_page(request.GET.get("page")),
        "can_add": Permission.CHANGE_ADD in request.permissions,
    }
    response = page(request, "smallchanges/permissions.html", context, region="permissions-list")
    return push_url(response, f"{request.path}?{query.urlencode()}")


@authority_view(Permission.JOURNEY_READ)
@require_GET
def rule(request, pk):
    return _rule_page(request, _rule_or_404(request, pk))


@authority_view(Permission.CHANGE_ADD)
@require_http_methods(["GET", "POST"])
def rule_add(request):
    change = _asked_from(request)
    form = RuleAddForm(
        request.POST or None,
        initial={
            "text": request.GET.get("text", ""),
            "change": change,
            "team": _own_team(request),
        },
        authority=request.authority,
        others=request.authority.rules.standing(),
        asked_from=change.pk if change else None,
    )
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            rule = actions.add_rule(
                authority=request.authority, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_taken()
        else:
            undo = reverse("smallchanges:rule-remove", args=[request.authority.slug, rule.pk])
            tell(request, "Got it. It’s in the book, and somebody can find out.", undo=undo)
            return go(request, rule.get_absolute_url())
    back = change.get_absolute_url() if change else _book(request)
    context = {"form": form, "change": change, "back": back}
    return page(request, "smallchanges/rule_add.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def rule_edit(request, pk):
    rule = _rule_or_404(request, pk)
    form = RuleEditForm(
        request.POST or None,
        initial=model_to_dict(rule, exclude=["verdict", "search"]),
        authority=request.authority,
        others=request.authority.rules.standing().exclude(pk=pk),
        asked_from=rule.change_id,
    )
    back = rule.get_absolute_url()
    if form.is_valid():
        try:
            actions.edit_rule(rule=rule, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except Taken:
            form.say_taken()
        else:
            tell(request, "Got it. The new words are in place.")
            return go(request, back)
    context = {"form": form, "rule": rule, "back": back}
    return page(request, "smallchanges/rule_edit.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def rule_remove(request, pk):
    rule = get_object_or_404(request.authority.rules, pk=pk)
    actions.remove_rule(rule=rule, by=request.user)
    undo = reverse("smallchanges:rule-put-back", args=[request.authority.slug, pk])
    tell(request, f"Taken out of the book: {rule}", undo=undo)
    return go(request, _book(request))


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def rule_put_back(request, pk):
    rule = get_object_or_404(request.authority.rules, pk=pk)
    try:
        actions.put_back_rule(rule=rule, by=request.user)
    except Taken:
        tell(request, f"Somebody has written this down again meanwhile: {rule}")
        return go(request, _book(request))
    tell(request, f"It’s back: {rule}")
    return go(request, rule.get_absolute_url())


# --- finding out


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def rule_take(request, pk):
    """“I’ll find out”, and leaving it for someone else. The form says which is meant.

    Nobody takes it from whoever is at it, but those who may ask somebody.
    """
    rule = _rule_or_404(request, pk)
    take = request.POST.get("take")
    if take not in ("yes", "no"):
        raise BadRequest("Somebody finds out, or they do not.")
    now = rule.checked_now_by
    if now and now != request.membership and Permission.RULE_CHECK not in request.permissions:
        tell(request, f"{now.user} is finding out.")
    elif take == "yes" and request.membership:
        actions.set_checker(rule=rule, checker=request.membership, by=request.user)
        tell(request, "Thank you. It says here that you’re finding out.")
    elif take == "no":
        actions.set_checker(rule=rule, checker=None, by=request.user)
        tell(request, "It’s free for someone else to find out.")
    return go(request, rule.get_absolute_url())


@authority_view(Permission.RULE_CHECK)
@require_http_methods(["GET", "POST"])
def rule_ask(request, pk):
    rule = _rule_or_404(request, pk)
    form = CheckerForm(request.POST or None, rule=rule)
    back = rule.get_absolute_url()
    if form.is_valid():
        checker = form.cleaned_data["checker"]
        actions.set_checker(rule=rule, checker=checker, by=request.user)
        said = f"{checker.user} finds out." if checker else "It’s free for anybody to find out."
        tell(request, f"Got it. {said}")
        return go(request, back)
    context = {"form": form, "rule": rule, "back": back}
    return page(request, "smallchanges/rule_ask.html", context)


@authority_view(Permission.RULE_CHECK)
@require_http_methods(["GET", "POST"])
def rule_verdict(request, pk):
    """The page of the gate."""
    rule = _rule_or_404(request, pk)
    form = VerdictForm(request.POST or None, rule=rule)
    back = rule.get_absolute_url()
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            verdict = actions.settle_rule(rule=rule, pk=pk, by=request.user, **form.cleaned_data)
        except actions.Overtaken:
            rule.refresh_from_db()
            form.say_overtaken(rule.verdict)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            undo = reverse(
                "smallchanges:verdict-undo", args=[request.authority.slug, rule.pk, verdict.pk]
            )
            tell(request, f"Got it, and every team can look it up. {verdict}.", undo=undo)
            return go(request, back)
    context = {"form": form, "rule": rule, "back": back}
    return page(request, "smallchanges/rule_verdict.html", context)


@authority_view(Permission.RULE_CHECK)
@require_POST
def verdict_undo(request, pk, verdict_pk):
    rule = _rule_or_404(request, pk)
    verdict = get_object_or_404(rule.verdicts, pk=verdict_pk)
    if actions.take_back_verdict(verdict=verdict, by=request.user):
        tell(request, "Taken back: the entry is as it was before.")
    else:
        tell(request, "It has been checked again since, so it stays as it is.")
    return go(request, rule.get_absolute_url())


# --- what people know


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def clue_add(request, pk):
    rule = _rule_or_404(request, pk)
    form = ClueForm(request.POST)
    if not form.is_valid():
        return _rule_page(request, rule, form=form)
    clue = actions.add_clue(
        rule=rule, pk=form.cleaned_data["id"], text=form.cleaned_data["text"], by=request.user
    )
    undo = reverse("smallchanges:clue-remove", args=[request.authority.slug, pk, clue.pk])
    tell(request, "Got it. Thank you for telling us.", undo=undo)
    return _clues(request, rule)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def clue_remove(request, pk, clue_pk):
    rule = _rule_or_404(request, pk)
    clue = get_object_or_404(rule.clues, pk=clue_pk)
    actions.remove_clue(clue=clue, by=request.user)
    undo = reverse("smallchanges:clue-put-back", args=[request.authority.slug, pk, clue_pk])
    tell(request, f"Taken away: {clue}", undo=undo)
    return _clues(request, rule)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def clue_put_back(request, pk, clue_pk):
    rule = _rule_or_404(request, pk)
    clue = get_object_or_404(rule.clues, pk=clue_pk)
    actions.put_back_clue(clue=clue, by=request.user)
    tell(request, f"It’s back: {clue}")
    return _clues(request, rule)


def _rule_or_404(request, pk) -> Rule:
    return get_object_or_404(request.authority.rules.for_list(), pk=pk)


def _book(request) -> str:
    return reverse("smallchanges:permissions", args=[request.authority.slug])


def _clues(request, rule: Rule):
    """After a write: the region for htmx, else the page at that place."""
    if wants_part(request):
        return _rule_page(request, rule)
    return go(request, f"{rule.get_absolute_url()}#rule-clues")


def _rule_page(request, rule: Rule, *, form: ClueForm | None = None):
    earlier: list[Verdict] = []
    if rule.verdict_id:
        others = rule.verdicts.standing().exclude(pk=rule.verdict_id)
        earlier = list(others.select_related("by"))
    clues: list[Clue] = list(rule.clues.standing().select_related("by"))
    context = {
        "rule": rule,
        "earlier": earlier,
        "clues": clues,
        "arranging": request.GET.get("arrange", ""),
        "can_edit": Permission.CHANGE_EDIT in request.permissions,
        "can_check": Permission.RULE_CHECK in request.permissions,
        "form": form or ClueForm(),
    }
    return page(request, "smallchanges/rule.html", context, region="rule-clues")


def _asked_from(request):
    """The small change whose page led here, if it is one of ours."""
    try:
        pk = UUID(request.GET.get("change", ""))
    except ValueError:
        return None
    return request.authority.small_changes.filter(pk=pk).first()


def _own_team(request):
    """The team of whoever writes, where they are in one."""
    teams = list(request.membership.teams.all()[:2]) if request.membership else []
    return teams[0] if len(teams) == 1 else None

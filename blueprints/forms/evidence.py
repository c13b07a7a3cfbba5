"""Forms of the evidence: which of it to see, and what an insight rests on."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms

from blueprints.evidence import KINDS, Wanted
from blueprints.models import EVIDENCE, Insight
from blueprints.pieces import LINKED, change_of, is_standing, rows_of, visible, words_of
from programmes.forms.house import NONE_OF_LIST, NOT_IN_LIST, DayField
from programmes.models import Programme

_LABELS = {
    "barrier": "Which barriers from the start does it rest on?",
    "met": "Which barriers met and enablers does it rest on?",
    "ask": "Which asks does it rest on?",
    "rule": "Which rules of the permission book does it rest on?",
    "measure": "Which measures does it rest on?",
    "move": "Which stopped changes does it rest on?",
}
_MOST = 40_000


def ids_in(values: Iterable[str]) -> list[str]:
    """The ids that boxes sent: one box may stand for several rows that say the same."""
    return [one for value in values for one in value.split(",") if one]


def _known(values: Iterable[str]) -> set[UUID]:
    found = set()
    for value in values:
        try:
            found.add(UUID(value))
        except ValueError:
            continue
    return found


class _Form(forms.Form):
    """Whose fields are made when it is, and whose boxes are read as they were sent."""

    # Django's own types know nothing of what is set below.
    fields: dict[str, Any]
    data: Any
    initial: dict[str, Any]

    def sent(self, name: str) -> list[str]:
        """The boxes of one field as they were sent."""
        if not self.is_bound:
            return []
        widget = self.fields[name].widget
        return widget.value_from_datadict(self.data, self.files, self.add_prefix(name)) or []


class EvidenceFilterForm(_Form):
    """The filters in the address. What it does not know is left out, without a word."""

    kind = forms.ChoiceField(
        label="What",
        choices=[("", "Everything"), *((kind.name, kind.title) for kind in KINDS.values())],
        required=False,
    )
    unused = forms.ChoiceField(
        label="Insights",
        choices=[("", "In an insight or not"), ("yes", "Not in an insight yet")],
        required=False,
    )
    strand = forms.ChoiceField(label="Strand", required=False)
    team = forms.ChoiceField(label="Team", required=False)
    since = DayField(label="From", required=False)
    until = DayField(label="Up to", required=False)

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        strands = [(str(one.pk), one.title) for one in programme.strands.standing()]
        teams = [(str(one.pk), one.name) for one in programme.authority.teams.all()]
        self.fields["strand"].choices = [("", "Any strand"), *strands]
        self.fields["team"].choices = [("", "Any team"), *teams]
        self.is_valid()

    @property
    def wanted(self) -> Wanted:
        """The filters that are on, as `pack_of` takes them."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(is_unused=bool(chosen.pop("unused", "")), **chosen)

    @property
    def has_more(self) -> bool:
        """Whether one of those is on that a phone folds away."""
        return any(self.cleaned_data.get(name) for name in ("strand", "team", "since", "until"))

    @property
    def said(self) -> list[tuple[str, str]]:
        """The filters that are on, in words."""
        return [
            (str(self.fields[name].label), self._words(name, value))
            for name, value in self.cleaned_data.items()
            if value
        ]

    def _words(self, name: str, value) -> str:
        if name in ("since", "until"):
            return f"{value:%-d %B %Y}"
        return str(dict(self.fields[name].choices)[value])


class PiecesField(forms.ModelMultipleChoiceField):
    """Rows of one kind of `EVIDENCE`. What was taken away since can be told only as that."""

    def __init__(self, name: str, **kwargs):
        self.name = name
        super().__init__(
            queryset=EVIDENCE[name]._base_manager.none(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages=NONE_OF_LIST,
            **kwargs,
        )

    def clean(self, value):
        return super().clean(ids_in(value or []))

    def label_from_instance(self, obj):
        if not is_standing(obj):
            return "Taken away since"
        change = change_of(self.name, obj)
        return words_of(self.name, obj) + (f" ({change})" if change else "")


def _offered(programme: Programme, name: str, pks: Iterable[UUID], linked: set[UUID]):
    """Rows that can be ticked: those that stand, and those that are linked whatever became of them.

    Of barriers that became part of another only the other is offered.
    """
    rows = rows_of(programme, name).filter(pk__in=pks)
    if name == "barrier":
        rows = rows.filter(merged_into=None)
    if name in ("met", "ask", "measure", "move"):
        rows = rows.select_related("change")
    if name != "move":
        rows = rows.filter(removed_at=None) | rows.filter(pk__in=linked)
    return rows


class EvidenceForm(_Form):
    """What an insight rests on beside small changes: what is linked, and what is about to be.

    `seen` keeps what was linked when the page was opened: what somebody else linked since is not
    unlinked by whoever never saw it.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=_MOST)
    barrier = PiecesField("barrier", label=_LABELS["barrier"])
    met = PiecesField("met", label=_LABELS["met"])
    ask = PiecesField("ask", label=_LABELS["ask"])
    rule = PiecesField("rule", label=_LABELS["rule"])
    measure = PiecesField("measure", label=_LABELS["measure"])
    move = PiecesField("move", label=_LABELS["move"])

    def __init__(self, *args, programme: Programme, insight: Insight | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        linked = _linked(insight)
        begun = self.initial
        for name in LINKED:
            there = linked[name]
            given = self.sent(name) if self.is_bound else begun.get(name) or []
            sent = _known(ids_in(given))
            if not there and not given:
                del self.fields[name]
                continue
            self.fields[name].queryset = _offered(programme, name, there | sent, there)
            self.initial[name] = list(there | sent)
        self.initial["seen"] = ",".join(str(pk) for pks in linked.values() for pk in pks)

    def keep_what_came_since(self) -> None:
        """Tick what somebody else linked meanwhile, before the form is shown again."""
        self.data = self.data.copy()
        seen = _known(ids_in([self.cleaned_data["seen"]]))
        for name in LINKED:
            if name in self.fields:
                key = self.add_prefix(name)
                new = set(self.initial[name]) - seen
                ticked = dict.fromkeys([*ids_in(self.sent(name)), *map(str, new)])
                self.data.setlist(key, list(ticked))
        self.data[self.add_prefix("seen")] = self.initial["seen"]

    @property
    def words(self) -> dict[str, Any]:
        """What was written, without what it rests on."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in LINKED and name != "seen"
        }

    @property
    def evidence(self) -> dict[str, Any]:
        """What was ticked, as actions take it."""
        return {name: list(self.cleaned_data.get(name, [])) for name in LINKED}

    @property
    def unlinked(self) -> list[tuple[str, UUID]]:
        """What was seen ticked, and is not any more."""
        seen = _known(ids_in([self.cleaned_data["seen"]]))
        return [
            (name, row.pk)
            for name in LINKED
            if name in self.fields
            for row in self.fields[name].queryset
            if row.pk in seen and row not in self.evidence[name]
        ]


class InsightFilterForm(forms.Form):
    """Which insights to see. What it does not know is left out, without a word."""

    kind = forms.ChoiceField(choices=Insight.Kind.choices, required=False)
    sits_in = forms.ChoiceField(choices=Insight.Where.choices, required=False)

    @property
    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _linked(insight: Insight | None) -> Mapping[str, set[UUID]]:
    found: dict[str, set[UUID]] = {name: set() for name in EVIDENCE}
    if insight:
        for link in visible(insight.evidence.filter(change=None)):
            name, pk = link.what
            found[name].add(pk)
    return found


class EvidenceLinkForm(_Form):
    """What was ticked in the pack, and the insight that it is to be added to."""

    insight: Any = forms.ModelChoiceField(
        label="Add it to an insight that’s there",
        queryset=None,
        empty_label=None,
        error_messages={"required": "Choose an insight."} | NOT_IN_LIST,
    )
    barrier = PiecesField("barrier")
    met = PiecesField("met")
    ask = PiecesField("ask")
    rule = PiecesField("rule")
    measure = PiecesField("measure")
    move = PiecesField("move")

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["insight"].queryset = programme.insights.standing()
        for name in LINKED:
            sent = _known(ids_in(self.sent(name)))
            self.fields[name].queryset = _offered(programme, name, sent, set())

    def clean(self):
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in LINKED):
            raise forms.ValidationError("Tick what the insight rests on first.")
        return cleaned

    @property
    def evidence(self) -> dict[str, Any]:
        return {name: list(self.cleaned_data[name]) for name in LINKED}

    @property
    def ticked(self) -> set[str]:
        """The boxes as they were sent."""
        return {value for name in LINKED for value in self.sent(name)}

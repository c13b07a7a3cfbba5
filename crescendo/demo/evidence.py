"""What the insights of the demo rest on beside its small changes: made up, as these rows are."""

from blueprints import actions
from blueprints.models import Evidence
from blueprints.pieces import rows_of
from crescendo.loading.desk import MADE_UP
from programmes.models import Programme

_PLACE = "tower-hamlets"
# By the insight's first words: kinds of evidence, each with the first words of its rows.
_RESTS: dict[str, dict[str, list[str]]] = {
    "Motivation and passion": {"met": ["Two services asked to join"]},
    "Continuous buy-in": {"met": ["IT gave us a space"], "ask": ["Ten minutes at the start"]},
    "A culture in which everyone": {"met": ["It costs two minutes"]},
    "Limits of our role": {
        "barrier": ["School visits cannot be recorded"],
        "met": ["What counts as a statutory visit", "Outside services have forms"],
        "rule": ["A school visit"],
    },
    "Finding time": {
        "barrier": ["Not enough time to reflect"],
        "measure": ["Minutes of a core group"],
    },
    "Unclear who is responsible": {
        "barrier": ["Minute-taking in core group"],
        "met": ["Confidence was in the way", "needs the director"],
        "rule": ["Only the social worker may take", "We’re not allowed to share a folder"],
    },
    "Not everyone sees": {"barrier": ["The social worker's role"]},
    "Verbal buy-in": {
        "met": ["needs the director"],
        "ask": ["Say yes to a trial", "Tell the partner agencies", "A shared space that both"],
    },
    "Familiar processes": {
        "barrier": ["The referral process"],
        "met": ["The booking service gives"],
        "rule": ["Every referral needs"],
    },
}
# Where each kind of row has its words.
_SAYS = {"barrier": "text", "met": "text", "rule": "text", "ask": "what", "measure": "what"}


def load() -> None:
    """Once; what people linked and unlinked since stays."""
    programme = Programme.objects.filter(authority__slug=_PLACE, ended_on=None).first()
    if programme is None or _is_there(programme):
        return
    rows = {name: list(rows_of(programme, name)) for name in _SAYS}
    for begins, evidence in _RESTS.items():
        insight = programme.insights.standing().filter(text__istartswith=begins).first()
        if insight is None:
            continue
        pieces = {
            name: [
                row
                for row in rows[name]
                if getattr(row, _SAYS[name]).lower().startswith(tuple(map(str.lower, words)))
            ]
            for name, words in evidence.items()
        }
        actions.link_evidence(insight=insight, evidence=pieces, by=None, illustrative=MADE_UP)


def _is_there(programme: Programme) -> bool:
    links = Evidence.objects.filter(insight__programme=programme, change=None)
    return links.exists()

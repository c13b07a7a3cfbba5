"""Tower Hamlets’ first impact report, as it is drafted from the demo’s data and published."""

from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from impact.actions.reports import draft_report, publish_report
from impact.models import Report
from programmes.models import LocalAuthority

_PLACE = "tower-hamlets"
_WHY = (
    "Illustrative: drafted for this demo from what is here. Nobody in Tower Hamlets wrote or"
    " published it."
)


def load() -> None:
    """Once: what people did with it since stays."""
    if not Report.objects.filter(authority__slug=_PLACE).exists():
        _publish()


@transaction.atomic
def _publish() -> None:
    place = LocalAuthority.objects.filter(slug=_PLACE).first()
    programme = place.current_programme() if place else None
    if programme is None:
        return
    pk = uuid5(NAMESPACE_URL, f"crescendo.example/{_PLACE}/report")
    report = draft_report(programme=programme, pk=pk, by=None)
    report.illustrative = "the choice of its words, and that anybody published it"
    report.save(update_fields=["illustrative"])
    publish_report(report=report, version=report.version, title=report.title, why=_WHY, by=None)

"""Links of statements that were merged into one another: given on, and taken back exactly.

A table that links a statement to something, at most once, takes part by having a foreign key
`merged_from` to the same model; apps above this one take part so without being named here. At any
time a statement's links are its own and one for each end that a statement merged into it links to,
marked with the first of those in `merged_from`. Only an end that people took from a statement,
although one merged into it has it, may be there or not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from programmes.models import Statement

_NOT_THE_END = {"id", "created_at", "illustrative", "merged_from"}


@dataclass(frozen=True)
class _LinkTable:
    """A table of links, and the name of its foreign key to the statement."""

    table: type[models.Model]
    statement: str

    def links_of(self, statement_id, **filters):
        return self.table._base_manager.filter(**{self.statement: statement_id}, **filters)

    def end(self, link: models.Model) -> tuple:
        """What the link leads to: all that it holds beside the statement."""
        return tuple(
            getattr(link, field.attname)
            for field in self.table._meta.concrete_fields
            if field.name not in _NOT_THE_END and field.name != self.statement
        )

    def copy(self, link: models.Model, *, to: Statement, merged_from: Statement) -> models.Model:
        values = {
            field.attname: getattr(link, field.attname)
            for field in self.table._meta.concrete_fields
            if field.name not in {"id", "created_at"}
        }
        values |= {f"{self.statement}_id": to.pk, "merged_from_id": merged_from.pk}
        return self.table(**values)


def _link_tables(model: type[Statement]) -> Iterator[_LinkTable]:
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.field.name == "merged_from":
            continue
        table = relation.related_model
        if any(
            field.name == "merged_from" and field.related_model is model
            for field in table._meta.concrete_fields
        ):
            yield _LinkTable(table, relation.field.name)


def copy_links(part: Statement, into: Statement) -> None:
    """`into` gets each link of `part` that it lacks, marked with where it came from."""
    for table in _link_tables(type(part)):
        table.table._base_manager.bulk_create(
            (table.copy(link, to=into, merged_from=part) for link in table.links_of(part.pk)),
            # Those that are there already stay as they are.
            ignore_conflicts=True,
        )


def withdraw_links(part: Statement, into: Statement) -> None:
    """Undo `copy_links`, once `part` is no longer merged into `into`."""
    for table in _link_tables(type(part)):
        _withdraw(table, part.pk, into)


def _withdraw(table: _LinkTable, source_id, holder: Statement) -> None:
    """Take from `holder` the links that came with `source_id`, as far as it lacks them now.

    A link that another statement merged into `holder` has too becomes that one's. What is gone
    here is gone further along, where `holder` itself was merged on.
    """
    heirs = _heirs(table, holder)
    is_gone = False
    for link in table.links_of(holder.pk, merged_from=source_id):
        if heir := heirs.get(table.end(link)):
            link.merged_from_id = heir
            link.save(update_fields=["merged_from"])
        else:
            link.delete()
            is_gone = True
    if is_gone and holder.merged_into:
        _withdraw(table, holder.pk, holder.merged_into)


def _heirs(table: _LinkTable, holder: Statement) -> dict[tuple, object]:
    """Which of the statements merged into `holder` link to each end."""
    parts = type(holder)._base_manager.filter(merged_into=holder).values("pk")
    links = table.table._base_manager.filter(**{f"{table.statement}__in": parts})
    return {table.end(link): getattr(link, f"{table.statement}_id") for link in links}

"""What every row of an authority has, and what holds it inside that authority."""

import uuid

from django.db import models
from django.db.backends.ddl_references import Statement as DDLStatement
from django.db.backends.ddl_references import Table
from django.db.models.constraints import BaseConstraint


class SameAuthority(BaseConstraint):
    """A row and the row it points at belong to one authority, held by a composite foreign key.

    `field` names a foreign key of the model; the row it points at needs a unique constraint over
    (authority, id), which `TenantModel.Meta` gives it. Checked at the end of the transaction, as
    Django's own foreign keys are.
    """

    def __init__(self, *, field: str, name: str):
        super().__init__(name=name)
        self.field = field

    def _columns(self, model):
        field = model._meta.get_field(self.field)
        return field.column, field.remote_field.model._meta.db_table

    def constraint_sql(self, model, schema_editor):
        return self.create_sql(model, schema_editor)

    def create_sql(self, model, schema_editor):
        """Nothing at once: the other table, or its constraint, may come later in the migration."""
        quote = schema_editor.quote_name
        column, parent = self._columns(model)
        sql = DDLStatement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (authority_id, %(column)s)"
            " REFERENCES %(parent)s (authority_id, id) DEFERRABLE INITIALLY DEFERRED",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
            column=quote(column),
            parent=Table(parent, quote),
        )
        schema_editor.deferred_sql.append(sql)

    def remove_sql(self, model, schema_editor):
        return schema_editor._delete_constraint_sql(
            schema_editor.sql_delete_check, model, self.name
        )

    def validate(self, model, instance, exclude=None, using=None):
        """Nothing to ask a person: forms offer rows of their own authority only."""

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        path = path.replace("programmes.models.tenancy", "programmes.models")
        return path, args, kwargs | {"field": self.field}

    def __eq__(self, other):
        if isinstance(other, SameAuthority):
            return (self.name, self.field) == (other.name, other.field)
        return NotImplemented

    def __hash__(self):
        return hash((self.name, self.field))


class TenantModel(models.Model):
    """A row of one authority. Each subclass declares `authority` with its own name back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # What of this row was made up to show a feature, in words, such as "stage and dates".
    # Empty where everything is real. Shown on every page that shows the row.
    illustrative = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        abstract = True


class RemovableQuerySet(models.QuerySet):
    def standing(self):
        """Rows that nobody took away."""
        return self.filter(removed_at=None)


class OrderedQuerySet(RemovableQuerySet):
    def standing(self):
        """Rows that nobody took away, in the order that people gave them."""
        return super().standing().order_by("position", "created_at")


class Removable(models.Model):
    """Taken away, but not lost: the person who took it away can put it back."""

    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        "programmes.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True


def removal_constraint(noun: str) -> models.CheckConstraint:
    """Who took a row away is known only of one that was taken away."""
    return models.CheckConstraint(
        condition=models.Q(removed_by=None) | models.Q(removed_at__isnull=False),
        name=f"{noun}_removed_by_needs_removed_at",
    )

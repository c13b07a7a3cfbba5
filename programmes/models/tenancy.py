"""What every row of an authority has, and what holds it inside that authority."""

import uuid

from django.db import models
from django.db.backends.ddl_references import Statement as DDLStatement
from django.db.backends.ddl_references import Table
from django.db.models.constraints import BaseConstraint
from django.utils import timezone


class CompositeKey(BaseConstraint):
    """A foreign key over several columns: a row agrees with the row that its `field` points at.

    Those columns of the other table need a unique constraint. Checked at the end of the
    transaction, as Django's own foreign keys are.
    """

    after = "DEFERRABLE INITIALLY DEFERRED"

    def __init__(self, *, field: str, name: str):
        super().__init__(name=name)
        self.field = field

    def columns(self, column: str) -> tuple[str, str]:
        """Those here, of which `column` is the field's, and those in the other table."""
        raise NotImplementedError

    def constraint_sql(self, model, schema_editor):
        return self.create_sql(model, schema_editor)

    def create_sql(self, model, schema_editor):
        """Nothing at once: the other table, or its constraint, may come later in the migration."""
        quote, field = schema_editor.quote_name, model._meta.get_field(self.field)
        here, there = self.columns(quote(field.column))
        sql = DDLStatement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(here)s)"
            " REFERENCES %(parent)s (%(there)s) %(after)s",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
            here=here,
            parent=Table(field.remote_field.model._meta.db_table, quote),
            there=there,
            after=self.after,
        )
        schema_editor.deferred_sql.append(sql)

    def remove_sql(self, model, schema_editor):
        return schema_editor._delete_constraint_sql(
            schema_editor.sql_delete_check, model, self.name
        )

    def validate(self, model, instance, exclude=None, using=None):
        """Nothing to ask a person: forms offer what fits, and actions write it."""

    def deconstruct(self):
        """By the app's models, wherever in them the class stands."""
        path, args, kwargs = super().deconstruct()
        package, _, name = path.partition(".models.")
        path = f"{package}.models.{name.rpartition('.')[2]}"
        return path, args, kwargs | {"field": self.field}

    def __eq__(self, other):
        if isinstance(other, CompositeKey):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    def __hash__(self):
        return hash((type(self), self.name, self.field))


class SameAuthority(CompositeKey):
    """A row and the row that it points at belong to one authority."""

    def columns(self, column: str) -> tuple[str, str]:
        return f"authority_id, {column}", "authority_id, id"


def start_of_today():
    """What people give keeps the day alone: a time would tell whose it is (`reliability.md` 5)."""
    return start_of_day(timezone.now())


def start_of_day(moment):
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


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

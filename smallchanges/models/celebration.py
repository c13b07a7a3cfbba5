"""What people celebrate: cheers, which are only ever gathered, and thank-yous."""

from django.db import models

from programmes.models import (
    LocalAuthority,
    Removable,
    SameAuthority,
    TenantModel,
    User,
    Value,
)
from programmes.models.tenancy import RemovableQuerySet, removal_constraint

from .changes import Move, SmallChange, Update


class Cheer(TenantModel):
    """One person's, for a small change, an update, or what a change taught when it stopped.

    Pages show how many there are of a thing, and never who gave them or who gave how many.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(
        SmallChange, null=True, blank=True, on_delete=models.CASCADE, related_name="cheers"
    )
    update = models.ForeignKey(
        Update, null=True, blank=True, on_delete=models.CASCADE, related_name="cheers"
    )
    move = models.ForeignKey(
        Move, null=True, blank=True, on_delete=models.CASCADE, related_name="cheers"
    )

    may_name_a_person = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(change__isnull=False, update=None, move=None)
                | models.Q(change=None, update__isnull=False, move=None)
                | models.Q(change=None, update=None, move__isnull=False),
                name="cheer_of_one_thing",
            ),
            models.UniqueConstraint(fields=["change", "user"], name="cheer_change_once"),
            models.UniqueConstraint(fields=["update", "user"], name="cheer_update_once"),
            models.UniqueConstraint(fields=["move", "user"], name="cheer_move_once"),
            SameAuthority(field="change", name="cheer_same_authority_change"),
            SameAuthority(field="update", name="cheer_same_authority_update"),
            SameAuthority(field="move", name="cheer_same_authority_move"),
        ]

    def __str__(self):
        return "A cheer"


class ThankYouQuerySet(RemovableQuerySet):
    def for_list(self):
        """Standing ones with value and writer, the newest first."""
        return self.standing().select_related("value", "by").order_by("-created_at", "pk")


class ThankYou(TenantModel, Removable):
    """A few words to a team or a person, for what they did for a small change.

    Without `by` it is from "a colleague": no row says which of them, nor when on its day.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="thanks")
    # The value that they lived by.
    value = models.ForeignKey(
        Value, null=True, blank=True, on_delete=models.SET_NULL, related_name="thanks"
    )
    # In words, and a team by the name that it had: thanks outlive a new name.
    to_whom = models.CharField(max_length=120)
    text = models.CharField(max_length=200)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ThankYouQuerySet.as_manager()

    # It is for somebody.
    may_name_a_person = True

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "thank-you"
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="thank_you_has_words"),
            models.CheckConstraint(
                condition=~models.Q(to_whom=""), name="thank_you_is_to_somebody"
            ),
            removal_constraint("thank_you"),
            SameAuthority(field="change", name="thank_you_same_authority_change"),
            SameAuthority(field="value", name="thank_you_same_authority_value"),
        ]

    def __str__(self):
        return self.text

"""Who takes part, where, and as what."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Length, Lower
from django.urls import reverse
from django.utils import timezone

from .tenancy import SameAuthority, TenantModel

# First words of addresses that are not an authority's.
RESERVED_SLUGS = frozenset(
    (
        *("accessibility", "account", "accounts", "admin", "api", "favicon.ico", "healthz", "help"),
        *("invitations", "join", "live", "mail", "mails", "media", "places", "portfolio"),
        *("privacy", "readyz", "robots.txt", "room", "screen", "search", "static", "toolkit"),
        *("workshops",),
    )
)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields):
        """Keep the address in lower case; without a password they sign in by mailed code."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def in_crescendo_team(self):
        """The people who run Crescendo, by name."""
        return self.filter(is_crescendo_team=True, is_active=True).order_by(Lower("name"), "email")


class User(AbstractBaseUser):
    """A person, known by their e-mail address."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    is_crescendo_team = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    # allauth's: the second steps that somebody has set up.
    authenticator_set: Any

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="user_email_unique"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"
            ),
        ]

    def __str__(self):
        return self.name or self.email

    @property
    def first_name(self) -> str:
        """The first word of the name, for a greeting; empty where we know no name."""
        return self.name.split()[0] if self.name.strip() else ""

    @property
    def has_second_step(self) -> bool:
        """Whether signing in takes more than a password. Recovery codes alone do not count."""
        return self.authenticator_set.exclude(type="recovery_codes").exists()

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.email]
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


class LocalAuthorityQuerySet(models.QuerySet):
    def seen_by(self, user: User):
        """The authorities that a person can open, by name: all of them for the Crescendo team."""
        if user.is_crescendo_team:
            return self.order_by("name")
        return self.filter(memberships__user=user, memberships__ended_at=None).order_by("name")


class LocalAuthority(models.Model):
    """A council that takes part. The tenant: what is in one is not seen from another."""

    class Kind(models.TextChoices):
        LONDON_BOROUGH = "London borough", "London borough"
        METROPOLITAN_DISTRICT = "metropolitan district", "Metropolitan district"
        UNITARY = "unitary authority", "Unitary authority"
        COUNTY = "county council", "County council"
        TRUST = "children's trust", "Children’s trust"

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=40, choices=Kind)
    # Office for National Statistics nine-character code, such as E09000030.
    ons_code = models.CharField(
        max_length=9,
        blank=True,
        validators=[
            RegexValidator(r"^E\d{8}\Z", "An ONS code is an E and eight digits, such as E09000030.")
        ],
    )
    logo_changed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LocalAuthorityQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "local authorities"
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="authority_slug_unique"),
            models.UniqueConstraint(Lower("name"), name="authority_name_unique"),
            models.UniqueConstraint(
                fields=["ons_code"],
                condition=~models.Q(ons_code=""),
                name="authority_ons_code_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z][a-z0-9-]*$")
                & ~models.Q(slug__in=sorted(RESERVED_SLUGS)),
                name="authority_slug_is_a_free_address",
            ),
            models.CheckConstraint(
                condition=models.Q(ons_code="") | models.Q(ons_code__regex=r"^E\d{8}$"),
                name="authority_ons_code_shape",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="authority_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "London borough",
                        "metropolitan district",
                        "unitary authority",
                        "county council",
                        "children's trust",
                    ]
                ),
                name="authority_kind_known",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("journey", args=[self.slug])

    @property
    def formal_name(self) -> str:
        """As on a letter-head: London Borough of Tower Hamlets."""
        if self.kind == self.Kind.LONDON_BOROUGH:
            return f"London Borough of {self.name}"
        return self.name

    def current_programme(self):
        """The programme that has not ended, or None: an authority runs one at a time."""
        return self.programmes.filter(ended_on=None).first()


class AuthorityLogo(models.Model):
    """Drawn anew by us, never the bytes that were sent; apart, so that pages do not fetch it."""

    authority = models.OneToOneField(
        LocalAuthority, on_delete=models.CASCADE, primary_key=True, related_name="logo"
    )
    png = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.lookups.LessThanOrEqual(Length("png"), 500_000),
                name="authority_logo_is_small",
            )
        ]

    def __str__(self):
        return f"Logo of {self.authority_id}"


class Team(TenantModel):
    """A team of the service."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="team_authority_id"),
            models.UniqueConstraint("authority", Lower("name"), name="team_name_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="team_has_a_name"),
        ]

    def __str__(self):
        return self.name


class Role(models.TextChoices):
    PRACTITIONER = "practitioner", "Practitioner"
    MANAGER = "manager", "Manager"
    FACILITATOR = "facilitator", "Facilitator"

    @classmethod
    def in_words(cls, roles) -> str:
        """Such as "Manager and facilitator"."""
        labels = [role.label for role in cls if role in roles]
        return " and ".join(filter(None, [", ".join(labels[:-1]), *labels[-1:]])).capitalize()


class MembershipQuerySet(models.QuerySet):
    def standing(self):
        """Memberships that have not ended, of people who may still sign in."""
        return self.filter(ended_at=None, user__is_active=True)

    def sponsors(self):
        """Standing memberships of those who may sponsor a pillar: leaders."""
        return self.standing().filter(roles__contains=[Role.MANAGER])

    def with_people(self):
        """With `user` and `teams` fetched, in the order of names: for a list of people."""
        return (
            self.select_related("user")
            .prefetch_related("teams")
            .order_by(Lower("user__name"), "user__email")
        )

    def of(self, user: User):
        """One person's, with `authority` fetched, by the name of the place."""
        return self.filter(user=user).select_related("authority").order_by("authority__name")

    def found_by(self, *, words: str, role: str, team: "Team | None", by_address: bool):
        """Those that a search of the people page asks for; empty conditions ask for everybody.

        `by_address` looks at addresses too: for people who may see them only, since an answer
        tells whether an address is here.
        """
        found = self.filter(roles__contains=[role]) if role else self
        if team:
            found = found.filter(teams=team)
        if words:
            named = models.Q(user__name__icontains=words)
            at_address = models.Q(user__email__icontains=words)
            found = found.filter(named | at_address if by_address else named)
        return found

    def holding_any(self, roles):
        """Memberships with at least one of `roles`."""
        return self.filter(roles__overlap=list(roles))


class Membership(TenantModel):
    """A person in an authority, with the roles they hold there. Ended ones stay as history."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    teams = models.ManyToManyField(Team, through="MembershipTeam", related_name="memberships")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="membership_authority_id"),
            models.UniqueConstraint(
                fields=["authority", "user"],
                condition=models.Q(ended_at=None),
                name="membership_one_standing_for_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(roles__len__gte=1) & models.Q(roles__contained_by=Role.values),
                name="membership_roles_known",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by=None) | models.Q(ended_at__isnull=False),
                name="membership_ended_by_needs_ended_at",
            ),
        ]

    def __str__(self):
        return f"{self.user} in {self.authority}"

    @property
    def role_names(self) -> str:
        return Role.in_words(self.roles)


class MembershipTeam(TenantModel):
    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "team"], name="membership_team_once"),
            SameAuthority(field="membership", name="membership_team_same_authority_membership"),
            SameAuthority(field="team", name="membership_team_same_authority_team"),
        ]

    def __str__(self):
        return f"{self.membership_id} in {self.team_id}"

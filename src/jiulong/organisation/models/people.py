"""Units, the roles that exist, and the people who hold them for a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from jiulong.organisation.rules import Held


class Unit(models.Model):
    """A part of the district's organisation, or an enterprise as an outside unit."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("District")
        DEPARTMENT = "department", _("Department")
        STREET = "street", _("Street or town")
        COMMUNITY = "community", _("Community or village")
        GRID = "grid", _("Grid")
        ZONE = "zone", _("Functional zone")
        ENTERPRISE = "enterprise", _("Enterprise")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(
        max_length=250,
        editable=False,
        default="",
        db_index=True,
        help_text="ids from the top down to this unit, '/1/17/203/'; a trigger keeps it",
    )
    longitude = models.FloatField(null=True, blank=True, help_text="degrees, WGS 84")
    latitude = models.FloatField(null=True, blank=True, help_text="degrees, WGS 84")
    closed_on = models.DateField(null=True, blank=True, help_text="since when it is no more")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A set of verbs, and where they hold. The built-in ones follow `roles.py` until changed."""

    class Scope(models.TextChoices):
        OWN = "own", _("Own things")
        UNIT = "unit", _("Own unit")
        UNIT_BELOW = "unit_below", _("Own unit and all below")
        NAMED = "named", _("Named units and all below")
        ALL = "all", _("Everything")

    code = models.SlugField(max_length=20, primary_key=True)
    names = models.JSONField(default=dict, help_text='{"zh": …, "en": …}')
    verbs = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    scope = models.CharField(max_length=12, choices=Scope.choices, default=Scope.UNIT)
    pack = models.CharField(max_length=40, blank=True, default="", help_text="where it came from")
    built_in = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True, blank=True, help_text="by hand, on this site")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return label_of(self.names) or self.code


def label_of(names: dict[str, str]) -> str:
    """The name in the language of the page, else in any."""
    wanted = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return names.get(wanted) or next(iter(names.values()), "")


#: What an account holds: its main post and its further ones, with their roles, as one JSON list.
HELD: Final = """
(SELECT coalesce(jsonb_agg(jsonb_build_object(
            'role', held.role, 'names', role.names, 'verbs', role.verbs, 'scope', role.scope,
            'unit', held.unit, 'path', unit.path, 'named', held.named,
            'from', held.from_on, 'to', held.to_on) ORDER BY held.id), '[]')
FROM (SELECT 0 AS id, organisation_user.role AS role, organisation_user.unit_id AS unit,
             NULL::date AS from_on, NULL::date AS to_on, ARRAY[]::varchar[] AS named
      UNION ALL
      SELECT post.id, post.role_id, post.unit_id, post.from_on, post.to_on,
             ARRAY(SELECT named.path FROM organisation_unit named
                   JOIN organisation_post_named link ON link.unit_id = named.id
                   WHERE link.post_id = post.id)
      FROM organisation_post post WHERE post.user_id = organisation_user.id) held
JOIN organisation_role role ON role.code = held.role
LEFT JOIN organisation_unit unit ON unit.id = held.unit)
"""


class Accounts(UserManager["User"]):
    """Accounts, as a request loads them."""

    use_in_migrations = False

    def with_rights(self) -> models.QuerySet[User]:
        """Accounts that carry what they hold, so that asking for rights costs no query."""
        return self.annotate(held=RawSQL(HELD, [], output_field=models.JSONField()))  # noqa: S611 - a constant


class User(AbstractUser):
    """A person's account. `role` and `unit` are their main post; `Post` has further ones."""

    class Role(models.TextChoices):
        """Codes of built-in roles; the table `Role` says what they may do, and has more."""

        ADMINISTRATOR = "administrator", _("System administrator")
        OFFICER = "officer", _("Enforcement officer")
        OBSERVER = "observer", _("Observer")
        ENTERPRISE = "enterprise", _("Enterprise")
        SECURITY = "security", _("Security administrator")
        AUDITOR = "auditor", _("Auditor")
        SUPERVISOR = "supervisor", _("Supervisor")
        DISPATCHER = "dispatcher", _("Dispatcher")
        LEADER = "leader", _("Head of unit")
        HANDLER = "handler", _("Handler")
        VERIFIER = "verifier", _("Verifier")
        GRID_WORKER = "grid_worker", _("Grid worker")
        CADRE = "cadre", _("Liaison cadre")
        STREET_STAFF = "street_staff", _("Street or town staff")
        MONITOR = "monitor", _("Monitoring desk")
        OPERATOR = "operator", _("Operating firm")
        LABORATORY = "laboratory", _("Laboratory")

    role = models.CharField(max_length=20, default=Role.OBSERVER, help_text="code of a role")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)

    password_set_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False, help_text="before anything else")
    failed_logins = models.PositiveSmallIntegerField(default=0, help_text="since the last success")
    locked_until = models.DateTimeField(null=True, blank=True)

    hints_closed = ArrayField(
        models.CharField(max_length=60), default=list, blank=True,
        help_text="pages whose one-line hint is closed for good",
    )  # fmt: skip

    #: What `rules` made of what `with_rights` brought as `held`; ids below the posts' units.
    rights: tuple[object, tuple[Held, ...]] | None = None
    below: dict[str, frozenset[int]] | None = None

    objects: ClassVar[Accounts] = Accounts()

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_role_display(self) -> str:
        """The main role's name in the language of the page."""
        from jiulong.organisation.rules import held_by  # noqa: PLC0415 - rules know models

        return next((label_of(h.names) for h in held_by(self) if h.role == self.role), self.role)

    def forget_rights(self) -> None:
        """Ask the database again next time what the account holds."""
        self.__dict__.pop("held", None)
        self.rights = self.below = None

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Any] | None = None,
    ) -> None:
        """Also forgets what the account held."""
        self.forget_rights()
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)


class Post(models.Model):
    """A further role of a person in a unit, from a day to a day (both included)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=60, blank=True, default="")
    named = models.ManyToManyField(
        Unit, blank=True, related_name="+", help_text="where the role's scope is named units"
    )
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-from_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_on=None) | models.Q(to_on__gte=models.F("from_on")),
                name="post_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.title or self.role} · {self.unit}"

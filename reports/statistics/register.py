"""Where rows come from: the tables of this moment, or what was recorded at the end of a past day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Unit, UnitQuerySet
from accounts.permissions import Action, units_visible_to
from reports.enums import ReportState
from reports.models import Discrepancy, Report
from riskregistry.models import Campaign

if TYPE_CHECKING:
    from accounts.permissions import AnyUser


@dataclass(frozen=True)
class Register:
    """One campaign in one person's scope at one time. `user` None is the system itself, which sees all units.

    Whether a row counts, and under what, comes from the recorded row; the names of units and domains are
    today's, so that a past table can be read beside a present one.
    """

    user: AnyUser | None
    campaign: Campaign
    day: date
    live: bool
    unit: Unit | None = None

    @classmethod
    def at(
        cls, user: AnyUser | None, campaign: Campaign, as_of: date | None, unit: Unit | None = None
    ) -> Register:
        """Raise ValidationError (Chinese) for a day that has not come."""
        today = timezone.localdate()
        if as_of is not None and as_of > today:
            raise ValidationError(f"截至日期不能晚于今天（{today}），请改为今天或以前的日期")
        return cls(user, campaign, as_of or today, as_of in (None, today), unit)

    @property
    def end(self) -> datetime:
        """The first moment after the day, in the product's time zone."""
        return datetime.combine(self.day + timedelta(days=1), time.min, timezone.get_default_timezone())

    @property
    def units(self) -> UnitQuerySet:
        """The scope, applied to every number from here."""
        units = Unit.objects.all() if self.user is None else units_visible_to(self.user)
        return units if self.unit is None else units.filter(pk=self.unit.pk)

    @property
    def sees_all(self) -> bool:
        return self.user is None or (self.user.is_authenticated and self.user.may(Action.SEE_ALL_UNITS))

    @property
    def sees_reported(self) -> bool:
        """A county report speaks of all units: only for who sees them all, and may see reports."""
        may_view = self.user is None or (self.user.is_authenticated and self.user.may(Action.VIEW_REPORTS))
        return self.unit is None and self.sees_all and may_view

    def rows(self, model: type[Model]) -> QuerySet[Any]:
        """The live rows, or each row's last record of the day unless it says that the row was deleted.

        Both have the model's columns and `id`; unordered, so that they can be grouped.
        """
        if self.live:
            return model._default_manager.order_by()
        records = model.history.filter(history_date__lt=self.end)  # type: ignore[attr-defined]
        later = records.filter(id=OuterRef("id")).filter(
            Q(history_date__gt=OuterRef("history_date"))
            | Q(history_date=OuterRef("history_date"), history_id__gt=OuterRef("history_id"))
        )
        last: QuerySet[Any] = records.filter(~Exists(later.order_by())).exclude(history_type="-").order_by()
        return last

    def scoped(self, model: type[Model]) -> QuerySet[Any]:
        """Rows of this campaign that stand under a unit in scope."""
        return self.rows(model).filter(campaign_id=self.campaign.pk, unit_id__in=self.units.values("pk"))

    def reports_in_force(self) -> QuerySet[Report]:
        """Reports keep no history, but the moments of acceptance and withdrawal: enough to tell what held."""
        reports = Report.objects.filter(campaign=self.campaign)
        if self.live:
            return reports.in_force()
        held = Q(accepted_at__lt=self.end) & (Q(state=ReportState.ACCEPTED) | Q(withdrawn_at__gte=self.end))
        return reports.filter(held).exclude(
            Exists(Report.objects.filter(held, supersedes=OuterRef("pk")).order_by())
        )

    def open_discrepancies(self) -> QuerySet[Discrepancy]:
        """Unexplained ones of reports that are in force or wait for review."""
        found = Discrepancy.objects.all() if self.user is None else Discrepancy.objects.visible_to(self.user)
        found = found.filter(report__campaign=self.campaign)
        if self.unit is not None:
            found = found.filter(report__unit=self.unit)
        if self.live:
            found, waiting = found.unexplained(), Q(report__state=ReportState.TO_REVIEW)
        else:
            found = found.filter(Q(decided_at=None) | Q(decided_at__gte=self.end))
            waiting = Q(report__in=self._reports_waiting())
        return found.filter(waiting | Q(report__in=self.reports_in_force().order_by().values("pk")))

    def _reports_waiting(self) -> QuerySet[Any, Any]:
        """Read by the end of the day, and neither accepted nor withdrawn by then."""
        return (
            Report.objects.filter(
                Q(accepted_at=None) | Q(accepted_at__gte=self.end),
                Q(withdrawn_at=None) | Q(withdrawn_at__gte=self.end),
                read_at__lt=self.end,
                state__in=[ReportState.TO_REVIEW, ReportState.ACCEPTED, ReportState.WITHDRAWN],
            )
            .order_by()
            .values("pk")
        )

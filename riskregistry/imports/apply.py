"""A confirmed plan → the database, in one transaction with history and one audit event; and back again.

`effects` of a batch, for undoing: {"stamp": iso time, "made": {"riskitem": [pk], "measure": [pk]},
"changed": {pk: {field: old value}}, "linked": [[measure pk, item pk]]}. While no row has history after the
stamp and nothing hangs on those that were made, nobody has touched them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts import audit
from accounts.models import Unit, User
from riskregistry.enums import ImportState, MeasureState, RiskKind, SubmissionItem
from riskregistry.imports.columns import normal
from riskregistry.imports.plan import Known, KnownItem, Line, Plan, Status, plan
from riskregistry.imports.reader import read
from riskregistry.imports.table import Table, tabulate
from riskregistry.models import (
    Campaign,
    ChasingLetter,
    ColumnMapping,
    Domain,
    Evidence,
    ExtensionRequest,
    ImportBatch,
    Measure,
    Participation,
    ProgressEntry,
    RiskItem,
)
from riskregistry.submissions import drop_declarations, record_late_change

BATCH = 500
WRITTEN = (Status.NEW, Status.LIKELY)
# What somebody may have added to a measure.
ON_MEASURES: tuple[type[Any], ...] = (ProgressEntry, Evidence, ExtensionRequest)


class PlanChangedError(Exception):
    """The register or the file's meaning is not what was shown: to be looked at again."""


def known_of(unit: Unit, campaign: Campaign) -> Known:
    """What the register knows of the unit in the campaign; five queries."""
    texts: dict[int, list[str]] = {}
    links = Measure.risk_items.through.objects.filter(
        riskitem__unit=unit, riskitem__campaign=campaign, riskitem__withdrawn_at=None
    )
    for pk, text, heading in links.order_by("measure").values_list(
        "riskitem", "measure__text", "measure__heading"
    ):
        texts.setdefault(pk, []).append(text or heading)
    rows = RiskItem.objects.filter(unit=unit, campaign=campaign).current().order_by("pk")
    fields = [
        field for field in KnownItem.__dataclass_fields__ if field not in {"domain", "post", "measures"}
    ]
    items = [
        KnownItem(
            **dict(zip(fields, values, strict=False)),
            domain=values[-2] or "",
            post=values[-1] or "",
            measures=tuple(texts.get(values[0], ())),
        )
        for values in rows.values_list(*fields, "domain__name", "post__name")
    ]
    own = {unit.name, unit.short_name, *unit.aliases.values_list("name", flat=True)}
    others = Unit.objects.exclude(pk=unit.pk).values_list("name", "short_name")
    return Known(
        tuple(items),
        tuple(Domain.objects.values_list("name", flat=True)),
        frozenset(normal(name) for name in own if name),
        frozenset(normal(name) for names in others for name in names if name),
    )


def mapping_of(unit: Unit) -> dict[str, str]:
    """What the unit's own headers mean, as somebody said before."""
    return dict(ColumnMapping.objects.filter(unit=unit).values_list("header", "field"))


def table_of(content: bytes, name: str, unit: Unit, mapping: dict[str, str] | None = None) -> Table:
    """The file's rows, with the unit's remembered headers and those given now. Raises LedgerError."""
    return tabulate(read(content, name), {**mapping_of(unit), **(mapping or {})})


def table_of_batch(batch: ImportBatch) -> Table:
    """The rows of a kept file, with what its columns were said to mean. Raises LedgerError."""
    with batch.file.open("rb") as file:
        return table_of(file.read(), batch.original_name, batch.unit, batch.mapping.get("columns"))


def plan_batch(batch: ImportBatch, table: Table | None = None) -> Plan:
    """The plan of a kept file as the register stands now; `table` where it is read already.

    Raises LedgerError.
    """
    merges = frozenset(batch.mapping.get("merges", ()))
    return plan(table or table_of_batch(batch), known_of(batch.unit, batch.campaign), merges)


def apply_batch(batch: ImportBatch, *, actor: User, digest: str, reason: str = "") -> Plan:
    """Write the plan that was shown under `digest`, all of it or nothing.

    `reason` is asked for where what changes had been confirmed.
    Raises PlanChangedError where the plan is another by now, ValidationError (Chinese) where it may not be.
    """
    with transaction.atomic():
        # One import a unit at a time: the second waits here, and then finds another plan.
        unit = Unit.objects.select_for_update().get(pk=batch.unit_id)
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != ImportState.PREVIEWED:
            raise ValidationError(f"这份台账{locked.get_state_display()}，不能再导入")
        locked.unit = unit
        found = plan_batch(locked)
        if found.digest() != digest:
            raise PlanChangedError
        if found.problems:
            raise ValidationError(f"还有 {len(found.problems)} 处错误，改正后再导入")
        Participation.objects.get_or_create(campaign=locked.campaign, unit=unit)
        _say_why(locked, found, actor, reason)
        locked.effects = _Writer(locked, actor).write(found)
        locked.state, locked.applied_by = ImportState.APPLIED, actor
        locked.applied_at = timezone.now()
        locked.totals, locked.plan_digest = found.totals, digest
        locked.save()
        audit.record(actor, "导入台账", locked, detail={"sha256": locked.sha256, **found.totals})
    return found


def _say_why(batch: ImportBatch, found: Plan, actor: User, reason: str) -> None:
    """What was confirmed is changed only with a reason; what was declared none of is so no more."""
    totals, unit, campaign = found.totals, batch.unit, batch.campaign
    written = found.of(Status.NEW, Status.LIKELY, Status.CHANGED)
    if written:
        summary = f"导入台账：新增 {len(found.of(*WRITTEN))} 条，修改 {totals['changed']} 条"
        record_late_change(
            unit, campaign, SubmissionItem.RISK_LEDGER, actor=actor, reason=reason, summary=summary
        )
    if totals["measures"]:
        summary = f"导入台账：新增 {totals['measures']} 项措施"
        record_late_change(
            unit, campaign, SubmissionItem.MEASURES, actor=actor, reason=reason, summary=summary
        )
    domains = dict(Domain.objects.values_list("name", "pk"))
    drop_declarations(
        unit, campaign, {(line.kind, domains.get(line.values.get("domain", ""))) for line in written}
    )


class _Writer:
    """Writes one plan. Rows that belong together carry one time stamp, in the row and in its history."""

    def __init__(self, batch: ImportBatch, actor: User) -> None:
        self.batch, self.actor = batch, actor
        self.now = timezone.now()
        self.reason = f"导入台账：{batch.original_name}"[:100]
        self.domains = {domain.name: domain for domain in Domain.objects.all()}
        self.posts: dict[str, list[RiskItem]] = {}

    def write(self, found: Plan) -> dict[str, Any]:
        self._know_posts()
        lines = [line for line in found.lines if line.status != Status.DUPLICATE]
        made: dict[int, RiskItem] = {}
        for kinds in ({RiskKind.POST}, {RiskKind.POINT, RiskKind.LINK}):  # posts first: others point to them
            new = [line for line in lines if line.status in WRITTEN and line.kind in kinds]
            items = [self._item(line) for line in new]
            created = self._create(RiskItem, items)
            made |= {id(line): item for line, item in zip(new, created, strict=True)}
            for item in created:
                if item.kind == RiskKind.POST:
                    self.posts.setdefault(normal(item.name), []).append(item)
        changed = self._change([line for line in lines if line.status == Status.CHANGED])
        measures, links = self._measures(lines, made)
        return {
            "stamp": self.now.isoformat(),
            "made": {"riskitem": [item.pk for item in made.values()], "measure": measures},
            "changed": changed,
            "linked": links,
        }

    def _know_posts(self) -> None:
        posts = RiskItem.objects.filter(
            unit=self.batch.unit, campaign=self.batch.campaign, kind=RiskKind.POST
        )
        for post in posts.current().order_by("pk"):
            self.posts.setdefault(normal(post.name), []).append(post)

    def _post(self, name: str, domain: Domain | None) -> RiskItem | None:
        """The post of that name, of the same domain where there are several."""
        found = self.posts.get(normal(name), []) if name else []
        same = [post for post in found if post.domain_id == (domain.pk if domain else None)]
        return next(iter(same or found), None)

    def _item(self, line: Line) -> RiskItem:
        values: dict[str, Any] = dict(line.values)
        domain = self.domains.get(values.pop("domain", ""))
        return RiskItem(
            campaign=self.batch.campaign,
            unit=self.batch.unit,
            kind=line.kind,
            domain=domain,
            post=self._post(line.post, domain),
            created_at=self.now,
            updated_at=self.now,
            **values,
        )

    def _create(self, model: type[Any], rows: list[Any]) -> list[Any]:
        if not rows:
            return []
        created: list[Any] = bulk_create_with_history(
            rows, model, batch_size=BATCH, default_user=self.actor, default_change_reason=self.reason,
            default_date=self.now,
        )  # fmt: skip
        return created

    def _change(self, lines: list[Line]) -> dict[str, dict[str, Any]]:
        """Returns the old values by key."""
        items = RiskItem.objects.in_bulk([line.pk for line in lines if line.pk])
        old: dict[str, dict[str, Any]] = {}
        touched: set[str] = set()
        for line in lines:
            item = items[line.pk or 0]
            before: dict[str, Any] = {}
            for name, _, _, _ in line.changes:
                self._set(item, name, line, before)
            if "level" in before and "level_as_written" in line.values:
                self._set(item, "level_as_written", line, before)
            item.updated_at = self.now
            old[str(item.pk)] = before
            touched |= set(before)
        rows = list(items.values())
        if rows:
            bulk_update_with_history(
                rows, RiskItem, [*sorted(touched), "updated_at"], batch_size=BATCH, default_user=self.actor,
                default_change_reason=self.reason, default_date=self.now,
            )  # fmt: skip
        return old

    def _set(self, item: RiskItem, name: str, line: Line, before: dict[str, Any]) -> None:
        attribute = f"{name}_id" if name in {"domain", "post"} else name
        before[attribute] = getattr(item, attribute)
        if name == "domain":
            item.domain = self.domains.get(line.values["domain"])
        elif name == "post":
            item.post = self._post(line.post, item.domain)
        else:
            setattr(item, name, line.values[name])

    def _measures(self, lines: list[Line], made: dict[int, RiskItem]) -> tuple[list[int], list[list[int]]]:
        """Each numbered measure is one of its own, linked to the items of its row."""
        by_row: dict[tuple[str, int, str], tuple[Measure, list[int]]] = {}
        for line in lines:
            pk = made[id(line)].pk if id(line) in made else line.pk
            for new in line.measures:
                key = (line.sheet, line.row, new.text)
                if key not in by_row:
                    domain = self.domains.get(line.values.get("domain", ""))
                    by_row[key] = (self._measure(new, domain), [])
                if pk is not None:
                    by_row[key][1].append(pk)
        created = self._create(Measure, [measure for measure, _ in by_row.values()])
        through = Measure.risk_items.through
        links = [
            [measure.pk, pk]
            for measure, (_, items) in zip(created, by_row.values(), strict=True)
            for pk in dict.fromkeys(items)
        ]
        through.objects.bulk_create(
            [through(measure_id=measure, riskitem_id=item) for measure, item in links], batch_size=BATCH
        )
        return [measure.pk for measure in created], links

    def _measure(self, new: Any, domain: Domain | None) -> Measure:
        return Measure(
            campaign=self.batch.campaign,
            unit=self.batch.unit,
            heading=new.heading,
            text=new.text,
            domain=domain,
            responsible=new.responsible,
            due=new.due,
            state=MeasureState.NOT_STARTED,
            created_at=self.now,
            updated_at=self.now,
        )


def why_not_undone(batch: ImportBatch) -> str:
    """Why an import cannot be taken back, in Chinese; "" where it can."""
    if batch.state != ImportState.APPLIED:
        return f"这份台账{batch.get_state_display()}"
    stamp, made = _stamp(batch), batch.effects["made"]
    items = [*made["riskitem"], *(int(pk) for pk in batch.effects["changed"])]
    for model, keys in ((RiskItem, items), (Measure, made["measure"])):
        history: Any = model.history
        touched = {
            pk
            for part in _parts(keys)
            for pk in history.filter(id__in=part, history_date__gt=stamp).values_list("id", flat=True)
        }
        if touched:
            return f"导入之后，有 {len(touched)} 条{model._meta.verbose_name}又被改动过"
    measures, own = set(made["measure"]), set(items)
    for part in _parts(made["riskitem"]):
        under = RiskItem.objects.filter(post__in=part).values_list("pk", flat=True)
        linked = Measure.risk_items.through.objects.filter(riskitem__in=part).values_list(
            "measure", flat=True
        )
        if set(under) - own or set(linked) - measures:
            return "导入的风险上又关联了新的风险或措施"
    for part in _parts(made["measure"]):
        if any(model.objects.filter(measure__in=part).exists() for model in ON_MEASURES):
            return "导入的措施已经有了整改进展"
        if ChasingLetter.objects.filter(measures__in=part).exists():
            return "导入的措施已经发过督办文书"
    return ""


def undo_batch(batch: ImportBatch, *, actor: User) -> None:
    """Take an import back as a whole. Raises ValidationError (Chinese) once something in it was touched."""
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=batch.unit_id)
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if reason := why_not_undone(locked):
            raise ValidationError(f"不能撤销：{reason}")
        now, why = timezone.now(), f"撤销导入：{locked.original_name}"[:100]
        made = locked.effects["made"]
        through = Measure.risk_items.through.objects
        for part in _parts(made["measure"]):
            through.filter(measure__in=part).delete()
        _remove(Measure, made["measure"], actor, now, why)
        _restore(locked.effects["changed"], actor, now, why)
        points_first = RiskItem.objects.in_bulk(made["riskitem"]).values()
        for post in (False, True):
            keys = [item.pk for item in points_first if (item.kind == RiskKind.POST) == post]
            _remove(RiskItem, keys, actor, now, why)
        locked.state, locked.undone_by, locked.undone_at = ImportState.UNDONE, actor, now
        locked.save()
        audit.record(actor, "撤销导入台账", locked, detail=locked.totals)


def _stamp(batch: ImportBatch) -> datetime:
    stamp = parse_datetime(batch.effects["stamp"])
    assert stamp is not None
    return stamp


def _parts(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]


def _remove(model: type[models.Model], keys: Sequence[int], actor: User, now: datetime, why: str) -> None:
    """Rows made by the import go; their history stays and says so."""
    manager: Any = model.history  # type: ignore[attr-defined]
    for part in _parts(keys):
        rows = list(model._base_manager.filter(pk__in=part))
        manager.bulk_create(
            [
                manager.model(
                    history_date=now,
                    history_user=actor,
                    history_type="-",
                    history_change_reason=why,
                    **{field.attname: getattr(row, field.attname) for field in manager.model.tracked_fields},
                )
                for row in rows
            ]
        )
        # The history is written above: with who and why, which a signal would not know.
        model._base_manager.filter(pk__in=part)._raw_delete(router.db_for_write(model))


def _restore(changed: dict[str, dict[str, Any]], actor: User, now: datetime, why: str) -> None:
    for part in _parts([int(pk) for pk in changed]):
        items = list(RiskItem.objects.filter(pk__in=part))
        for item in items:
            for name, value in changed[str(item.pk)].items():
                setattr(item, name, value)
            item.updated_at = now
        names = sorted({name.removesuffix("_id") for pk in part for name in changed[str(pk)]})
        bulk_update_with_history(
            items, RiskItem, [*names, "updated_at"], batch_size=BATCH, default_user=actor,
            default_change_reason=why, default_date=now,
        )  # fmt: skip

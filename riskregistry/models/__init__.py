"""The facts, by weakly coupled nouns: the register itself, what is due, imports of ledgers, working lists."""

from riskregistry.models.imports import ColumnMapping, ImportBatch
from riskregistry.models.lists import SavedFilter
from riskregistry.models.register import (
    Campaign,
    CampaignQuerySet,
    Case,
    Domain,
    DomainQuerySet,
    Evidence,
    EvidenceQuerySet,
    Measure,
    MeasureQuerySet,
    NoneDeclaration,
    NoneDeclarationQuerySet,
    Participation,
    ParticipationQuerySet,
    ProgressEntry,
    ProgressEntryQuerySet,
    RiskItem,
    RiskItemQuerySet,
)
from riskregistry.models.submissions import LateChange, Requirement, Submission

__all__ = [
    "Campaign",
    "CampaignQuerySet",
    "Case",
    "ColumnMapping",
    "Domain",
    "DomainQuerySet",
    "Evidence",
    "EvidenceQuerySet",
    "ImportBatch",
    "LateChange",
    "Measure",
    "MeasureQuerySet",
    "NoneDeclaration",
    "NoneDeclarationQuerySet",
    "Participation",
    "ParticipationQuerySet",
    "ProgressEntry",
    "ProgressEntryQuerySet",
    "Requirement",
    "RiskItem",
    "RiskItemQuerySet",
    "SavedFilter",
    "Submission",
]

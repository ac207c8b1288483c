"""The facts, by weakly coupled nouns: the register itself, what is due, imports of ledgers, working lists,
and what surrounds a measure on its way.
"""

from riskregistry.models.imports import ColumnMapping, ImportBatch
from riskregistry.models.lists import SavedFilter
from riskregistry.models.rectification import (
    ChasingLetter,
    ChasingLetterQuerySet,
    ExtensionRequest,
    Holiday,
    Lookback,
    LookbackRound,
    Notice,
)
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
from riskregistry.models.text_pairs import TextPair

__all__ = [
    "Campaign",
    "CampaignQuerySet",
    "Case",
    "ChasingLetter",
    "ChasingLetterQuerySet",
    "ColumnMapping",
    "Domain",
    "DomainQuerySet",
    "Evidence",
    "EvidenceQuerySet",
    "ExtensionRequest",
    "Holiday",
    "ImportBatch",
    "LateChange",
    "Lookback",
    "LookbackRound",
    "Measure",
    "MeasureQuerySet",
    "NoneDeclaration",
    "NoneDeclarationQuerySet",
    "Notice",
    "Participation",
    "ParticipationQuerySet",
    "ProgressEntry",
    "ProgressEntryQuerySet",
    "Requirement",
    "RiskItem",
    "RiskItemQuerySet",
    "SavedFilter",
    "Submission",
    "TextPair",
]

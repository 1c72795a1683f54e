"""Policy notices, what can be claimed under them, and who qualified when."""

from services.policies.models.attachments import NoticeAttachment
from services.policies.models.benefits import Benefit, BenefitBatch
from services.policies.models.documents import ItemDocument
from services.policies.models.feed_tokens import FeedToken
from services.policies.models.following import (
    AlertChoice,
    AlertDue,
    Frequency,
    ItemMark,
    NoticeTelling,
    Reminder,
    SavedSearch,
    SearchFound,
)
from services.policies.models.items import ItemCriteria, Match, PolicyItem
from services.policies.models.links import LinkState
from services.policies.models.measures import Barrier, NoticeMeasure
from services.policies.models.notices import (
    CLAIMABLE_KINDS,
    OPEN_STATES,
    PUBLIC_STATES,
    Kind,
    Level,
    NoticeVersion,
    PolicyNotice,
    State,
)
from services.policies.models.opinions import Opinion, OpinionAnswer, Topic
from services.policies.models.proposals import FieldProposal
from services.policies.models.readings import NoticeReading
from services.policies.models.relations import ItemRelation, NoticeRelation
from services.policies.models.reports import ErrorReport
from services.policies.models.search_rows import ContentMark, Issuer, NoticeSearch, SearchCell
from services.policies.models.synonyms import SynonymSet
from services.policies.models.testing import ItemExample

__all__ = [
    "CLAIMABLE_KINDS",
    "OPEN_STATES",
    "PUBLIC_STATES",
    "AlertChoice",
    "AlertDue",
    "Barrier",
    "Benefit",
    "BenefitBatch",
    "ContentMark",
    "ErrorReport",
    "FeedToken",
    "FieldProposal",
    "Frequency",
    "Issuer",
    "ItemCriteria",
    "ItemDocument",
    "ItemExample",
    "ItemMark",
    "ItemRelation",
    "Kind",
    "Level",
    "LinkState",
    "Match",
    "NoticeAttachment",
    "NoticeMeasure",
    "NoticeReading",
    "NoticeRelation",
    "NoticeSearch",
    "NoticeTelling",
    "NoticeVersion",
    "Opinion",
    "OpinionAnswer",
    "PolicyItem",
    "PolicyNotice",
    "Reminder",
    "SavedSearch",
    "SearchCell",
    "SearchFound",
    "State",
    "SynonymSet",
    "Topic",
]

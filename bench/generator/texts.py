"""Draw the texts of notices: sentences from a seed, and words that stand in a known share of the notices."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from django.db import connection

from services.policies import terms

SEED = 20261126
# The share of notices that hold a word, in Chinese and in English.
RARE, MEDIUM, COMMON, COMMON_TOO = (
    ("首台套装备", "prototype", 0.001),
    ("工业互联网", "interconnection", 0.03),
    ("数字化转型", "digitalisation", 0.3),
    ("专项资金", "earmarked", 0.3),
)
MARKERS = (RARE, MEDIUM, COMMON, COMMON_TOO)
SENTENCES = 2_000
CHARACTERS = (
    "企业项目申报奖励补助技术改造设备更新研发投入认定管理办法实施细则通知标准质量品牌培育县区主管部门材料"
    "审核公示拨付上年度销售收入税收贡献人才引进园区平台示范智能工厂车间绿色节能低碳供应链产业集群中小微"
)
_WORDS = (  # noqa: SIM905 - a list of words is longer than the words
    """
    works apply grant equipment lathe workshop energy saving supplier cluster county office review publish
    amount invoice training standard quality brand small firm tax relief loan guarantee export park tender
    """
).split()


@dataclass(frozen=True)
class Sentence:
    """One sentence in a language, and the vector of its words as the table holds it."""

    words: str
    vector: str


@dataclass(frozen=True)
class Texts:
    """What summaries are put together from: plain sentences, and one for each marker."""

    chinese: list[Sentence]
    english: list[Sentence]
    markers: list[tuple[Sentence, Sentence, float]]

    def summary(self, draw: Random, *, sentences: int) -> tuple[list[Sentence], list[Sentence]]:
        """Draw the sentences of one notice, Chinese and English; a marker stands in both or in neither."""
        chinese, english = draw.choices(self.chinese, k=sentences), draw.choices(self.english, k=2)
        for zh, en, share in self.markers:
            if draw.random() < share:
                chinese.append(zh)
                english.append(en)
        return chinese, english


def prepare() -> Texts:
    """Cut every sentence once, by the rules of the portal; notices then only join what was cut."""
    draw = Random(SEED)
    chinese = ["".join(draw.choices(CHARACTERS, k=draw.randint(12, 30))) + "。" for _ in range(SENTENCES)]
    english = [" ".join(draw.choices(_WORDS, k=12)) + "." for _ in range(SENTENCES)]
    return Texts(
        [sentence(words) for words in chinese],
        [sentence(words) for words in english],
        [
            (sentence(f"支持{zh}的工作。"), sentence(f"This is about {en} of works."), share)
            for zh, en, share in MARKERS
        ],
    )


def sentence(words: str) -> Sentence:
    """Cut as `services.policies.indexing` does."""
    found, stemmed = terms.cut(terms.fold(words))
    with connection.cursor() as cursor:
        cursor.execute(_VECTOR, [list(found), " ".join(stemmed)])
        return Sentence(words, cursor.fetchone()[0])


_VECTOR = "SELECT (array_to_tsvector(%s::text[]) || strip(to_tsvector('english', %s)))::text"

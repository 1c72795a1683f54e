"""Write sample cloud providers, products and one plan; the names say that they are samples."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core import calendar
from enterprises.models import Enterprise
from services.catalogue.models import Provider
from services.cloud import clocks
from services.cloud.actions import onboarding
from services.cloud.models import (
    Category,
    CloudProduct,
    Listing,
    ListingCheck,
    ListingState,
    Onboarding,
    OnboardingState,
    PriceVersion,
    ProductState,
    Rating,
    Sanction,
    Tier,
    TierAward,
    UseCheck,
)

Unit, Period = PriceVersion.Unit, PriceVersion.Period


@dataclass(frozen=True)
class SampleProvider:
    slug: str
    kind: str
    name_zh: str
    name_en: str
    about_zh: str
    about_en: str
    tier: str
    state: str = ListingState.LISTED


@dataclass(frozen=True)
class SampleProduct:
    """One product; money in yuan, so that the table can be read."""

    slug: str
    provider: str
    category: str
    needs: tuple[str, ...]
    name_zh: str
    name_en: str
    summary_zh: str
    summary_en: str
    yuan: int
    unit: str
    period: str
    setup_yuan: int
    eligible: int
    exports: tuple[str, ...]
    notice: int | None
    minimum: int | None
    keeps: int | None
    fee_yuan: int | None
    before_yuan: int = 0


PROVIDERS = (
    SampleProvider(
        "sample-bay-cloud", Provider.Kind.CLOUD_PROVIDER, "示例海湾云服务公司", "Sample Bay Cloud",
        "出租服务器、存储和备份，机房在省内。",
        "Rents servers, storage and backups from a data centre in the province.",
        Tier.FIRST,
    ),
    SampleProvider(
        "sample-telecom", Provider.Kind.TELECOM_CARRIER, "示例电信运营商", "Sample Telecom Carrier",
        "专线、云服务器和云桌面。", "Leased lines, cloud servers and cloud desktops.", Tier.SECOND,
    ),
    SampleProvider(
        "sample-works-software", Provider.Kind.SOLUTION_PROVIDER, "示例厂务软件公司", "Sample Works Software",
        "给小厂做生产、库存和财务软件。", "Production, stock and accounting software for small works.",
        Tier.SECOND,
    ),
    SampleProvider(
        "sample-office-apps", Provider.Kind.SOLUTION_PROVIDER, "示例办公应用公司", "Sample Office Apps",
        "在线办公、文件共享和客户管理。", "Online office, shared files and customer management.", Tier.THIRD,
    ),
    SampleProvider(
        "sample-machine-link", Provider.Kind.PLATFORM_OPERATOR, "示例设备联网平台", "Sample Machine Link",
        "把机床和电表连到云上。", "Connects machine tools and electricity meters.",
        Tier.THIRD, ListingState.SUSPENDED,
    ),
)  # fmt: skip
PRODUCTS = (
    SampleProduct(
        "sample-cloud-server", "sample-bay-cloud", Category.INFRASTRUCTURE, ("servers", "backup"),
        "示例云服务器（4 核 8 GB）", "Sample cloud server (4 cores, 8 GB)",
        "替换厂里一台旧服务器，自带每日备份。", "Replaces one old server at the works, with a daily backup.",
        260, Unit.SERVER, Period.MONTH, 0, 40, ("image", "files"), 15, 1, 30, 0, 290,
    ),
    SampleProduct(
        "sample-backup", "sample-bay-cloud", Category.INFRASTRUCTURE, ("backup", "security"),
        "示例异地备份", "Sample off-site backup", "每晚把重要数据备份到另一个机房。",
        "Copies what matters to another data centre every night.",
        30, Unit.GIGABYTE, Period.MONTH, 200, 40, ("files",), 30, 3, 60, 0,
    ),
    SampleProduct(
        "sample-cloud-desktop", "sample-telecom", Category.INFRASTRUCTURE, ("office", "security"),
        "示例云桌面", "Sample cloud desktop", "旧电脑也能用，数据不留在本机。",
        "Works on old computers; no data stays on them.",
        58, Unit.ACCOUNT, Period.MONTH, 500, 40, ("files",), 30, 12, 15, 300,
    ),
    SampleProduct(
        "sample-database", "sample-telecom", Category.PLATFORM, ("data",),
        "示例云数据库", "Sample cloud database", "托管的数据库，带监控和备份。",
        "A database run for you, with monitoring and backups.",
        3600, Unit.ENTERPRISE, Period.YEAR, 0, 60, ("dump", "api"), 30, 12, 30, 0,
    ),
    SampleProduct(
        "sample-stock-and-production", "sample-works-software", Category.APPLICATION, ("production", "data"),
        "示例生产与库存管理", "Sample production and stock", "排产、领料、入库和报工在一处。",
        "Scheduling, issues, receipts and reporting in one place.",
        9800, Unit.ENTERPRISE, Period.YEAR, 3000, 60, ("csv", "api"), 60, 12, 30, None, 8800,
    ),
    SampleProduct(
        "sample-accounting", "sample-works-software", Category.APPLICATION, ("finance",),
        "示例云财务", "Sample cloud accounting", "记账、开票和税表，会计在家也能做。",
        "Books, invoices and tax returns, from home too.",
        1200, Unit.ACCOUNT, Period.YEAR, 0, 60, ("csv",), 30, 12, 90, 0,
    ),
    SampleProduct(
        "sample-online-office", "sample-office-apps", Category.APPLICATION, ("office",),
        "示例在线办公（基础版）", "Sample online office (basic)", "文档、会议和网盘，5 个人以内免费。",
        "Documents, meetings and files, free for up to 5 people.",
        0, Unit.ENTERPRISE, Period.YEAR, 0, 0, ("files", "csv"), 0, 0, 30, 0,
    ),
    SampleProduct(
        "sample-customers", "sample-office-apps", Category.APPLICATION, ("sales",),
        "示例客户管理", "Sample customer management", "客户、报价和跟进记录。",
        "Customers, quotations and follow-up.",
        480, Unit.ACCOUNT, Period.YEAR, 0, 60, ("csv",), None, 12, None, None,
    ),
    SampleProduct(
        "sample-drawings", "sample-works-software", Category.APPLICATION, ("design",),
        "示例云端图纸管理", "Sample drawings in the cloud", "图纸版本、审批和外发控制。",
        "Versions, approval and sending out of drawings.",
        15800, Unit.ENTERPRISE, Period.YEAR, 8000, 60, ("files",), 90, 24, 15, 2000,
    ),
    SampleProduct(
        "sample-machine-data", "sample-machine-link", Category.PLATFORM, ("machines", "production"),
        "示例设备数据采集", "Sample machine data", "看到每台设备开了多久、用了多少电。",
        "See how long each machine runs and what it uses.",
        600, Unit.MACHINE, Period.YEAR, 1200, 60, ("api",), 30, 12, 30, 0,
    ),
)  # fmt: skip


RATINGS = (
    ("sample-accounting", 5, "示例：上手快，客服当天回。", "示例：谢谢，我们继续。"),
    ("sample-stock-and-production", 4, "示例：好用，就是导入数据花了一周。", ""),
    ("sample-cloud-server", 5, "示例：搬过来之后没停过机。", ""),
    ("sample-online-office", 3, "示例：够用，会议有时卡。", "示例：已加了线路。"),
    ("sample-database", None, "", ""),
    ("sample-backup", None, "", ""),
)


def load_cloud(people: dict[str, Any], enterprises: list[Enterprise]) -> int:
    """Write the providers, checked by one sample person and listed by another; return how many products.

    Li has a plan under way; six others use products, and four of them have rated. An application, a price and
    an appeal wait at the desk.
    """
    today = calendar.today()
    listings = {row.slug: _provider(row, people, today) for row in PROVIDERS}
    products = {row.slug: _product(row, listings[row.provider], people, today) for row in PRODUCTS}
    onboarding.start(
        enterprises[0], starting_point="software", product=products["sample-accounting"], by=people["li"]
    )
    for number, (slug, score, words, reply) in enumerate(RATINGS, start=3):
        _rated(enterprises[number], products[slug], people, today, (score, words, reply))
    _waiting_at_the_desk(products["sample-cloud-desktop"], people, today)
    return len(products)


def _rated(
    enterprise: Enterprise,
    product: CloudProduct,
    people: dict[str, Any],
    today: date,
    said: tuple[int | None, str, str],
) -> None:
    """Write a finished plan with an accepted proof of 30 days, and its rating where there is one."""
    score, words, reply = said
    row = Onboarding.objects.create(
        enterprise=enterprise,
        product=product,
        starting_point="paper",
        state=OnboardingState.FINISHED,
        readiness=64,
        started_by=people["li"],
        in_use_on=today - timedelta(days=45),
        ended_at=timezone.now(),
    )
    for day, state in ((30, UseCheck.State.ACCEPTED), (90, UseCheck.State.DUE)):
        UseCheck.objects.create(
            onboarding=row,
            day=day,
            due_on=today + timedelta(days=day - 45),
            state=state,
            people=6 if state == UseCheck.State.ACCEPTED else None,
            words="示例：每天用" if state == UseCheck.State.ACCEPTED else "",
            decided_by=people["chen"] if state == UseCheck.State.ACCEPTED else None,
        )
    if score:
        Rating.objects.create(
            onboarding=row,
            listing=product.provider.cloud_listing,
            score=score,
            words=words,
            reply=reply,
            replied_at=timezone.now() if reply else None,
        )


def _waiting_at_the_desk(product: CloudProduct, people: dict[str, Any], today: date) -> None:
    applying = Provider.objects.create(
        slug="sample-new-provider",
        kind=Provider.Kind.CLOUD_PROVIDER,
        name_zh="示例新申请服务商",
        name_en="Sample New Provider",
        is_sample=True,
    )
    Listing.objects.create(provider=applying, about_zh="示例：文件归档。", is_sample=True)
    PriceVersion.objects.create(
        product=product,
        price_fen=6_200,
        unit=Unit.ACCOUNT,
        period=Period.MONTH,
        setup_fen=50_000,
        eligible_percent=Decimal(40),
        valid_from=today + timedelta(days=30),
        note="示例：加了内存",
        proposed_by=people["lead"],
    )


def _provider(row: SampleProvider, people: dict[str, Any], today: date) -> Listing:
    checked_on = today - timedelta(days=80)
    until = clocks.a_year_after(checked_on)
    provider = Provider.objects.create(
        slug=row.slug, kind=row.kind, name_zh=row.name_zh, name_en=row.name_en, is_sample=True
    )
    listing = Listing.objects.create(
        provider=provider,
        state=row.state,
        about_zh=row.about_zh,
        about_en=row.about_en,
        checked_by=people["county"],
        listed_by=people["city"],
        listed_on=checked_on,
        recheck_on=until,
        representative=people["zhao"] if row.state == ListingState.SUSPENDED else None,
        is_sample=True,
    )
    points = dict.fromkeys(ListingCheck.POINTS, ListingCheck.Outcome.MET)
    ListingCheck.objects.create(
        listing=listing, by=people["county"], done_on=checked_on, holds_until=until, mlps_level=3, **points
    )
    TierAward.objects.create(
        listing=listing,
        tier=row.tier,
        awarded_on=checked_on,
        ends_on=until,
        reason="示例：首次检查",
        by=people["city"],
    )
    if row.state == ListingState.SUSPENDED:
        _suspension(listing, people, today)
    return listing


def _suspension(listing: Listing, people: dict[str, Any], today: date) -> None:
    Sanction.objects.create(
        listing=listing,
        kind=Sanction.Kind.SUSPENSION,
        reason_zh="示例：两次未按约定时间回复客户",
        reason_en="Sample: customers were twice not answered in the promised time",
        imposed_on=today - timedelta(days=9),
        imposed_by=people["city"],
        appeal_until=calendar.add_working_days(today, clocks.APPEAL_DAYS).day,
        appeal=Sanction.Appeal.OPEN,
        appeal_text="示例：两次都回复了，记录在附件里。",
        appealed_at=timezone.now(),
        appeal_due_on=calendar.add_working_days(today, clocks.ANSWER_DAYS).day,
    )


def _product(row: SampleProduct, listing: Listing, people: dict[str, Any], today: date) -> CloudProduct:
    now = timezone.now()
    product = CloudProduct.objects.create(
        slug=row.slug,
        provider=listing.provider,
        state=ProductState.LISTED,
        category=row.category,
        needs=list(row.needs),
        name_zh=row.name_zh,
        name_en=row.name_en,
        summary_zh=row.summary_zh,
        summary_en=row.summary_en,
        export_formats=list(row.exports),
        notice_days=row.notice,
        minimum_months=row.minimum,
        keeps_data_days=row.keeps,
        exit_fee_fen=None if row.fee_yuan is None else row.fee_yuan * 100,
        exit_terms_zh="示例条款：合同结束前可随时导出全部数据。",
        exit_terms_en="Sample terms: all data can be taken out at any time before the end.",
        author=people["lead"],
        reviewed_by=people["county"],
        reviewed_at=now,
        listed_at=now,
        is_sample=True,
    )
    if row.before_yuan:
        _price(product, row, row.before_yuan, today - timedelta(days=200), people)
    _price(product, row, row.yuan, today - timedelta(days=60), people)
    return product


def _price(
    product: CloudProduct, row: SampleProduct, yuan: int, valid_from: date, people: dict[str, Any]
) -> None:
    PriceVersion.objects.create(
        product=product,
        state=PriceVersion.State.APPROVED,
        price_fen=yuan * 100,
        unit=row.unit,
        period=row.period,
        setup_fen=row.setup_yuan * 100,
        eligible_percent=Decimal(row.eligible),
        valid_from=valid_from,
        note="示例：价格调整" if row.before_yuan and yuan == row.yuan else "",
        proposed_by=people["lead"],
        decided_by=people["county"],
        decided_at=timezone.now(),
    )

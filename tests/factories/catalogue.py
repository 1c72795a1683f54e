"""Offerings and providers."""

import factory

from services.catalogue.models import Group, Offering, Provider


class ProviderFactory(factory.django.DjangoModelFactory):
    """A public service agency."""

    class Meta:
        model = Provider

    slug = factory.Sequence(lambda n: f"provider-{n}")
    kind = Provider.Kind.PUBLIC_SERVICE_AGENCY
    name_zh = factory.Sequence(lambda n: f"公共服务机构{n}")


class OfferingFactory(factory.django.DjangoModelFactory):
    """The plainest offering: free, on request, five working days."""

    class Meta:
        model = Offering

    class Params:
        paid = factory.Trait(is_free=False, price_note_zh="收费项目", price_note_en="Paid project")
        self_service = factory.Trait(mode=Offering.Mode.SELF_SERVICE, page="home", turnaround_days=0)

    slug = factory.Sequence(lambda n: f"offering-{n}")
    group = Group.DIGITAL_FACTORY
    provider = factory.SubFactory(ProviderFactory)
    name_zh = factory.Sequence(lambda n: f"入企诊断{n}")
    name_en = factory.Sequence(lambda n: f"On-site diagnosis {n}")
    description_zh = "专家到厂看流程、设备和系统。"
    description_en = "Experts visit and report."
    is_free = True
    turnaround_days = 5
    audience = factory.LazyFunction(lambda: ["owner"])
    mode = Offering.Mode.APPLY

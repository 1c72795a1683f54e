"""Load the flagged sample data; refused where real data stands, unless asked for by name."""

from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions import create_sample_user
from accounts.models import User
from portal.indicators.tasks import take_measurements
from portal.samples.assessments import load_assessments, load_campaign
from portal.samples.cloud import load_cloud
from portal.samples.conversions import load_conversions
from portal.samples.enterprises import load_enterprises
from portal.samples.industry import Staff, load_industry
from portal.samples.people import OWNERS, SignIn, new_sign_ins, write_sign_ins
from portal.samples.policies import load_closing, load_notice, load_opinions
from portal.samples.requests import Cast, load_requests
from portal.samples.vouchers import load_vouchers
from portal.samples.zones import load_zone
from services.catalogue.models import Offering


class Command(BaseCommand):
    """Safe to repeat: a database that holds sample people is left as it is."""

    help = "Load 300 sample enterprises, 60 assessed, 400 requests, a notice, one sample sign-in per role."

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(is_sample=True).exists():
            self.stdout.write("Sample data stands.")
            return
        if User.objects.exists():
            raise CommandError("This database holds real people; sample data is not mixed in.")
        sign_ins = new_sign_ins(generate_totp_secret)
        with transaction.atomic():
            count = self._load(sign_ins)
        take_measurements()
        path = write_sign_ins(sign_ins)
        self.stdout.write(f"Sample data stands: {count} requests. Sign-ins are in {path}.")

    def _load(self, sign_ins: list[SignIn]) -> int:
        people = {sign_in.person.key: _person(sign_in) for sign_in in sign_ins}
        owners = [people[person.key] for person in OWNERS]
        enterprises = load_enterprises(owners)
        load_assessments(enterprises, owners[0])
        load_campaign(enterprises, people["lead"])
        load_cloud(people, enterprises)
        load_vouchers(people, enterprises)
        load_conversions(people, enterprises)
        load_industry(enterprises, owners, Staff(people["lead"], people["reviewer"]))
        load_zone()
        load_closing()
        load_opinions(load_notice(), enterprises[0], owners[0], people["policymaker"])
        asking = {enterprises[0].pk: owners[0], enterprises[1].pk: owners[0], enterprises[2].pk: owners[3]}
        officers = [people[key] for key in ("chen", "zhou", "lead")]
        offerings = list(Offering.objects.listed().exclude(mode=Offering.Mode.SELF_SERVICE))
        return load_requests(Cast(enterprises, asking, officers, offerings))


def _person(sign_in: SignIn) -> Any:
    person = sign_in.person
    return create_sample_user(
        person.email,
        person.name,
        roles=[person.role] if person.role else [],
        password=sign_in.password,
        totp_secret=sign_in.totp_secret,
    )

"""People, and how they come in: `sign_in` gives staff a second factor that this session has passed."""

import time

import factory
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from django.test import Client

from accounts import actions, second_factor
from accounts.models import User

PASSWORD = "nine quiet cranes by the sea"


class UserFactory(factory.django.DjangoModelFactory):
    """The plainest person: a confirmed address, a password, no role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@works.example")
    name = "Li Hua"
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def address(user, create: bool, extracted: object) -> None:
        """Confirm the address."""
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)

    @factory.post_generation
    def roles(user, create: bool, codes: list[str] | None) -> None:
        """Give roles: `UserFactory(roles=["triage_officer"])`."""
        if codes:
            actions.set_roles(user, roles=codes, by=None)


def sign_in(client: Client, user: User) -> Client:
    """Sign `user` in to this client as after the whole sign-in, the code included."""
    client.force_login(user)
    if user.is_staff:
        if not second_factor.is_set_up(user):
            second_factor.set_up(user)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client

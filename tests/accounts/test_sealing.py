import pytest
from allauth.mfa.models import Authenticator

from accounts import second_factor
from core import sealing
from tests.factories.accounts import UserFactory


def test_what_was_sealed_is_read_back_and_is_no_longer_there_to_see() -> None:
    sealed = sealing.seal("JBSWY3DPEHPK3PXP")

    assert sealing.unseal(sealed) == "JBSWY3DPEHPK3PXP"
    assert "JBSWY3DP" not in sealed


def test_after_a_change_of_keys_the_old_one_still_reads(settings) -> None:
    sealed = sealing.seal("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    assert sealing.unseal(sealed) == "JBSWY3DPEHPK3PXP"

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ValueError, match="SECRET_KEY_FALLBACKS"):
        sealing.unseal(sealed)


@pytest.mark.django_db
def test_the_database_holds_no_secret_of_a_code_app() -> None:
    chen = UserFactory()
    secret = second_factor.set_up(chen)

    assert len(second_factor.current_code(chen)) == 6
    assert all(secret not in str(row.data) for row in Authenticator.objects.filter(user=chen))

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from core import addresses


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_address_is_that_of_the_readers_language(language):
    with translation.override(language):
        assert addresses.of("policies:list") == reverse("policies:list")
        assert addresses.of("policies:list").startswith("/en/") == (language == "en")


def test_a_page_that_is_not_there_has_no_address():
    with pytest.raises(NoReverseMatch):
        addresses.of("nowhere:list")

"""Qualifications keep their bits."""

import pytest

from enterprises.classification import qualifications
from enterprises.classification.qualifications import QUALIFICATIONS


def test_bits_are_stable() -> None:
    assert {code: row.bit for code, row in QUALIFICATIONS.items()} == {
        "tech_sme": 1,
        "high_tech": 2,
        "innovative_sme": 4,
        "zjtx": 8,
        "little_giant": 16,
        "champion": 32,
        "gazelle": 64,
        "unicorn": 128,
        "above_scale": 256,
        "dcmm": 512,
        "integration_mgmt": 1024,
        "smart_factory": 2048,
        "cloud_star": 4096,
    }


def test_a_mask_joins_bits_once() -> None:
    assert qualifications.mask(["zjtx", "little_giant", "zjtx"]) == 24
    assert qualifications.mask([]) == 0


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        qualifications.mask(["zjtx", "nobel_prize"])

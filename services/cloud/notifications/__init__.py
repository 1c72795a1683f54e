"""What this room tells, one subject a file."""

from services.cloud.notifications import market, onboarding, vouchers

__all__ = ["market", "onboarding", "vouchers"]

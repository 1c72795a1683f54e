"""Vouchers for the enterprise: programmes and my vouchers, the way to one, and the voucher itself."""

"""The doors of those who ask: beginning, following and tracking a request."""

"""Alerts: a finding that opens reaches those who asked, once, with numbers and nothing about anybody's care."""

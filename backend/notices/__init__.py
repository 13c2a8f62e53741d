"""Sending: takes notices out of the outbox and hands them to mail and SMS."""

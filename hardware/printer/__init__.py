"""Ticket printers and form printers."""

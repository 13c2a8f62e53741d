"""Carries out what the duties ask for, with the station's equipment, journal and client."""

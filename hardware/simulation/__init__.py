"""Simulated devices that speak the real bytes, and the bench of people and things they sense."""

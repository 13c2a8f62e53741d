"""Cabinets and magazines: slots with locks and item sensors."""

"""Reads station.toml and builds the station's devices, journal and client."""

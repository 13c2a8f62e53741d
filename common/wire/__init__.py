"""Versioned JSON shapes that stations and the backend agree on."""

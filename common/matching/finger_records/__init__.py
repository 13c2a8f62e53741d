"""Finger records: how the standards spell minutiae and images; strict writers, tolerant readers."""

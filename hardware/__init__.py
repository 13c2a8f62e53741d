"""A device library that could be sold alone: bytes, images and motors; no visitor, no case."""

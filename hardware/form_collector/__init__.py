"""The mouth that takes paper in, holds it, keeps it or gives it back."""

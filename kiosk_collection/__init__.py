"""The self-service collection kiosk (SCK)."""

"""The self-service tag issuing kiosk (STIK)."""

"""What a visitor meets at the collection kiosk."""

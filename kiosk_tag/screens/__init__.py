"""What a visitor meets at the tag kiosk."""

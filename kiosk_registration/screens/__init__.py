"""What a visitor meets at the registration kiosk and the bench."""

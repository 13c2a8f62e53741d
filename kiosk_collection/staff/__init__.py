"""Loading and counting cards: what staff do at a collection kiosk."""

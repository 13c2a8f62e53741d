"""The protocols that an identity chip and a terminal speak: who knows what, who is genuine."""

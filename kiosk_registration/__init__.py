"""The self-service registration kiosk (SRK) and the form-filling bench."""

"""MOSIP's Secure Biometric Interface (SBI) 0.9.5 over HTTP, for every device that speaks it."""

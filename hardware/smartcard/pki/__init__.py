"""The public key infrastructure of identity chips: who signs them, reads them, and is believed."""

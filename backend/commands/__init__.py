"""What the backend decides: plain functions on a transaction, without HTTP."""

"""The tables, and the migrations that make and change them."""

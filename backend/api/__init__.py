"""The stations' interface, one module per resource."""

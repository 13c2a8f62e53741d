"""The panel in the hall: which tag goes to which place."""

"""The grammar of a visit: states, events, tasks, and its drawing."""

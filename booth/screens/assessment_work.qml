// The work list of this duty; its words come from the Python side.
WorkList {}

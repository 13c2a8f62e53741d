// The officer says by what the person is known; the words come from the Python side.
ReasonPage {}

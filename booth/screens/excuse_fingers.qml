// The officer says why no fingerprints can be given; the words come from the Python side.
ReasonPage {}

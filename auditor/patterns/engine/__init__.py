"""The decision of relations, private to this room: formulas over tests, languages, and the search for an event."""

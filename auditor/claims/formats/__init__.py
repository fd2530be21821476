"""One module a format: how it is told, where its fields stand, what its words mean."""

"""The letter: rules as published, evaluated by GSL on the entities that the evidence gives."""

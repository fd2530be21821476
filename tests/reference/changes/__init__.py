"""Random changes to a bundle, one module for each section of the law; each registers itself by its name."""

from tests.reference.changes import alarms, composites, files, filters, subscriptions, topics, trails, vouching

__all__ = ["alarms", "composites", "files", "filters", "subscriptions", "topics", "trails", "vouching"]

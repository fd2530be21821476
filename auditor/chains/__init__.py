"""Chains: trail → log group → metric filter → metric → alarm → topic → subscription, joined once for all controls."""

from auditor.chains.commands import arguments_for, command_for, file_for
from auditor.chains.join import Chains
from auditor.chains.mended import Needed, Published
from auditor.chains.model import LinkState, LogGroup, Need, OpenPoint, Selector, Source, Tail, TrailPath
from auditor.chains.population import Account, Population, population
from auditor.chains.selectors import delivers, takes
from auditor.chains.sparing import spared

__all__ = [
    "Account",
    "Chains",
    "LinkState",
    "LogGroup",
    "Need",
    "Needed",
    "OpenPoint",
    "Population",
    "Published",
    "Selector",
    "Source",
    "Tail",
    "TrailPath",
    "arguments_for",
    "command_for",
    "delivers",
    "file_for",
    "population",
    "spared",
    "takes",
]

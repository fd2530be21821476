"""What the client's own scanners claim: read, held against the findings, explained. A claim never settles a finding."""

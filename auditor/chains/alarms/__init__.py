"""The alarm link: does one event, from rest, change an alarm to ALARM, and whose actions run then? Ask ``link`` first.

``link`` judges one filter under one alarm; ``carriers`` says whether the alarm itself or a composite above it acts.
"""

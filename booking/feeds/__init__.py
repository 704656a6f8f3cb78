"""The edge that calendar programs meet: the .ics files behind private addresses."""

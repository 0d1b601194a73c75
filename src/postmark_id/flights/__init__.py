"""Flights: the table of stays and events, and the match of dates with it."""

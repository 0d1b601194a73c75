"""Dates and lettering: strips cut from a scan, engines that read them, and a grammar of postmark dates."""

"""The accuracy benchmark: labelled leads in order of arrival, judged, and counted by kind."""

"""A labelled stream of leads from 30+ countries, on which the matcher is fitted and measured."""

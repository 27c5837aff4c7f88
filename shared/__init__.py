"""The words, the rules and the plumbing that every LeadFly service uses."""

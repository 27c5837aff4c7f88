"""How often a messy payload is understood: made-up forms in 23 languages, in many shapes."""

"""The services: small Flask programs that each answer one question about a lead."""

"""The fields of a lead, by the names of the contract's `lead_data`."""

OTHERS = ("other_email", "other_phone")
"""The fields in which further addresses and numbers stand."""

FIELDS = (
    *("email", "phone"),
    *OTHERS,
    *("name", "first_name", "last_name", "company", "job_title", "website"),
    *("street", "city", "state", "postal_code", "country", "date_of_birth", "message"),
    *("industry", "company_size", "lead_category", "lead_type"),
    *("loan_amount", "currency", "revenue", "founded_year"),
    *("location", "notes", "investigation_id"),
)
"""The fields that we keep; what we did not ask for, we do not store."""

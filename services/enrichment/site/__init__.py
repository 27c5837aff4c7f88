"""A company's own web site: where it is, which of its pages speak of the company, what they say."""

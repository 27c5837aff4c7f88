"""What else is known of this lead, and who says so?"""

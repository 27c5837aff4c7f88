"""Pages: what does a page of the web say, read as a well-behaved visitor would?"""

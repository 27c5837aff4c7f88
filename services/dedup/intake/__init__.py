"""Intake, the front door of the duplicate check: what did a sender post, and what does it need?

A *source* is an address of its own (`/in/{token}`) for one sender: a form builder, an ad platform,
a workflow. A sender's *adapter* says what it posted in the sender's own words (`sent`), and
`understanding` makes one canonical lead of that.
"""

"""The law: modes, purposes, consent rules, retention periods, pseudonyms.

`shared.privacy` states what may be done with personal data; the desk where a
person asks what we hold about them is the service `services.privacy`.
"""

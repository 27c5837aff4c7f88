"""Matching: which service fits this lead best, and why?"""

"""Imports: what would this file change, and shall it?"""

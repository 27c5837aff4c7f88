"""Signals: what does this text or behaviour say they need?"""

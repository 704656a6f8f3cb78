"""Tests of mail about accounts and settings, through pages, the worker and a real mail server."""

"""Readers' questions and queries, and how well the built site answers them."""

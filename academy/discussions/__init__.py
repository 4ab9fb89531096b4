"""Discussions of a course: threads and replies, answers to questions, subscribing, reports of posts and moderation."""

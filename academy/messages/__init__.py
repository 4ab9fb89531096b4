"""Direct messages: conversations of two people, who may write to whom, and reports about messages."""

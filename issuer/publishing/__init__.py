"""What an institution publishes about itself: its keys (did.json, DNS) and its status lists."""

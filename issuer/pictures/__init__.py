"""Pictures of a course for screens: the card that chats show of a link, and the badge that wallets show."""

"""Train the line recognizer: texts, fonts, damage, a net, its measure and its export."""

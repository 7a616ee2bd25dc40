"""What a text claims by form: figures, dates, links, addresses, telephones, prices, percentages."""

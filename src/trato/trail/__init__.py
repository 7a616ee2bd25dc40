"""What a customer tried alone, carried to the desk; pages that are broken, and who mends them."""

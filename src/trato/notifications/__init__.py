"""What an agent is told of without looking for it: in the page, by sound, on their devices, by mail."""

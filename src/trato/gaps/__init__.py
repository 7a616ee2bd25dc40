"""What self-service failed to answer: found, grouped, and handed to whoever writes."""

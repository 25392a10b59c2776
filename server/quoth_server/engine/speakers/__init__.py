"""Step 6: links every statement to its speaker, under the fullest name the article uses."""

"""The worker: what happens without anybody asking, such as sending mail; `flask --app wsgi worker` runs it."""

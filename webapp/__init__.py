"""The site: API, sockets, storage, queue. Never loads torch."""

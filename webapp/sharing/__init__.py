"""What is shown to others: links that open an experiment or a run, the public gallery, frames on other pages."""

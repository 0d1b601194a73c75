"""The review: a person looks through a run in the browser, confirms what is right and corrects what is not."""

"""Why a file was not taken."""


class UploadRefused(ValueError):
    """A file was refused; ``sentence`` tells the person who sent it why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

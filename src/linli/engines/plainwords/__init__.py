"""Plain words: what could be plainer in a reply to a resident, Chinese or English.

`check_words` returns findings; a reply without any is plain enough. It judges form only: whether
what is said is true and enough, the reader must judge.

>>> [one.kind for one in check_words("予以处理。", "zh-hans", words={"予以": ""})]
['office_word']
"""

from linli.engines.plainwords.checking import Finding, check_words
from linli.engines.plainwords.reading import looks_chinese, reading_ease, sentences

__all__ = ["Finding", "check_words", "looks_chinese", "reading_ease", "sentences"]

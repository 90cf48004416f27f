"""An HTML page read back by the standard library: its tags in order, its words, its tables."""

from html.parser import HTMLParser


class Read(HTMLParser):
    """A page that was read.

    Attributes:
        tags: (tag, attributes) of every element, in order.
        words: every text that a reader sees.
        tables: the rows of every table.
        scripts: the text of every script.
        unclosed: what is open at the end; nothing in a page that is well formed.
    """

    EMPTY = ("meta", "br", "wbr", "path", "use", "rect")

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.words, self.tables, self.scripts, self.unclosed = [], [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.unclosed.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert tag in self.EMPTY or self.unclosed.pop() == tag

    def handle_data(self, data):
        if "script" in self.unclosed:
            self.scripts.append(data)
        elif "style" not in self.unclosed:
            if self.tags and self.tags[-1][0] == "wbr":  # the word goes on
                self.words[-1] += data
            else:
                self.words.append(data)
            if {"td", "th"} & {*self.unclosed[-2:]}:
                self.tables[-1][-1][-1] += data

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def table(self, head):
        """Return the table whose first heading it is, as rows of cells."""
        [found] = [table for table in self.tables if table[0][0] == head]
        return found

"""One signal on paper, as its reader sees it: for one purpose, with who and when on each page."""

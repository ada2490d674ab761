"""Write the documentation as plain HTML pages that load nothing from anywhere.

python docs/pages.py out/docs
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[1]
TOP_PAGES = ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
STYLE = """body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:17px/1.55 system-ui,sans-serif;
color:#1b1b1b;background:#fff}pre,code{font-size:.9em;background:#f3f3f1}
pre{padding:.7rem;overflow:auto}
table{border-collapse:collapse;display:block;overflow:auto}
td,th{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}
a{color:#0b4f8a}"""


def all_pages() -> list[Path]:
    """Return every page, relative to the repository."""
    found = [p.relative_to(ROOT) for p in sorted((ROOT / "docs").rglob("*.md"))]
    return [Path(name) for name in TOP_PAGES] + found


def slug(heading: str) -> str:
    """Return the anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def to_html(text: str, depth: int) -> str:
    """Return a page; links to other pages follow them to their new names."""
    body = MarkdownIt("commonmark").enable("table").render(text)
    body = re.sub(r'(href="(?!https?:)[^"#]+)\.md((?:#[^"]*)?")', r"\1.html\2", body)
    body = re.sub(
        r"<h([1-6])>(.*?)</h\1>",
        lambda m: f'<h{m[1]} id="{slug(re.sub("<[^>]+>", "", m[2]))}">{m[2]}</h{m[1]}>',
        body,
    )
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    title = heading[1] if heading else "facewire"
    home = "../" * depth + "docs/index.html"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f'<nav><a href="{home}">facewire</a></nav><main>{body}</main></html>\n'
    )


def build(out: Path) -> int:
    """Write every page under a folder and return how many."""
    written = all_pages()
    for page in written:
        target = out / page.with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        depth = len(page.parts) - 1
        target.write_text(to_html((ROOT / page).read_text("utf-8"), depth), encoding="utf-8")
    return len(written)


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out/docs")
    print(f"{build(folder)} pages; begin at {folder / 'docs' / 'index.html'}")
